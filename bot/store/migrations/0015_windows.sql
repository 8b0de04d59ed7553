-- Platforms that take free text only for a day after a person wrote, and that report what became of it.

-- Until when free text may be written to a chat, and when it was last written to outside that time.
CREATE TABLE chat_window (
    channel TEXT NOT NULL,
    chat TEXT NOT NULL,
    until TEXT NOT NULL DEFAULT '',
    begun_at TEXT NOT NULL DEFAULT '',
    PRIMARY KEY (channel, chat)
);
CREATE INDEX chat_window_begun ON chat_window (channel, begun_at) WHERE begun_at <> '';

-- What a platform reported of a message before we knew that it was ours.
CREATE TABLE receipt (
    channel TEXT NOT NULL,
    message TEXT NOT NULL,
    stage INTEGER NOT NULL,
    error TEXT NOT NULL,                -- of a failure: what it means, without personal data
    at TEXT NOT NULL,
    PRIMARY KEY (channel, message, stage)
);
CREATE INDEX receipt_at ON receipt (at);

-- What was sent instead of the text, outside that time: the name of an approved one.
ALTER TABLE outbox ADD COLUMN stencil TEXT NOT NULL DEFAULT '';
CREATE INDEX outbox_held ON outbox (channel, chat, expires_at) WHERE status = 'held';
CREATE INDEX outbox_held_end ON outbox (expires_at) WHERE status = 'held';
CREATE INDEX outbox_held_since ON outbox (ended_at) WHERE status = 'held';
CREATE INDEX outbox_no_room ON outbox (not_before) WHERE status = 'held' AND error = 'no room';
-- Each channel's own turn: what waits for one must not be looked through for another.
CREATE INDEX outbox_turn ON outbox (channel, lane, id, not_before) WHERE status = 'ready';
DROP INDEX outbox_next;
CREATE INDEX outbox_whatsapp ON outbox (platform_id) WHERE channel = 'whatsapp' AND platform_id <> '';
