-- name: add
INSERT INTO incident (district, village, kind, work, people, member, person, body, happened, at)
VALUES (:district, :village, :kind, :work, :people, :member, :person, :body, :happened, :now) RETURNING id;

-- name: get
SELECT i.id, i.district, i.village, i.kind, i.work, i.people, i.member, i.person, p.name AS by, i.body, i.happened, i.at,
    i.told_at, t.name AS taker, i.closed_at, c.name AS closer
FROM incident AS i JOIN person AS p ON p.id = i.person LEFT JOIN person AS t ON t.id = i.taken_by
LEFT JOIN person AS c ON c.id = i.closed_by WHERE i.id = :id;

-- name: open_in
SELECT id FROM incident WHERE district = :district AND closed_at = '' ORDER BY happened, id;

-- name: of_village
SELECT id FROM incident WHERE village = :village ORDER BY id DESC LIMIT :count;

-- name: deceased
-- Whose death was reported and who is still insured.
SELECT COUNT(DISTINCT i.member) AS people FROM incident AS i JOIN member AS m ON m.id = i.member
WHERE i.village = :village AND m.village = :village AND i.kind = 'death' AND m.state <> 'ended';

-- name: same
-- What a colleague, or a second press, reported of the same person about that day; nobody dies twice.
SELECT id FROM incident WHERE village = :village AND kind = :kind AND closed_at = ''
    AND ((member IS NOT NULL AND member = :member AND (kind = 'death' OR happened BETWEEN :earliest AND :latest)) OR (person = :person AND at >= :since AND people = :people
        AND member IS NULL AND :member = 0 AND happened = :happened)) ORDER BY id LIMIT 1;

-- name: told!
UPDATE incident SET told_at = :now, told_by = :by WHERE id = :id AND told_at = '' AND closed_at = '';

-- name: take!
UPDATE incident SET taken_by = :by WHERE id = :id AND taken_by IS NULL AND closed_at = '';

-- name: close!
UPDATE incident SET closed_at = :now, closed_by = :by WHERE id = :id AND closed_at = '';

-- name: waiting
-- Of which nobody said that the agency was told, though it may have to do with work, and which happened since then.
SELECT id FROM incident WHERE told_at = '' AND closed_at = '' AND work <> 'no' AND happened >= :since ORDER BY id;

-- name: add_card!
INSERT INTO incident_card (key, incident, channel, chat, thread, shown)
VALUES (:key, :incident, :channel, :chat, :thread, :shown);

-- name: cards
SELECT key, incident, channel, chat, thread, shown, edits FROM incident_card WHERE incident = :incident ORDER BY key;

-- name: moving
-- Of which a card may say less than it should.
SELECT DISTINCT i.id FROM incident AS i JOIN incident_card AS c ON c.incident = i.id
WHERE i.closed_at = '' OR i.closed_at >= :since ORDER BY i.id;

-- name: edited
UPDATE incident_card SET shown = :shown, edits = edits + 1 WHERE key = :key RETURNING edits;

-- name: forget_cards!
DELETE FROM incident_card WHERE incident IN (SELECT id FROM incident WHERE closed_at <> '' AND closed_at < :before);

-- name: forget!
DELETE FROM incident WHERE closed_at <> '' AND closed_at < :before;
