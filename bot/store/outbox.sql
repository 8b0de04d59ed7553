-- name: put!
-- One message; a second with the same key is quietly dropped.
INSERT INTO outbox (key, channel, chat, thread, lane, kind, template, body, public, repeatable, reason,
    status, not_before, expires_at, created_at, about, person)
VALUES (:key, :channel, :chat, :thread, :lane, :kind, :template, :body, :public, :repeatable, :reason,
    'ready', :not_before, :expires_at, :now, :about, :person)
ON CONFLICT (key) DO NOTHING;

-- name: channels
-- The channels that something waits for: from one to the next, whatever lies between.
WITH RECURSIVE c (channel) AS (
    SELECT MIN(channel) FROM outbox WHERE status = 'ready'
    UNION ALL
    SELECT (SELECT MIN(channel) FROM outbox WHERE status = 'ready' AND channel > c.channel)
    FROM c WHERE c.channel IS NOT NULL
)
SELECT channel FROM c WHERE channel IS NOT NULL;

-- name: heads
-- Of one channel the first open message of each chat and lane that is due and neither gated nor behind another.
SELECT id, channel, chat, lane, kind, person, reason FROM outbox AS o
WHERE status = 'ready' AND channel = :channel AND not_before <= :now AND (expires_at = '' OR expires_at > :now)
    AND NOT EXISTS (
        SELECT 1 FROM outbox AS p
        WHERE p.channel = o.channel AND p.chat = o.chat AND p.lane = o.lane AND p.id < o.id
            AND p.status IN ('ready', 'sending')
    )
    AND NOT EXISTS (
        SELECT 1 FROM gate WHERE until > :now AND scope IN (o.channel, o.channel || ':' || o.chat)
    )
ORDER BY lane, id LIMIT :count;

-- name: body
SELECT body FROM outbox WHERE id = :id;

-- name: take
-- Counts the attempt before the send.
UPDATE outbox SET status = 'sending', attempts = attempts + 1, lease_until = :lease, stencil = :stencil
WHERE id = :id
RETURNING id, key, channel, chat, thread, lane, kind, template, body, public, repeatable, attempts, unknowns;

-- name: sent!
UPDATE outbox SET status = 'sent', platform_id = :platform_id, ended_at = :now, error = ''
WHERE id = :id AND status = 'sending' AND attempts = :attempts;

-- name: again!
UPDATE outbox SET status = 'ready', not_before = :not_before, unknowns = unknowns + :unknown, error = :error
WHERE id = :id AND status = 'sending' AND attempts = :attempts;

-- name: finish!
UPDATE outbox SET status = :status, ended_at = :now, unknowns = unknowns + :unknown, error = :error
WHERE id = :id AND status = 'sending' AND attempts = :attempts;

-- name: drop!
-- Not sent, and said why.
UPDATE outbox SET status = :status, ended_at = :now, error = :error WHERE id = :id AND status = 'ready';

-- name: hold!
-- Not now: at an hour when nobody is disturbed.
UPDATE outbox SET not_before = :until WHERE id = :id AND status = 'ready';

-- name: expire!
UPDATE outbox SET status = 'expired', ended_at = :now
WHERE status = 'ready' AND expires_at <> '' AND expires_at <= :now;

-- name: move!
-- The chat has a new id.
UPDATE outbox SET chat = :new WHERE channel = :channel AND chat = :old AND status IN ('ready', 'sending');

-- name: cut!
-- The rest for a chat that cannot be reached.
UPDATE outbox SET status = 'failed', ended_at = :now, error = :error
WHERE channel = :channel AND chat = :chat AND status = 'ready' AND kind <> 'leave';

-- name: leased
-- Sends whose outcome nobody recorded.
SELECT id, key, channel, chat, thread, lane, kind, template, body, public, repeatable, attempts, unknowns
FROM outbox WHERE status IN ('ready', 'sending') AND status = 'sending' AND lease_until <= :now;

-- name: gate!
INSERT INTO gate (scope, until) VALUES (:scope, :until)
ON CONFLICT (scope) DO UPDATE SET until = excluded.until WHERE excluded.until > gate.until;

-- name: gates
SELECT scope, until FROM gate WHERE until > :now;

-- name: open_gates!
DELETE FROM gate WHERE until <= :now;

-- name: next_due
SELECT MIN(not_before) AS at FROM outbox WHERE status = 'ready';

-- name: count_by_status
SELECT status, COUNT(*) AS n, MIN(created_at) AS oldest FROM outbox
WHERE status IN ('ready', 'sending', 'held', 'unknown', 'failed') GROUP BY status;

-- name: forget!
DELETE FROM outbox WHERE status NOT IN ('ready', 'sending') AND ended_at < :before AND about = '';

-- name: empty!
-- Of what is evidence the text goes, the fact stays.
UPDATE outbox SET body = x'' WHERE status NOT IN ('ready', 'sending') AND ended_at < :before AND about <> ''
    AND body <> x'';

-- name: said_in_group
-- What the bot said in a group under this id of the platform: its edits, and the end of its buttons, bear
-- the same id and came later.
SELECT key FROM outbox WHERE channel = :channel AND chat = :chat AND platform_id = :message AND public = 1
ORDER BY id LIMIT 1;

-- name: outcome
SELECT status, platform_id, error, ended_at FROM outbox WHERE key = :key;
