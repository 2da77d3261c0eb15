-- 0005-review: what people say about a submission, and figures of score runs for lists.

-- One row for each thing that a reviewer did; rows are only ever added. kind: 'override' (subject:
-- CATEGORY.SUBITEM, or '' for the whole score; value in hundredths, NULL takes an earlier one back;
-- text: why), 'note' (text), 'release' (value: the score run; subject: what the candidate sees;
-- text: a message), 'withdraw' (text: why). signature: base64, by the store's key, over the row and
-- the signature before it (store/review_row.h).
CREATE TABLE review (
	organization_id TEXT NOT NULL REFERENCES organization (id),
	assessment_id TEXT NOT NULL REFERENCES assessment (id),
	number INTEGER NOT NULL,
	created INTEGER NOT NULL,
	who TEXT NOT NULL,
	kind TEXT NOT NULL,
	subject TEXT NOT NULL,
	value INTEGER,
	text TEXT NOT NULL,
	signature TEXT NOT NULL,
	PRIMARY KEY (assessment_id, number)
) STRICT;

-- Drawn from `result` when it is stored: the score and the grade in hundredths. NULL and '' where
-- there is no score, and in score runs of older versions.
ALTER TABLE score_run ADD COLUMN value INTEGER;
ALTER TABLE score_run ADD COLUMN level TEXT NOT NULL DEFAULT '';
ALTER TABLE score_run ADD COLUMN grade INTEGER;
