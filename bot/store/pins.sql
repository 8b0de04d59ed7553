-- name: of
SELECT body, wrong, locked_until FROM pin WHERE person = :person;

-- name: keep!
INSERT INTO pin (person, body, set_at) VALUES (:person, :body, :now)
ON CONFLICT (person) DO UPDATE SET body = excluded.body, set_at = excluded.set_at, wrong = 0, locked_until = '';

-- name: tried!
UPDATE pin SET wrong = :wrong, locked_until = :locked_until WHERE person = :person;

-- name: drop!
DELETE FROM pin WHERE person = :person;

-- name: wait!
INSERT INTO pin_wait (channel, chat, person, stage, body, at)
VALUES (:channel, :chat, :person, :stage, :body, :now)
ON CONFLICT (channel, chat) DO UPDATE SET person = excluded.person, stage = excluded.stage,
    body = excluded.body, at = excluded.at;

-- name: waiting
SELECT stage, body, at FROM pin_wait WHERE channel = :channel AND chat = :chat AND person = :person;

-- name: no_wait!
DELETE FROM pin_wait WHERE channel = :channel AND chat = :chat;

-- name: remember!
INSERT INTO pin_open (channel, chat, person, until) VALUES (:channel, :chat, :person, :until)
ON CONFLICT (channel, chat) DO UPDATE SET person = excluded.person, until = excluded.until;

-- name: remembered
SELECT 1 FROM pin_open
WHERE person = :person AND until > :now AND (:chat = '' OR (channel = :channel AND chat = :chat)) LIMIT 1;

-- name: close_waits!
DELETE FROM pin_wait WHERE person = :person;

-- name: close_open!
DELETE FROM pin_open WHERE person = :person;

-- name: close_chat!
DELETE FROM pin_open WHERE channel = :channel AND chat = :chat;

-- name: last_act
SELECT COALESCE(MAX(seq), 0) AS seq FROM audit;

-- name: acts
-- What was done since an act of the chain, and not long ago, by whom.
SELECT a.seq, a.at, a.actor, a.action, a.object, a.details, p.name FROM audit AS a JOIN person AS p ON p.id = a.actor
WHERE a.seq > :after AND a.at > :fresh ORDER BY a.seq;

-- name: drop_waits!
DELETE FROM pin_wait WHERE at < :before;

-- name: drop_open!
DELETE FROM pin_open WHERE until < :before;

-- name: drop_arriving!
DELETE FROM arriving WHERE counts_at < :before;
