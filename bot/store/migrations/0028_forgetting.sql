-- What is dropped each night is found without reading all that is kept.
CREATE INDEX outbox_over ON outbox (ended_at) WHERE about = '' AND status NOT IN ('ready', 'sending');
CREATE INDEX outbox_evidence ON outbox (ended_at)
WHERE about <> '' AND body <> x'' AND status NOT IN ('ready', 'sending');
