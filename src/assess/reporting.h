/* reporting.h - all that a report of a scored assessment draws from, as one JSON value
 *
 * The score run says what was found; this adds who and when, what reviewers said, the moments that
 * the score rests on, and what was changed. src/report/ prints it. */
#ifndef TALI_REPORTING_H
#define TALI_REPORTING_H

#include "assess/reviewing.h"
#include "store/assessment.h"

#include <jansson.h>

#define REPORTING_TIMELINE_MOST 400	/* moments, and those that the score cites */
#define REPORTING_CITED_MOST 400
#define REPORTING_CHANGES_LINES 3000	/* lines of all files together */
#define REPORTING_CHANGES_FILES 200
#define REPORTING_LINE_BYTES 400	/* of a line of a file, and of a moment */

struct reporting {
	int64_t run;			/* number of the score run; 0: the newest */
	bool blind;			/* without name and address (report/blind.h) */
	const char *replay;		/* address of the session's replay page, or NULL */
};

/* tali.report/1, for the hiring team; yours. By id or unique prefix. NULL on error: ERR_STATE when
 * it is not scored, ERR_NOT_FOUND (no such score run, too). */
json_t *reporting_build(struct store *store, const char *id, const struct reporting *reporting,
			struct err *err);

/* The part of a tali.report/1 that a comparison needs, of the newest score run: "assessment",
 * "candidate", "task", "session", "score", "overrides", "reviews"; yours. ERR_STATE when it is not
 * scored. */
json_t *reporting_outline(struct store *store, const struct assessment *assessment, bool blind,
			  struct err *err);

/* tali.result/1, what the candidate may see: nothing of the rubric, of hidden tests, or of what
 * reviewers said among themselves; yours. ERR_STATE when nothing is released. */
json_t *reporting_result(struct store *store, const struct assessment *assessment, struct err *err);
/* The same for a release that is not there (yet); run 0: the newest. ERR_STATE when it is not
 * scored. */
json_t *reporting_preview(struct store *store, const struct assessment *assessment,
			  const struct released *released, struct err *err);

#endif
