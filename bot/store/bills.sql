-- name: of_village
SELECT b.village, b.month, b.segment, b.district, b.due, b.people, b.ours, b.given, b.given_at, b.given_source,
    b.given_by_office, p.name AS given_by, b.paid, b.settled, b.fixed_at, b.fixed_why
FROM bill AS b LEFT JOIN person AS p ON p.id = b.given_by
WHERE b.village = :village AND (:segment = '' OR b.segment = :segment) ORDER BY b.month, b.segment;

-- name: open_of
SELECT b.village, b.month, b.segment, b.district, b.due, b.people, b.ours, b.given, b.given_at, b.given_source,
    b.given_by_office, p.name AS given_by, b.paid, b.settled, b.fixed_at, b.fixed_why
FROM bill AS b LEFT JOIN person AS p ON p.id = b.given_by
WHERE b.village = :village AND b.settled = 0 AND (:segment = '' OR b.segment = :segment)
ORDER BY b.month, b.segment;

-- name: loose
-- The bills of a village that may still change, or would if no report reached them.
SELECT segment, month, fixed_at, fixed_why FROM bill
WHERE village = :village AND (fixed_at = '' OR fixed_why = 'report');

-- name: get
SELECT b.village, b.month, b.segment, b.district, b.due, b.people, b.ours, b.given, b.given_at, b.given_source,
    b.given_by_office, p.name AS given_by, b.paid, b.settled, b.fixed_at, b.fixed_why
FROM bill AS b LEFT JOIN person AS p ON p.id = b.given_by
WHERE b.village = :village AND b.month = :month AND b.segment = :segment;

-- name: open_in
-- The open bills of a district for a month: who is to be reminded.
SELECT b.village, b.month, b.segment, b.district, b.due, b.people, b.ours, b.given, b.given_at, b.given_source,
    b.given_by_office, '' AS given_by, b.paid, b.settled, b.fixed_at, b.fixed_why
FROM bill AS b WHERE b.district = :district AND b.month = :month AND b.segment = :segment AND b.settled = 0
ORDER BY b.village;

-- name: late
-- The open bills of a district whose due date is over.
SELECT village, month, segment, due FROM bill
WHERE district = :district AND settled = 0 AND due < :today ORDER BY village, month;

-- name: behind
-- The villages of a district with an open bill whose due date is over.
SELECT DISTINCT village FROM bill WHERE district = :district AND settled = 0 AND due < :today;

-- name: detail
SELECT detail FROM bill WHERE village = :village AND month = :month AND segment = :segment;

-- name: reckoned!
-- Only forward: what is fixed stays as it was.
INSERT INTO bill (village, month, segment, district, due, people, ours, detail, settled, made_at)
VALUES (:village, :month, :segment, :district, :due, :people, :ours, :detail, 0, :now)
ON CONFLICT (village, month, segment) DO UPDATE SET due = excluded.due, people = excluded.people,
    ours = excluded.ours, detail = excluded.detail, made_at = excluded.made_at
WHERE bill.fixed_at = '';

-- name: give!
UPDATE bill SET given = :amount, given_by = :by, given_at = :now, given_source = :source,
    given_by_office = :office
WHERE village = :village AND month = :month AND segment = :segment;

-- name: settle!
UPDATE bill SET paid = :paid, settled = :settled
WHERE village = :village AND month = :month AND segment = :segment AND (paid <> :paid OR settled <> :settled);

-- name: fix!
UPDATE bill SET fixed_at = :now, fixed_why = :why
WHERE village = :village AND month = :month AND segment = :segment AND fixed_at = '';

-- name: loosen!
-- No report reaches it any more: it is to be reckoned anew.
UPDATE bill SET fixed_at = '', fixed_why = '', made_at = ''
WHERE village = :village AND month = :month AND segment = :segment AND fixed_why = 'report';

-- name: fix_due!
-- What a report fixed stays so for good once it is due.
UPDATE bill SET fixed_at = CASE fixed_at WHEN '' THEN :now ELSE fixed_at END, fixed_why = 'due'
WHERE district = :district AND due < :today AND fixed_why IN ('', 'report');

-- name: oldest_loose
SELECT MIN(month) AS month FROM bill
WHERE district = :district AND fixed_why IN ('', 'report') AND fixed_at = '';

-- name: anew
-- Villages with bills to be reckoned anew, each with the oldest month of them.
SELECT village, MIN(month) AS month FROM bill
WHERE district = :district AND made_at = '' AND fixed_at = '' GROUP BY village ORDER BY village;

-- name: undo_due!
-- Fixed by a clock that was ahead; what money reached since stays as it was when it did.
UPDATE bill SET fixed_at = '', fixed_why = '', made_at = ''
WHERE district = :district AND fixed_why = 'due' AND due >= :today AND paid = 0 AND (settled = 0 OR ours = 0);

-- name: drop_ahead!
-- Months that have not begun, made by a clock that was ahead; never one that money or a figure stands on.
DELETE FROM bill WHERE district = :district AND month > :running AND given IS NULL AND paid = 0
    AND (settled = 0 OR ours = 0);

-- name: first
-- The first month of which a district has a bill.
SELECT MIN(month) AS month FROM bill WHERE district = :district;

-- name: earliest
-- The first month in which a district's villages had somebody insured, or reported a payment.
SELECT MIN(month) AS month FROM (
    SELECT MIN(substr(m.joined, 1, 7)) AS month FROM village AS v JOIN member AS m ON m.village = v.code
    WHERE v.district = :district
    UNION ALL
    SELECT MIN(p.month) FROM village AS v JOIN payment AS p ON p.village = v.code WHERE v.district = :district
);
