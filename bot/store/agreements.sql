-- name: add
INSERT INTO agreement (district, number, signed, until, scope, at, by)
VALUES (:district, :number, :signed, :until, :scope, :now, :by) RETURNING id;

-- name: of_district
SELECT id, district, number, signed, until, scope FROM agreement
WHERE district = :district ORDER BY until DESC, id DESC;

-- name: get
SELECT id, district, number, signed, until, scope FROM agreement WHERE id = :id;

-- name: ending
-- For each district the agreement that reaches furthest, where it ends in that time.
SELECT id, district, number, signed, until, scope FROM agreement AS a
WHERE until >= :since AND until <= :by
    AND NOT EXISTS (SELECT 1 FROM agreement AS b WHERE b.district = a.district AND (b.until > a.until
        OR (b.until = a.until AND b.id > a.id)))
ORDER BY district;

-- name: reaches
SELECT MAX(until) AS until FROM agreement WHERE district = :district;

-- name: admins
-- Who runs a district's office, a row for each address, latest used first.
SELECT p.id, p.name, o.role, a.channel, a.chat
FROM official AS o JOIN person AS p ON p.id = o.person JOIN address AS a ON a.person = p.id
WHERE o.district = :district AND o.village IS NULL AND o.role = 'admin'
    AND (o.until IS NULL OR o.until >= :today) AND a.reachable = 1
ORDER BY a.seen_at DESC;
