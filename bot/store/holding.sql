-- name: shelve!
-- The platform takes it only once the person has written again, or there is room for them; it does not wait for ever.
UPDATE outbox SET status = 'held', ended_at = :now, error = :error, not_before = :until,
    expires_at = CASE expires_at WHEN '' THEN :end ELSE expires_at END
WHERE id = :id AND status = 'ready';

-- name: release
-- Nothing to who left office meanwhile.
UPDATE outbox SET status = 'ready', not_before = :now, ended_at = '', error = ''
WHERE channel = :channel AND chat = :chat AND status = 'held' AND expires_at > :now
    AND (person IS NULL OR EXISTS (
        SELECT 1 FROM official AS o WHERE o.person = outbox.person AND (o.until IS NULL OR o.until >= :today)))
RETURNING id, key;

-- name: release_room!
UPDATE outbox SET status = 'ready', ended_at = '', error = ''
WHERE status = 'held' AND error = 'no room' AND not_before <= :now;

-- name: knock_again!
UPDATE outbox SET status = 'ready', not_before = :now, ended_at = '', error = ''
WHERE key = :key AND status = 'cancelled' AND attempts = 0;

-- name: release_template!
-- Its approved text may be sent now: the next claim decides again.
UPDATE outbox SET status = 'ready', ended_at = '', error = '' WHERE status = 'held' AND template = :template;

-- name: release_all!
UPDATE outbox SET status = 'ready', ended_at = '', error = '' WHERE status = 'held';

-- name: is_held
SELECT 1 FROM outbox WHERE channel = :channel AND chat = :chat AND status = 'held'
    AND (expires_at = '' OR expires_at > :now) LIMIT 1;

-- name: elsewhere!
-- It goes to another address.
UPDATE outbox SET status = 'failed', error = :error WHERE key >= :first AND key < :last AND status = 'held';

-- name: expire_held!
UPDATE outbox SET status = 'expired', ended_at = :now
WHERE status = 'held' AND expires_at <> '' AND expires_at <= :now;

-- name: move_held!
UPDATE outbox SET chat = :new WHERE channel = :channel AND chat = :old AND status = 'held';

-- name: cut_held!
UPDATE outbox SET status = 'failed', ended_at = :now, error = :error
WHERE channel = :channel AND chat = :chat AND status = 'held';
