-- Who may speak for a village: people who ask to be linked, successors, and what the office's groups are shown.

-- Somebody asks for an office: a stranger for themselves (link), who holds it for a successor (handover).
CREATE TABLE request (
    id INTEGER PRIMARY KEY,
    kind TEXT NOT NULL,                 -- link, handover
    channel TEXT NOT NULL,
    user TEXT NOT NULL,
    chat TEXT NOT NULL,
    person INTEGER,                     -- who hands over
    district TEXT NOT NULL DEFAULT '',
    village TEXT NOT NULL DEFAULT '',
    role TEXT NOT NULL DEFAULT '',
    body BLOB NOT NULL,                 -- sealed: name, phone, number and date of the SK
    state TEXT NOT NULL,                -- asking, open, approved, refused, expired
    reason TEXT NOT NULL DEFAULT '',    -- why refused, as a code
    at TEXT NOT NULL,                   -- since when it is in this state
    decided_by INTEGER
);
CREATE UNIQUE INDEX request_once ON request (channel, user) WHERE state IN ('asking', 'open');
CREATE INDEX request_open ON request (district, at) WHERE state = 'open';

-- Whose office ends when the code is used.
ALTER TABLE invitation ADD COLUMN replaces INTEGER;

-- Groups the bot was added to by an administrator who has not said yet what they are for.
CREATE TABLE unsaid_room (
    channel TEXT NOT NULL,
    chat TEXT NOT NULL,
    thread TEXT NOT NULL,
    at TEXT NOT NULL,
    PRIMARY KEY (channel, chat)
);

-- A village said that somebody stops serving; the office says that it has seen it.
CREATE TABLE ending (
    member INTEGER PRIMARY KEY REFERENCES member (id),
    village TEXT NOT NULL,
    at TEXT NOT NULL,
    state TEXT NOT NULL DEFAULT '',     -- '', recorded, returned
    decided_at TEXT NOT NULL DEFAULT '',
    decided_by INTEGER
);

-- What a group was told of a village's reports: one message, edited as they are dealt with.
CREATE TABLE card (
    id INTEGER PRIMARY KEY,
    channel TEXT NOT NULL,
    chat TEXT NOT NULL,
    thread TEXT NOT NULL,
    village TEXT NOT NULL,
    at TEXT NOT NULL,
    shown TEXT NOT NULL DEFAULT '',     -- a mark of what it says
    edits INTEGER NOT NULL DEFAULT 0,
    opened_by INTEGER,                  -- who looked at it last
    opened_at TEXT NOT NULL DEFAULT '',
    closed INTEGER NOT NULL DEFAULT 0   -- all of it is dealt with
);
CREATE INDEX card_open ON card (village, at) WHERE closed = 0;
CREATE TABLE card_item (
    card INTEGER NOT NULL REFERENCES card (id),
    kind TEXT NOT NULL,                 -- payment, member, ending
    item INTEGER NOT NULL,              -- of the payment or the member
    PRIMARY KEY (card, kind, item)
);
CREATE INDEX card_item_of ON card_item (kind, item);
