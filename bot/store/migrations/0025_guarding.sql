-- Against a stolen phone: a PIN for harmful acts, and people whose access is cut.

CREATE TABLE pin (
    person INTEGER PRIMARY KEY REFERENCES person (id),
    body BLOB NOT NULL,                     -- sealed: salt and scrypt
    set_at TEXT NOT NULL,
    wrong INTEGER NOT NULL DEFAULT 0,       -- tries since the last right one
    locked_until TEXT NOT NULL DEFAULT ''
);

-- A chat in which the next message is a PIN, and what is done then.
CREATE TABLE pin_wait (
    channel TEXT NOT NULL,
    chat TEXT NOT NULL,
    person INTEGER NOT NULL REFERENCES person (id),
    stage TEXT NOT NULL,                    -- ask, first, second
    body BLOB NOT NULL,                     -- sealed: what was asked for; of the second time, the first
    at TEXT NOT NULL,
    PRIMARY KEY (channel, chat)
);

-- A chat in which the right PIN was typed a moment ago.
CREATE TABLE pin_open (
    channel TEXT NOT NULL,
    chat TEXT NOT NULL,
    person INTEGER NOT NULL REFERENCES person (id),
    until TEXT NOT NULL,
    PRIMARY KEY (channel, chat)
);

-- Whose access is cut until the district's office restores it.
CREATE TABLE frozen (
    person INTEGER PRIMARY KEY REFERENCES person (id),
    district TEXT NOT NULL,                 -- whose office restores it
    at TEXT NOT NULL,
    by INTEGER NOT NULL
);
