-- Ends of the process with a job in hand: not the job's own failures, and not counted among its tries.
ALTER TABLE job ADD COLUMN ends INTEGER NOT NULL DEFAULT 0;
