-- name: make!
INSERT INTO invitation (code, role, district, village, subdistrict, name, person, made_by, made_at, expires_at,
    replaces)
VALUES (:code, :role, :district, :village, :subdistrict, :name, :person, :made_by, :now, :expires_at,
    :replaces);

-- name: use
-- Exactly one person wins a code, and only while it lives.
UPDATE invitation SET used_at = :now WHERE code = :code AND used_at = '' AND expires_at > :now
RETURNING id, role, district, village, subdistrict, name, person, replaces, made_by;

-- name: open_in
-- What lets somebody into an office of a district now, the newest first; another address of somebody's own is none.
SELECT id, role, district, village, subdistrict, name, made_by, made_at, expires_at FROM invitation
WHERE district = :district AND used_at = '' AND expires_at > :now AND person IS NULL ORDER BY id DESC;

-- name: by_code
SELECT id FROM invitation WHERE code = :code;

-- name: is_used
SELECT used_at <> '' AS used FROM invitation WHERE id = :id AND district = :district;

-- name: withdraw!
DELETE FROM invitation WHERE id = :id AND used_at = '';

-- name: free!
UPDATE invitation SET used_at = '' WHERE id = :id;

-- name: used_by!
UPDATE invitation SET used_by = :person WHERE id = :id;

-- name: guesses
SELECT count, since FROM guess WHERE scope = :scope;

-- name: guessed!
INSERT INTO guess (scope, count, since) VALUES (:scope, 1, :now)
ON CONFLICT (scope) DO UPDATE SET
    count = CASE WHEN guess.since < :fresh THEN 1 ELSE guess.count + 1 END,
    since = CASE WHEN guess.since < :fresh THEN excluded.since ELSE guess.since END;

-- name: looked
-- One more look at the names of all villages; how many there were within the time.
INSERT INTO guess (scope, count, since) VALUES (:scope, 1, :now)
ON CONFLICT (scope) DO UPDATE SET
    count = CASE WHEN guess.since < :fresh THEN 1 ELSE guess.count + 1 END,
    since = CASE WHEN guess.since < :fresh THEN excluded.since ELSE guess.since END
RETURNING count;

-- name: visit!
INSERT INTO visitor (channel, user, body, first_at, last_at) VALUES (:channel, :user, :body, :now, :now)
ON CONFLICT (channel, user) DO UPDATE SET last_at = excluded.last_at, body = excluded.body;

-- name: last_visit
SELECT last_at FROM visitor WHERE channel = :channel AND user = :user;

-- name: waiting
SELECT body FROM visitor ORDER BY last_at DESC LIMIT :count;

-- name: welcomed!
DELETE FROM visitor WHERE channel = :channel AND user = :user;

-- name: forget_codes!
-- Who took which office stands in the audit chain.
DELETE FROM invitation WHERE expires_at < :before;

-- name: forget_visitors!
DELETE FROM visitor WHERE last_at < :before;

-- name: forget_guesses!
DELETE FROM guess WHERE since < :before;
