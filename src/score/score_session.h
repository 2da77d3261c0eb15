/* score_session.h - a graded submission, and the journal of how it came about, as the members
 * "score", "work", "code" and "integrity" of tali.score/1
 *
 * The same journal, trees, grade and rubric always give the same members. */
#ifndef TALI_SCORE_SESSION_H
#define TALI_SCORE_SESSION_H

#include "grade/grade.h"
#include "score/judge_card.h"
#include "store/store.h"
#include "workspace/repo.h"

#include <jansson.h>

struct score_session {
	struct store *store;
	const char *assessment_id;	/* NULL: there is no journal (then `store` may be too) */
	struct repo *repo;		/* holds both trees and those of the journal's snapshots */
	const char *tree, *task_tree;	/* submission; whole task folder */
	const struct manifest *manifest;
	const struct grade *grade;
	int64_t limit_ms;		/* the time there was; 0: nobody said */

	/* Gives what was answered to the questions: {hash: asking} (judge_card.h), yours; NULL on
	 * error. Not called without a journal that folds. NULL: nobody was ever asked. */
	json_t *(*judge)(void *arg, const struct judge_questions *questions, struct err *err);
	void *arg;
};

/* Sets the members in `result`. A journal that does not fold leaves the session unmeasured and is
 * told under "integrity"; -1 is a failure of ours. */
int score_session_add(const struct score_session *session, json_t *result, struct err *err);

#endif
