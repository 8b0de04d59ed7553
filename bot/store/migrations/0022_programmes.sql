-- Before a district adds a group: how many people there are, asked of each village or taken as one number.
CREATE TABLE study (
    id INTEGER PRIMARY KEY,
    district TEXT NOT NULL,
    body TEXT NOT NULL,                 -- name, segment, programmes, wage, sources of the group
    each_village INTEGER,               -- one number for all of them; NULL: each is asked
    state TEXT NOT NULL,                -- asking, closed; one number for all: counted
    rounds INTEGER NOT NULL DEFAULT 0,  -- how often the villages were written to: at most twice
    ask_at TEXT NOT NULL DEFAULT '',
    again_at TEXT NOT NULL DEFAULT '',
    at TEXT NOT NULL,
    by INTEGER NOT NULL REFERENCES person (id)
);
CREATE INDEX study_of ON study (district, id);
CREATE INDEX study_asking ON study (rounds) WHERE state = 'asking';

CREATE TABLE study_answer (
    study INTEGER NOT NULL REFERENCES study (id),
    village TEXT NOT NULL REFERENCES village (code),
    people INTEGER NOT NULL,
    at TEXT NOT NULL,
    by INTEGER NOT NULL REFERENCES person (id),
    PRIMARY KEY (study, village)
);
