-- name: add
INSERT INTO sheet_made (village, at, by) VALUES (:village, :now, :by) RETURNING id;

-- name: add_row!
INSERT INTO sheet_row (sheet, member, what, digest) VALUES (:sheet, :member, :what, :digest);

-- name: village
SELECT village FROM sheet_made WHERE id = :sheet;

-- name: enter!
-- A second press finds it entered.
UPDATE sheet_made SET entered_at = :now, entered_by = :by WHERE id = :sheet AND entered_at = '';

-- name: entered
-- What the sheets said that were entered, the latest of them last.
SELECT r.member, r.what, r.digest FROM sheet_row AS r JOIN sheet_made AS s ON s.id = r.sheet
WHERE s.village = :village AND s.entered_at <> '' ORDER BY s.id, r.member, r.what;

-- name: taken
-- How many files with people's data were taken in a district since a moment, and by how many people.
SELECT COUNT(*) AS files, COUNT(DISTINCT actor) AS people FROM audit
WHERE action = 'export' AND at > :since AND object LIKE :places;

-- name: forget!
-- What was never entered, and what a later sheet that was entered says anew.
DELETE FROM sheet_row WHERE sheet IN (SELECT id FROM sheet_made WHERE at < :before) AND (
    sheet IN (SELECT id FROM sheet_made WHERE entered_at = '')
    OR EXISTS (SELECT 1 FROM sheet_row AS later JOIN sheet_made AS made ON made.id = later.sheet
        WHERE later.member = sheet_row.member AND later.what = sheet_row.what AND later.sheet > sheet_row.sheet
            AND made.entered_at <> ''));
