-- What did not arrive is looked for at each tick: by when it ended.
CREATE INDEX outbox_failed ON outbox (ended_at) WHERE status = 'failed';
