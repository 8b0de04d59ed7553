-- name: owing
-- Villages of a district with somebody insured in the month and nothing reported for it.
SELECT DISTINCT m.village FROM member AS m JOIN village AS v ON v.code = m.village
WHERE v.district = :district AND m.state IN ('submitted', 'active') AND m.joined <= :last
    AND NOT EXISTS (
        SELECT 1 FROM payment AS p
        WHERE p.village = m.village AND p.month = :month AND p.segment = :segment AND p.state = 'reported'
    )
ORDER BY m.village;

-- name: since
-- Since when each village of a district has somebody registered.
SELECT m.village, MIN(m.joined) AS first FROM member AS m JOIN village AS v ON v.code = m.village
WHERE v.district = :district AND m.state IN ('submitted', 'active') GROUP BY m.village;

-- name: paid
SELECT month FROM payment WHERE village = :village AND segment = :segment AND state = 'reported';

-- name: all_paid
SELECT p.village, p.month FROM payment AS p JOIN village AS v ON v.code = p.village
WHERE v.district = :district AND p.segment = :segment AND p.state = 'reported';

-- name: pay!
INSERT INTO payment (village, month, segment, state, reported_at, reported_by)
VALUES (:village, :month, :segment, 'reported', :now, :by)
ON CONFLICT (village, month, segment) WHERE state = 'reported' DO NOTHING;

-- name: payment
SELECT p.id, p.reported_at, p.proof, who.name AS by FROM payment AS p JOIN person AS who ON who.id = p.reported_by
WHERE p.village = :village AND p.month = :month AND p.segment = :segment AND p.state = 'reported';

-- name: last_report
SELECT MAX(reported_at) AS at FROM payment WHERE village = :village AND segment = :segment AND state = 'reported';

-- name: prove!
UPDATE payment SET proof = :file WHERE village = :village AND month = :month AND segment = :segment
    AND state = 'reported';

-- name: unproved
-- The newest report (of the person, if named) not older than that which has no proof yet.
SELECT month FROM payment WHERE village = :village AND segment = :segment AND state = 'reported'
    AND (:by IS NULL OR reported_by = :by) AND reported_at > :since AND proof IS NULL ORDER BY reported_at DESC, month DESC LIMIT 1;

-- name: withdraw!
UPDATE payment SET state = 'withdrawn' WHERE village = :village AND month = :month AND segment = :segment
    AND state = 'reported' AND reported_by = :by AND proof IS NULL;

-- name: intend!
INSERT INTO intention (village, month, segment, answer, at, person)
VALUES (:village, :month, :segment, :answer, :now, :person)
ON CONFLICT (village, month, segment) DO UPDATE SET answer = excluded.answer, at = excluded.at,
    person = excluded.person;
