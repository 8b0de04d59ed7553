-- name: keep!
INSERT INTO receipt (channel, message, stage, error, at) VALUES (:channel, :message, :stage, :error, :now)
ON CONFLICT (channel, message, stage) DO NOTHING;

-- name: kept
-- The furthest of what was reported.
SELECT stage, error FROM receipt WHERE channel = :channel AND message = :message ORDER BY stage DESC LIMIT 1;

-- name: drop!
DELETE FROM receipt WHERE channel = :channel AND message = :message;

-- name: forget!
DELETE FROM receipt WHERE at < :before;

-- name: by_row
SELECT id, key, chat, status, platform_id, attempts, stencil, delivered_at, created_at FROM outbox
WHERE id = :row AND channel = :channel AND attempts > 0;

-- name: by_message
SELECT id, key, chat, status, platform_id, attempts, stencil, delivered_at, created_at FROM outbox
WHERE channel = :channel AND channel = 'whatsapp' AND platform_id <> '' AND platform_id = :message;

-- name: arrived!
-- It was sent after all, whatever we knew of it.
UPDATE outbox SET status = 'sent', platform_id = :message, error = '',
    ended_at = CASE ended_at WHEN '' THEN :now ELSE ended_at END
WHERE id = :id AND status IN ('ready', 'sending', 'held', 'unknown');

-- name: reached!
UPDATE outbox SET delivered_at = CASE delivered_at WHEN '' THEN :now ELSE delivered_at END,
    read_at = CASE WHEN read_at = '' AND :is_read THEN :now ELSE read_at END
WHERE id = :id AND status = 'sent';

-- name: failed!
UPDATE outbox SET status = 'failed', platform_id = :message, error = :error, ended_at = :now, delivered_at = '',
    read_at = '' WHERE id = :id AND status <> 'failed';

-- name: again!
-- Our own second try; the id stays, so that what is still reported of the first try is known for that.
UPDATE outbox SET status = 'ready', platform_id = :message, error = :error, not_before = :at, ended_at = '',
    delivered_at = '', read_at = '', stencil = '' WHERE id = :id;
