-- name: make!
INSERT INTO prompt (nonce, channel, chat, person, choices, topic, created_at, expires_at)
VALUES (:nonce, :channel, :chat, :person, :choices, :topic, :now, :expires_at);

-- name: find
SELECT nonce, channel, chat, person, choices, expires_at, used_at, used_choice FROM prompt
WHERE nonce = :nonce;

-- name: latest
-- The newest question of a chat (of one topic, if named): what a typed number or label answers.
-- Once it is answered, a number means nothing; an older question does not come back.
SELECT nonce, person, choices, topic, used_at FROM prompt
WHERE channel = :channel AND chat = :chat AND (:topic = '' OR topic = :topic) AND expires_at > :now
ORDER BY id DESC LIMIT 1;

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
