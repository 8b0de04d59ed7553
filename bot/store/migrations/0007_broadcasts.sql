-- What the district's office sends to many at once, and who got it.

CREATE TABLE broadcast (
    id INTEGER PRIMARY KEY AUTOINCREMENT,  -- never given twice: keys are made of it
    district TEXT NOT NULL,
    kind TEXT NOT NULL,                 -- message, meeting
    state TEXT NOT NULL,                -- draft, asked, waiting, sending, done, stopped, cancelled, refused, lapsed
    audience TEXT NOT NULL,             -- the filter, as JSON
    body BLOB NOT NULL,                 -- sealed: text, place, name of the file
    file INTEGER,                       -- what goes with it
    meet_at TEXT NOT NULL DEFAULT '',   -- when people meet
    called_off_at TEXT NOT NULL DEFAULT '',
    urgent INTEGER NOT NULL DEFAULT 0,  -- also in quiet hours
    expected INTEGER NOT NULL DEFAULT 0, -- recipients at the preview
    made_at TEXT NOT NULL,
    made_by INTEGER NOT NULL,
    confirmed_at TEXT NOT NULL DEFAULT '',
    approved_by INTEGER,
    ended_by INTEGER,                   -- who stopped or refused it
    start_at TEXT NOT NULL DEFAULT '',  -- nothing is written before
    rest_at TEXT NOT NULL DEFAULT '',   -- from then on it rests, over quiet hours,
    resume_at TEXT NOT NULL DEFAULT '', -- until then
    ended_at TEXT NOT NULL DEFAULT '',
    cards TEXT NOT NULL DEFAULT '[]',   -- where its progress is shown: channel, chat, key, person
    shown TEXT NOT NULL DEFAULT '',     -- what the cards say
    shown_at TEXT NOT NULL DEFAULT ''
);
CREATE INDEX broadcast_district ON broadcast (district, id);
CREATE INDEX broadcast_open ON broadcast (state, id) WHERE ended_at = '';

-- Everybody a broadcast goes to, once each, and what became of it.
CREATE TABLE recipient (
    broadcast INTEGER NOT NULL REFERENCES broadcast (id),
    person INTEGER NOT NULL,
    villages TEXT NOT NULL,             -- codes, those of the audience that the person serves
    role TEXT NOT NULL,
    channel TEXT NOT NULL,
    chat TEXT NOT NULL,
    key TEXT NOT NULL,                  -- of the message in the outbox
    tries INTEGER NOT NULL DEFAULT 1,
    state TEXT NOT NULL,                -- planned, queued, and then as the message ended
    why TEXT NOT NULL DEFAULT '',
    answer TEXT NOT NULL DEFAULT '',    -- to an invitation: yes, no, other
    answered_at TEXT NOT NULL DEFAULT '',
    reminded INTEGER NOT NULL DEFAULT 0,
    told_off INTEGER NOT NULL DEFAULT 0, -- that the meeting is called off
    PRIMARY KEY (broadcast, person)
);
CREATE INDEX recipient_state ON recipient (broadcast, state, person);

-- An audience with a name, to be used again.
CREATE TABLE segment (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    district TEXT NOT NULL,
    name TEXT NOT NULL,
    audience TEXT NOT NULL,
    made_at TEXT NOT NULL,
    made_by INTEGER NOT NULL,
    UNIQUE (district, name)
);

CREATE INDEX official_district ON official (district, village);
