-- name: make!
INSERT INTO prompt (nonce, key, channel, chat, person, choices, topic, created_at, expires_at)
VALUES (:nonce, :key, :channel, :chat, :person, :choices, :topic, :now, :expires_at);

-- name: find
SELECT nonce, channel, chat, person, choices, expires_at, used_at, used_choice FROM prompt
WHERE nonce = :nonce;

-- name: latest
-- The newest question of a chat (of one topic, if named): what a typed number or label answers.
-- Once it is answered, a number means nothing; an older question does not come back.  What was not sent, or waits
-- until they write, nobody has been asked.
SELECT p.id, nonce, person, choices, topic, created_at, used_at,
    (SELECT o.lane FROM outbox AS o WHERE o.key = p.key AND p.key <> '') AS lane
FROM prompt AS p
WHERE channel = :channel AND chat = :chat AND (:topic = '' OR topic = :topic) AND expires_at > :now AND (:before = 0 OR p.id < :before)
    AND NOT EXISTS (SELECT 1 FROM outbox AS o
        WHERE o.key = p.key AND o.status IN ('held', 'failed', 'expired', 'cancelled'))
ORDER BY id DESC LIMIT 1;

-- name: unasked
-- What came by itself since then and nobody has answered, the newest first.
SELECT p.id, p.nonce, p.person, p.choices, p.topic, p.created_at, p.used_at, o.lane
FROM prompt AS p JOIN outbox AS o ON o.key = p.key AND p.key <> ''
WHERE p.channel = :channel AND p.chat = :chat AND p.expires_at > :now AND p.used_at = '' AND p.created_at >= :since
    AND (p.person IS NULL OR p.person = :person)
    AND o.lane >= :alert AND o.status NOT IN ('held', 'failed', 'expired', 'cancelled')
ORDER BY p.id DESC LIMIT 10;

-- name: said_since
-- Whether one of some templates stands in the chat below a question, and none of some others below that.
SELECT 1 FROM outbox AS o
WHERE o.id > COALESCE((SELECT q.id FROM prompt AS p JOIN outbox AS q ON q.key = p.key WHERE p.id = :number), 0)
    AND o.channel = :channel AND o.chat = :chat AND o.template IN (SELECT value FROM json_each(:said))
    AND NOT EXISTS (SELECT 1 FROM outbox AS r WHERE r.id > o.id AND r.channel = :channel AND r.chat = :chat
        AND r.template IN (SELECT value FROM json_each(:until))) LIMIT 1;

-- name: asked_now!
UPDATE prompt SET id = (SELECT MAX(id) + 1 FROM prompt) WHERE key = :key AND key <> '';

-- name: use!
-- Exactly one press wins.
UPDATE prompt SET used_at = :now, used_choice = :choice, used_by = :by WHERE nonce = :nonce AND used_at = '';

-- name: answered_by
SELECT p.name FROM prompt AS q JOIN person AS p ON p.id = q.used_by WHERE q.nonce = :nonce;

-- name: close!
-- The questions of a topic are answered in another way, or no longer asked.
UPDATE prompt SET used_at = :now WHERE channel = :channel AND chat = :chat AND topic = :topic AND used_at = '';

-- name: move!
UPDATE prompt SET chat = :new WHERE channel = :channel AND chat = :old;

-- name: forget!
DELETE FROM prompt WHERE expires_at < :before;
