/* score_result.h - one score run as JSON, `tali.score/1` (share/schema/tali.score-1.json)
 *
 * Everything but "run" is the same whenever the same submission is scored again with the same
 * task version. score_session.h adds what the rubric says. */
#ifndef TALI_SCORE_RESULT_H
#define TALI_SCORE_RESULT_H

#include "grade/grade.h"

#include <jansson.h>

struct score_subject {
	const char *assessment_id;	/* NULL without a store */
	const char *task, *task_version;
	const char *tree, *commit;	/* of the submission; commit may be NULL */
};

/* The part that repeats exactly. Yours. */
json_t *score_result_build(const struct score_subject *subject, const struct grade *grade);

/* The whole document: the repeating part and "run": {number, time, measured}. number 0: not
 * recorded. Yours. */
json_t *score_result_document(const json_t *result, int64_t number, int64_t time_ms,
			      const json_t *measured);

#endif
