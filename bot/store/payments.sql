-- name: report
INSERT INTO payment (village, month, segment, state, reported_at, reported_by, months, amount, paid_on, funding)
VALUES (:village, :month, :segment, 'reported', :now, :by, :months, :amount, :paid_on, :funding)
RETURNING id;

-- name: get
SELECT p.id, p.village, p.month, p.segment, p.state, p.reported_at, p.reported_by, who.name AS by, p.proof, p.months,
    p.amount, p.paid_on, p.funding, p.checked_at, checker.name AS checked_by, p.reason
FROM payment AS p JOIN person AS who ON who.id = p.reported_by
LEFT JOIN person AS checker ON checker.id = p.checked_by WHERE p.id = :id;

-- name: of_village
SELECT p.id, p.village, p.month, p.segment, p.state, p.reported_at, p.reported_by, who.name AS by, p.proof, p.months,
    p.amount, p.paid_on, p.funding, p.checked_at, checker.name AS checked_by, p.reason
FROM payment AS p JOIN person AS who ON who.id = p.reported_by
LEFT JOIN person AS checker ON checker.id = p.checked_by WHERE p.village = :village ORDER BY p.id;

-- name: waiting
-- Reports of a district that nobody of the office has looked at, the oldest first.
SELECT p.id, p.village, p.month, p.segment, p.state, p.reported_at, p.reported_by, who.name AS by, p.proof, p.months,
    p.amount, p.paid_on, p.funding, p.checked_at, '' AS checked_by, p.reason
FROM payment AS p JOIN village AS v ON v.code = p.village JOIN person AS who ON who.id = p.reported_by
WHERE p.state = 'reported' AND v.district = :district ORDER BY p.id;

-- name: counted
-- What is laid over the months: reported or recorded, in the order in which it came.
SELECT id, amount, months FROM payment
WHERE village = :village AND segment = :segment AND state IN ('reported', 'recorded') ORDER BY id;

-- name: unproved
-- The newest report (of the person, if named) not older than that which has no proof yet.
SELECT id FROM payment WHERE village = :village AND state IN ('reported', 'recorded')
    AND (:by IS NULL OR reported_by = :by) AND reported_at > :since AND proof IS NULL ORDER BY id DESC LIMIT 1;

-- name: recent
-- The newest report since then, of a segment (if named), by whomever; recorded ones only where they are wanted.
SELECT id FROM payment WHERE village = :village AND (:segment = '' OR segment = :segment) AND reported_at > :since
    AND (state = 'reported' OR (:recorded AND state = 'recorded')) ORDER BY id DESC LIMIT 1;

-- name: prove!
-- The first file stands on the payment; further ones beside it.
UPDATE payment SET proof = COALESCE(proof, :file) WHERE id = :id AND state = 'reported';

-- name: keep_proof!
INSERT INTO proof (payment, file) VALUES (:id, :file);

-- name: proofs
SELECT file FROM proof WHERE payment = :id ORDER BY file;

-- name: tell!
UPDATE payment SET amount = :amount, paid_on = :paid_on, funding = :funding WHERE id = :id AND state = 'reported';

-- name: keep_reach!
UPDATE payment SET month = :month, months = :months WHERE id = :id;

-- name: withdraw!
UPDATE payment SET state = 'withdrawn' WHERE id = :id AND state = 'reported' AND reported_by = :by AND proof IS NULL;

-- name: check!
-- Somebody else than who reported it; exactly one press wins.
UPDATE payment SET state = :state, reason = :reason, checked_at = :now, checked_by = :by
WHERE id = :id AND state = 'reported' AND reported_by <> :by;

-- name: reverse!
UPDATE payment SET state = 'reversed', reason = :reason, checked_at = :now, checked_by = :by
WHERE id = :id AND state = 'recorded';
