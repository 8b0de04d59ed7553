-- The ledger: what each village owes for a month, what was paid, and who serves in which post since when.

-- What a village is to BPJS Ketenagakerjaan, as the district's office or the agency said.
CREATE TABLE employer (
    village TEXT PRIMARY KEY REFERENCES village (code),
    npp TEXT NOT NULL DEFAULT '',       -- the employer number, empty while unknown
    registered TEXT NOT NULL DEFAULT '', -- since when, as it was said: a year, a month or a date
    since TEXT NOT NULL DEFAULT '',     -- the first month reckoned here, empty: not registered
    payer TEXT NOT NULL DEFAULT 'village',  -- village, treasury (the district pays for it)
    at TEXT NOT NULL,
    by INTEGER
);

-- Whom the district's office named for a village; nobody is written to because of it.
CREATE TABLE contact (
    village TEXT PRIMARY KEY REFERENCES village (code),
    body BLOB NOT NULL,                 -- sealed: name, post, phone
    at TEXT NOT NULL,
    by INTEGER
);

-- A post that a member holds from one day to another, and the wage it is insured with.
CREATE TABLE service (
    id INTEGER PRIMARY KEY,
    member INTEGER NOT NULL REFERENCES member (id),
    category TEXT NOT NULL,
    position TEXT NOT NULL,
    wage BLOB,                          -- sealed rupiah a month; NULL: the wage of the registration
    beside INTEGER NOT NULL DEFAULT 0,  -- held beside another post, without a wage of its own
    since TEXT NOT NULL,                -- the first day
    until TEXT,                         -- the last day, NULL while it lasts
    term_end TEXT NOT NULL DEFAULT '',  -- the last day of the term by its SK, where known
    made_at TEXT NOT NULL,
    made_by INTEGER
);
CREATE INDEX service_member ON service (member, since);
CREATE INDEX service_term ON service (term_end) WHERE until IS NULL AND term_end <> '';

INSERT INTO service (member, category, position, since, made_at, made_by)
SELECT id, category, position, joined, state_at, state_by FROM member;

ALTER TABLE member ADD COLUMN ended TEXT NOT NULL DEFAULT '';      -- the last day of cover
ALTER TABLE member ADD COLUMN why_ended TEXT NOT NULL DEFAULT '';  -- term, resigned, died, moved, mistake

-- What a village owes for a month and a segment.
CREATE TABLE bill (
    village TEXT NOT NULL REFERENCES village (code),
    month TEXT NOT NULL,
    segment TEXT NOT NULL,              -- PU, BPU
    district TEXT NOT NULL,
    due TEXT NOT NULL,
    people INTEGER NOT NULL,
    ours INTEGER,                       -- our reckoning, NULL where nobody is known by name
    detail BLOB,                        -- sealed: lines and shares of the reckoning
    given INTEGER,                      -- the agency's own figure: it wins
    given_by INTEGER,
    given_at TEXT NOT NULL DEFAULT '',
    given_source TEXT NOT NULL DEFAULT '',
    given_by_office INTEGER NOT NULL DEFAULT 0,  -- the district or the agency: a village does not overrule it
    paid INTEGER NOT NULL DEFAULT 0,    -- of what was reported or recorded, the oldest month first
    settled INTEGER NOT NULL DEFAULT 0,
    fixed_at TEXT NOT NULL DEFAULT '',  -- from then on it is not reckoned again
    fixed_why TEXT NOT NULL DEFAULT '', -- due, opening: for good; report: as long as one reaches it
    made_at TEXT NOT NULL,              -- when it was reckoned, empty: to be reckoned anew
    PRIMARY KEY (village, month, segment)
);
CREATE INDEX bill_open ON bill (district, month, segment, village) WHERE settled = 0;
CREATE INDEX bill_loose ON bill (district, due) WHERE fixed_why IN ('', 'report');
CREATE INDEX bill_anew ON bill (district, village) WHERE made_at = '';

-- Payments: a report (one of several months, of a part, of more than was owed), looked at by a second person.
ALTER TABLE payment ADD COLUMN months INTEGER NOT NULL DEFAULT 1;  -- how many, the oldest open first
ALTER TABLE payment ADD COLUMN amount INTEGER;                     -- NULL: as billed
ALTER TABLE payment ADD COLUMN paid_on TEXT NOT NULL DEFAULT '';
ALTER TABLE payment ADD COLUMN funding TEXT NOT NULL DEFAULT '';   -- the source of money, by code
ALTER TABLE payment ADD COLUMN checked_at TEXT NOT NULL DEFAULT '';
ALTER TABLE payment ADD COLUMN checked_by INTEGER;
ALTER TABLE payment ADD COLUMN reason TEXT NOT NULL DEFAULT '';    -- why it was returned
-- state: reported, recorded (seen by a second person), returned (to be corrected), withdrawn, reversed
DROP INDEX payment_once;
CREATE INDEX payment_village ON payment (village, segment, id);
CREATE INDEX payment_waiting ON payment (state) WHERE state = 'reported';

-- A district's own rule from a date on, set in chat; the files under bot/rules stay as they are.
CREATE TABLE decision (
    id INTEGER PRIMARY KEY,
    district TEXT NOT NULL,
    name TEXT NOT NULL,                 -- the table of the rules, as in [[stage]]
    body TEXT NOT NULL,                 -- the row, as JSON
    at TEXT NOT NULL,
    by INTEGER,
    revoked_at TEXT NOT NULL DEFAULT ''
);

-- Agreements (PKS) between the district and BPJS Ketenagakerjaan.
CREATE TABLE agreement (
    id INTEGER PRIMARY KEY,
    district TEXT NOT NULL,
    number TEXT NOT NULL,
    signed TEXT NOT NULL,
    until TEXT NOT NULL,                -- the last day
    scope TEXT NOT NULL,
    at TEXT NOT NULL,
    by INTEGER
);
CREATE INDEX agreement_until ON agreement (district, until);

-- The day that somebody named when asked when they plan to pay.
ALTER TABLE intention ADD COLUMN pay_on TEXT NOT NULL DEFAULT '';  -- the day they plan to pay
