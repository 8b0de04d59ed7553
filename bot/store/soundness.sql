-- name: overcopied
-- Messages that were risked more often than they may be: an answer three times, all else once (WhatsApp may tell
-- later that it failed, and then it is risked again).
SELECT key FROM outbox
WHERE unknowns > CASE WHEN repeatable = 1 OR kind <> 'text' OR channel = 'whatsapp' THEN :copies ELSE 1 END LIMIT 5;

-- name: stateless
-- Rows in a state that nothing leads out of.
SELECT 'inbox ' || id AS row FROM inbox WHERE state NOT IN ('new', 'taken', 'done', 'quarantined')
UNION ALL
SELECT 'outbox ' || id FROM outbox
WHERE status NOT IN ('ready', 'sending', 'held', 'sent', 'failed', 'expired', 'cancelled', 'unknown')
UNION ALL
SELECT 'job ' || id FROM job WHERE state NOT IN ('ready', 'working', 'done', 'failed')
LIMIT 5;

-- name: messageless
-- Reminders that were planned as messages and have none: they would never leave.
SELECT p.kind || ':' || p.subject || ':' || p.village || ':' || p.period || ':' || p.stage || ':' || p.person AS key
FROM plan AS p
WHERE p.outcome = 'queued' AND p.kind IN ('reminder', 'term', 'unregistered', 'unchecked') AND p.at > :since
    AND NOT EXISTS (
        SELECT 1 FROM outbox AS o WHERE o.key = p.kind || ':' || p.subject || ':' || p.village || ':' || p.period || ':'
            || p.stage || ':' || p.person
    )
LIMIT 5;
