-- name: add
INSERT INTO project (village, year, state, name_index, body, named, workers, basis, value, funding, builder, spk, starts,
    ends, maintained, total, at, by)
VALUES (:village, :year, :state, :name_index, :body, :named, :workers, :basis, :value, :funding, :builder, :spk, :starts,
    :ends, :maintained, :total, :now, :by)
ON CONFLICT DO NOTHING RETURNING id;

-- name: change!
-- Only while it is as it was when it was read.
UPDATE project SET year = :year, state = :state, name_index = :name_index, body = :body, named = :named,
    workers = :workers, basis = :basis, value = :value, funding = :funding, builder = :builder, spk = :spk,
    starts = :starts, ends = :ends, maintained = :maintained, total = :total
WHERE id = :id AND state = :before;

-- name: get
SELECT * FROM project WHERE id = :id;

-- name: named
SELECT * FROM project WHERE village = :village AND year = :year AND name_index = :name_index AND state <> 'dropped';

-- name: of_village
SELECT * FROM project WHERE village = :village AND state <> 'dropped' ORDER BY starts, id;

-- name: of_district
SELECT p.* FROM project AS p JOIN village AS v ON v.code = p.village
WHERE v.district = :district AND p.year = :year AND p.state <> 'dropped' ORDER BY v.code, p.starts, p.id;

-- name: years
SELECT DISTINCT p.year FROM project AS p JOIN village AS v ON v.code = p.village
WHERE v.district = :district AND p.state <> 'dropped' ORDER BY p.year DESC;

-- name: begun
-- Each with its instalments, a row for each of them; of years before those that are not finished, or never paid for.
SELECT p.id, p.village, p.state AS project_state, p.body, i.number, i.amount, i.due, i.report, r.state FROM village AS v
JOIN project AS p ON p.village = v.code LEFT JOIN project_part AS i ON i.project = p.id
LEFT JOIN project_report AS r ON r.id = i.report
WHERE v.district = :district AND (:village = '' OR v.code = :village) AND p.state <> 'dropped'
    AND p.starts <> '' AND p.starts <= :today AND (p.year = :year OR p.year < :year AND (p.state <> 'done'
        OR NOT EXISTS (SELECT 1 FROM project_part AS q WHERE q.project = p.id AND q.report IS NOT NULL)))
ORDER BY p.village, p.starts, p.id, i.number;

-- name: near
-- Open instalments that fall due between two days, plans (0) that begin then, and works (99) that end then.
SELECT p.id AS project, p.village, i.number, i.due FROM project_part AS i
JOIN project AS p ON p.id = i.project JOIN village AS v ON v.code = p.village
WHERE v.district = :district AND p.state = 'open' AND i.report IS NULL AND i.due BETWEEN :since AND :by
UNION ALL
SELECT p.id AS project, p.village, 0 AS number, p.starts AS due FROM project AS p
JOIN village AS v ON v.code = p.village
WHERE v.district = :district AND p.state = 'planned' AND p.starts BETWEEN :since AND :by
UNION ALL
SELECT p.id AS project, p.village, 99 AS number, p.ends AS due FROM project AS p
JOIN village AS v ON v.code = p.village
WHERE v.district = :district AND p.state = 'open' AND p.ends BETWEEN :since AND :by
ORDER BY project, number;

-- name: parts
SELECT i.number, i.amount, i.due, i.report, r.state FROM project_part AS i
LEFT JOIN project_report AS r ON r.id = i.report WHERE i.project = :project ORDER BY i.number;

-- name: put_part!
INSERT INTO project_part (project, number, amount, due) VALUES (:project, :number, :amount, :due)
ON CONFLICT (project, number) DO UPDATE SET amount = excluded.amount, due = excluded.due
WHERE project_part.report IS NULL;

-- name: drop_open_parts!
DELETE FROM project_part WHERE project = :project AND report IS NULL;

-- name: remember!
INSERT INTO project_change (project, value, starts, ends, total, at, by)
SELECT id, value, starts, ends, total, :now, :by FROM project WHERE id = :id;

-- name: changes
SELECT value, starts, ends, total, at FROM project_change WHERE project = :project ORDER BY id;
