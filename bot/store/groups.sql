-- name: sizes
SELECT m.category, COUNT(*) AS people, COUNT(DISTINCT m.village) AS villages
FROM member AS m JOIN village AS v ON v.code = m.village
WHERE v.district = :district AND m.state <> 'ended' AND m.ended = ''
GROUP BY m.category;
