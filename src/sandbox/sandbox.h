/* sandbox.h - runs one command that nobody trusts
 *
 * sandbox_start() forks a small launcher process (launcher.h). It must be called early, before the
 * caller opens the store or reads a key: the launcher and all that comes from it hold no secret and
 * no descriptor of ours. sandbox_run() takes a slot (slot.h: a sandbox that stands ready, proved
 * clean), lets the caller fill its work folder, starts the payload, collects the output and
 * reports. Nothing of a run survives it, and nothing of it survives the caller.
 *
 *   caller -- launcher -- supervisor (one per slot) -- first process (pid 1 inside) -- payload
 *
 * Threats and stance: the table in ARCHITECTURE.md. */
#ifndef TALI_SANDBOX_H
#define TALI_SANDBOX_H

#include "sandbox/plan.h"
#include "sandbox/run_report.h"

struct sandbox;

/* Forks the launcher, which makes a first slot with the limits of plan_default_limits. NULL with
 * ERR_ENV. Close with sandbox_close (the launcher ends, and with it all runs). When the launcher
 * dies, each further run says so: close and start anew. */
struct sandbox *sandbox_start(struct err *err);
void sandbox_close(struct sandbox **sandbox);

/* Ends all runs at once: those who wait for one are told that our side failed, and so is every
 * later one. From any thread, and from a signal's handler. */
void sandbox_stop(const struct sandbox *sandbox);

enum sandbox_turn {
	SANDBOX_FAILED = -1,
	SANDBOX_GO_ON,
	SANDBOX_CUT,	/* it has written more than plan->limits.output: end it */
	SANDBOX_END,	/* its time is up: end it */
};

struct sandbox_io {
	void *arg;
	/* Fills the empty work folder (a descriptor; owner and modes are set right afterwards by
	 * us). May be NULL. -1 gives up the run. */
	int (*fill)(void *arg, int work_fd, struct err *err);
	/* Gets output as it comes; stream 1 or 2. May be NULL. Never called past the output
	 * limit. */
	void (*output)(void *arg, int stream, const void *data, size_t len);
	/* Nothing can write to the stream any more, though the run may go on. May be NULL. Not
	 * called when the run is over or cut off before. */
	void (*ended)(void *arg, int stream);
	/* While it runs, `turn` (may be NULL) is called whenever wake_fd can be read. It says how
	 * to go on, or -1 gives up the run. For a run on a terminal (plan->terminal) an epoll
	 * descriptor lets one loop wait for the terminal's other side, for files, signals and
	 * times; what such a run writes is the caller's to count. */
	int wake_fd;
	enum sandbox_turn (*turn)(void *arg, struct err *err);
	/* Looks at the work folder when every process of the run is dead. May be NULL.
	 * Open files in it with fs_read or fs_open_below only: the tree is hostile. */
	int (*collect)(void *arg, int work_fd, struct err *err);
};

/* A `stdin_fd` for a plan: a sealed file in memory, which is handed on as it is and reads these
 * bytes from the beginning. Yours; -1 on error. */
int sandbox_stdin(const void *data, size_t len, struct err *err);

/* Runs the plan. 0 with *ret_report whenever the payload was started and its end is known; -1 with
 * ERR_ENV when our environment failed: nothing is then said about the payload. When a required
 * limit cannot be enforced and plan->allow_weak is not set: -1, ERR_ENV, "cannot enforce the memory
 * limit: MEND". ERR_INPUT for a plan that plan_check refuses, and the error of fill or collect as
 * it is. Several threads may call it with one sandbox at the same time. */
int sandbox_run(struct sandbox *sandbox, const struct plan *plan, const struct sandbox_io *io,
		struct run_report *ret_report, struct err *err);

#endif
