-- name: come!
INSERT INTO arriving (channel, user, chat, person, at, counts_at)
VALUES (:channel, :user, :chat, :person, :now, :counts_at)
ON CONFLICT (channel, user) DO UPDATE SET person = excluded.person, chat = excluded.chat, at = excluded.at,
    counts_at = excluded.counts_at;

-- name: known
SELECT person, counts_at FROM arriving WHERE channel = :channel AND user = :user;

-- name: due
DELETE FROM arriving WHERE counts_at <= :now RETURNING channel, user, chat, person;

-- name: refuse!
DELETE FROM arriving WHERE person = :person;

-- name: unlink!
DELETE FROM arriving WHERE channel = :channel AND user = :user;
