-- name: ask
-- A second request of the same kind is the first one.
INSERT INTO privacy_request (kind, person, district, body, at, due, state)
VALUES (:kind, :person, :district, :body, :now, :due, 'open')
ON CONFLICT (person, kind) WHERE state = 'open' DO NOTHING RETURNING id;

-- name: get
SELECT r.id, r.kind, r.person, p.name, r.district, r.body, r.at, r.due, r.state, r.reason, r.decided_at
FROM privacy_request AS r JOIN person AS p ON p.id = r.person WHERE r.id = :id;

-- name: of_person
SELECT id FROM privacy_request WHERE person = :person ORDER BY id DESC LIMIT :count;

-- name: open_in
SELECT id FROM privacy_request WHERE district = :district AND state = 'open' ORDER BY at, id;

-- name: decide!
-- Their words are not needed any more.
UPDATE privacy_request SET state = :state, reason = :reason, decided_at = :now, decided_by = :by, body = :nothing
WHERE id = :id AND state = 'open';

-- name: settle_others!
UPDATE privacy_request SET state = 'done', decided_at = :now, decided_by = :by, body = :nothing
WHERE person = :person AND state = 'open';

-- name: forget!
DELETE FROM privacy_request WHERE state <> 'open' AND decided_at < :before;

-- name: held
-- What is kept of somebody who chats, as counts.
SELECT (SELECT COUNT(*) FROM draft WHERE person = :person) AS drafts,
    (SELECT COUNT(*) FROM audit WHERE actor = :person) AS acts,
    (SELECT COUNT(*) FROM outbox AS o JOIN address AS a ON a.channel = o.channel AND a.chat = o.chat
        WHERE a.person = :person AND length(o.body) > 0) AS messages,
    (SELECT COUNT(*) FROM question WHERE person = :person) AS questions;

-- name: accounts
SELECT linked_at FROM address WHERE person = :person ORDER BY linked_at;

-- name: offices
SELECT role, district, village, since, until FROM official WHERE person = :person ORDER BY since, id;

-- name: namesakes
SELECT id, name FROM member WHERE village = :village AND nik_index <> x'';

-- name: rename!
UPDATE person SET name = :name WHERE id = :person;
