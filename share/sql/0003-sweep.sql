-- 0003-sweep: `tali score --all`, so that one that was interrupted goes on.

-- version: the task version that was asked for; empty: each assessment's own. owner: the process
-- that works on it. finished: when every submission had its turn, or 0.
CREATE TABLE score_sweep (
	id TEXT NOT NULL PRIMARY KEY,
	organization_id TEXT NOT NULL REFERENCES organization (id),
	task_id TEXT NOT NULL REFERENCES task (id),
	version TEXT NOT NULL,
	tali TEXT NOT NULL,
	owner TEXT NOT NULL,
	begun INTEGER NOT NULL,
	finished INTEGER NOT NULL
) STRICT;
CREATE INDEX score_sweep_task ON score_sweep (organization_id, task_id, begun);

-- The sweep that made the run; NULL: it was made alone.
ALTER TABLE score_run ADD COLUMN sweep TEXT REFERENCES score_sweep (id);
