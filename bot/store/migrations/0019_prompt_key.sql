-- The key of the message that asks: who has not read it answers nothing by it.
ALTER TABLE prompt ADD COLUMN key TEXT NOT NULL DEFAULT '';
CREATE INDEX prompt_key ON prompt (key) WHERE key <> '';
