-- name: add
-- One open registration for a NIK in a village.
INSERT INTO member (village, name, nik, nik_index, details, category, position, since, joined, state, state_at,
    state_by)
VALUES (:village, :name, :nik, :nik_index, :details, :category, :position, :since, :joined, :state, :now, :by)
ON CONFLICT (village, nik_index) WHERE state <> 'ended' DO NOTHING
RETURNING id;

-- name: first_post!
INSERT INTO service (member, category, position, since, made_at, made_by)
VALUES (:member, :category, :position, :since, :now, :by);

-- name: by_nik
SELECT m.id, m.village, m.name, m.nik, m.details, m.category, m.position, m.since, m.joined, m.state, m.state_at,
    p.name AS state_by, m.ended, m.why_ended,
    m.state = 'active' AND EXISTS (SELECT 1 FROM official AS o WHERE o.person = m.state_by AND o.village = m.village)
        AS said
FROM member AS m LEFT JOIN person AS p ON p.id = m.state_by
WHERE m.village = :village AND m.nik_index = :nik_index AND m.state <> 'ended';

-- name: get
SELECT m.id, m.village, m.name, m.nik, m.details, m.category, m.position, m.since, m.joined, m.state, m.state_at,
    p.name AS state_by, m.ended, m.why_ended,
    m.state = 'active' AND EXISTS (SELECT 1 FROM official AS o WHERE o.person = m.state_by AND o.village = m.village)
        AS said
FROM member AS m LEFT JOIN person AS p ON p.id = m.state_by
WHERE m.id = :id;

-- name: of_village
SELECT m.id, m.village, m.name, m.nik, m.details, m.category, m.position, m.since, m.joined, m.state, m.state_at,
    p.name AS state_by, m.ended, m.why_ended,
    m.state = 'active' AND EXISTS (SELECT 1 FROM official AS o WHERE o.person = m.state_by AND o.village = m.village)
        AS said
FROM member AS m LEFT JOIN person AS p ON p.id = m.state_by
WHERE m.village = :village ORDER BY m.id;

-- name: indexes
SELECT m.nik_index, m.village FROM village AS v JOIN member AS m ON m.village = v.code
WHERE v.district = :district AND m.state <> 'ended';

-- name: waiting_in
-- Whom the district's office or the branch has not confirmed: submitted, or active by the village's own word.
SELECT m.id, m.village, m.name, m.nik, m.details, m.category, m.position, m.since, m.joined, m.state, m.state_at,
    p.name AS state_by, m.ended, m.why_ended,
    m.state = 'active' AND EXISTS (SELECT 1 FROM official AS o WHERE o.person = m.state_by AND o.village = m.village)
        AS said
FROM member AS m LEFT JOIN person AS p ON p.id = m.state_by
WHERE m.village = :village AND m.ended = '' AND (m.state = 'submitted' OR (m.state = 'active'
    AND EXISTS (SELECT 1 FROM official AS o WHERE o.person = m.state_by AND o.village = m.village)))
ORDER BY m.id;

-- name: waiting
-- How many of each village wait to be confirmed, and how many of them the village itself calls active.
SELECT m.village, COUNT(*) AS people, COUNT(*) FILTER (WHERE m.state = 'active') AS said
FROM member AS m JOIN village AS v ON v.code = m.village
WHERE v.district = :district AND m.ended = '' AND (m.state = 'submitted' OR (m.state = 'active'
    AND EXISTS (SELECT 1 FROM official AS o WHERE o.person = m.state_by AND o.village = m.village)))
GROUP BY m.village, v.subdistrict, v.name ORDER BY v.subdistrict, v.name;

-- name: settle!
-- A registration not confirmed yet takes its state; a second press finds another state and does nothing.
UPDATE member SET state = :state, state_at = :now, state_by = :by, details = :details
WHERE id = :id AND ended = '' AND (state IN ('submitted', 'unknown') OR (:checked = 1 AND state = 'active'
    AND EXISTS (SELECT 1 FROM official AS o WHERE o.person = state_by AND o.village = member.village)));

-- name: add_number!
UPDATE member SET details = :details WHERE id = :id AND state = 'active' AND ended = '';

-- name: close!
-- The last day of cover; the state follows when that day is over.
UPDATE member SET ended = :last, why_ended = :why, state_at = :now, state_by = :by,
    state = CASE WHEN :over = 1 THEN 'ended' ELSE state END
WHERE id = :id AND state <> 'ended' AND ended = '';

-- name: close_posts!
UPDATE service SET until = :last WHERE member = :id AND (until IS NULL OR until > :last);

-- name: end_those_over!
UPDATE member SET state = 'ended' WHERE state <> 'ended' AND ended <> '' AND ended < :today;

-- name: insured
-- Posts in force in the month of those whose contribution is owed for it, the latest post of each first.
SELECT m.village, m.id, m.joined, m.details, s.category, s.wage, s.beside, s.since
FROM member AS m JOIN service AS s ON s.member = m.id
WHERE m.village = :village AND m.joined <= :last
    AND m.state IN ('submitted', 'active', 'ended')
    AND (m.ended = '' OR (m.ended >= :first AND m.ended >= m.joined AND m.why_ended <> 'mistake'))
    AND s.since <= :last AND (s.until IS NULL OR s.until >= MAX(:first, m.joined))
ORDER BY m.id, s.beside, s.since DESC, s.id DESC;

-- name: insured_of
SELECT m.village, m.id, m.joined, m.details, s.category, s.wage, s.beside, s.since
FROM village AS v JOIN member AS m ON m.village = v.code JOIN service AS s ON s.member = m.id
WHERE v.district = :district AND m.joined <= :last
    AND m.state IN ('submitted', 'active', 'ended')
    AND (m.ended = '' OR (m.ended >= :first AND m.ended >= m.joined AND m.why_ended <> 'mistake'))
    AND s.since <= :last AND (s.until IS NULL OR s.until >= MAX(:first, m.joined))
ORDER BY m.village, m.id, s.beside, s.since DESC, s.id DESC;
