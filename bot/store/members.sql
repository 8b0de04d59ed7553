-- name: add
-- One open registration for a NIK in a village.
INSERT INTO member (village, name, nik, nik_index, details, category, position, since, joined, state, state_at,
    state_by)
VALUES (:village, :name, :nik, :nik_index, :details, :category, :position, :since, :joined, :state, :now, :by)
ON CONFLICT (village, nik_index) WHERE state <> 'ended' DO NOTHING
RETURNING id;

-- name: by_nik
SELECT m.id, m.village, m.name, m.nik, m.details, m.category, m.position, m.since, m.joined, m.state, m.state_at,
    p.name AS state_by
FROM member AS m LEFT JOIN person AS p ON p.id = m.state_by
WHERE m.village = :village AND m.nik_index = :nik_index AND m.state <> 'ended';

-- name: of_village
SELECT m.id, m.village, m.name, m.nik, m.details, m.category, m.position, m.since, m.joined, m.state, m.state_at,
    p.name AS state_by
FROM member AS m LEFT JOIN person AS p ON p.id = m.state_by
WHERE m.village = :village ORDER BY m.id;

-- name: insured
-- Whose contribution is owed for a month: those who had joined by its end and have not left.
SELECT id, village, details, category FROM member
WHERE village = :village AND state IN ('submitted', 'active') AND joined <= :last;
