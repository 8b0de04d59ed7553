-- name: niks
SELECT id, nik FROM member;

-- name: set_nik_index!
UPDATE member SET nik_index = :nik_index WHERE id = :id;

-- name: end_codes!
-- Their blind indexes cannot be made anew: nobody but who holds a code knows it.
UPDATE invitation SET expires_at = :now WHERE used_at = '' AND expires_at > :now;

-- name: tables
SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%' ORDER BY name;

-- name: texts
SELECT name FROM pragma_table_info(:table) WHERE type = 'TEXT';
