/* assistant_task.h - what tali's own assistant has to know of a task, and what it must not say
 *
 * The statement goes to the model. What is hidden of the task goes into a guard alone, never to the
 * model: hidden tests, reference, wrong solutions, the rubric, and the mistake that is planted;
 * each without what the candidate has anyway. */
#ifndef TALI_ASSISTANT_TASK_H
#define TALI_ASSISTANT_TASK_H

#include "ai/ai_guard.h"
#include "ai/ai_policy.h"
#include "store/assessment.h"

#include <jansson.h>

#define ASSISTANT_TASK_FILE_MAX ((size_t)1 << 20)	/* larger files are not guarded */

struct assistant_task {
	json_t *manifest;
	struct ai_policy policy;	/* of the manifest */
	char *statement;		/* Markdown */
	struct ai_guard *guard;
	struct ai_guard *told;		/* what the model knows, and the candidate must not: of a
					 * mistake alone; the reference may be found anew by it */
	const char *planted;		/* the mistake of the policy planted; NULL: none */
	int64_t planted_at;		/* in which answer with code, from 1 on */
};

#define ASSISTANT_TASK_INIT { .manifest = NULL }
void assistant_task_release(struct assistant_task *task);

/* Of the version that the assessment is pinned to. *ret must be released in any case. With the
 * policy off only manifest and policy. ERR_NOT_FOUND, ERR_INTEGRITY, ERR_ENV. */
int assistant_task_read(struct store *store, const struct assessment *assessment,
			struct assistant_task *ret, struct err *err);

/* Manifest and policy alone, for who asks nothing. */
int assistant_task_policy(struct store *store, const struct assessment *assessment,
			  struct assistant_task *ret, struct err *err);

/* Whether the record of the session may say what the candidate is not to know before its end: which
 * answer has the mistake of a planted task. So in every running session whose assistant is the only
 * one: else a planted one could be told from the others. 1, 0, -1 on error. */
int assistant_task_hides(struct store *store, const struct assessment *assessment,
			 struct err *err);

#endif
