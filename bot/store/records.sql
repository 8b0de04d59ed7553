-- name: last_audit
SELECT seq, hash FROM audit ORDER BY seq DESC LIMIT 1;

-- name: add_audit!
INSERT INTO audit (seq, at, actor, action, object, details, previous, hash)
VALUES (:seq, :at, :actor, :action, :object, :details, :previous, :hash);

-- name: audit
SELECT seq, at, actor, action, object, details, previous, hash FROM audit ORDER BY seq;

-- name: act
SELECT hash FROM audit WHERE seq = :seq;

-- name: forgotten
-- The last act that says what was dropped by rule, where anything was.
SELECT details FROM audit WHERE action = 'forget_audit' ORDER BY seq DESC LIMIT 1;

-- name: last_before
SELECT seq, hash FROM audit WHERE at < :before AND (SELECT at FROM audit ORDER BY seq LIMIT 1) < :before
ORDER BY seq DESC LIMIT 1;

-- name: forget_audit!
DELETE FROM audit WHERE seq <= :upto;

-- name: get_meta
SELECT value FROM meta WHERE name = :name;

-- name: set_meta!
INSERT INTO meta (name, value) VALUES (:name, :value) ON CONFLICT (name) DO UPDATE SET value = excluded.value;

-- name: marks
SELECT substr(name, 9) AS name, value FROM meta WHERE name >= 'planned:' AND name < 'planned;';

-- name: plan!
-- Once: the key says what must not be planned twice.
INSERT INTO plan (kind, subject, village, period, stage, person, at, outcome)
VALUES (:kind, :subject, :village, :period, :stage, :person, :at, :outcome)
ON CONFLICT (kind, subject, village, period, stage, person) DO NOTHING;
