-- Building projects of the villages (Jasa Konstruksi): their contribution, its instalments, who said what is paid.

CREATE TABLE project (
    id INTEGER PRIMARY KEY,
    village TEXT NOT NULL REFERENCES village (code),
    year INTEGER NOT NULL,              -- of the budget
    state TEXT NOT NULL,                -- planned, open, done, dropped
    name_index BLOB NOT NULL,           -- a blind index of the name
    body BLOB NOT NULL,                 -- sealed: name, place, company, certificate
    named BLOB NOT NULL,                -- sealed: workers known by name, each with their NIK
    workers INTEGER NOT NULL,           -- how many; 0: not known
    basis TEXT NOT NULL,                -- value, wages
    value INTEGER NOT NULL,             -- whole rupiah, without PPN
    funding TEXT NOT NULL,
    builder TEXT NOT NULL,              -- own (swakelola), company, '': not known
    spk TEXT NOT NULL,                  -- days; '': none
    starts TEXT NOT NULL,
    ends TEXT NOT NULL,
    maintained TEXT NOT NULL,           -- until when it is maintained
    total INTEGER NOT NULL,             -- the contribution
    at TEXT NOT NULL,
    by INTEGER NOT NULL REFERENCES person (id)
);
CREATE UNIQUE INDEX project_once ON project (village, year, name_index) WHERE state <> 'dropped';
CREATE INDEX project_live ON project (village, state);

-- What was reported as paid, and what a second person found.
CREATE TABLE project_report (
    id INTEGER PRIMARY KEY,
    project INTEGER NOT NULL REFERENCES project (id),
    parts TEXT NOT NULL,                -- the numbers of the instalments, as "1" or "2,3"
    amount INTEGER NOT NULL,
    state TEXT NOT NULL,                -- reported, recorded, returned, withdrawn, reversed
    reported_at TEXT NOT NULL,
    reported_by INTEGER NOT NULL REFERENCES person (id),
    checked_at TEXT NOT NULL DEFAULT '',
    checked_by INTEGER,
    reason TEXT NOT NULL DEFAULT ''
);
CREATE INDEX project_report_waiting ON project_report (state) WHERE state = 'reported';
CREATE INDEX project_report_of ON project_report (project);

-- An instalment; at most one report pays it.
CREATE TABLE project_part (
    project INTEGER NOT NULL REFERENCES project (id),
    number INTEGER NOT NULL,
    amount INTEGER NOT NULL,
    due TEXT NOT NULL,
    report INTEGER REFERENCES project_report (id),
    PRIMARY KEY (project, number)
);
CREATE INDEX project_part_open ON project_part (due) WHERE report IS NULL;

CREATE TABLE project_proof (
    report INTEGER NOT NULL REFERENCES project_report (id),
    file INTEGER NOT NULL,
    at TEXT NOT NULL,
    PRIMARY KEY (report, file)
);

-- What an addendum changed: the value and the days as they were before.
CREATE TABLE project_change (
    id INTEGER PRIMARY KEY,
    project INTEGER NOT NULL REFERENCES project (id),
    value INTEGER NOT NULL,
    starts TEXT NOT NULL,
    ends TEXT NOT NULL,
    total INTEGER NOT NULL,
    at TEXT NOT NULL,
    by INTEGER NOT NULL REFERENCES person (id)
);
