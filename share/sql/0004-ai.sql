-- 0004-ai: providers of models.

-- sealed: the key, encrypted (ai/provider_key), empty when there is none. hint: its last characters.
-- models: patterns of the models it is asked for, separated by blanks.
CREATE TABLE provider (
	organization_id TEXT NOT NULL REFERENCES organization (id),
	name TEXT NOT NULL,
	kind TEXT NOT NULL,
	url TEXT NOT NULL,
	sealed BLOB NOT NULL,
	hint TEXT NOT NULL,
	models TEXT NOT NULL,
	created INTEGER NOT NULL,
	PRIMARY KEY (organization_id, name)
) STRICT;
