-- name: new_payments
-- Reports of payment that came in a stretch of time, wait, and stand on no card.
SELECT p.id, p.village FROM payment AS p JOIN village AS v ON v.code = p.village
WHERE v.district = :district AND p.state = 'reported' AND p.reported_at >= :since AND p.reported_at <= :until
    AND NOT EXISTS (SELECT 1 FROM card_item AS i WHERE i.kind = 'payment' AND i.item = p.id)
ORDER BY p.id;

-- name: new_members
SELECT m.id, m.village FROM member AS m JOIN village AS v ON v.code = m.village
WHERE v.district = :district AND m.state = 'submitted' AND m.ended = '' AND m.state_at >= :since
    AND m.state_at <= :until AND NOT EXISTS (SELECT 1 FROM card_item AS i WHERE i.kind = 'member' AND i.item = m.id)
ORDER BY m.id;

-- name: new_endings
SELECT e.member AS id, e.village FROM ending AS e JOIN village AS v ON v.code = e.village
WHERE v.district = :district AND e.at >= :since AND e.at <= :until
    AND NOT EXISTS (SELECT 1 FROM card_item AS i WHERE i.kind = 'ending' AND i.item = e.member)
ORDER BY e.at, e.member;

-- name: latest
-- The card of a village in a group, if it is young enough to take more.
SELECT id FROM card WHERE channel = :channel AND chat = :chat AND village = :village AND at > :after
ORDER BY id DESC LIMIT 1;

-- name: make
INSERT INTO card (channel, chat, thread, village, at) VALUES (:channel, :chat, :thread, :village, :now) RETURNING id;

-- name: add!
INSERT INTO card_item (card, kind, item) VALUES (:card, :kind, :item) ON CONFLICT (card, kind, item) DO NOTHING;

-- name: reopen!
UPDATE card SET closed = 0 WHERE id = :id;

-- name: open
-- Cards of a district with something that waits, in groups the bot is still in.
SELECT c.id FROM card AS c JOIN room AS r ON r.channel = c.channel AND r.chat = c.chat
WHERE r.district = :district AND r.left_at = '' AND c.closed = 0 ORDER BY c.id;

-- name: get
SELECT c.id, c.channel, c.chat, c.thread, c.village, c.at, c.shown, c.edits, COALESCE(p.name, '') AS opener,
    c.opened_at
FROM card AS c LEFT JOIN person AS p ON p.id = c.opened_by WHERE c.id = :id;

-- name: items
SELECT kind, item FROM card_item WHERE card = :card ORDER BY kind, item;

-- name: showed!
UPDATE card SET shown = :shown, edits = edits + 1, closed = :closed WHERE id = :id;

-- name: opened!
UPDATE card SET opened_by = :by, opened_at = :now WHERE id = :id;

-- name: end!
-- The member may have been taken back and stopped again: then it is a new report.
INSERT INTO ending (member, village, at) VALUES (:member, :village, :now)
ON CONFLICT (member) DO UPDATE SET at = excluded.at, state = '', decided_at = '', decided_by = NULL;

-- name: take_off!
DELETE FROM card_item WHERE kind = 'ending' AND item = :member;

-- name: ending
SELECT e.member, e.village, e.state, e.decided_at, COALESCE(p.name, '') AS by
FROM ending AS e LEFT JOIN person AS p ON p.id = e.decided_by WHERE e.member = :member;

-- name: endings_in
SELECT member FROM ending WHERE village = :village AND state = '' ORDER BY at, member;

-- name: see!
UPDATE ending SET state = :state, decided_at = :now, decided_by = :by WHERE member = :member AND state = '';

-- name: forget_items!
DELETE FROM card_item WHERE card IN (SELECT id FROM card WHERE at < :before);

-- name: forget!
DELETE FROM card WHERE at < :before;
