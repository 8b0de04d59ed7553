-- name: add
INSERT INTO broadcast (district, kind, state, audience, body, made_at, made_by)
VALUES (:district, :kind, 'draft', :audience, :body, :now, :by) RETURNING id;

-- name: get
SELECT b.*, p.name AS made_by_name, e.name AS ended_by_name FROM broadcast AS b
JOIN person AS p ON p.id = b.made_by LEFT JOIN person AS e ON e.id = b.ended_by WHERE b.id = :id;

-- name: draft_of
-- What somebody began last and did not send.
SELECT id FROM broadcast WHERE district = :district AND made_by = :person AND state = 'draft'
ORDER BY id DESC LIMIT 1;

-- name: rewrite!
-- Only as long as it is a draft.
UPDATE broadcast SET kind = :kind, audience = :audience, body = :body, file = :file, meet_at = :meet_at
WHERE id = :id AND state = 'draft';

-- name: confirm!
UPDATE broadcast SET state = :state, confirmed_at = :now, start_at = :start_at, urgent = :urgent,
    expected = :expected, cards = :cards
WHERE id = :id AND state = 'draft';

-- name: approve!
UPDATE broadcast SET state = 'waiting', approved_by = :by, start_at = :start_at
WHERE id = :id AND state = 'asked';

-- name: move_on!
-- From one of two states to another; 0 where somebody was faster.
UPDATE broadcast SET state = :to, ended_by = :by, ended_at = :ended_at
WHERE id = :id AND state IN (:from_one, :from_other);

-- name: begin!
UPDATE broadcast SET state = 'sending', begun_at = CASE begun_at WHEN '' THEN :now ELSE begun_at END
WHERE id = :id AND state = 'waiting';

-- name: after_all!
-- What was missed is sent after all.
UPDATE broadcast SET state = :state, confirmed_at = :now, start_at = :start_at, ended_at = ''
WHERE id = :id AND state = 'missed';

-- name: again!
-- Those it did not reach, once more.
UPDATE broadcast SET state = 'waiting', start_at = :start_at, ended_at = '', ended_by = NULL, shown = '',
    rest_at = '', resume_at = '', urgent = :urgent
WHERE id = :id AND state IN ('done', 'stopped');

-- name: rest!
UPDATE broadcast SET rest_at = :rest_at, resume_at = :resume_at WHERE id = :id;

-- name: shown!
UPDATE broadcast SET shown = :shown, owed = :owed, shown_at = :now WHERE id = :id;

-- name: call_off!
UPDATE broadcast SET called_off_at = :now WHERE id = :id AND called_off_at = '';

-- name: open
-- What the planner looks at: what has not ended, or is not shown on every card; and meetings to come.
SELECT id FROM broadcast WHERE ended_at = '' AND state <> 'draft'
UNION
SELECT id FROM broadcast WHERE kind = 'meeting' AND meet_at > :past AND state IN ('done', 'stopped', 'waiting', 'sending')
UNION
SELECT id FROM broadcast WHERE owed <> '';

-- name: live
-- What the district's people can still act on, the newest first.
SELECT id FROM broadcast WHERE district = :district AND state <> 'draft'
    AND (ended_at = '' OR (kind = 'meeting' AND meet_at > :now AND called_off_at = '' AND state IN ('done', 'stopped')))
ORDER BY id DESC LIMIT :count;

-- name: history
SELECT id FROM broadcast WHERE district = :district AND state <> 'draft' ORDER BY id DESC LIMIT :count;

-- name: confirmed_since
SELECT COUNT(*) AS n FROM broadcast WHERE district = :district AND confirmed_at >= :since
    AND state NOT IN ('draft', 'cancelled', 'refused', 'lapsed', 'missed');

-- name: state
SELECT state, urgent, rest_at, resume_at, meet_at, called_off_at FROM broadcast WHERE id = :id;

-- name: drop_draft!
DELETE FROM broadcast WHERE id = :id AND state = 'draft';

-- name: forget_drafts!
DELETE FROM broadcast WHERE state = 'draft' AND made_at < :before;

-- name: segments
SELECT id, name, audience FROM segment WHERE district = :district ORDER BY name;

-- name: add_segment!
INSERT INTO segment (district, name, audience, made_at, made_by) VALUES (:district, :name, :audience, :now, :by)
ON CONFLICT (district, name) DO UPDATE SET audience = excluded.audience, made_at = excluded.made_at,
    made_by = excluded.made_by;

-- name: drop_segment!
DELETE FROM segment WHERE district = :district AND id = :id;
