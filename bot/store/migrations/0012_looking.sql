-- What is looked at again and again is found without reading everything.

-- A question that went on while its card was still on its way; and how often a card was edited.
ALTER TABLE question_card ADD COLUMN behind INTEGER NOT NULL DEFAULT 0;
ALTER TABLE question_card ADD COLUMN edits INTEGER NOT NULL DEFAULT 0;
CREATE INDEX question_card_behind ON question_card (question) WHERE behind = 1;

-- When a board was posted in place of one that was gone.
ALTER TABLE board ADD COLUMN anew TEXT NOT NULL DEFAULT '';
