-- name: freeze!
INSERT INTO frozen (person, district, at, by) VALUES (:person, :district, :now, :by) ON CONFLICT (person) DO NOTHING;

-- name: restore!
DELETE FROM frozen WHERE person = :person;

-- name: cut
SELECT district, at FROM frozen WHERE person = :person;

-- name: addresses
SELECT channel, chat FROM address WHERE person = :person ORDER BY seen_at DESC;

-- name: reach!
UPDATE address SET reachable = :reachable WHERE person = :person;

-- name: unlink!
DELETE FROM address WHERE person = :person;

-- name: unlink_new!
-- All that was linked since then but the first that ever was.
DELETE FROM address WHERE person = :person AND linked_at > :since
    AND EXISTS (SELECT 1 FROM address AS a WHERE a.person = :person AND a.linked_at < address.linked_at);

-- name: drop_drafts!
DELETE FROM draft WHERE person = :person;

-- name: close_questions!
UPDATE prompt SET used_at = :now WHERE used_at = '' AND (person = :person OR (channel, chat) IN (
    SELECT channel, chat FROM address WHERE person = :person));

-- name: cancel!
UPDATE outbox SET status = 'cancelled', ended_at = :now, error = 'access is cut'
WHERE status IN ('ready', 'held') AND (channel, chat) IN (SELECT channel, chat FROM address WHERE person = :person);

-- name: revoke_codes!
-- The code of a successor, too: it was given to whoever held the phone.
DELETE FROM invitation WHERE used_at = '' AND (person = :person OR made_by = :person OR replaces = :person);

-- name: holders
-- Who holds an office in a district today, frozen or not, a row for each office.
SELECT p.id, p.name, o.role, o.village, o.subdistrict, f.person IS NOT NULL AS frozen
FROM official AS o JOIN person AS p ON p.id = o.person LEFT JOIN frozen AS f ON f.person = p.id
WHERE o.district = :district AND (o.until IS NULL OR o.until >= :today) ORDER BY p.name, o.id;

-- name: left_behind
-- Whose office ended with a day that is over, and who began something for that place or is still asked something.
SELECT DISTINCT o.person, COALESCE(o.village, o.district) AS place FROM official AS o
WHERE o.until >= :since AND o.until < :today AND NOT EXISTS (
    SELECT 1 FROM official AS h WHERE h.person = o.person AND h.district = o.district
        AND COALESCE(h.village, '') = COALESCE(o.village, '') AND (h.until IS NULL OR h.until >= :today));
