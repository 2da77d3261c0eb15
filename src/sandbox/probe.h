/* probe.h - what this machine can enforce, found out by trying it (`tali doctor`) */
#ifndef TALI_PROBE_H
#define TALI_PROBE_H

#include "sandbox/sandbox.h"

enum probe_state { PROBE_ENFORCED, PROBE_WEAK, PROBE_MISSING };

struct probe_line {
	const char *name;	/* "user namespaces", "memory limit", ... */
	enum probe_state state;
	bool required;		/* a run is refused when it is missing, and when it is weak unless
				 * plan->allow_weak */
	char how[96];		/* what enforces it: "cgroup v1, memory controller", ... */
	char mend[200];		/* what to do when it is not enforced; "" otherwise */
};

/* Writes at most `most` lines; returns their number. Runs /bin/true once through `sandbox` with
 * allow_weak to see the truth. */
int probe_machine(struct sandbox *sandbox, struct probe_line *lines, int most);

/* Whether runs are let in here: 0, or -1 with the error that sandbox_run has for them. Runs
 * /bin/true once. */
int probe_run(struct sandbox *sandbox, bool allow_weak, struct err *err);

#endif
