-- A report that somebody left half written is looked for at every tick of the clock.
CREATE INDEX draft_resting ON draft (form, updated_at);
