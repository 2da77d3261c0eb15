/* terminal_plan.h - how a candidate's shell runs in the sandbox */
#ifndef TALI_TERMINAL_PLAN_H
#define TALI_TERMINAL_PLAN_H

#include "sandbox/plan.h"
#include "task/manifest.h"

struct terminal_plan {
	char kind[40];		/* TERM=... */
	const char *env[8];
	const char *shell[2];
};

/* Makes `plan` one for a terminal: limits for what a person does, the environment, and a shell
 * where `argv` is NULL. `kind` is a value of TERM; NULL, or no name of a terminal: "dumb". What the
 * plan gets is borrowed from `ret`. */
int terminal_plan_make(struct terminal_plan *ret, struct plan *plan,
		       const struct manifest *manifest, const char *const *argv, const char *kind,
		       struct err *err);

/* The shell of this machine: "bash", or "sh" where there is none. */
const char *terminal_plan_shell(void);

#endif
