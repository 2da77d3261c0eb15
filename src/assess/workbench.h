/* workbench.h - the files of a session and what may be run on them, for tali's own assistant
 *
 * One behind all that the assistant does to a session's work: over a live session of a server
 * (live_bench.h), or over a work folder on this machine (folder_bench.h). Paths are those of the
 * work, relative, with "/"; each bench confines them as all that writes there does. What is written
 * and run is on the record as that of the assistant, by the bench.
 *
 * All functions but `stop` are called by one thread at a time, with a store handle of that thread
 * and a stack for git (8 MiB). They may take long. */
#ifndef TALI_WORKBENCH_H
#define TALI_WORKBENCH_H

#include "assess/workbench_run.h"
#include "base/buf.h"
#include "base/err.h"
#include "store/store.h"

#include <jansson.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct workbench;

struct workbench_ops {
	/* Appends {path, size} of all files to `files`, in the order of their paths. */
	int (*list)(struct workbench *bench, struct store *store, json_t *files, struct err *err);

	/* The bytes of a file; *ret_more when it is longer than `out` may be. ERR_NOT_FOUND,
	 * ERR_INPUT (no path of the work), ERR_ENV. */
	int (*read)(struct workbench *bench, struct store *store, const char *path,
		    struct buf *out, bool *ret_more, struct err *err);

	/* Makes or replaces a file with all folders above it; on disk and on the record when it
	 * returns. ERR_INPUT (path, size), ERR_STATE (the session is over), ERR_ENV. */
	int (*write)(struct workbench *bench, struct store *store, const char *path,
		     const void *data, size_t len, struct err *err);

	/* Runs the visible tests, in the sandbox. 0 also when they fail. ERR_STATE: the session is
	 * over, something else runs, or it was stopped; ERR_ENV: there is no sandbox. */
	int (*test)(struct workbench *bench, struct store *store, struct workbench_run *ret,
		    struct err *err);

	/* Runs a command of bash (sh where there is none) at the top of the work, in the sandbox,
	 * for at most `wall_ms`; what it made or changed is in the work afterwards, what it removed
	 * is there again. Errors as of `test`. */
	int (*execute)(struct workbench *bench, struct store *store, const char *command,
		       uint32_t wall_ms, struct workbench_run *ret, struct err *err);

	/* Ends what runs, and lets nothing begin any more. Any thread, at once. */
	void (*stop)(struct workbench *bench);

	/* The last call: frees it. */
	void (*release)(struct workbench *bench);
};

/* The first member of what a bench is. */
struct workbench {
	const struct workbench_ops *ops;
	int stop_fd;			/* an eventfd: what runs ends when it can be read */
	atomic_bool stopped;
};

/* --- for those who make benches */

/* ERR_ENV. */
int workbench_open(struct workbench *bench, const struct workbench_ops *ops, struct err *err);
void workbench_close(struct workbench *bench);
/* As `stop`. */
void workbench_stop(struct workbench *bench);
/* ERR_STATE when it was stopped. */
int workbench_check(const struct workbench *bench, struct err *err);
/* After a run: whether something ended it before its end, workbench_stop or who stopped that run
 * alone; the next may begin then. */
bool workbench_was_cut(struct workbench *bench);

#endif
