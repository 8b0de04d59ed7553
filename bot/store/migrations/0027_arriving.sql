-- Another phone or application of somebody who is linked: it counts a day after it came, unless somebody objects.

CREATE TABLE arriving (
    channel TEXT NOT NULL,
    user TEXT NOT NULL,
    chat TEXT NOT NULL,
    person INTEGER NOT NULL REFERENCES person (id),
    at TEXT NOT NULL,
    counts_at TEXT NOT NULL,
    PRIMARY KEY (channel, user)
);
CREATE INDEX arriving_next ON arriving (counts_at);
