-- Accidents and deaths that a village reported, until the agency was told and the office has closed them.

CREATE TABLE incident (
    id INTEGER PRIMARY KEY,
    district TEXT NOT NULL,
    village TEXT NOT NULL,
    kind TEXT NOT NULL,                 -- accident, death
    work TEXT NOT NULL,                 -- work, way, no, unknown
    people TEXT NOT NULL,               -- a category's code, project, other
    member INTEGER,                     -- who, where insured by the village
    person INTEGER NOT NULL,            -- who reported it here
    body BLOB NOT NULL,                 -- sealed: who, when, where, what they wrote
    happened TEXT NOT NULL,
    at TEXT NOT NULL,
    told_at TEXT NOT NULL DEFAULT '',   -- the village says that the agency was told
    told_by INTEGER,
    taken_by INTEGER,                   -- of the office, who looks after it
    closed_at TEXT NOT NULL DEFAULT '',
    closed_by INTEGER
);
CREATE INDEX incident_open ON incident (district, happened) WHERE closed_at = '';
CREATE INDEX incident_of ON incident (village, at);

-- What the office's groups were shown of it: one message each, edited as it is dealt with.
CREATE TABLE incident_card (
    key TEXT PRIMARY KEY,               -- of the message in the outbox
    incident INTEGER NOT NULL REFERENCES incident (id),
    channel TEXT NOT NULL,
    chat TEXT NOT NULL,
    thread TEXT NOT NULL,
    shown TEXT NOT NULL,                -- a mark of what it says
    edits INTEGER NOT NULL DEFAULT 0
);
CREATE INDEX incident_card_of ON incident_card (incident);
