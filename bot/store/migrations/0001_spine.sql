-- The way of a message: in, handled, out.

CREATE TABLE inbox (
    id INTEGER PRIMARY KEY AUTOINCREMENT,  -- never given twice: keys are made of it
    channel TEXT NOT NULL,
    external_id TEXT NOT NULL,
    conversation TEXT NOT NULL,
    received_at TEXT NOT NULL,
    body BLOB,                          -- sealed
    state TEXT NOT NULL,                -- new, taken, done, quarantined
    attempts INTEGER NOT NULL DEFAULT 0,
    not_before TEXT NOT NULL,
    error TEXT NOT NULL DEFAULT '',
    UNIQUE (channel, external_id)
);
CREATE INDEX inbox_open ON inbox (conversation, id) WHERE state IN ('new', 'taken');
CREATE INDEX inbox_next ON inbox (id, not_before) WHERE state = 'new';

CREATE TABLE outbox (
    id INTEGER PRIMARY KEY AUTOINCREMENT,  -- never given twice: keys are made of it
    key TEXT NOT NULL UNIQUE,
    channel TEXT NOT NULL,
    chat TEXT NOT NULL,
    thread TEXT NOT NULL,
    lane INTEGER NOT NULL,
    kind TEXT NOT NULL,
    template TEXT NOT NULL,
    body BLOB NOT NULL,                 -- sealed: text, choices, platform id to edit
    public INTEGER NOT NULL,
    repeatable INTEGER NOT NULL,
    reason TEXT NOT NULL,
    status TEXT NOT NULL,               -- ready, sending, sent, failed, expired, cancelled, unknown
    attempts INTEGER NOT NULL DEFAULT 0,
    unknowns INTEGER NOT NULL DEFAULT 0,
    not_before TEXT NOT NULL,
    expires_at TEXT NOT NULL,
    lease_until TEXT NOT NULL DEFAULT '',
    platform_id TEXT NOT NULL DEFAULT '',
    error TEXT NOT NULL DEFAULT '',
    created_at TEXT NOT NULL,
    ended_at TEXT NOT NULL DEFAULT ''
);
CREATE INDEX outbox_head ON outbox (channel, chat, lane, id) WHERE status IN ('ready', 'sending');
CREATE INDEX outbox_next ON outbox (lane, id, not_before) WHERE status = 'ready';

-- What is busy and until when: a whole channel ("telegram") or a chat of it ("telegram:5").
CREATE TABLE gate (
    scope TEXT PRIMARY KEY,
    until TEXT NOT NULL
);

-- The buttons of one message; each is pressed at most once, by whom it was meant for.
CREATE TABLE prompt (
    id INTEGER PRIMARY KEY,
    nonce TEXT NOT NULL UNIQUE,
    channel TEXT NOT NULL,
    chat TEXT NOT NULL,
    person INTEGER,
    choices BLOB NOT NULL,              -- sealed: meanings and labels
    created_at TEXT NOT NULL,
    expires_at TEXT NOT NULL,
    topic TEXT NOT NULL,                -- questions of one topic replace each other
    used_at TEXT NOT NULL DEFAULT '',
    used_choice INTEGER                 -- which, NULL when it was answered in another way
);
CREATE INDEX prompt_chat ON prompt (channel, chat, id);

-- A form half filled in: it belongs to the person and the village, not to the chat.
CREATE TABLE draft (
    person INTEGER NOT NULL,
    village TEXT NOT NULL,
    form TEXT NOT NULL,
    active INTEGER NOT NULL,
    body BLOB NOT NULL,                 -- sealed
    updated_at TEXT NOT NULL,
    PRIMARY KEY (person, village, form)
);

CREATE TABLE job (
    id INTEGER PRIMARY KEY AUTOINCREMENT,  -- never given twice: keys are made of it
    kind TEXT NOT NULL,
    args BLOB NOT NULL,                 -- sealed
    channel TEXT NOT NULL,
    conversation TEXT NOT NULL,
    state TEXT NOT NULL,                -- ready, working, done, failed
    attempts INTEGER NOT NULL DEFAULT 0,
    not_before TEXT NOT NULL,
    error TEXT NOT NULL DEFAULT ''
);
CREATE INDEX job_open ON job (id) WHERE state IN ('ready', 'working');

-- What was planned, and so is never planned again.
CREATE TABLE plan (
    kind TEXT NOT NULL,
    subject TEXT NOT NULL,
    village TEXT NOT NULL,
    period TEXT NOT NULL,
    stage TEXT NOT NULL,
    person INTEGER NOT NULL,
    at TEXT NOT NULL,
    outcome TEXT NOT NULL,              -- queued, or why not
    PRIMARY KEY (kind, subject, village, period, stage, person)
);

CREATE TABLE audit (
    seq INTEGER PRIMARY KEY,
    at TEXT NOT NULL,
    actor INTEGER,
    action TEXT NOT NULL,
    object TEXT NOT NULL,
    details TEXT NOT NULL,              -- JSON without personal data
    previous BLOB NOT NULL,
    hash BLOB NOT NULL
);

CREATE TABLE meta (
    name TEXT PRIMARY KEY,
    value TEXT NOT NULL
);

CREATE INDEX outbox_expiring ON outbox (expires_at) WHERE status = 'ready' AND expires_at <> '';

-- Files that people sent, kept as long as what they prove.
CREATE TABLE file (
    id INTEGER PRIMARY KEY AUTOINCREMENT,  -- never given twice: keys are made of it
    body BLOB NOT NULL,                 -- sealed
    mime TEXT NOT NULL,
    at TEXT NOT NULL
);
