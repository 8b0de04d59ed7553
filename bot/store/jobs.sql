-- name: add!
INSERT INTO job (kind, args, channel, conversation, state, not_before, key)
VALUES (:kind, :args, :channel, :conversation, 'ready', :now, :key);

-- name: ordered
SELECT 1 FROM job WHERE key = :key AND state <> 'failed';

-- name: take
-- Counts the attempt before the work.
UPDATE job SET state = 'working', attempts = attempts + 1
WHERE id = (SELECT id FROM job WHERE state = 'ready' AND not_before <= :now ORDER BY id LIMIT 1)
RETURNING id, kind, args, channel, conversation, attempts, ends;

-- name: finish!
UPDATE job SET state = :state, error = :error WHERE id = :id;

-- name: again!
UPDATE job SET state = 'ready', not_before = :not_before, error = :error WHERE id = :id;

-- name: reopen!
-- The disk was full: the job was not at fault, its attempt does not count.
UPDATE job SET state = 'ready', attempts = attempts - 1 WHERE state = 'working';

-- name: recover!
-- The process ended, the job did not fail.  Where that happens again, everything else gets through first.
UPDATE job SET state = 'ready', attempts = attempts - 1, ends = ends + 1,
    not_before = CASE WHEN ends > 0 THEN :later ELSE not_before END
WHERE state = 'working';

-- name: count_by_state
SELECT state, COUNT(*) AS n, MIN(not_before) AS oldest FROM job WHERE state IN ('ready', 'working') GROUP BY state;

-- name: add_file
INSERT INTO file (body, mime, at, public) VALUES (:body, :mime, :now, :public) RETURNING id;

-- name: keep_until!
UPDATE file SET keep_until = :until WHERE id = :id;

-- name: is_public
SELECT public FROM file WHERE id = :id;

-- name: kept_file
SELECT body, mime FROM file WHERE id = :id;

-- name: drop_file!
DELETE FROM file WHERE id = :id AND id NOT IN (SELECT file FROM proof);

-- name: forget!
DELETE FROM job WHERE state IN ('done', 'failed') AND not_before < :before;

-- name: forget_files!
-- Files that nothing refers to any more.
DELETE FROM file WHERE at < :before AND keep_until < :before AND id NOT IN (SELECT file FROM proof)
    AND id NOT IN (SELECT file FROM project_proof);
