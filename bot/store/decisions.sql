-- name: mark
SELECT COALESCE(MAX(id), 0) AS newest, COUNT(*) AS n, COALESCE(MAX(at), '') AS at FROM decision WHERE revoked_at = '';

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
