-- name: posts
-- Of each post of a village's people, main or beside another, how many are confirmed and how many wait for it:
-- one active by the village's own word waits.  Nobody is named.
SELECT village, position, SUM(confirmed) AS confirmed, SUM(1 - confirmed) AS waiting FROM (
    SELECT m.village, m.position, CASE WHEN m.state = 'active' AND NOT EXISTS (
        SELECT 1 FROM official AS o WHERE o.person = m.state_by AND o.village = m.village) THEN 1 ELSE 0 END AS confirmed
    FROM village AS v JOIN member AS m ON m.village = v.code
    WHERE v.district = :district AND (:village = '' OR v.code = :village) AND m.state <> 'ended'
    UNION ALL
    SELECT m.village, s.position, CASE WHEN m.state = 'active' AND NOT EXISTS (
        SELECT 1 FROM official AS o WHERE o.person = m.state_by AND o.village = m.village) THEN 1 ELSE 0 END AS confirmed
    FROM village AS v JOIN member AS m ON m.village = v.code JOIN service AS s ON s.member = m.id
    WHERE v.district = :district AND (:village = '' OR v.code = :village) AND m.state <> 'ended'
        AND s.beside = 1 AND s.since <= :today AND (s.until IS NULL OR s.until >= :today)
) AS held GROUP BY village, position;

-- name: months
-- The months that fell due, the latest first, and whether all that is owed for each is settled.  A month for
-- which nobody was to be paid is none.
SELECT b.village, b.month, MIN(b.settled) AS settled
FROM village AS v JOIN bill AS b ON b.village = v.code
WHERE v.district = :district AND (:village = '' OR v.code = :village) AND b.due < :today
    AND (b.month >= :first OR b.settled = 0) AND (b.people > 0 OR COALESCE(b.given, b.ours, 1) <> 0)
GROUP BY b.village, b.month ORDER BY b.village, b.month DESC;

-- name: unchecked
-- Reports of payments that nobody of the office has looked at.
SELECT p.village, COUNT(*) AS reports FROM village AS v JOIN payment AS p ON p.village = v.code
WHERE v.district = :district AND (:village = '' OR v.code = :village) AND p.state = 'reported' GROUP BY p.village;

-- name: meet
-- Once for a village and year.
INSERT INTO recognition (village, year, met_on) VALUES (:village, :year, :day)
ON CONFLICT (village, year) DO NOTHING RETURNING id;

-- name: get
SELECT r.id, r.village, r.year, r.met_on, r.made_at, COALESCE(p.name, '') AS made_by, r.number, r.head, r.reasons,
    r.lost_at
FROM recognition AS r LEFT JOIN person AS p ON p.id = r.made_by WHERE r.id = :id;

-- name: of_year
SELECT r.id, r.village, r.year, r.met_on, r.made_at, COALESCE(p.name, '') AS made_by, r.number, r.head, r.reasons,
    r.lost_at
FROM recognition AS r JOIN village AS v ON v.code = r.village LEFT JOIN person AS p ON p.id = r.made_by
WHERE v.district = :district AND r.year = :year ORDER BY v.subdistrict, v.name, v.code;

-- name: made
-- A second administrator finds it made, and makes no other.
UPDATE recognition SET made_at = :now, made_by = :by, number = :number, head = :head, reasons = :reasons
WHERE id = :id AND made_at = '' RETURNING id;

-- name: last
-- The last certificate of each village, of this year or the one before, that nobody has spoken of since.
SELECT r.id, r.village FROM recognition AS r JOIN village AS v ON v.code = r.village
WHERE v.district = :district AND r.made_at <> '' AND r.lost_at = '' AND r.year >= :year
    AND NOT EXISTS (SELECT 1 FROM recognition AS q WHERE q.village = r.village AND q.made_at <> '' AND q.year > r.year)
ORDER BY r.village;

-- name: lost!
UPDATE recognition SET lost_at = :now WHERE id = :id AND lost_at = '';
