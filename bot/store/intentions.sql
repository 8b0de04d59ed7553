-- name: intend!
INSERT INTO intention (village, month, segment, answer, pay_on, at, person)
VALUES (:village, :month, :segment, :answer, :pay_on, :now, :person)
ON CONFLICT (village, month, segment) DO UPDATE SET answer = excluded.answer, pay_on = excluded.pay_on,
    at = excluded.at, person = excluded.person;

-- name: get
SELECT village, month, segment, answer, pay_on, at FROM intention
WHERE village = :village AND month = :month AND segment = :segment;

-- name: open_in
-- What a district's villages answered about bills that are still open, the oldest month first.
SELECT i.village, i.month, i.segment, i.answer, i.pay_on, i.at FROM intention AS i
JOIN bill AS b ON b.village = i.village AND b.month = i.month AND b.segment = i.segment AND b.settled = 0
WHERE b.district = :district ORDER BY i.month, i.village;
