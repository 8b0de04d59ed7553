-- What the planner looks for among broadcasts at each tick is found without reading them all.

-- Cards that do not say yet what the others say, because they were not sent: their keys.
ALTER TABLE broadcast ADD COLUMN owed TEXT NOT NULL DEFAULT '';
UPDATE broadcast SET owed = substr(shown, instr(shown, ' ') + 1), shown = substr(shown, 1, instr(shown, ' ') - 1)
WHERE instr(shown, ' ') > 0;
CREATE INDEX broadcast_owed ON broadcast (id) WHERE owed <> '';

CREATE INDEX broadcast_meets ON broadcast (meet_at) WHERE kind = 'meeting';
CREATE INDEX broadcast_ended ON broadcast (ended_at) WHERE ended_at <> '';
