-- name: new_payments
-- Reports of payment that came in a stretch of time, wait, and stand on no card.
SELECT p.id, p.village FROM payment AS p
WHERE p.state = 'reported' AND p.reported_at >= :since AND p.reported_at <= :until
    AND NOT EXISTS (SELECT 1 FROM card_item AS i WHERE i.kind = 'payment' AND i.item = p.id)
ORDER BY p.id;

-- name: new_members
SELECT m.id, m.village FROM member AS m
WHERE m.state = 'submitted' AND m.ended = '' AND m.state_at >= :since AND m.state_at <= :until
    AND NOT EXISTS (SELECT 1 FROM card_item AS i WHERE i.kind = 'member' AND i.item = m.id)
ORDER BY m.id;

-- name: new_endings
SELECT e.member AS id, e.village FROM ending AS e WHERE e.at >= :since AND e.at <= :until
    AND NOT EXISTS (SELECT 1 FROM card_item AS i WHERE i.kind = 'ending' AND i.item = e.member)
ORDER BY e.at, e.member;

-- name: rooms
-- The groups of the offices, the oldest first.
SELECT district, channel, chat, thread FROM room WHERE left_at = '' AND kind = 'office' ORDER BY since, chat;

-- name: latest
-- The card of a village (or of a district) in a group, if it is young enough to take more, or not sent yet.
SELECT c.id FROM card AS c WHERE c.channel = :channel AND c.chat = :chat AND c.village = :village AND c.closed < 2
    AND (c.at > :after OR EXISTS (SELECT 1 FROM outbox AS o WHERE o.key = 'reports:' || c.id AND o.status = 'ready'))
ORDER BY c.id DESC LIMIT 1;

-- name: made
-- How many villages got a card of their own in a group since then, or one that is not sent yet.
SELECT COUNT(*) AS n FROM card AS c
WHERE c.channel = :channel AND c.chat = :chat AND c.at > :before AND length(c.village) > 5
    AND (c.at > :after OR EXISTS (SELECT 1 FROM outbox AS o WHERE o.key = 'reports:' || c.id AND o.status = 'ready'));

-- name: make
INSERT INTO card (channel, chat, thread, village, at) VALUES (:channel, :chat, :thread, :village, :now) RETURNING id;

-- name: add!
INSERT INTO card_item (card, kind, item) VALUES (:card, :kind, :item) ON CONFLICT (card, kind, item) DO NOTHING;

-- name: reopen!
-- It says more.
UPDATE card SET closed = 0, changed = 1 WHERE id = :id;

-- name: open
-- Cards with something that may still change and did, in groups that are still the office's.
SELECT c.id FROM room AS r CROSS JOIN card AS c ON c.channel = r.channel AND c.chat = r.chat
WHERE r.left_at = '' AND r.kind = 'office' AND c.changed = 1 AND c.closed = 0
    AND substr(c.village, 1, 5) = r.district ORDER BY c.id;

-- name: get
SELECT c.id, c.channel, c.chat, c.thread, c.village, c.at, c.shown, c.edits, COALESCE(p.name, '') AS opener,
    c.opened_at
FROM card AS c LEFT JOIN person AS p ON p.id = c.opened_by WHERE c.id = :id;

-- name: items
SELECT kind, item FROM card_item WHERE card = :card ORDER BY kind, item;

-- name: showed!
UPDATE card SET shown = :shown, edits = edits + 1, closed = :closed, changed = 0 WHERE id = :id;

-- name: same!
-- What changed does not show.
UPDATE card SET changed = 0 WHERE id = :id;

-- name: villages
-- How many villages stand on a card of many, and of how many something waits.
SELECT COUNT(DISTINCT village) AS villages, COUNT(DISTINCT CASE WHEN waits THEN village END) AS waiting FROM (
    SELECT p.village, p.state = 'reported' AS waits
    FROM card_item AS i JOIN payment AS p ON p.id = i.item WHERE i.card = :card AND i.kind = 'payment'
    UNION ALL
    SELECT m.village, m.ended = '' AND (m.state = 'submitted' OR m.state = 'active' AND EXISTS (
        SELECT 1 FROM official AS o WHERE o.person = m.state_by AND o.village = m.village
    ))
    FROM card_item AS i JOIN member AS m ON m.id = i.item WHERE i.card = :card AND i.kind = 'member'
    UNION ALL
    SELECT e.village, e.state = ''
    FROM card_item AS i JOIN ending AS e ON e.member = i.item WHERE i.card = :card AND i.kind = 'ending'
);

-- name: opened!
UPDATE card SET opened_by = :by, opened_at = :now, changed = 1 WHERE id = :id;

-- name: end!
-- The member may have been taken back and stopped again: then it is a new report.
INSERT INTO ending (member, village, at) VALUES (:member, :village, :now)
ON CONFLICT (member) DO UPDATE SET at = excluded.at, state = '', decided_at = '', decided_by = NULL;

-- name: taken_off!
UPDATE card SET changed = 1 WHERE id IN (SELECT card FROM card_item WHERE kind = 'ending' AND item = :member);

-- name: take_off!
DELETE FROM card_item WHERE kind = 'ending' AND item = :member;

-- name: ending
SELECT e.member, e.village, e.state, e.decided_at, COALESCE(p.name, '') AS by
FROM ending AS e LEFT JOIN person AS p ON p.id = e.decided_by WHERE e.member = :member;

-- name: endings_in
SELECT member FROM ending WHERE village = :village AND state = '' ORDER BY at, member;

-- name: endings_of
-- Members of a district whose end nobody of the office has looked at, the oldest first.
SELECT member FROM ending WHERE village > :district || '.' AND village < :district || '/' AND state = ''
ORDER BY at, member;

-- name: see!
UPDATE ending SET state = :state, decided_at = :now, decided_by = :by WHERE member = :member AND state = '';

-- name: forget_items!
DELETE FROM card_item WHERE card IN (SELECT id FROM card WHERE at < :before);

-- name: forget!
DELETE FROM card WHERE at < :before;

-- name: forget_endings!
DELETE FROM ending WHERE state <> '' AND decided_at < :before;

-- name: end_cards!
-- A group is something else from now on: its cards are not edited any more,
UPDATE card SET closed = 2 WHERE channel = :channel AND chat = :chat AND closed < 2;

-- name: end_prompts!
-- nobody answers what was asked there,
UPDATE prompt SET used_at = :now WHERE channel = :channel AND chat = :chat AND used_at = '';

-- name: end_messages!
-- and what the bot would still have said there by itself is not said.
UPDATE outbox SET status = 'cancelled', ended_at = :now, error = 'the group is something else'
WHERE channel = :channel AND chat = :chat AND status = 'ready' AND (lane >= :lane OR kind = 'edit')
    AND kind <> 'leave';
