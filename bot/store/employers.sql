-- name: get
SELECT village, npp, registered, since, payer FROM employer WHERE village = :village;

-- name: of_district
SELECT e.village, e.npp, e.registered, e.since, e.payer FROM employer AS e
JOIN village AS v ON v.code = e.village WHERE v.district = :district ORDER BY e.village;

-- name: put!
INSERT INTO employer (village, npp, registered, since, payer, at, by)
VALUES (:village, :npp, :registered, :since, :payer, :now, :by)
ON CONFLICT (village) DO UPDATE SET npp = excluded.npp, registered = excluded.registered, since = excluded.since,
    payer = excluded.payer, at = excluded.at, by = excluded.by;

-- name: contact
SELECT body FROM contact WHERE village = :village;

-- name: put_contact!
INSERT INTO contact (village, body, at, by) VALUES (:village, :body, :now, :by)
ON CONFLICT (village) DO UPDATE SET body = excluded.body, at = excluded.at, by = excluded.by;

-- name: registered
-- Villages with an employer number or a month to pay, or with somebody submitted or active.
SELECT e.village FROM employer AS e JOIN village AS v ON v.code = e.village
WHERE v.district = :district AND (e.npp <> '' OR e.since <> '')
UNION
SELECT m.village FROM member AS m JOIN village AS v ON v.code = m.village
WHERE v.district = :district AND m.state IN ('submitted', 'active');
