-- name: older
-- The oldest open month before this one, of the villages that have one.
SELECT village, MIN(month) AS month FROM bill
WHERE district = :district AND segment = :segment AND settled = 0 AND month < :month GROUP BY village;

-- name: around
-- The villages of a district whose bill of a month is open: their name, who pays, what was answered, and who
-- serves there and can be written to, a row for each address.
SELECT b.village, v.name AS place, v.subdistrict, CASE WHEN EXISTS (
        SELECT 1 FROM fostered AS g JOIN fostering AS f ON f.id = g.fostering
        WHERE g.village = b.village AND f.whole = 1 AND f.since <= :today AND f.until >= :today
    ) THEN 'company' ELSE COALESCE(e.payer, 'village') END AS payer,
    i.at AS answered_at, i.pay_on, a.person, p.name, o.role, a.channel, a.chat, a.seen_at
FROM bill AS b JOIN village AS v ON v.code = b.village
LEFT JOIN employer AS e ON e.village = b.village
LEFT JOIN intention AS i ON i.village = b.village AND i.month = b.month AND i.segment = b.segment
LEFT JOIN official AS o ON o.village = b.village AND (o.until IS NULL OR o.until >= :today)
LEFT JOIN address AS a ON a.person = o.person AND a.reachable = 1
LEFT JOIN person AS p ON p.id = a.person
WHERE b.district = :district AND b.month = :month AND b.segment = :segment AND b.settled = 0;

-- name: named
-- Whether somebody named a day for a bill of the district that is still open.
SELECT 1 FROM bill AS b JOIN intention AS i ON i.village = b.village AND i.month = b.month AND i.segment = b.segment
WHERE b.district = :district AND b.month = :month AND b.segment = :segment AND b.settled = 0 AND i.pay_on <> ''
LIMIT 1;

-- name: planned
-- What was planned before of the open bills of a month.  CROSS: from the few bills to their plans, never from
-- all that was ever planned.
SELECT p.village, p.stage FROM bill AS b CROSS JOIN plan AS p
    ON p.kind = 'reminder' AND p.subject = b.segment AND p.village = b.village AND p.period = b.month
WHERE b.district = :district AND b.month = :month AND b.segment = :segment AND b.settled = 0;

-- name: write!
INSERT INTO plan (kind, subject, village, period, stage, person, at, outcome)
VALUES (:kind, :subject, :village, :period, :stage, :person, :at, :outcome)
ON CONFLICT (kind, subject, village, period, stage, person) DO NOTHING;

-- name: unregistered
-- Villages of which nobody is registered and somebody can be written to, a row for each address.
SELECT v.code AS village, v.name AS place, v.subdistrict, o.person, p.name, o.role, a.channel, a.chat, a.seen_at
FROM village AS v JOIN official AS o ON o.village = v.code AND (o.until IS NULL OR o.until >= :today)
JOIN person AS p ON p.id = o.person JOIN address AS a ON a.person = o.person AND a.reachable = 1
WHERE v.district = :district
    AND NOT EXISTS (SELECT 1 FROM employer AS e WHERE e.village = v.code AND e.since <> '')
    AND NOT EXISTS (SELECT 1 FROM member AS m WHERE m.village = v.code AND m.state <> 'ended');

-- name: registered
SELECT EXISTS (SELECT 1 FROM employer WHERE village = :village AND since <> '')
    OR EXISTS (SELECT 1 FROM member WHERE village = :village AND state <> 'ended') AS found;

-- name: waiting
-- How many reports of a district were there before then and nobody has looked at.
SELECT COUNT(*) AS n FROM payment AS p JOIN village AS v ON v.code = p.village
WHERE p.state = 'reported' AND v.district = :district AND p.reported_at < :before;

