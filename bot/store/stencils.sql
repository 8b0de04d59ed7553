-- name: status
SELECT status FROM stencil WHERE name = :name;

-- name: note!
-- What was heard later counts; news without a status or a category leaves the one that was known.
INSERT INTO stencil (name, status, category, reason, at) VALUES (:name, :status, :category, :reason, :at)
ON CONFLICT (name) DO UPDATE SET at = excluded.at,
    status = CASE WHEN excluded.status = '' THEN stencil.status ELSE excluded.status END,
    reason = CASE WHEN excluded.status = '' THEN stencil.reason ELSE excluded.reason END,
    category = CASE WHEN excluded.category = '' THEN stencil.category ELSE excluded.category END
    WHERE excluded.at >= stencil.at;

-- name: all
SELECT name, status, category, reason, at FROM stencil ORDER BY name;
