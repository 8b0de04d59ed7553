-- name: mark
SELECT COUNT(*) AS made, COALESCE(SUM(revoked_at = ''), 0) AS in_force,
    COALESCE(SUM(CASE WHEN revoked_at = '' THEN id END), 0) AS ids,
    COALESCE(MAX(at), '') AS at, COALESCE(MAX(revoked_at), '') AS revoked_at
FROM decision;

-- name: in_force
SELECT d.id, d.district, d.name, d.body, d.at, COALESCE(p.name, '') AS by FROM decision AS d
LEFT JOIN person AS p ON p.id = d.by WHERE d.revoked_at = '' ORDER BY d.id;

-- name: of_district
SELECT d.id, d.district, d.name, d.body, d.at, COALESCE(p.name, '') AS by FROM decision AS d
LEFT JOIN person AS p ON p.id = d.by
WHERE d.district = :district AND d.name = :name AND d.revoked_at = '' ORDER BY d.id;

-- name: decide
INSERT INTO decision (district, name, body, at, by) VALUES (:district, :name, :body, :now, :by) RETURNING id;

-- name: revoke!
UPDATE decision SET revoked_at = :now WHERE id = :id AND district = :district AND revoked_at = '';
