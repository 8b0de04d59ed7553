-- name: actor
-- The person behind an address, a row for each office they hold today; while their access is cut, none.
SELECT p.id, p.name, p.focus, p.notice_at, a.chat, a.reachable, a.seen_at, o.role, o.district, o.village,
    o.subdistrict, EXISTS (SELECT 1 FROM frozen AS f WHERE f.person = p.id) AS frozen
FROM address AS a JOIN person AS p ON p.id = a.person
LEFT JOIN official AS o ON o.person = p.id AND (o.until IS NULL OR o.until >= :today)
    AND NOT EXISTS (SELECT 1 FROM frozen AS f WHERE f.person = p.id)
WHERE a.channel = :channel AND a.user = :user ORDER BY o.id;

-- name: add_person
INSERT INTO person (name, created_at) VALUES (:name, :now) RETURNING id;

-- name: add_address!
INSERT INTO address (channel, user, chat, person, linked_at, seen_at)
VALUES (:channel, :user, :chat, :person, :now, :now)
ON CONFLICT (channel, user) DO UPDATE SET person = excluded.person, chat = excluded.chat,
    linked_at = excluded.linked_at, reachable = 1;

-- name: go_on!
-- A last day that lies ahead is none any more.
UPDATE official SET until = NULL WHERE person = :person AND role = :role AND district = :district
    AND COALESCE(village, '') = :village AND subdistrict = :subdistrict AND until >= :today;

-- name: add_office!
-- Held without end it is held already; what ended before goes on the day after, and not twice.
INSERT INTO official (person, role, district, village, subdistrict, since)
SELECT :person, :role, :district, NULLIF(:village, ''), :subdistrict,
    MAX(:since, COALESCE((
        SELECT date(MAX(until), '+1 day') FROM official WHERE person = :person AND role = :role
            AND district = :district AND COALESCE(village, '') = :village AND subdistrict = :subdistrict
    ), ''))
WHERE NOT EXISTS (
    SELECT 1 FROM official WHERE person = :person AND role = :role AND district = :district
        AND COALESCE(village, '') = :village AND subdistrict = :subdistrict AND until IS NULL
);

-- name: noticed!
UPDATE person SET notice_at = :now WHERE id = :person;

-- name: focus!
UPDATE person SET focus = :place WHERE id = :person;

-- name: mute!
UPDATE person SET muted_at = :at WHERE id = :person;

-- name: reachable!
-- Nothing goes to whose access is cut, whatever the platform says.
UPDATE address SET reachable = :reachable WHERE channel = :channel AND chat = :chat
    AND NOT EXISTS (SELECT 1 FROM frozen AS f WHERE f.person = address.person);

-- name: move!
UPDATE address SET chat = :new WHERE channel = :channel AND chat = :old;

-- name: recipients
-- Who serves a village today and can be written to, one row for each address, latest used first.
SELECT p.id, p.name, o.role, a.channel, a.chat
FROM official AS o JOIN person AS p ON p.id = o.person JOIN address AS a ON a.person = p.id
WHERE o.village = :village AND (o.until IS NULL OR o.until >= :today) AND a.reachable = 1
ORDER BY a.seen_at DESC;

-- name: staff
-- The district's own people who can be written to.
SELECT p.id, p.name, o.role, a.channel, a.chat
FROM official AS o JOIN person AS p ON p.id = o.person JOIN address AS a ON a.person = p.id
WHERE o.district = :district AND o.village IS NULL AND o.role IN ('admin', 'operator')
    AND (o.until IS NULL OR o.until >= :today) AND a.reachable = 1
ORDER BY a.seen_at DESC;

-- name: checkers
-- Who looks at what the villages report, the agency's branch too, and can be written to.
SELECT p.id, p.name, o.role, a.channel, a.chat
FROM official AS o JOIN person AS p ON p.id = o.person JOIN address AS a ON a.person = p.id
WHERE o.district = :district AND o.village IS NULL AND o.role IN ('admin', 'operator', 'bpjs')
    AND (o.until IS NULL OR o.until >= :today) AND a.reachable = 1
ORDER BY a.seen_at DESC;

-- name: rename!
-- The same account under another name of the platform's.
UPDATE OR IGNORE address SET user = :new, chat = :chat WHERE channel = :channel AND user = :old;

-- name: offices
SELECT role, district, village, subdistrict FROM official
WHERE person = :person AND (until IS NULL OR until >= :today) ORDER BY id;

-- name: admins
-- Who runs a district's office and can be written to, a row for each address, latest used first.
SELECT p.id, p.name, o.role, a.channel, a.chat
FROM official AS o JOIN person AS p ON p.id = o.person JOIN address AS a ON a.person = p.id
WHERE o.village IS NULL AND o.role = 'admin' AND (o.until IS NULL OR o.until >= :today) AND a.reachable = 1
ORDER BY a.seen_at DESC;

-- name: unlink!
DELETE FROM address WHERE channel = :channel AND user = :user;

-- name: seen!
UPDATE address SET seen_at = :now, chat = :chat, reachable = 1 WHERE channel = :channel AND user = :user;

-- name: is_linked
SELECT 1 FROM official AS o JOIN address AS a ON a.person = o.person
WHERE o.person = :person AND (o.until IS NULL OR o.until >= :today)
    AND NOT EXISTS (SELECT 1 FROM frozen AS f WHERE f.person = o.person)
    AND (o.village = :place OR (o.village IS NULL AND o.district = :place));

-- name: holders
-- Who holds a post of a village today, whether they can be written to or not.
SELECT p.id, p.name, o.since FROM official AS o JOIN person AS p ON p.id = o.person
WHERE o.village = :village AND o.role = :role AND (o.until IS NULL OR o.until >= :today)
ORDER BY o.since, o.id;

-- name: staff_holders
-- Who holds a post of the district's own office today, or of one kecamatan.
SELECT p.id, p.name, o.since FROM official AS o JOIN person AS p ON p.id = o.person
WHERE o.district = :district AND o.village IS NULL AND o.role = :role AND o.subdistrict = :subdistrict
    AND (o.until IS NULL OR o.until >= :today)
ORDER BY o.since, o.id;

-- name: other_admins
-- Who goes on running a district's office without this person, and has an address.
SELECT 1 FROM official AS o JOIN address AS a ON a.person = o.person
WHERE o.district = :district AND o.village IS NULL AND o.role = 'admin' AND o.person <> :person
    AND o.until IS NULL AND NOT EXISTS (SELECT 1 FROM frozen AS f WHERE f.person = o.person);

-- name: end_office!
-- The last day in office; one that ended earlier stays as it is.
UPDATE official SET until = :last WHERE person = :person AND role = :role AND district = :district
    AND COALESCE(village, '') = :village AND subdistrict = :subdistrict AND (until IS NULL OR until > :last);

-- name: address_of
-- Where somebody is written to, in office or not; the address used last.
SELECT channel, chat FROM address WHERE person = :person AND reachable = 1 ORDER BY seen_at DESC LIMIT 1;

-- name: close_questions!
-- Their buttons mean nothing any more.
UPDATE prompt SET used_at = :now WHERE person = :person AND used_at = '';

-- name: revoke_codes!
-- Of a village none: only a district's administrators let others in.
DELETE FROM invitation WHERE used_at = '' AND made_by = :person AND district = :district;

-- name: drop_drafts!
DELETE FROM draft WHERE person = :person AND village = :village;
