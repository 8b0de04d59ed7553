-- name: add_village!
INSERT INTO village (code, district, subdistrict, name) VALUES (:code, :district, :subdistrict, :name)
ON CONFLICT (code) DO UPDATE SET district = excluded.district, subdistrict = excluded.subdistrict,
    name = excluded.name;

-- name: village
SELECT code, district, subdistrict, name FROM village WHERE code = :code;

-- name: named
-- The villages of this name, whatever its capitals.
SELECT code, district, subdistrict, name FROM village WHERE name = :name COLLATE NOCASE;

-- name: villages
SELECT code, district, subdistrict, name FROM village WHERE district = :district ORDER BY subdistrict, name;

-- name: room
SELECT district, kind, thread FROM room WHERE channel = :channel AND chat = :chat AND left_at = '';

-- name: rooms
-- The groups of a district, oldest first.
SELECT channel, chat, thread, kind FROM room WHERE district = :district AND left_at = '' ORDER BY since, chat;

-- name: open_room!
INSERT INTO room (channel, chat, thread, district, kind, since)
VALUES (:channel, :chat, :thread, :district, :kind, :now)
ON CONFLICT (channel, chat) DO UPDATE SET district = excluded.district, kind = excluded.kind,
    thread = excluded.thread, since = CASE WHEN room.left_at = '' THEN room.since ELSE excluded.since END,
    left_at = '';

-- name: leave_room!
UPDATE room SET left_at = :now WHERE channel = :channel AND chat = :chat;

-- name: forget_room!
-- A chat that is about to get another room's id: what was known of it is replaced.
DELETE FROM room WHERE channel = :channel AND chat = :new
    AND EXISTS (SELECT 1 FROM room WHERE channel = :channel AND chat = :old);

-- name: move_room!
UPDATE room SET chat = :new WHERE channel = :channel AND chat = :old;

-- name: close_cards!
-- Messages do not move with a group: what was said there is not edited any more.
UPDATE card SET closed = 1 WHERE channel = :channel AND chat = :old;

-- name: came!
INSERT INTO unsaid_room (channel, chat, thread, at) VALUES (:channel, :chat, :thread, :now)
ON CONFLICT (channel, chat) DO UPDATE SET at = excluded.at, thread = excluded.thread;

-- name: said!
DELETE FROM unsaid_room WHERE channel = :channel AND chat = :chat;

-- name: move_unsaid!
UPDATE unsaid_room SET chat = :new WHERE channel = :channel AND chat = :old
    AND NOT EXISTS (SELECT 1 FROM unsaid_room AS u WHERE u.channel = :channel AND u.chat = :new);

-- name: unsaid
SELECT channel, chat, thread FROM unsaid_room WHERE at <= :before ORDER BY at;
