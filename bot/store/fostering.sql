-- name: add
INSERT INTO fostering (district, body, whole, since, until, at, by)
VALUES (:district, :body, :whole, :since, :until, :now, :by) RETURNING id;

-- name: add_village!
INSERT INTO fostered (fostering, village) VALUES (:id, :village);

-- name: of_district
SELECT f.id, f.district, f.body, f.whole, f.since, f.until, g.village
FROM fostering AS f JOIN fostered AS g ON g.fostering = f.id
WHERE f.district = :district ORDER BY f.until DESC, f.id DESC, g.village;

-- name: get
SELECT f.id, f.district, f.body, f.whole, f.since, f.until, g.village
FROM fostering AS f JOIN fostered AS g ON g.fostering = f.id WHERE f.id = :id ORDER BY g.village;

-- name: of_village
-- What holds for a village on a day.
SELECT f.id, f.district, f.body, f.whole, f.since, f.until, g.village
FROM fostered AS g JOIN fostering AS f ON f.id = g.fostering
WHERE g.village = :village AND f.since <= :today AND f.until >= :today ORDER BY f.id;

-- name: ending
SELECT f.id, f.district, f.body, f.whole, f.since, f.until, g.village
FROM fostering AS f JOIN fostered AS g ON g.fostering = f.id
WHERE f.district = :district AND f.until >= :first AND f.until <= :last ORDER BY f.id, g.village;

-- name: end!
-- Its last day comes earlier; one that is over stays as it was.
UPDATE fostering SET until = :last WHERE id = :id AND until > :last;
