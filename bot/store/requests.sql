-- name: begin
INSERT INTO request (kind, channel, user, chat, person, district, village, role, body, state, at)
VALUES (:kind, :channel, :user, :chat, :person, :district, :village, :role, :body, :state, :now)
ON CONFLICT (channel, user) WHERE state IN ('asking', 'open') DO NOTHING
RETURNING id;

-- name: get
SELECT r.id, r.kind, r.channel, r.user, r.chat, r.person, r.district, r.village, r.role, r.body, r.state, r.at,
    r.reason, COALESCE(p.name, '') AS by
FROM request AS r LEFT JOIN person AS p ON p.id = r.decided_by WHERE r.id = :id;

-- name: of
-- What an account asks for now.
SELECT id FROM request WHERE channel = :channel AND user = :user AND state IN ('asking', 'open');

-- name: keep!
-- What a stranger has said so far; once it is all said, it is open.
UPDATE request SET district = :district, village = :village, role = :role, body = :body, state = :state, at = :now
WHERE id = :id AND state IN ('asking', 'open');

-- name: decide!
-- Exactly one decision wins.
UPDATE request SET state = :state, reason = :reason, at = :now, decided_by = :by WHERE id = :id AND state = 'open';

-- name: waiting
-- Who waits for the office, the longest first.
SELECT id FROM request WHERE district = :district AND state = 'open' ORDER BY at, id;

-- name: opened
-- How many were opened since then, in a district or in a village of it: they wait, or were taken back.
SELECT COUNT(*) AS n FROM request
WHERE district = :district AND (:village = '' OR village = :village) AND (state = 'open' OR reason = 'withdrawn')
    AND at > :since;

-- name: handed
-- What somebody asks for whoever follows them.
SELECT id FROM request WHERE person = :person AND kind = 'handover' AND state = 'open' ORDER BY id;

-- name: unanswered
SELECT district, at FROM request WHERE state = 'open' ORDER BY at;

-- name: overdue
SELECT id FROM request WHERE state IN ('asking', 'open') AND at < :before;

-- name: expire!
UPDATE request SET state = 'expired', reason = :reason, at = :now WHERE id = :id AND state IN ('asking', 'open');

-- name: welcomed!
-- They are in, by whatever way: what they asked for is settled.
UPDATE request SET state = 'expired', at = :now
WHERE channel = :channel AND user = :user AND kind = 'link' AND state IN ('asking', 'open');

-- name: forget!
DELETE FROM request WHERE state NOT IN ('asking', 'open') AND at < :before;
