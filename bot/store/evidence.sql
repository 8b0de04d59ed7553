-- name: messages
-- What was written about a village for some months: marked as evidence, or a reminder by its key.
SELECT m.key, m.template, m.channel, p.name AS person, m.status, m.error, m.created_at, m.ended_at,
    m.delivered_at, m.read_at, m.stencil
FROM outbox AS m LEFT JOIN person AS p ON p.id = m.person
WHERE m.kind = 'text' AND m.id IN (
    SELECT id FROM outbox
    WHERE about <> '' AND about >= :village || ':' || :first AND about <= :village || ':' || :last
    UNION
    SELECT id FROM outbox
    WHERE key >= 'reminder:PU:' || :village || ':' || :first || ':'
        AND key < 'reminder:PU:' || :village || ':' || :last || ';'
    UNION
    SELECT id FROM outbox
    WHERE key >= 'reminder:BPU:' || :village || ':' || :first || ':'
        AND key < 'reminder:BPU:' || :village || ':' || :last || ';'
    UNION
    SELECT id FROM outbox
    WHERE key >= 'unregistered::' || :village || ':' || :first || ':'
        AND key < 'unregistered::' || :village || ':' || :last || ';'
)
ORDER BY m.id;

-- name: plans
-- What was planned, also what was not sent and why.
SELECT p.kind, p.subject, p.village, p.period, p.stage, p.person, who.name, p.at, p.outcome
FROM plan AS p LEFT JOIN person AS who ON who.id = p.person
WHERE p.kind = 'reminder' AND p.subject IN ('PU', 'BPU') AND p.village = :village
    AND p.period >= :first AND p.period <= :last
UNION ALL
SELECT p.kind, p.subject, p.village, p.period, p.stage, p.person, who.name, p.at, p.outcome
FROM plan AS p LEFT JOIN person AS who ON who.id = p.person
WHERE p.kind = 'unregistered' AND p.subject = '' AND p.village = :village
    AND p.period >= :first AND p.period <= :last
ORDER BY at;

-- name: acts
-- What was done about a village, with its place in the chain.
SELECT a.seq, a.at, p.name AS actor, a.action, a.details, a.hash
FROM audit AS a LEFT JOIN person AS p ON p.id = a.actor WHERE a.object = :object ORDER BY a.seq;

-- name: head
SELECT seq, hash FROM audit ORDER BY seq DESC LIMIT 1;
