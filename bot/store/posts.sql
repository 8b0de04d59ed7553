-- name: of
SELECT id, member, category, position, wage, beside, since, until, term_end, made_by FROM service
WHERE member = :member ORDER BY beside, since, id;

-- name: of_village
-- Posts held beside another by the people of a village, on a day.
SELECT s.id, s.member, s.category, s.position, s.wage, s.beside, s.since, s.until, s.term_end, s.made_by
FROM service AS s JOIN member AS m ON m.id = s.member
WHERE m.village = :village AND s.beside = 1 AND (s.until IS NULL OR s.until >= :today) ORDER BY s.member, s.since;

-- name: set_wage!
-- From a day on: of all posts that begin then or later.
UPDATE service SET wage = :wage WHERE member = :member AND beside = 0 AND since >= :since;

-- name: split!
-- The post in force on a day goes on from that day as a row of its own, if it did not begin then.
INSERT INTO service (member, category, position, wage, since, until, term_end, made_at, made_by)
SELECT member, category, position, wage, :since, until, term_end, :now, :by FROM service
WHERE member = :member AND beside = 0 AND since < :since AND (until IS NULL OR until >= :since);

-- name: cut!
UPDATE service SET until = :last WHERE member = :member AND beside = 0 AND since <= :last
    AND (until IS NULL OR until > :last);

-- name: set_post!
-- From a day on: of all rows that begin then or later; the term of the post before is over.
UPDATE service SET position = :position, category = :category, term_end = ''
WHERE member = :member AND beside = 0 AND since >= :since;

-- name: is_open
SELECT 1 FROM member WHERE id = :member AND ended = '' AND state <> 'ended';

-- name: add_beside!
INSERT INTO service (member, category, position, beside, since, made_at, made_by)
VALUES (:member, :category, :position, 1, :since, :now, :by);

-- name: show!
-- The member's own row says the post held today.
UPDATE member SET category = :category, position = :position WHERE id = :member;

-- name: begun
-- Posts held on a day that the member's own row does not say.  Only those written down before they began can
-- be such: the others were shown at once.
SELECT s.member, s.category, s.position FROM service AS s JOIN member AS m ON m.id = s.member
WHERE s.beside = 0 AND s.since >= substr(s.made_at, 1, 10) AND s.since <= :today
    AND (s.until IS NULL OR s.until >= :today) AND (s.category <> m.category OR s.position <> m.position)
ORDER BY s.since;

-- name: set_term!
-- The post held now, or the one that follows.
UPDATE service SET term_end = :term_end WHERE member = :member AND beside = 0 AND until IS NULL
    AND term_end <> :term_end AND EXISTS (SELECT 1 FROM member AS m WHERE m.id = :member AND m.ended = '');

-- name: terms
-- Open posts whose term ends between two days, with who holds them.
SELECT v.code AS village, v.district, s.member, m.name, s.position, s.term_end
FROM service AS s JOIN member AS m ON m.id = s.member JOIN village AS v ON v.code = m.village
WHERE s.until IS NULL AND s.term_end <> '' AND s.term_end BETWEEN :first AND :last AND m.ended = ''
    AND m.state IN ('submitted', 'active') AND v.district = :district
ORDER BY v.code, s.term_end, s.member;

-- name: fixed
-- The latest month of each segment whose bill is not reckoned again.
SELECT segment, MAX(month) AS month FROM bill WHERE village = :village AND (fixed_at <> '' OR due < :today)
GROUP BY segment;
