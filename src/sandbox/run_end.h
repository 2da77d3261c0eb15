/* run_end.h - the verdict on a run, from what we did and what the kernel counted
 *
 * A signal or an exit status alone never makes a limit's verdict: a program may send itself SIGKILL
 * or SIGXCPU and exit with 137. In this order, the first that is true:
 *
 *   security_violation  the filter's listener told of a foreign architecture's call, and we stopped
 * it
 *   output_limit        the caller counted, and we stopped it
 *   memory_limit        the control group's out-of-memory killer has killed, or we stopped it
 *   time_limit          we stopped it for CPU time, or it ended and had used more
 *   wall_limit          we stopped it at the wall deadline
 *   ok                  it exited with 0
 *   process_limit       it failed, and forks were refused at the limit
 *   disk_limit          it failed, and a writable folder is full or SIGXFSZ ended it
 *   runtime_error       it failed */
#ifndef TALI_RUN_END_H
#define TALI_RUN_END_H

#include "sandbox/plan.h"
#include "sandbox/run_meter.h"

struct run_end {
	bool started;			/* the payload was executed */
	bool ended;			/* its own process did: exit_status and signal say how */
	bool stopped;			/* we ended it, for the reason in `reason` */
	enum verdict reason;
	int exit_status;
	int signal;
	uint64_t wall_ms;
};

#define RUN_END_INIT { .exit_status = -1 }

/* Fills all of the report but the output bytes and the guards. ERR_ENV when the end cannot be told:
 * the first process died and nothing of ours was the cause. */
int run_end_report(const struct run_end *end, const struct plan_limits *limits,
		   const struct run_meter *meter, struct run_report *report, struct err *err);

#endif
