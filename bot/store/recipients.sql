-- name: officers
-- Everybody in office in a district's villages, a row for each address, the one used last first.
SELECT o.person, p.name, o.role, o.village, p.muted_at, a.channel, a.chat, a.reachable, w.until, w.begun_at
FROM official AS o JOIN person AS p ON p.id = o.person LEFT JOIN address AS a ON a.person = p.id
LEFT JOIN chat_window AS w ON w.channel = a.channel AND w.chat = a.chat
WHERE o.district = :district AND o.village IS NOT NULL AND (o.until IS NULL OR o.until >= :today)
ORDER BY o.id, a.seen_at DESC;

-- name: may_get
-- Whether the person still serves a village of the district and takes broadcasts.
SELECT 1 FROM official AS o JOIN person AS p ON p.id = o.person
WHERE o.person = :person AND o.district = :district AND o.village IS NOT NULL
    AND (o.until IS NULL OR o.until >= :today) AND p.muted_at = '';

-- name: add_recipient!
INSERT INTO recipient (broadcast, person, villages, role, channel, chat, key, state)
VALUES (:broadcast, :person, :villages, :role, :channel, :chat, :key, 'planned')
ON CONFLICT (broadcast, person) DO NOTHING;

-- name: planned
SELECT r.person, r.villages, r.role, r.channel, r.chat, r.key, p.name, r.answer
FROM recipient AS r JOIN person AS p ON p.id = r.person
WHERE r.broadcast = :broadcast AND r.state = 'planned' ORDER BY r.person LIMIT :count;

-- name: queued!
UPDATE recipient SET state = 'queued' WHERE broadcast = :broadcast AND person = :person AND state = 'planned';

-- name: settle!
-- What ended in the outbox since the last look, and what became something else since then; who was passed
-- over in a later round is what they were.
UPDATE recipient SET state = CASE WHEN o.status = 'cancelled' AND recipient.before <> '' THEN recipient.before
        ELSE o.status END,
    why = CASE
        WHEN o.status = 'cancelled' THEN recipient.why
        WHEN o.status = 'failed' AND EXISTS (SELECT 1 FROM address AS a
            WHERE a.channel = recipient.channel AND a.chat = recipient.chat AND a.reachable = 0) THEN 'blocked'
        WHEN o.status = 'failed' THEN 'other' ELSE '' END
FROM outbox AS o
WHERE recipient.broadcast = :broadcast AND o.key = recipient.key AND o.status NOT IN ('ready', 'sending')
    AND recipient.state IN (SELECT value FROM json_each(:states)) AND o.status <> recipient.state
    AND (:late = '' OR recipient.channel IN (SELECT value FROM json_each(:late)));

-- name: changing
-- Broadcasts that ended since then and went to a channel of which something is heard afterwards.
SELECT id FROM broadcast AS b WHERE ended_at <> '' AND ended_at > :since AND EXISTS (
    SELECT 1 FROM recipient AS r WHERE r.broadcast = b.id AND r.channel IN (SELECT value FROM json_each(:late)));

-- name: lose!
-- Of what has no row in the outbox any more nobody knows what became.
UPDATE recipient SET state = 'unknown' WHERE broadcast = :broadcast AND state = 'queued'
    AND NOT EXISTS (SELECT 1 FROM outbox AS o WHERE o.key = recipient.key);

-- name: drop_planned!
-- Who was planned once more is again what they were before.
UPDATE recipient SET state = CASE before WHEN '' THEN 'cancelled' ELSE before END
WHERE broadcast = :broadcast AND state = 'planned';

-- name: counts
SELECT state, why, before <> '' AS again, COUNT(*) AS n FROM recipient WHERE broadcast = :broadcast
GROUP BY state, why, again;

-- name: drop_held!
-- Nobody is to get it any more: who writes now is not sent it.
UPDATE outbox SET status = 'cancelled', ended_at = :now, error = 'the reason to send is gone'
WHERE status IN ('held', 'ready') AND key IN (SELECT key FROM recipient WHERE broadcast = :broadcast AND state = 'held');

-- name: reported
-- Of what was sent on channels that report: how many, how far they came, and how many left as an approved text.
SELECT COUNT(*) AS n, COALESCE(SUM(o.delivered_at <> ''), 0) AS delivered, COALESCE(SUM(o.read_at <> ''), 0) AS read,
    COALESCE(SUM(o.stencil <> ''), 0) AS stencils
