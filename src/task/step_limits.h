/* step_limits.h - the limits of one step: house defaults, the language's, then the task's own */
#ifndef TALI_STEP_LIMITS_H
#define TALI_STEP_LIMITS_H

#include "sandbox/plan.h"
#include "task/language.h"

/* Those of a language; of the house for NULL. */
int step_limits_of(const struct language *language, struct plan_limits *ret, struct err *err);

/* As manifest_limits, of JSON that nobody trusts: names of languages (an array, or one), and the
 * limits of a manifest or null. ERR_INPUT. */
int step_limits_read(const json_t *languages, const json_t *own, struct plan_limits *ret,
		     struct err *err);

#endif
