/* replay_steps.h - a session as a list of steps: what a person may jump to, and bursts of edits
 *
 * A burst are the changes of files (events `edit` and `file`) between two other steps, without a
 * pause of REPLAY_PAUSE_MS. */
#ifndef TALI_REPLAY_STEPS_H
#define TALI_REPLAY_STEPS_H

#include "store/store.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define REPLAY_PAUSE_MS 10000

struct replay_step {
	int64_t first, last;	/* events; the same for all but bursts */
	int64_t from, to;	/* instants, the latter of the last edit */
	bool burst;
	char *kind, *actor;	/* of the first event */
	char *label;		/* one line for people: may hold foreign text */
	/* of a burst */
	uint64_t edits, inserted, deleted;	/* changes, bytes */
	char **files;		/* each path once, in order of appearance; ends with NULL */
	size_t file_count;
};

struct replay_steps {
	struct replay_step *list;
	size_t count;
};

#define REPLAY_STEPS_INIT { .list = NULL }
void replay_steps_release(struct replay_steps *steps);

/* All steps in order. With `milestones`, of the single events only those of the work itself:
 * snapshots, runs, tests, prompts, answers, tools, notes, estimates, and the submission. */
int replay_steps_read(struct store *store, const char *assessment_id, bool milestones,
		      struct replay_steps *ret, struct err *err);

#endif
