-- 0002-record: what clients have sent so far, marks of a journal, and where its fold may begin.

-- One row for each client of an assessment: batches sent twice are known by last_seq.
CREATE TABLE client (
	organization_id TEXT NOT NULL REFERENCES organization (id),
	assessment_id TEXT NOT NULL REFERENCES assessment (id),
	id TEXT NOT NULL,
	last_seq INTEGER NOT NULL,
	PRIMARY KEY (assessment_id, id)
) STRICT;

-- What the clients of an assessment may send at once: a token bucket, in thousandths of an event,
-- as it was at `updated`.
CREATE TABLE ingest_rate (
	organization_id TEXT NOT NULL REFERENCES organization (id),
	assessment_id TEXT NOT NULL PRIMARY KEY REFERENCES assessment (id),
	tokens INTEGER NOT NULL,
	updated INTEGER NOT NULL
) STRICT;

-- The few events that a person jumps to, among the many. A list of kinds would be made anew for each
-- event that is added; a query must say it in the same words.
CREATE INDEX event_mark ON event (assessment_id, seq)
	WHERE kind <> 'edit' AND kind <> 'cursor' AND kind <> 'terminal_in'
	AND kind <> 'terminal_out';

-- The fold of events 0 to seq, packed: `state` is its SHA-256, by which checkpoint_piece has it. A
-- cache: made again from the events at any time, and worth nothing unless `hash` is that of event
-- seq.
CREATE TABLE checkpoint (
	organization_id TEXT NOT NULL REFERENCES organization (id),
	assessment_id TEXT NOT NULL REFERENCES assessment (id),
	seq INTEGER NOT NULL,
	hash TEXT NOT NULL,
	state BLOB NOT NULL,
	PRIMARY KEY (assessment_id, seq)
) STRICT;

-- States and texts of checkpoints by their SHA-256, once for all checkpoints of an assessment that
-- have them (replay/keyframe.c).
CREATE TABLE checkpoint_piece (
	organization_id TEXT NOT NULL REFERENCES organization (id),
	assessment_id TEXT NOT NULL REFERENCES assessment (id),
	hash BLOB NOT NULL,
	data BLOB NOT NULL,
	PRIMARY KEY (assessment_id, hash)
) STRICT;

-- Public key (base64) of the store that an assessment was imported from: its journal was signed
-- there, and nothing is added to it here. '' for an assessment of this store.
ALTER TABLE assessment ADD COLUMN signer TEXT NOT NULL DEFAULT '';