FROM recipient AS r JOIN outbox AS o ON o.key = r.key
WHERE r.broadcast = :broadcast AND r.channel IN (SELECT value FROM json_each(:late)) AND o.status = 'sent';

-- name: state
SELECT state FROM recipient WHERE broadcast = :broadcast AND person = :person;

-- name: villages
-- The villages of who waits to write, and of those that may have read it.
SELECT DISTINCT state, villages FROM recipient
WHERE broadcast = :broadcast AND state IN ('held', 'sent', 'unknown', 'planned', 'queued');

-- name: answers
SELECT answer, COUNT(*) AS n FROM recipient WHERE broadcast = :broadcast
    AND (state IN ('sent', 'unknown', 'queued') OR before = 'unknown') GROUP BY answer;

-- name: recipient
SELECT r.person, r.villages, r.role, r.channel, r.chat, r.key, p.name, r.answer
FROM recipient AS r JOIN person AS p ON p.id = r.person
WHERE r.broadcast = :broadcast AND r.person = :person;

-- name: in_state
SELECT r.person, r.villages, r.role, r.channel, r.chat, r.key, p.name, r.answer
FROM recipient AS r JOIN person AS p ON p.id = r.person
WHERE r.broadcast = :broadcast AND r.state = :state ORDER BY r.villages, r.person LIMIT :count OFFSET :skip;

-- name: invited
-- Everybody who may have read the invitation, by village.
SELECT r.person, r.villages, r.role, r.channel, r.chat, r.key, p.name, r.answer
FROM recipient AS r JOIN person AS p ON p.id = r.person
WHERE r.broadcast = :broadcast AND (r.state IN ('sent', 'unknown', 'queued') OR r.before = 'unknown') ORDER BY r.villages, r.person;

-- name: answer!
UPDATE recipient SET answer = :answer, answered_at = :now WHERE broadcast = :broadcast AND person = :person;

-- name: untold
-- Who was invited to a meeting that is called off, and has not been told; who said no need not be.
SELECT r.person, r.villages, r.role, r.channel, r.chat, r.key, p.name, r.answer
FROM recipient AS r JOIN person AS p ON p.id = r.person
WHERE r.broadcast = :broadcast AND (r.state IN ('sent', 'unknown') OR r.before = 'unknown')
    AND r.answer <> 'no' AND r.told_off = 0 AND r.chat <> ''
ORDER BY r.person LIMIT :count;

-- name: told_off!
UPDATE recipient SET told_off = 1 WHERE broadcast = :broadcast AND person = :person;

-- name: some_told
SELECT 1 FROM recipient WHERE broadcast = :broadcast AND told_off = 1 LIMIT 1;

-- name: retry!
-- Once more, under a new key, at the address they use now.
UPDATE recipient SET before = state, state = 'planned', tries = tries + 1, channel = :channel, chat = :chat,
    key = 'broadcast:' || broadcast || ':' || person || ':' || (tries + 1)
WHERE broadcast = :broadcast AND person = :person AND state = :state;

-- name: unreminded
-- Who did not say no, and has not been reminded; not who was just invited once more (`first`).
SELECT r.person, r.villages, r.role, r.channel, r.chat, r.key, p.name, r.answer
FROM recipient AS r JOIN person AS p ON p.id = r.person
WHERE r.broadcast = :broadcast AND (r.state IN ('sent', 'unknown') OR r.before = 'unknown')
    AND r.answer <> 'no' AND r.reminded = 0 AND r.chat <> '' AND (:first = 0 OR r.before = '')
ORDER BY r.person LIMIT :count;

-- name: reminded!
UPDATE recipient SET reminded = 1 WHERE broadcast = :broadcast AND person = :person;

-- name: lose_chat!
-- Who has this number next is nobody we know: who was to be written to there is not.
UPDATE recipient SET chat = '', why = CASE state WHEN 'planned' THEN 'blocked' ELSE why END,
    state = CASE state WHEN 'planned' THEN 'failed' ELSE state END
WHERE channel = :channel AND chat = :chat;

-- name: forget!
UPDATE recipient SET channel = '', chat = '' WHERE chat <> '' AND broadcast IN (
    SELECT id FROM broadcast WHERE ended_at <> '' AND ended_at < :before AND ended_at >= :since AND meet_at < :before
);
