-- name: tables
SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%' ORDER BY name;

-- name: migration
SELECT MAX(number) AS number FROM migration;

-- name: last_act
SELECT seq, hash FROM audit ORDER BY seq DESC LIMIT 1;

-- name: outbox_restored!
UPDATE outbox SET status = 'cancelled', error = 'restored', ended_at = :now WHERE status IN ('ready', 'sending', 'held');

-- name: inbox_restored!
UPDATE inbox SET state = 'quarantined', error = 'restored' WHERE state IN ('new', 'taken');

-- name: job_restored!
UPDATE job SET state = 'failed', error = 'restored' WHERE state IN ('ready', 'working');

-- name: planned_restored!
-- What fell due before now was said before the accident, or it is too late for it.
UPDATE meta SET value = :now WHERE name LIKE 'planned:%';

-- name: found
-- What an office counts: its villages, and the people who are registered there.
SELECT v.district, COUNT(DISTINCT v.code) AS villages, COUNT(m.id) AS people
FROM village v LEFT JOIN member m ON m.village = v.code AND m.state <> 'ended'
GROUP BY v.district;
