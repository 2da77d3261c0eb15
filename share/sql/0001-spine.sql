-- 0001-spine: candidates, tasks, assessments, their journal, jobs and score runs.
-- Times are milliseconds since the epoch (UTC), 0 where there is none yet. Ids are 16 characters of rand_id.
-- Trees and commits are git ids in hex. Truth: all but score_run, which can be made again.

CREATE TABLE organization (
	id TEXT NOT NULL PRIMARY KEY,
	name TEXT NOT NULL,
	created INTEGER NOT NULL
) STRICT;

CREATE TABLE candidate (
	id TEXT NOT NULL PRIMARY KEY,
	organization_id TEXT NOT NULL REFERENCES organization (id),
	email TEXT NOT NULL,
	name TEXT NOT NULL,
	notes TEXT NOT NULL,
	created INTEGER NOT NULL,
	deleted INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX candidate_email ON candidate (organization_id, email);

CREATE TABLE task (
	id TEXT NOT NULL PRIMARY KEY,
	organization_id TEXT NOT NULL REFERENCES organization (id),
	name TEXT NOT NULL,
	version TEXT NOT NULL,
	visibility TEXT NOT NULL,
	template TEXT NOT NULL,
	archived INTEGER NOT NULL,
	created INTEGER NOT NULL,
	updated INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX task_name ON task (organization_id, name);

CREATE TABLE task_version (
	organization_id TEXT NOT NULL REFERENCES organization (id),
	task_id TEXT NOT NULL REFERENCES task (id),
	version TEXT NOT NULL,
	start_tree TEXT NOT NULL,
	manifest TEXT NOT NULL,
	proof TEXT NOT NULL,
	created INTEGER NOT NULL,
	PRIMARY KEY (task_id, version)
) STRICT;

CREATE TABLE assessment (
	id TEXT NOT NULL PRIMARY KEY,
	organization_id TEXT NOT NULL REFERENCES organization (id),
	candidate_id TEXT NOT NULL REFERENCES candidate (id),
	task_id TEXT NOT NULL REFERENCES task (id),
	task_version TEXT NOT NULL,
	kind TEXT NOT NULL,
	round INTEGER NOT NULL,
	attempt INTEGER NOT NULL,
	status TEXT NOT NULL,
	created INTEGER NOT NULL,
	not_before INTEGER NOT NULL,
	expires INTEGER NOT NULL,
	duration_ms INTEGER NOT NULL,
	extra_ms INTEGER NOT NULL,
	started INTEGER NOT NULL,
	deadline INTEGER NOT NULL,
	submitted INTEGER NOT NULL,
	commit_id TEXT NOT NULL,
	secret_id TEXT NOT NULL,
	rotation INTEGER NOT NULL,
	link_hash TEXT,
	passcode_hash TEXT,
	code_hash TEXT NOT NULL,
	instructions TEXT NOT NULL,
	message TEXT NOT NULL,
	reason TEXT NOT NULL,
	FOREIGN KEY (task_id, task_version) REFERENCES task_version (task_id, version)
) STRICT;
CREATE UNIQUE INDEX assessment_round ON assessment
	(organization_id, task_id, candidate_id, round, attempt);
CREATE UNIQUE INDEX assessment_link ON assessment (link_hash);
CREATE UNIQUE INDEX assessment_passcode ON assessment (passcode_hash);
CREATE INDEX assessment_created ON assessment (organization_id, created);
CREATE INDEX assessment_candidate ON assessment (candidate_id, created);
CREATE INDEX assessment_status ON assessment (organization_id, status, created);
CREATE INDEX assessment_deadline ON assessment (status, deadline);
CREATE INDEX assessment_expires ON assessment (status, expires);

-- The journal: see tali-journal(5). data is canonical JSON.
CREATE TABLE event (
	organization_id TEXT NOT NULL REFERENCES organization (id),
	assessment_id TEXT NOT NULL REFERENCES assessment (id),
	seq INTEGER NOT NULL,
	time INTEGER NOT NULL,
	client_seq INTEGER,
	client_time INTEGER,
	actor TEXT NOT NULL,
	kind TEXT NOT NULL,
	data TEXT NOT NULL,
	hash TEXT NOT NULL,
	PRIMARY KEY (assessment_id, seq)
) STRICT;

-- Big payloads of events, once per content.
CREATE TABLE blob (
	organization_id TEXT NOT NULL REFERENCES organization (id),
	hash TEXT NOT NULL,
	data BLOB NOT NULL,
	PRIMARY KEY (organization_id, hash)
) STRICT;

CREATE TABLE job (
	id TEXT NOT NULL PRIMARY KEY,
	organization_id TEXT NOT NULL REFERENCES organization (id),
	assessment_id TEXT NOT NULL REFERENCES assessment (id),
	kind TEXT NOT NULL,
	state TEXT NOT NULL,
	owner TEXT NOT NULL,
	attempts INTEGER NOT NULL,
	log TEXT NOT NULL,
	created INTEGER NOT NULL,
	updated INTEGER NOT NULL
) STRICT;
CREATE INDEX job_open ON job (state, created);
CREATE INDEX job_assessment ON job (assessment_id, created);

CREATE TABLE score_run (
	organization_id TEXT NOT NULL REFERENCES organization (id),
	assessment_id TEXT NOT NULL REFERENCES assessment (id),
	number INTEGER NOT NULL,
	created INTEGER NOT NULL,
	task_version TEXT NOT NULL,
	digest TEXT NOT NULL,
	result TEXT NOT NULL,
	measured TEXT NOT NULL,
	PRIMARY KEY (assessment_id, number)
) STRICT;

-- Wrong passcodes and access codes by where they came from.
CREATE TABLE throttle (
	organization_id TEXT NOT NULL REFERENCES organization (id),
	source TEXT NOT NULL,
	failures INTEGER NOT NULL,
	last INTEGER NOT NULL,
	until INTEGER NOT NULL,
	PRIMARY KEY (organization_id, source)
) STRICT;
