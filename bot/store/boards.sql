-- name: rooms
-- The groups of a district, each with its board, if it has one.
SELECT r.channel, r.chat, r.thread, r.kind, r.since, b.opened, b.key, b.message, b.home, b.last, b.digest, b.pin, b.at,
    b.anew
FROM room AS r LEFT JOIN board AS b ON b.channel = r.channel AND b.chat = r.chat
WHERE r.district = :district AND r.left_at = '' ORDER BY r.since, r.chat;

-- name: keep!
INSERT INTO board (channel, chat, opened, key, message, home, last, digest, pin, at, anew)
VALUES (:channel, :chat, :opened, :key, :message, :home, :last, :digest, :pin, :at, :anew)
ON CONFLICT (channel, chat) DO UPDATE SET opened = excluded.opened, key = excluded.key,
    message = excluded.message, home = excluded.home, last = excluded.last, digest = excluded.digest,
    pin = excluded.pin, at = excluded.at, anew = excluded.anew;

-- name: open
-- Villages with something unpaid: whether some of it is past its due date, or of the month or before it.
SELECT village, MAX(CASE WHEN due < :today THEN 1 ELSE 0 END) AS late,
    MAX(CASE WHEN month <= :month THEN 1 ELSE 0 END) AS awaited
FROM bill WHERE district = :district AND settled = 0 GROUP BY village;

-- name: billed
-- Villages that owed something for the month.
SELECT DISTINCT village FROM bill
WHERE district = :district AND month = :month AND (people > 0 OR given IS NOT NULL OR ours IS NULL);

-- name: reported
-- Villages with a report, of the month or before it, that nobody of the office has looked at.
SELECT DISTINCT p.village FROM village AS v JOIN payment AS p ON p.village = v.code AND p.state = 'reported'
WHERE v.district = :district AND p.month <= :month;

-- name: counted
SELECT body FROM counted WHERE district = :district AND day = :day AND month = :month;

-- name: count!
INSERT INTO counted (district, day, month, body) VALUES (:district, :day, :month, :body)
ON CONFLICT (district) DO UPDATE SET day = excluded.day, month = excluded.month, body = excluded.body;
