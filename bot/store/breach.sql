-- name: members
-- Whose data were there by the end of the time, and are not overwritten.
SELECT m.id, m.village, m.name, m.details FROM member AS m
WHERE m.nik_index <> x'' AND m.village LIKE :place || '%'
    AND (SELECT MIN(s.made_at) FROM service AS s WHERE s.member = m.id) <= :until ORDER BY m.village, m.id;

-- name: people
-- Who chats, with the places they served.
SELECT p.id, p.name, o.district, COALESCE(o.village, o.subdistrict) AS village,
    (SELECT group_concat(DISTINCT a.channel) FROM address AS a WHERE a.person = p.id) AS channels
FROM person AS p JOIN official AS o ON o.person = p.id
WHERE p.created_at <= :until AND p.name <> :nobody AND COALESCE(o.village, o.district) LIKE :place || '%'
GROUP BY p.id ORDER BY p.id;

-- name: strangers
SELECT (SELECT COUNT(*) FROM visitor WHERE first_at <= :until) + (SELECT COUNT(*) FROM request WHERE at <= :until) AS n;

-- name: files
SELECT COUNT(*) AS n FROM file WHERE at <= :until AND public = 0;

-- name: acts
SELECT seq, at, actor, action, object, details FROM audit WHERE at >= :since AND at <= :until ORDER BY seq;

-- name: villages
SELECT code, name, subdistrict FROM village WHERE code LIKE :place || '%';
