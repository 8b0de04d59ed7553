-- Desa Sadar: which villages met their district's criteria in a year, and the certificate they were given.
CREATE TABLE recognition (
    id INTEGER PRIMARY KEY,
    village TEXT NOT NULL REFERENCES village (code),
    year INTEGER NOT NULL,
    met_on TEXT NOT NULL,               -- the day on which it was first seen to meet them, where the district lies
    made_at TEXT NOT NULL DEFAULT '',   -- when an administrator had the certificate made, empty while nobody did
    made_by INTEGER,
    number TEXT NOT NULL DEFAULT '',    -- of the certificate, empty: to be filled in by hand
    head TEXT NOT NULL DEFAULT '',      -- who signs it
    reasons TEXT NOT NULL DEFAULT '[]', -- what was met, in sentences, as JSON: as it stands on the certificate
    lost_at TEXT NOT NULL DEFAULT '',   -- when the village was told, once, that a step is missing again
    UNIQUE (village, year)
);
CREATE INDEX recognition_made ON recognition (year, village) WHERE made_at <> '';

-- Villages that a company fosters (desa binaan): who, what it pays, from when to when.
CREATE TABLE fostering (
    id INTEGER PRIMARY KEY,
    district TEXT NOT NULL,
    body BLOB NOT NULL,                 -- sealed: company, pays (in words)
    whole INTEGER NOT NULL DEFAULT 0,   -- it pays all contributions: its villages are not reminded
    since TEXT NOT NULL,                -- the first day
    until TEXT NOT NULL,                -- the last day
    at TEXT NOT NULL,
    by INTEGER
);
CREATE INDEX fostering_until ON fostering (district, until);
CREATE TABLE fostered (
    fostering INTEGER NOT NULL REFERENCES fostering (id),
    village TEXT NOT NULL REFERENCES village (code),
    PRIMARY KEY (village, fostering)
);
