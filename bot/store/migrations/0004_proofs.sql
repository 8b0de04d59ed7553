-- A payment may be proved by several files; what was checked is never replaced or forgotten.

CREATE TABLE proof (
    payment INTEGER NOT NULL REFERENCES payment (id),
    file INTEGER NOT NULL REFERENCES file (id),
    PRIMARY KEY (payment, file)
);

INSERT INTO proof (payment, file) SELECT id, proof FROM payment WHERE proof IS NOT NULL;
