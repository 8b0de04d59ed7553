-- name: niks
SELECT id, nik AS value FROM member;

-- name: set_nik_index!
UPDATE member SET nik_index = :found WHERE id = :id;

-- name: projects
SELECT id, body AS value FROM project;

-- name: set_name_index!
UPDATE project SET name_index = :found WHERE id = :id;

-- name: digests
SELECT rowid AS id, digest AS value FROM sheet_row;

-- name: digest
SELECT member, what FROM sheet_row WHERE rowid = :id;

-- name: set_digest!
UPDATE sheet_row SET digest = :found WHERE rowid = :id;

-- name: end_codes!
UPDATE invitation SET expires_at = :now WHERE used_at = '' AND expires_at > :now;
