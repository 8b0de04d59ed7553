-- name: save!
INSERT INTO draft (person, village, form, active, body, updated_at)
VALUES (:person, :village, :form, :active, :body, :now)
ON CONFLICT (person, village, form) DO UPDATE SET active = excluded.active, body = excluded.body,
    updated_at = excluded.updated_at;

-- name: of
-- The person's drafts that are young enough, the one being filled in first.
SELECT village, body, active, updated_at FROM draft WHERE person = :person AND updated_at > :fresh
ORDER BY active DESC, updated_at DESC;

-- name: left
-- What others of the village left half filled in; whoever touched it a moment ago is still at it.
SELECT d.person, p.name, d.body, d.active, d.updated_at FROM draft AS d JOIN person AS p ON p.id = d.person
WHERE d.village = :village AND d.form = :form AND d.person <> :person AND d.updated_at > :fresh
    AND (d.active = 0 OR d.updated_at < :idle)
ORDER BY d.updated_at DESC, d.person;

-- name: resting
-- What was left alone at a moment between these two.
SELECT person, village, form, updated_at FROM draft
WHERE form IN (SELECT value FROM json_each(:forms)) AND updated_at > :since AND updated_at <= :until
ORDER BY updated_at, person;

-- name: rest!
UPDATE draft SET active = 0 WHERE person = :person AND active = 1;

-- name: drop!
DELETE FROM draft WHERE person = :person AND village = :village AND form = :form;

-- name: forget!
DELETE FROM draft WHERE updated_at < :before;
