-- What the platform says of the texts that it approves beforehand, by their names.
CREATE TABLE stencil (
    name TEXT PRIMARY KEY,
    status TEXT NOT NULL,               -- in the platform's own words
    category TEXT NOT NULL,             -- decides the price
    reason TEXT NOT NULL,               -- why it was rejected
    at TEXT NOT NULL
);
