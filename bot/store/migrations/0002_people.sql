-- Places, the people who chat, and the people who are insured.

CREATE TABLE village (
    code TEXT PRIMARY KEY,              -- Kemendagri, as in 64.02.01.2001
    district TEXT NOT NULL,
    subdistrict TEXT NOT NULL,
    name TEXT NOT NULL
);
CREATE INDEX village_district ON village (district, subdistrict, name);

CREATE TABLE person (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL,
    created_at TEXT NOT NULL,
    focus TEXT NOT NULL DEFAULT '',     -- the village or district they speak about, where they serve several
    notice_at TEXT NOT NULL DEFAULT '', -- when the privacy notice was shown
    muted_at TEXT NOT NULL DEFAULT ''   -- when they asked for no broadcasts
);

CREATE TABLE address (
    channel TEXT NOT NULL,
    user TEXT NOT NULL,                 -- the channel's id of the person
    chat TEXT NOT NULL,                 -- where they are written to
    person INTEGER NOT NULL REFERENCES person (id),
    linked_at TEXT NOT NULL,
    seen_at TEXT NOT NULL,
    reachable INTEGER NOT NULL DEFAULT 1,
    PRIMARY KEY (channel, user)
);
CREATE INDEX address_person ON address (person);

CREATE TABLE official (
    id INTEGER PRIMARY KEY,
    person INTEGER NOT NULL REFERENCES person (id),
    role TEXT NOT NULL,
    district TEXT NOT NULL,
    village TEXT,
    since TEXT NOT NULL,
    until TEXT                          -- the last day in office, NULL while it is open
);
CREATE INDEX official_person ON official (person);
CREATE INDEX official_village ON official (village, role);

CREATE TABLE invitation (
    id INTEGER PRIMARY KEY,
    code BLOB NOT NULL UNIQUE,          -- blind index of the code
    role TEXT NOT NULL,
    district TEXT NOT NULL,
    village TEXT,
    name TEXT NOT NULL,                 -- who is meant, as the office wrote it; may be empty
    person INTEGER,                     -- set where somebody links one more address of their own
    made_by INTEGER,
    made_at TEXT NOT NULL,
    expires_at TEXT NOT NULL,
    used_at TEXT NOT NULL DEFAULT '',
    used_by INTEGER
);

-- Wrong codes typed, by address.
CREATE TABLE guess (
    scope TEXT PRIMARY KEY,
    count INTEGER NOT NULL,
    since TEXT NOT NULL
);

-- People who wrote without being invited; kept so that the office can invite them.
CREATE TABLE visitor (
    channel TEXT NOT NULL,
    user TEXT NOT NULL,
    body BLOB NOT NULL,                 -- sealed: name, first words
    first_at TEXT NOT NULL,
    last_at TEXT NOT NULL,
    PRIMARY KEY (channel, user)
);

CREATE TABLE room (
    channel TEXT NOT NULL,
    chat TEXT NOT NULL,
    district TEXT NOT NULL,
    kind TEXT NOT NULL,                 -- office, forum
    since TEXT NOT NULL,
    left_at TEXT NOT NULL DEFAULT '',
    PRIMARY KEY (channel, chat)
);

CREATE TABLE member (
    id INTEGER PRIMARY KEY,
    village TEXT NOT NULL REFERENCES village (code),
    name TEXT NOT NULL,
    nik BLOB NOT NULL,                  -- sealed
    nik_index BLOB NOT NULL,
    details BLOB NOT NULL,              -- sealed: birth, mother's name, phone, wage, KPJ
    category TEXT NOT NULL,
    position TEXT NOT NULL,
    since TEXT NOT NULL,                -- first day of service by the SK
    joined TEXT NOT NULL,               -- first day of cover: when the registration was submitted
    state TEXT NOT NULL,                -- submitted, active, ended, unknown
    state_at TEXT NOT NULL,
    state_by INTEGER
);
CREATE UNIQUE INDEX member_once ON member (village, nik_index) WHERE state <> 'ended';
CREATE INDEX member_village ON member (village, state);

-- What a village reported as paid, for a month and a segment.
CREATE TABLE payment (
    id INTEGER PRIMARY KEY,
    village TEXT NOT NULL REFERENCES village (code),
    month TEXT NOT NULL,
    segment TEXT NOT NULL,
    state TEXT NOT NULL,                -- reported, withdrawn
    reported_at TEXT NOT NULL,
    reported_by INTEGER NOT NULL,
    proof INTEGER REFERENCES file (id)  -- where one was sent
);
CREATE UNIQUE INDEX payment_once ON payment (village, month, segment) WHERE state = 'reported';

-- What an officer said when asked about a month: when they plan to pay, or why not yet.
CREATE TABLE intention (
    village TEXT NOT NULL,
    month TEXT NOT NULL,
    segment TEXT NOT NULL,
    answer TEXT NOT NULL,
    at TEXT NOT NULL,
    person INTEGER NOT NULL,
    PRIMARY KEY (village, month, segment)
);
