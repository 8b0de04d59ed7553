-- name: open!
-- Somebody wrote: what was said of them later than that stays.
INSERT INTO chat_window (channel, chat, until) VALUES (:channel, :chat, :until)
ON CONFLICT (channel, chat) DO UPDATE SET until = MAX(chat_window.until, excluded.until);

-- name: close!
-- Refused for being too late at that moment: what they wrote since then counts.
UPDATE chat_window SET until = '' WHERE channel = :channel AND chat = :chat AND until <= :open_until;

-- name: of
SELECT until, begun_at FROM chat_window WHERE channel = :channel AND chat = :chat;

-- name: begin!
INSERT INTO chat_window (channel, chat, begun_at) VALUES (:channel, :chat, :now)
ON CONFLICT (channel, chat) DO UPDATE SET begun_at = excluded.begun_at;

-- name: begun
-- To how many chats of a channel we wrote first since then, and when the earliest of them leaves the count.
SELECT COUNT(*) AS n, MIN(begun_at) AS earliest FROM chat_window
WHERE channel = :channel AND begun_at > :since AND begun_at <> '';

-- name: tiers
SELECT name, value FROM meta WHERE name LIKE '%.tier' AND value <> '';

-- name: held
SELECT COUNT(*) AS n FROM outbox WHERE channel = :channel AND status = 'held';

-- name: move!
-- The same person under another name: what holds of either holds of the one the platform now uses.
INSERT INTO chat_window (channel, chat, until, begun_at)
SELECT channel, :new, until, begun_at FROM chat_window WHERE channel = :channel AND chat = :old
ON CONFLICT (channel, chat) DO UPDATE SET until = MAX(chat_window.until, excluded.until),
    begun_at = MAX(chat_window.begun_at, excluded.begun_at);

-- name: drop!
DELETE FROM chat_window WHERE channel = :channel AND chat = :chat;

-- name: forget!
DELETE FROM chat_window WHERE until < :before AND begun_at < :before;
