-- name: report
INSERT INTO project_report (project, parts, amount, state, reported_at, reported_by)
VALUES (:project, :parts, :amount, 'reported', :now, :by) RETURNING id;

-- name: pay!
-- Of two colleagues who report the same instalment one wins.
UPDATE project_part SET report = :report WHERE project = :project AND number = :number AND report IS NULL;

-- name: release!
UPDATE project_part SET report = NULL WHERE report = :report;

-- name: get
SELECT r.*, who.name AS by_name, checker.name AS checker_name FROM project_report AS r
JOIN person AS who ON who.id = r.reported_by LEFT JOIN person AS checker ON checker.id = r.checked_by WHERE r.id = :id;

-- name: of_project
SELECT r.*, who.name AS by_name, checker.name AS checker_name FROM project_report AS r
JOIN person AS who ON who.id = r.reported_by LEFT JOIN person AS checker ON checker.id = r.checked_by
WHERE r.project = :project ORDER BY r.id;

-- name: waiting
-- What nobody of the office has looked at, the oldest first.
SELECT r.*, who.name AS by_name, '' AS checker_name FROM project_report AS r
JOIN person AS who ON who.id = r.reported_by JOIN project AS p ON p.id = r.project
JOIN village AS v ON v.code = p.village WHERE v.district = :district AND r.state = 'reported' ORDER BY r.id;

-- name: mine
-- A person's own reports for a village since then, the newest first.
SELECT r.*, '' AS by_name, '' AS checker_name FROM project_report AS r JOIN project AS p ON p.id = r.project
WHERE p.village = :village AND r.reported_by = :by AND r.state = 'reported' AND r.reported_at > :since ORDER BY r.id DESC;

-- name: withdraw!
UPDATE project_report SET state = 'withdrawn' WHERE id = :id AND state = 'reported' AND reported_by = :by
    AND NOT EXISTS (SELECT 1 FROM project_proof AS f WHERE f.report = project_report.id);

-- name: check!
-- Somebody else than who reported it; exactly one press wins.
UPDATE project_report SET state = :state, reason = :reason, checked_at = :now, checked_by = :by
WHERE id = :id AND state = 'reported' AND reported_by <> :by;

-- name: reverse!
UPDATE project_report SET state = 'reversed', reason = :reason, checked_at = :now, checked_by = :by
WHERE id = :id AND state = 'recorded';

-- name: prove!
INSERT INTO project_proof (report, file, at)
SELECT :id, :file, :now FROM project_report AS r WHERE r.id = :id AND r.state = 'reported';

-- name: proofs
SELECT file, at FROM project_proof WHERE report = :report ORDER BY file;
