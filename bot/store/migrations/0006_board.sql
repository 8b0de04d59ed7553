-- The live board of a group, and what village officers asked the district's office.

-- The one message of each group that is edited as villages report.  It follows its group to a new id.
CREATE TABLE board (
    channel TEXT NOT NULL,
    chat TEXT NOT NULL,
    opened TEXT NOT NULL,               -- `room.since` when it was posted: a group left and joined again is new
    key TEXT NOT NULL,                  -- of its first post in the outbox
    message TEXT NOT NULL DEFAULT '',   -- the platform's id of it, once it is known
    home TEXT NOT NULL,                 -- the chat in which it was posted, or edited last
    last TEXT NOT NULL DEFAULT '',      -- the outbox key of its last edit
    digest TEXT NOT NULL,               -- of what it shows, the time aside
    pin TEXT NOT NULL DEFAULT '',       -- asked, done, refused
    at TEXT NOT NULL,                   -- when it was posted or edited last
    PRIMARY KEY (channel, chat),
    FOREIGN KEY (channel, chat) REFERENCES room (channel, chat) ON UPDATE CASCADE ON DELETE CASCADE
);

-- What an officer of a village asks the office; it stays one question while they write to and fro.
CREATE TABLE question (
    id INTEGER PRIMARY KEY AUTOINCREMENT,  -- never given twice: keys are made of it
    district TEXT NOT NULL,
    village TEXT NOT NULL REFERENCES village (code),
    person INTEGER NOT NULL REFERENCES person (id),
    role TEXT NOT NULL,
    state TEXT NOT NULL,                -- open, answered, closed
    waits_since TEXT NOT NULL,          -- the first words that nobody has answered
    said_at TEXT NOT NULL,              -- the last words of either side
    taken_by INTEGER REFERENCES person (id)  -- who of the office said that they would answer, or did
);
CREATE INDEX question_open ON question (district, waits_since) WHERE state = 'open';
CREATE INDEX question_person ON question (person, id);

-- What was said to a question, in its order.
CREATE TABLE question_line (
    id INTEGER PRIMARY KEY AUTOINCREMENT,  -- never given twice: keys are made of it
    question INTEGER NOT NULL REFERENCES question (id),
    by INTEGER NOT NULL REFERENCES person (id),
    answer INTEGER NOT NULL,            -- 1: said by the office
    body BLOB NOT NULL,                 -- sealed: the words, and what they were doing
    at TEXT NOT NULL,
    key TEXT NOT NULL DEFAULT '',       -- of an answer: its outbox key, until it is known what became of it
    channel TEXT NOT NULL DEFAULT '',   -- of an answer: where it was given, to be told if it is lost
    chat TEXT NOT NULL DEFAULT '',
    thread TEXT NOT NULL DEFAULT ''
);
CREATE INDEX question_line_of ON question_line (question, id);
CREATE INDEX question_line_sent ON question_line (key) WHERE key <> '';

-- The cards of a question in the office's groups.
CREATE TABLE question_card (
    key TEXT PRIMARY KEY,               -- in the outbox
    question INTEGER NOT NULL REFERENCES question (id),
    channel TEXT NOT NULL,
    chat TEXT NOT NULL,
    thread TEXT NOT NULL,
    at TEXT NOT NULL
);
CREATE INDEX question_card_of ON question_card (question, at);
