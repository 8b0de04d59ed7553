-- name: fallen
-- Reminders whose send failed since then, as long as they would still be in time.
SELECT id, key, expires_at FROM outbox
WHERE status = 'failed' AND ended_at >= :since AND ended_at <= :until AND lane = :lane AND expires_at > :until
UNION ALL
SELECT id, key, expires_at FROM outbox
WHERE status = 'held' AND ended_at >= :since AND ended_at <= :until AND lane = :lane AND expires_at > :until
ORDER BY id;

-- name: tried
-- Where a reminder of one stage went, or is still to go.
SELECT key, channel, chat, status FROM outbox WHERE key >= :first AND key < :last ORDER BY id;

-- name: addresses
-- Everywhere that somebody who serves a village can be written to, latest used first.
SELECT p.id, p.name, o.role, a.channel, a.chat
FROM official AS o JOIN person AS p ON p.id = o.person JOIN address AS a ON a.person = p.id
WHERE o.village = :village AND (o.until IS NULL OR o.until >= :today) AND a.reachable = 1
ORDER BY a.seen_at DESC;

-- name: camats
-- Who looks after one kecamatan and can be written to, a row for each address, latest used first.
SELECT p.id, p.name, o.subdistrict, a.channel, a.chat
FROM official AS o JOIN person AS p ON p.id = o.person JOIN address AS a ON a.person = p.id
WHERE o.district = :district AND o.subdistrict <> '' AND (o.until IS NULL OR o.until >= :today) AND a.reachable = 1
ORDER BY a.seen_at DESC;
