-- After years a few rows of many are still open, or still to be dropped: they are found without reading the others.
CREATE INDEX bill_owed ON bill (district, village, month, due, segment, settled) WHERE settled = 0;
CREATE INDEX bill_detail ON bill (due) WHERE detail IS NOT NULL;
CREATE INDEX plan_at ON plan (at);
CREATE INDEX audit_cut ON audit (seq) WHERE action = 'forget_audit';