-- name: checkers
-- Who looks at reports, a row for each address, latest used first.
SELECT p.id, p.name, o.role, a.channel, a.chat
FROM official AS o JOIN person AS p ON p.id = o.person JOIN address AS a ON a.person = p.id
WHERE o.district = :district AND o.village IS NULL AND o.role IN ('admin', 'operator', 'bpjs')
    AND (o.until IS NULL OR o.until >= :today) AND a.reachable = 1
ORDER BY a.seen_at DESC;

-- name: asked
-- The reminders by hand of a day that arrived, or still may, with what they were about.
SELECT m.reason FROM plan AS p JOIN outbox AS m
    ON m.key = p.kind || ':' || p.subject || ':' || p.village || ':' || p.period || ':' || p.stage || ':' || p.person
WHERE p.kind = :kind AND p.subject = '' AND p.village > :district || '.' AND p.village < :district || '/'
    AND p.period = :day AND m.status IN ('ready', 'sending', 'sent');

-- name: unreached
-- Villages with an open bill that fell due, or does so by then, which no reminder of it reached, by the clock
-- or by hand; and what
-- stood in the way.  A village for which the district, or a company, pays is not called.
SELECT b.village, v.name AS place, v.subdistrict, b.segment, b.month, b.due,
    EXISTS (SELECT 1 FROM official AS o JOIN address AS a ON a.person = o.person
        WHERE o.village = b.village AND (o.until IS NULL OR o.until >= :today)) AS linked,
    EXISTS (SELECT 1 FROM official AS o JOIN address AS a ON a.person = o.person AND a.reachable = 1
        WHERE o.village = b.village AND (o.until IS NULL OR o.until >= :today)) AS reachable,
    EXISTS (SELECT 1 FROM plan AS p WHERE p.kind = 'reminder' AND p.subject = b.segment AND p.village = b.village
        AND p.period = b.month) AS planned,
    EXISTS (SELECT 1 FROM plan AS p WHERE p.kind = 'reminder' AND p.subject = b.segment AND p.village = b.village
        AND p.period = b.month AND p.outcome = 'queued') AS queued,
    EXISTS (SELECT 1 FROM outbox AS m
        WHERE m.key >= 'reminder:' || b.segment || ':' || b.village || ':' || b.month || ':'
            AND m.key < 'reminder:' || b.segment || ':' || b.village || ':' || b.month || ';'
            AND m.status IN ('failed', 'expired', 'unknown')) AS failed,
    EXISTS (SELECT 1 FROM outbox AS m
        WHERE m.key >= 'reminder:' || b.segment || ':' || b.village || ':' || b.month || ':'
            AND m.key < 'reminder:' || b.segment || ':' || b.village || ':' || b.month || ';'
            AND (m.status = 'held' OR m.status = 'expired' AND m.error = :silent)) AS held
FROM bill AS b JOIN village AS v ON v.code = b.village LEFT JOIN employer AS e ON e.village = b.village
WHERE b.district = :district AND b.settled = 0 AND b.due <= :by AND COALESCE(e.payer, 'village') = 'village'
    AND NOT EXISTS (
        SELECT 1 FROM fostered AS g JOIN fostering AS f ON f.id = g.fostering
        WHERE g.village = b.village AND f.whole = 1 AND f.since <= :today AND f.until >= :today
    )
    AND NOT EXISTS (
        SELECT 1 FROM outbox AS m
        WHERE m.key >= 'reminder:' || b.segment || ':' || b.village || ':' || b.month || ':'
            AND m.key < 'reminder:' || b.segment || ':' || b.village || ':' || b.month || ';'
            AND m.status IN ('ready', 'sending', 'sent')
    )
    AND NOT EXISTS (
        SELECT 1 FROM outbox AS m
        WHERE m.about <> '' AND m.about = b.village || ':' || b.month AND m.key >= 'asked:' AND m.key < 'asked;'
            AND m.reason LIKE 'unpaid:' || b.village || ':' || b.segment || ':' || b.month || ':%'
            AND m.status IN ('ready', 'sending', 'sent')
    )
ORDER BY v.subdistrict, v.name, v.code, b.due;
