-- How each kecamatan stood on a day: counted once a day, so that a trend has a past.
CREATE TABLE tally (
    district TEXT NOT NULL,
    day TEXT NOT NULL,                  -- where the district lies
    subdistrict TEXT NOT NULL,          -- the first three parts of its villages' codes, as in 64.02.01
    registered INTEGER NOT NULL,        -- villages; those behind are among them
    behind INTEGER NOT NULL,
    missing INTEGER NOT NULL,
    PRIMARY KEY (district, day, subdistrict)
);

-- What was done about a village: for its evidence.
CREATE INDEX audit_about ON audit (object, seq);
