-- name: accept!
-- One raw event; a second with the same id is quietly dropped.
INSERT INTO inbox (channel, external_id, conversation, received_at, body, state, not_before)
VALUES (:channel, :external_id, :conversation, :now, :body, 'new', :at)
ON CONFLICT (channel, external_id) DO NOTHING;

-- name: crowd
-- How many wait, at most so many: that many rows of an index are looked at.
SELECT COUNT(*) AS n FROM (SELECT 1 FROM inbox WHERE state = 'new' LIMIT :most) AS waiting;

-- name: hasten!
-- What had to wait in a conversation waits no longer; what failed is still tried later.
UPDATE inbox SET not_before = :now
WHERE conversation = :conversation AND state IN ('new', 'taken') AND state = 'new' AND attempts = 0 AND not_before > :now;

-- name: take
-- The oldest open event of each conversation, unless it is being handled or waits for its next try.
-- Counts the attempt before anything is tried.
UPDATE inbox SET state = 'taken', attempts = attempts + 1
WHERE id IN (
    SELECT i.id FROM inbox AS i
    WHERE i.state = 'new' AND i.not_before <= :now
        AND NOT EXISTS (
            SELECT 1 FROM inbox AS p
            WHERE p.conversation = i.conversation AND p.id < i.id AND p.state IN ('new', 'taken')
        )
    ORDER BY i.id LIMIT :count
)
RETURNING id, channel, external_id, conversation, body, attempts, received_at;

-- name: take_suspect
-- The oldest that was in hand so often without an end.
UPDATE inbox SET state = 'taken', attempts = attempts + 1
WHERE id = (SELECT id FROM inbox WHERE state = 'new' AND attempts >= :tries AND not_before <= :now ORDER BY id LIMIT 1)
RETURNING id, channel, external_id, conversation, body, attempts, received_at;

-- name: finish!
UPDATE inbox SET state = :state, error = :error WHERE id = :id AND state = 'taken';

-- name: again!
UPDATE inbox SET state = 'new', not_before = :not_before, error = :error WHERE id = :id AND state = 'taken';

-- name: recover!
-- After a crash: what was being handled was rolled back and is open again.
UPDATE inbox SET state = 'new' WHERE state = 'taken';

-- name: reopen!
-- The disk was full: these were not at fault, their attempt does not count.
UPDATE inbox SET state = 'new', attempts = attempts - 1 WHERE state = 'taken';

-- name: next_try
SELECT MIN(not_before) AS at FROM inbox WHERE state = 'new';

-- name: count_by_state
SELECT state, COUNT(*) AS n, MIN(received_at) AS oldest FROM inbox WHERE state <> 'done' GROUP BY state;

-- name: drop_body!
UPDATE inbox SET body = NULL WHERE id = :id;

-- name: forget_bodies!
-- Bodies are kept a week, ids longer: repeated deliveries are still recognised.
UPDATE inbox SET body = NULL WHERE state IN ('done', 'quarantined') AND body IS NOT NULL AND received_at < :before;

-- name: forget!
DELETE FROM inbox WHERE state IN ('done', 'quarantined') AND received_at < :before;
