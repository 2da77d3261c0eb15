/* plan.h - what one sandboxed run may do: the command, its environment, its limits */
#ifndef TALI_PLAN_H
#define TALI_PLAN_H

#include "base/buf.h"
#include "base/err.h"

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

/* Every limit is always on; 0 is not "unlimited" but an error. */
struct plan_limits {
	uint32_t cpu_ms;	/* CPU time of all processes together */
	uint32_t wall_ms;
	uint64_t memory;	/* bytes, all processes together, tmpfs pages included */
	uint32_t processes;	/* tasks (processes and threads) at one time */
	uint64_t output;	/* bytes on stdout and stderr together */
	uint64_t disk;		/* bytes in the writable folders, each */
	uint32_t inodes;	/* files and folders in the writable folders, each */
	uint64_t file_size;	/* bytes in one file */
	uint32_t open_files;	/* descriptors per process */
};

/* What the house gives when nothing else is said. */
extern const struct plan_limits plan_default_limits;
/* The most anybody may ask for. */
extern const struct plan_limits plan_max_limits;
/* The same for a run on a terminal, which goes on for as long as a person works there. */
extern const struct plan_limits plan_terminal_max_limits;

struct plan {
	const char *const *argv;	/* ends with NULL; argv[0] is looked up in PATH inside */
	const char *const *env;		/* "NAME=value", ends with NULL; NULL: PATH, HOME=/tmp,
					 * LANG=C.UTF-8 and no more */
	const char *cwd;		/* below /work, relative; NULL or "" is /work */
	int stdin_fd;			/* -1: empty. A pipe or socket is handed on as it is; a
					 * file is read from where it stands into a sealed copy;
					 * a terminal is refused */
	bool terminal;			/* stdin_fd is a terminal that pty_open made: it becomes 0,
					 * 1 and 2, and the controlling terminal */
	struct plan_limits limits;
	bool allow_weak;		/* go on when a limit cannot be enforced */
};

/* Writes the limits of a manifest's "limits" object over `limits` (missing keys leave them).
 * Keys: cpu_seconds wall_seconds memory_mb processes output_kb disk_mb open_files; disk_mb is also
 * the limit of one file. ERR_INPUT for an unknown key, zero, or past the maximum. */
int plan_read_limits(struct plan_limits *limits, const json_t *object, struct err *err);

/* Makes every limit at least that of `least`. */
void plan_raise_limits(struct plan_limits *limits, const struct plan_limits *least);

/* ERR_INPUT when the command, the working folder, the environment or a limit cannot be used, or
 * when they are together longer than PLAN_PACKED_MOST bytes. */
int plan_check(const struct plan *plan, struct err *err);

#define PLAN_PACKED_MOST (128 * 1024)

/* The plan as bytes without its descriptor, for a process of the same program; adds to `packed`. */
void plan_pack(const struct plan *plan, struct buf *packed);
/* Back again: strings point into `packed`, which must live on. Yours, see plan_free; NULL when the
 * bytes are not a plan. */
struct plan *plan_unpack(const char *packed, size_t len);
void plan_free(struct plan **plan);

#endif
