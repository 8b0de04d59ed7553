-- name: add!
-- The first count of a day stays.
INSERT INTO tally (district, day, subdistrict, registered, behind, missing)
VALUES (:district, :day, :subdistrict, :registered, :behind, :missing)
ON CONFLICT (district, day, subdistrict) DO NOTHING;

-- name: counted
SELECT 1 FROM tally WHERE district = :district AND day = :day LIMIT 1;

-- name: history
-- Of each month the last day that was counted.
SELECT substr(day, 1, 7) AS month, SUM(registered) AS registered, SUM(behind) AS behind, SUM(missing) AS missing
FROM tally WHERE district = :district AND (:subdistrict = '' OR subdistrict = :subdistrict) AND day IN (
    SELECT MAX(day) FROM tally WHERE district = :district AND day >= :since AND day <= :until
    GROUP BY substr(day, 1, 7)
)
GROUP BY substr(day, 1, 7) ORDER BY month;

-- name: bills
-- The bills of a district's villages, of some months.
SELECT village, month, segment, due, people, COALESCE(given, ours) AS amount, given IS NOT NULL AS given, paid, settled
FROM bill WHERE district = :district AND month >= :first AND month <= :last ORDER BY village, month, segment;

-- name: arrears
-- What is open and past its due date, however old.
SELECT village, month, segment, due, people, COALESCE(given, ours) AS amount, given IS NOT NULL AS given, paid, settled
FROM bill WHERE district = :district AND settled = 0 AND due < :today AND month <= :last
ORDER BY village, month, segment;

-- name: reports
-- The last report of each village that was not taken back.
SELECT p.village, p.month, p.months, p.state, p.reported_at, p.proof IS NOT NULL AS proved
FROM payment AS p JOIN village AS v ON v.code = p.village
WHERE v.district = :district AND p.state <> 'withdrawn' AND p.month <= :last AND p.id = (
    SELECT MAX(q.id) FROM payment AS q WHERE q.village = p.village AND q.state <> 'withdrawn' AND q.month <= :last
);

-- name: linked
-- Villages in which somebody can be written to.
SELECT DISTINCT o.village FROM official AS o JOIN address AS a ON a.person = o.person AND a.reachable = 1
WHERE o.district = :district AND o.village IS NOT NULL AND (o.until IS NULL OR o.until >= :today);
