-- What people ask for about their own data (UU 27/2022 Pasal 5-13), until an administrator has decided.

CREATE TABLE privacy_request (
    id INTEGER PRIMARY KEY,
    kind TEXT NOT NULL,                 -- correct, erase
    person INTEGER NOT NULL REFERENCES person (id),
    district TEXT NOT NULL,
    body BLOB NOT NULL,                 -- sealed: what is wrong, in their words; emptied when decided
    at TEXT NOT NULL,
    due TEXT NOT NULL,                  -- 3 x 24 hours after it was asked
    state TEXT NOT NULL,                -- open, done, refused
    reason TEXT NOT NULL DEFAULT '',    -- why refused, as a code
    decided_at TEXT NOT NULL DEFAULT '',
    decided_by INTEGER
);
CREATE UNIQUE INDEX privacy_request_once ON privacy_request (person, kind) WHERE state = 'open';
CREATE INDEX privacy_request_open ON privacy_request (district, at) WHERE state = 'open';
