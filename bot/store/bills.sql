-- name: of_village
SELECT b.village, b.month, b.segment, b.district, b.due, b.people, b.ours, b.given, b.given_at, b.given_source,
    p.name AS given_by, b.paid, b.settled, b.fixed_at
FROM bill AS b LEFT JOIN person AS p ON p.id = b.given_by
WHERE b.village = :village ORDER BY b.month, b.segment;

-- name: get
SELECT b.village, b.month, b.segment, b.district, b.due, b.people, b.ours, b.given, b.given_at, b.given_source,
    p.name AS given_by, b.paid, b.settled, b.fixed_at
FROM bill AS b LEFT JOIN person AS p ON p.id = b.given_by
WHERE b.village = :village AND b.month = :month AND b.segment = :segment;

-- name: open_in
-- The open bills of a district for a month: who is to be reminded.
SELECT b.village, b.month, b.segment, b.district, b.due, b.people, b.ours, b.given, b.given_at, b.given_source,
    '' AS given_by, b.paid, b.settled, b.fixed_at
FROM bill AS b WHERE b.district = :district AND b.month = :month AND b.segment = :segment AND b.settled = 0
ORDER BY b.village;

-- name: late
-- The open bills of a district whose due date is over.
SELECT village, month, segment, due FROM bill
WHERE district = :district AND settled = 0 AND due < :today ORDER BY village, month;

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
UPDATE bill SET given = :amount, given_by = :by, given_at = :now, given_source = :source
WHERE village = :village AND month = :month AND segment = :segment;

-- name: settle!
UPDATE bill SET paid = :paid, settled = :settled
WHERE village = :village AND month = :month AND segment = :segment AND (paid <> :paid OR settled <> :settled);

-- name: fix!
UPDATE bill SET fixed_at = :now WHERE village = :village AND month = :month AND segment = :segment AND fixed_at = '';

-- name: fix_due!
UPDATE bill SET fixed_at = :now WHERE district = :district AND due < :today AND fixed_at = '';

-- name: oldest_loose
SELECT MIN(month) AS month FROM bill WHERE district = :district AND fixed_at = '';
