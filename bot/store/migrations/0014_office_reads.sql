-- What the office looks at, and what people close, is found by an index and not by reading through.

-- The acts about a village that name it beside what was acted on: by its code, of 13 signs.
CREATE INDEX audit_village ON audit (substr(details, instr(details, '"village": "') + 12, 13))
    WHERE instr(details, '"village": "') > 0;
CREATE INDEX audit_place ON audit (substr(details, instr(details, '"place": "') + 10, 13))
    WHERE instr(details, '"place": "') > 0;

CREATE INDEX outbox_unknown ON outbox (ended_at) WHERE status = 'unknown';
CREATE INDEX inbox_set_aside ON inbox (received_at) WHERE state = 'quarantined';

-- Whose buttons are still open.
CREATE INDEX prompt_person ON prompt (person) WHERE used_at = '';
