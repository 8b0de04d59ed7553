-- Sheets made for SIPP: what each said of whom, so that the next one names what has changed since.
CREATE TABLE sheet_made (
    id INTEGER PRIMARY KEY,
    village TEXT NOT NULL REFERENCES village (code),
    at TEXT NOT NULL,
    by INTEGER,
    entered_at TEXT NOT NULL DEFAULT '',  -- when somebody said that it was entered into SIPP
    entered_by INTEGER
);
CREATE INDEX sheet_made_village ON sheet_made (village);

CREATE TABLE sheet_row (
    sheet INTEGER NOT NULL REFERENCES sheet_made (id),
    member INTEGER NOT NULL REFERENCES member (id),
    what TEXT NOT NULL,                   -- wage, position, phone, ended
    digest BLOB NOT NULL,                 -- a blind index of the value, never the value
    PRIMARY KEY (sheet, member, what)
);
