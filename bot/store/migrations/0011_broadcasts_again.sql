-- A broadcast that is sent once more: what is lost if that is called off, and when it began the first time.

-- How the message ended in the round before; '' in the first round.
ALTER TABLE recipient ADD COLUMN before TEXT NOT NULL DEFAULT '';

-- When the sending began the first time; a later round leaves it.
ALTER TABLE broadcast ADD COLUMN begun_at TEXT NOT NULL DEFAULT '';
UPDATE broadcast SET begun_at = start_at WHERE state IN ('sending', 'done', 'stopped');
UPDATE recipient SET before = 'failed' WHERE tries > 1 AND state IN ('planned', 'queued');

-- A draft that was dropped is no broadcast.
DELETE FROM broadcast WHERE state = 'cancelled' AND confirmed_at = '';
