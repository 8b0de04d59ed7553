-- name: people
-- How many people of a village are registered, by category and state; nobody by name.
SELECT category, state, COUNT(*) AS n FROM member WHERE village = :village AND state <> 'ended'
GROUP BY category, state;

-- name: first_joined
SELECT MIN(joined) AS day FROM member WHERE village = :village;

-- name: officials
-- Who holds an office in a village, a row for each address; those never linked have none.
SELECT p.id, p.name, o.role, a.reachable, a.seen_at, a.channel, w.until
FROM official AS o JOIN person AS p ON p.id = o.person
LEFT JOIN address AS a ON a.person = p.id LEFT JOIN chat_window AS w ON w.channel = a.channel AND w.chat = a.chat
WHERE o.village = :village AND (o.until IS NULL OR o.until >= :today) ORDER BY p.id, a.seen_at;

-- name: access
-- Who holds an office of a village, or where none is named of the district itself, and when they last wrote.
SELECT p.name, o.role, o.subdistrict, f.person IS NOT NULL AS frozen,
    (SELECT MAX(a.seen_at) FROM address AS a WHERE a.person = p.id) AS seen_at
FROM official AS o JOIN person AS p ON p.id = o.person LEFT JOIN frozen AS f ON f.person = p.id
WHERE o.district = :district AND o.village IS NULLIF(:village, '') AND (o.until IS NULL OR o.until >= :today)
ORDER BY p.name, o.id;

-- name: late_sums
-- What is left to pay of the open bills past their due date, by village, and of how many the sum is not known.
SELECT village, SUM(COALESCE(given, ours, 0) - paid) AS rupiah,
    SUM(CASE WHEN COALESCE(given, ours) IS NULL THEN 1 ELSE 0 END) AS unknown
FROM bill WHERE district = :district AND settled = 0 AND due < :today GROUP BY village;

-- name: reported_of
-- The villages of a district with something to pay for a month (and a segment, if named), and whether all of it is reported.
SELECT village, MIN(settled) AS settled FROM bill
WHERE district = :district AND month = :month AND (:segment = '' OR segment = :segment) AND (COALESCE(given, ours, 1) > 0 OR paid > 0) GROUP BY village;

-- name: reminded
-- The villages of a district to which a reminder was written for a day: by the clock on it, or by hand for it.
SELECT DISTINCT p.village FROM plan AS p JOIN village AS v ON v.code = p.village
WHERE v.district = :district AND p.outcome = 'queued' AND (
    (p.kind IN ('reminder', 'unregistered') AND p.at >= :since) OR (p.kind = 'asked' AND p.period = :day)
);

-- name: submitted_since
-- Since when somebody of a district waits to be confirmed.
SELECT MIN(m.state_at) AS at FROM member AS m JOIN village AS v ON v.code = m.village
WHERE v.district = :district AND m.state = 'submitted';

-- name: acts
-- The last acts about a village: named as what was acted on, or in what was noted beside it.
SELECT a.at, a.action, a.object, a.details, p.name AS actor FROM audit AS a LEFT JOIN person AS p ON p.id = a.actor
WHERE a.seq IN (
    SELECT seq FROM audit WHERE object IN (:village, :subject)
    UNION SELECT seq FROM audit
    WHERE instr(details, '"village": "') > 0 AND substr(details, instr(details, '"village": "') + 12, 13) = :village
    UNION SELECT seq FROM audit
    WHERE instr(details, '"place": "') > 0 AND substr(details, instr(details, '"place": "') + 10, 13) = :village
)
ORDER BY a.seq DESC LIMIT :count OFFSET :start;

-- name: channels
-- What was noted of each channel.
SELECT name, value FROM meta WHERE name LIKE 'channel:%' ORDER BY name;

-- name: heard
-- When anything came in last.
SELECT received_at AS at FROM inbox WHERE id < (SELECT MAX(id) FROM inbox) ORDER BY id DESC LIMIT 1;

-- name: arriving
SELECT COUNT(*) AS n, MIN(received_at) AS since FROM inbox WHERE state = 'new';

-- name: set_aside
SELECT COUNT(*) AS n FROM inbox WHERE state = 'quarantined' AND received_at >= :since;

-- name: leaving
-- What could leave now; what waits for its hour is not late.
SELECT COUNT(*) AS n, MIN(CASE WHEN not_before > created_at THEN not_before ELSE created_at END) AS since
FROM outbox WHERE status IN ('ready', 'sending') AND not_before <= :now;

-- name: stuck
-- What was not sent, or nobody knows whether it was, since then: each by an index of its own.
SELECT status, template, error, COUNT(*) AS n FROM (
    SELECT status, template, error FROM outbox WHERE status = 'failed' AND ended_at >= :since AND error <> :elsewhere
        AND kind <> 'read'
    UNION ALL SELECT status, template, error FROM outbox WHERE status = 'unknown' AND ended_at >= :since
) GROUP BY status, template, error ORDER BY n DESC, error;
