-- What is made once, however often a button is pressed; what failed may be asked for again.
ALTER TABLE job ADD COLUMN key TEXT;
CREATE UNIQUE INDEX job_key ON job (key) WHERE state <> 'failed';
