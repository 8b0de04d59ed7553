-- name: ask
INSERT INTO question (district, village, person, role, state, waits_since, said_at)
VALUES (:district, :village, :person, :role, 'open', :now, :now) RETURNING id;

-- name: get
SELECT q.id, q.district, q.village, q.person, q.role, q.state, q.waits_since, q.said_at, q.taken_by,
    taker.name AS taker, asker.name AS name
FROM question AS q JOIN person AS asker ON asker.id = q.person LEFT JOIN person AS taker ON taker.id = q.taken_by
WHERE q.id = :id;

-- name: last_of
-- What somebody asked last for a village.
SELECT id FROM question WHERE person = :person AND village = :village ORDER BY id DESC LIMIT 1;

-- name: open
-- Questions of a district that wait for an answer, the longest first.
SELECT q.id, q.district, q.village, q.person, q.role, q.state, q.waits_since, q.said_at, q.taken_by,
    taker.name AS taker, asker.name AS name
FROM question AS q JOIN person AS asker ON asker.id = q.person LEFT JOIN person AS taker ON taker.id = q.taken_by
WHERE q.district = :district AND q.state = 'open' ORDER BY q.waits_since, q.id;

-- name: older
SELECT COUNT(*) AS n FROM question WHERE district = :district AND state = 'open' AND waits_since <= :before;

-- name: said
INSERT INTO question_line (question, by, answer, body, at, channel, chat, thread)
VALUES (:question, :by, :answer, :body, :now, :channel, :chat, :thread) RETURNING id;

-- name: sent!
UPDATE question_line SET key = :key WHERE id = :id;

-- name: lines
SELECT l.id, l.by, p.name, l.answer, l.body, l.at
FROM question_line AS l JOIN person AS p ON p.id = l.by WHERE l.question = :question ORDER BY l.id;

-- name: again!
-- The asker goes on: it waits from the first words on that nobody has answered.
UPDATE question SET waits_since = CASE state WHEN 'open' THEN waits_since ELSE :now END, state = 'open',
    taken_by = CASE state WHEN 'open' THEN taken_by ELSE NULL END, role = :role, said_at = :now
WHERE id = :id;

-- name: set_state!
UPDATE question SET state = :state, said_at = :now, taken_by = :by WHERE id = :id AND state <> :state;

-- name: answered!
UPDATE question SET state = 'answered', said_at = :now, taken_by = :by WHERE id = :id;

-- name: reopen!
-- An answer did not arrive.
UPDATE question SET state = 'open' WHERE id = :id AND state = 'answered';

-- name: take!
UPDATE question SET taken_by = :by WHERE id = :id AND state = 'open' AND (taken_by IS NULL OR taken_by = :by);

-- name: add_card!
INSERT INTO question_card (key, question, channel, chat, thread, at)
VALUES (:key, :question, :channel, :chat, :thread, :now);

-- name: cards
SELECT key, channel, chat, thread, at FROM question_card WHERE question = :question ORDER BY at, key;

-- name: behind!
UPDATE question_card SET behind = :behind WHERE key = :key AND behind <> :behind;

-- name: all_behind
-- Questions with a card that was sent, or not, and says less than it should.
SELECT q.id, q.district FROM question_card AS c JOIN question AS q ON q.id = c.question
JOIN outbox AS o ON o.key = c.key
WHERE c.behind = 1 AND o.status NOT IN ('ready', 'sending') GROUP BY q.id ORDER BY q.id;

-- name: edited
UPDATE question_card SET edits = edits + 1 WHERE key = :key RETURNING edits;

-- name: superseded!
-- Edits of one card that were not sent yet: the next one says all of it.
UPDATE outbox SET status = 'cancelled', ended_at = :now, error = 'a newer one follows'
WHERE key >= :first AND key < :last AND status = 'ready';

-- name: on_their_way
-- Answers of which it is not known yet whether they arrived.
SELECT l.id, l.key, l.question, l.by, l.channel, l.chat, l.thread
FROM question_line AS l INDEXED BY question_line_sent JOIN question AS q ON q.id = l.question
WHERE l.key <> '' AND q.district = :district ORDER BY l.id;

-- name: forget_cards!
DELETE FROM question_card WHERE question IN
    (SELECT id FROM question WHERE state <> 'open' AND said_at < :before);

-- name: forget_lines!
DELETE FROM question_line WHERE question IN
    (SELECT id FROM question WHERE state <> 'open' AND said_at < :before);

-- name: forget!
DELETE FROM question WHERE state <> 'open' AND said_at < :before;
