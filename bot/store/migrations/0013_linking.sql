-- Looked up while somebody waits: villages by their name, and requests by who hands over or by the hour.
CREATE INDEX village_name ON village (name COLLATE NOCASE);
CREATE INDEX request_person ON request (person) WHERE state = 'open';
CREATE INDEX request_recent ON request (district, at);
