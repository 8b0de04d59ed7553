-- name: add
INSERT INTO study (district, body, each_village, state, ask_at, again_at, at, by)
VALUES (:district, :body, :each, :state, :ask_at, :again_at, :now, :by) RETURNING id;

-- name: get
SELECT id, district, body, each_village, state, rounds, at FROM study WHERE id = :id;

-- name: of_district
SELECT id, district, body, each_village, state, rounds, at FROM study WHERE district = :district ORDER BY id DESC;

-- name: due
SELECT id, district, body, each_village, state, rounds, at FROM study
WHERE state = 'asking' AND ((rounds = 0 AND ask_at <= :now) OR (rounds = 1 AND again_at <= :now)) ORDER BY id;

-- name: written!
UPDATE study SET rounds = :rounds WHERE id = :id;

-- name: move!
UPDATE study SET state = :after WHERE id = :id AND state = :before;

-- name: let_pass!
UPDATE study SET rounds = 2 WHERE id = :id AND rounds = 1 AND again_at <= :now;

-- name: answers
SELECT a.village, a.people, p.name AS by, a.at FROM study_answer AS a JOIN person AS p ON p.id = a.by
WHERE a.study = :study;

-- name: answer!
-- Only as long as the study asks.
INSERT INTO study_answer (study, village, people, at, by)
SELECT s.id, v.code, :people, :now, :by FROM study AS s JOIN village AS v ON v.district = s.district
WHERE s.id = :study AND s.state = 'asking' AND v.code = :village
ON CONFLICT (study, village) DO UPDATE SET people = excluded.people, at = excluded.at, by = excluded.by;

-- name: is_asked
SELECT 1 FROM study AS s WHERE s.id = :study AND s.state = 'asking'
    AND NOT EXISTS (SELECT 1 FROM study_answer AS a WHERE a.study = s.id AND a.village = :village);

-- name: unanswered
-- Who serves a village that has not answered and can be written to, a row for each address, latest used first.
SELECT o.village, p.id, p.name, o.role, a.channel, a.chat
FROM official AS o JOIN person AS p ON p.id = o.person JOIN address AS a ON a.person = p.id
WHERE o.district = :district AND o.village <> '' AND (o.until IS NULL OR o.until >= :today) AND a.reachable = 1
    AND NOT EXISTS (SELECT 1 FROM study_answer AS s WHERE s.study = :study AND s.village = o.village)
ORDER BY o.village, a.seen_at DESC;

-- name: reachable
SELECT COUNT(DISTINCT o.person) AS people, COUNT(DISTINCT o.village) AS villages
FROM official AS o
WHERE o.district = :district AND o.village <> '' AND (o.until IS NULL OR o.until >= :today)
    AND EXISTS (SELECT 1 FROM address AS a WHERE a.person = o.person AND a.reachable = 1);
