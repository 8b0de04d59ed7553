-- name: tables
SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%' ORDER BY name;

-- name: texts
SELECT name FROM pragma_table_info(:table) WHERE type = 'TEXT';
