/* run_guards.h - which protections a run will have on this machine, and whether that is enough */
#ifndef TALI_RUN_GUARDS_H
#define TALI_RUN_GUARDS_H

#include "sandbox/cgroup_base.h"
#include "sandbox/run_report.h"

#define RUN_GUARDS_ALL ((1U << GUARD_COUNT) - 1)
/* Without one of these nothing is ever run. CPU and memory may be weak when the caller allows it;
 * Landlock is a second wall that not every kernel has. */
#define RUN_GUARDS_REQUIRED \
	(RUN_GUARDS_ALL & ~(uint32_t)(GUARD_CPU | GUARD_MEMORY | GUARD_LANDLOCK))

/* Which of the limits hold only in part. */
uint32_t run_guards_weak(const struct cgroup_base *base);

/* ERR_ENV with the mend when `weak` holds a required limit, or any and weak ones are not
 * allowed. */
int run_guards_check(uint32_t weak, bool allow_weak, struct err *err);

/* What to do about a weak limit of this process's user. */
const char *run_guards_mend(void);

#endif
