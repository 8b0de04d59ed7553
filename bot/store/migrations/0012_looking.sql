-- What is looked at again and again is found without reading everything.

-- A question that went on while its card was still on its way; and how often a card was edited.
ALTER TABLE question_card ADD COLUMN behind INTEGER NOT NULL DEFAULT 0;
ALTER TABLE question_card ADD COLUMN edits INTEGER NOT NULL DEFAULT 0;
CREATE INDEX question_card_behind ON question_card (question) WHERE behind = 1;

-- When a board was posted in place of one that was gone.
ALTER TABLE board ADD COLUMN anew TEXT NOT NULL DEFAULT '';

CREATE INDEX room_district ON room (district) WHERE left_at = '';

-- How the villages of a district stood when they were counted last; gone as soon as one of them stands otherwise.
CREATE TABLE counted (
    district TEXT PRIMARY KEY,
    day TEXT NOT NULL,
    month TEXT NOT NULL,
    body TEXT NOT NULL                  -- JSON: kecamatan, standing, number of villages
);
CREATE INDEX bill_month ON bill (district, month, village);
DROP INDEX payment_waiting;
CREATE INDEX payment_waiting ON payment (village) WHERE state = 'reported';
CREATE TRIGGER counted_bill AFTER INSERT ON bill
BEGIN DELETE FROM counted WHERE district = NEW.district; END;
CREATE TRIGGER counted_bill_anew AFTER UPDATE ON bill
BEGIN DELETE FROM counted WHERE district = NEW.district; END;
CREATE TRIGGER counted_bill_gone AFTER DELETE ON bill
BEGIN DELETE FROM counted WHERE district = OLD.district; END;
CREATE TRIGGER counted_payment AFTER INSERT ON payment
BEGIN DELETE FROM counted WHERE district = (SELECT district FROM village WHERE code = NEW.village); END;
CREATE TRIGGER counted_payment_anew AFTER UPDATE OF state ON payment
BEGIN DELETE FROM counted WHERE district = (SELECT district FROM village WHERE code = NEW.village); END;
CREATE TRIGGER counted_member AFTER INSERT ON member
BEGIN DELETE FROM counted WHERE district = (SELECT district FROM village WHERE code = NEW.village); END;
CREATE TRIGGER counted_member_anew AFTER UPDATE OF state ON member
BEGIN DELETE FROM counted WHERE district = (SELECT district FROM village WHERE code = NEW.village); END;
CREATE TRIGGER counted_employer AFTER INSERT ON employer
BEGIN DELETE FROM counted WHERE district = (SELECT district FROM village WHERE code = NEW.village); END;
CREATE TRIGGER counted_employer_anew AFTER UPDATE ON employer
BEGIN DELETE FROM counted WHERE district = (SELECT district FROM village WHERE code = NEW.village); END;
CREATE TRIGGER counted_village AFTER INSERT ON village
BEGIN DELETE FROM counted WHERE district = NEW.district; END;
CREATE TRIGGER counted_village_anew AFTER UPDATE ON village
BEGIN DELETE FROM counted WHERE district IN (OLD.district, NEW.district); END;

-- What villages report is read by when it came; a card is looked at again once something on it changed.
CREATE INDEX payment_came ON payment (reported_at) WHERE state = 'reported';
CREATE INDEX member_came ON member (state_at) WHERE state = 'submitted';
CREATE INDEX ending_came ON ending (at);
CREATE INDEX ending_open ON ending (village) WHERE state = '';
ALTER TABLE card ADD COLUMN changed INTEGER NOT NULL DEFAULT 1;
DROP INDEX card_open;
CREATE INDEX card_changed ON card (channel, chat) WHERE changed = 1 AND closed = 0;
CREATE INDEX card_village ON card (channel, chat, village, at);
CREATE INDEX card_made ON card (channel, chat, at);
CREATE TRIGGER card_payment AFTER UPDATE ON payment BEGIN
    UPDATE card SET changed = 1 WHERE id IN (SELECT card FROM card_item WHERE kind = 'payment' AND item = NEW.id);
END;
CREATE TRIGGER card_member AFTER UPDATE ON member BEGIN
    UPDATE card SET changed = 1 WHERE id IN (SELECT card FROM card_item WHERE kind = 'member' AND item = NEW.id);
END;
CREATE TRIGGER card_ending AFTER UPDATE ON ending BEGIN
    UPDATE card SET changed = 1 WHERE id IN (SELECT card FROM card_item WHERE kind = 'ending' AND item = NEW.member);
END;
