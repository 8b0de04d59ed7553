-- name: members
-- Whose membership ended before a day, and whose data are still there.
SELECT id FROM member WHERE state = 'ended' AND ended <> '' AND ended < :before AND nik_index <> x'';

-- name: blank_member!
-- The row stays: bills, and the numbers of who was insured, rest on it.
UPDATE member SET name = :name, nik = :nik, nik_index = x'', details = :details WHERE id = :id;

-- name: blank_wages!
UPDATE service SET wage = NULL WHERE member = :id;

-- name: drop_digests!
DELETE FROM sheet_row WHERE member = :id;

-- name: blank_bills!
UPDATE bill SET detail = NULL WHERE detail IS NOT NULL AND due < :before AND fixed_at <> '';

-- name: unlink_payments!
UPDATE payment SET proof = NULL WHERE proof IS NOT NULL AND reported_at < :before;

-- name: drop_proofs!
DELETE FROM proof WHERE payment IN (SELECT id FROM payment WHERE reported_at < :before);

-- name: former
-- Who held an office once, and none since a day.
SELECT person AS id FROM official GROUP BY person
HAVING SUM(until IS NULL) = 0 AND MAX(until) < :before;

-- name: unlink!
DELETE FROM address WHERE person IN (SELECT value FROM json_each(:people));

-- name: blank_person!
UPDATE person SET name = :name, focus = '', notice_at = '', muted_at = ''
WHERE id IN (SELECT value FROM json_each(:people)) AND name <> :name;

-- name: blank_invitations!
UPDATE invitation SET name = '' WHERE name <> ''
    AND (used_by IN (SELECT value FROM json_each(:people)) OR person IN (SELECT value FROM json_each(:people)));

-- name: old_broadcasts
SELECT id, body FROM broadcast WHERE ended_at <> '' AND ended_at < :before;

-- name: blank_broadcast!
UPDATE broadcast SET body = :body WHERE id = :id;

-- name: old_projects
SELECT id, named FROM project WHERE ends < :before;

-- name: blank_project!
UPDATE project SET named = :named WHERE id = :id;

-- name: drop_project_proofs!
DELETE FROM project_proof WHERE at < :before;

-- name: forget_plans!
DELETE FROM plan WHERE at < :before;

-- name: addresses
SELECT channel, user, chat FROM address WHERE person = :person;

-- name: blank_inbox!
-- What they wrote, handled already; the event that is being handled keeps its own.
UPDATE inbox SET body = NULL WHERE conversation = :conversation AND state IN ('done', 'quarantined');

-- name: blank_outbox!
-- What was said to them; what has not left does not leave.
UPDATE outbox SET body = x'' WHERE channel = :channel AND chat = :chat
    AND status NOT IN ('ready', 'sending', 'held');

-- name: cancel_outbox!
UPDATE outbox SET status = 'cancelled', ended_at = :now, error = 'erased', body = x''
WHERE channel = :channel AND chat = :chat AND status IN ('ready', 'held');

-- name: drop_prompts!
DELETE FROM prompt WHERE person = :person;

-- name: drop_drafts!
DELETE FROM draft WHERE person = :person;

-- name: drop_jobs!
DELETE FROM job WHERE conversation = :conversation AND state IN ('done', 'failed');

-- name: drop_requests!
DELETE FROM request WHERE (channel = :channel AND user = :user) OR person = :person;

-- name: drop_visitor!
DELETE FROM visitor WHERE channel = :channel AND user = :user;

-- name: drop_guess!
DELETE FROM guess WHERE scope = :scope;

-- name: drop_window!
DELETE FROM chat_window WHERE channel = :channel AND chat = :chat;

-- name: blank_recipient!
UPDATE recipient SET channel = '', chat = '' WHERE person = :person;

-- name: end_offices!
UPDATE official SET until = :last WHERE person = :person AND (until IS NULL OR until > :last);

-- name: drop_pin!
DELETE FROM pin WHERE person IN (SELECT value FROM json_each(:people));

-- name: thaw!
DELETE FROM frozen WHERE person IN (SELECT value FROM json_each(:people));
