-- What the district's office needs in its groups.

-- A camat sees one kecamatan: the first three parts of its villages' codes, as in 64.02.01.
ALTER TABLE official ADD COLUMN subdistrict TEXT NOT NULL DEFAULT '';
ALTER TABLE invitation ADD COLUMN subdistrict TEXT NOT NULL DEFAULT '';

-- The topic in which the group was tied: what the bot says by itself is said there.
ALTER TABLE room ADD COLUMN thread TEXT NOT NULL DEFAULT '';

-- Who answered: a colleague who presses later is told.
ALTER TABLE prompt ADD COLUMN used_by INTEGER;

-- What a message is evidence of, as in "64.02.01.2001:2026-10": such rows outlive their text.
ALTER TABLE outbox ADD COLUMN about TEXT NOT NULL DEFAULT '';
ALTER TABLE outbox ADD COLUMN person INTEGER;
ALTER TABLE outbox ADD COLUMN delivered_at TEXT NOT NULL DEFAULT '';
ALTER TABLE outbox ADD COLUMN read_at TEXT NOT NULL DEFAULT '';
CREATE INDEX outbox_about ON outbox (about) WHERE about <> '';
-- Which card of a group somebody replies to.
CREATE INDEX outbox_message ON outbox (channel, chat, platform_id) WHERE public = 1 AND platform_id <> '';

-- Files made for a group: pictures and tables without personal data.
ALTER TABLE file ADD COLUMN public INTEGER NOT NULL DEFAULT 0;
ALTER TABLE file ADD COLUMN keep_until TEXT NOT NULL DEFAULT '';
