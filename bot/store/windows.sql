-- name: open!
-- Somebody wrote: what was said of them later than that stays.
INSERT INTO window (channel, chat, until) VALUES (:channel, :chat, :until)
ON CONFLICT (channel, chat) DO UPDATE SET until = MAX(window.until, excluded.until);

-- name: close!
INSERT INTO window (channel, chat, until) VALUES (:channel, :chat, '')
ON CONFLICT (channel, chat) DO UPDATE SET until = '';

-- name: of
SELECT until, begun_at FROM window WHERE channel = :channel AND chat = :chat;

-- name: begin!
INSERT INTO window (channel, chat, begun_at) VALUES (:channel, :chat, :now)
ON CONFLICT (channel, chat) DO UPDATE SET begun_at = excluded.begun_at;

-- name: begun
-- To how many chats of a channel we wrote first since then, and when the earliest of them leaves the count.
SELECT COUNT(*) AS n, MIN(begun_at) AS earliest FROM window
WHERE channel = :channel AND begun_at > :since AND begun_at <> '';

-- name: tiers
SELECT name, value FROM meta WHERE name LIKE '%.tier' AND value <> '';

-- name: held
SELECT COUNT(*) AS n FROM outbox WHERE channel = :channel AND status = 'held';

-- name: move!
-- The same person under another name: the one the platform now uses.
UPDATE OR REPLACE window SET chat = :new WHERE channel = :channel AND chat = :old;

-- name: forget!
DELETE FROM window WHERE until < :before AND begun_at < :before;
