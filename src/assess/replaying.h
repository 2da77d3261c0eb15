/* replaying.h - `tali replay`: a session, opened to be looked at; nothing goes to the journal */
#ifndef TALI_REPLAYING_H
#define TALI_REPLAYING_H

#include "assess/scratch.h"
#include "replay/first_pass.h"
#include "replay/moment.h"
#include "replay/replay_tree.h"
#include "replay/rerun.h"
#include "replay/timeline.h"
#include "store/assessment.h"

struct replaying {
	struct store *store;
	struct assessment assessment;
	struct repo *repo;		/* NULL before the work began */
	struct fold_stored stored;
	struct timeline *timeline;
	struct span span;		/* of the work: from its start to the seal, or to now */
};

#define REPLAYING_INIT { .assessment = ASSESSMENT_INIT }
void replaying_release(struct replaying *replaying);

/* By id or unique prefix; running and sealed ones. The struct must stay where it is. Writes
 * checkpoints when there are none and the store can be written. */
int replaying_open(struct store *store, const char *words, struct replaying *ret, struct err *err);

/* Writes the checkpoints of a session that has ended, so that the first who looks at it need not
 * wait. Fails without a word: it is a cache, and `tali verify` tells what cannot be folded. */
void replaying_prepare(struct store *store, const char *assessment_id);

/* To a moment as people write it (replay/moment.h); a time after the end is the end. */
int replaying_seek(struct replaying *replaying, const char *moment, struct err *err);

/* Lays the files of the instant where it stands into a folder, which is made, or must be empty
 * (ERR_STATE). Number of files in *ret_count. */
int replaying_checkout(struct replaying *replaying, const char *folder, size_t *ret_count,
		       struct err *err);

/* What runs the tests of the task version of the assessment on trees of its past. */
struct replaying_tests {
	struct sandbox *sandbox;
	bool hidden;			/* all tests, else the visible ones */
	bool allow_weak;
	void (*progress)(void *arg, size_t trees);	/* before each; may be NULL */
	void *arg;
	/* by replaying_tests_open */
	struct scratch scratch;
	struct manifest manifest;
	json_t *proof;
	struct replay_tree *tree;
	struct rerun *rerun;
};

void replaying_tests_release(struct replaying_tests *tests);
/* Sets up; the upper members are the caller's. The struct must stay where it is. */
int replaying_tests_open(struct replaying *replaying, struct replaying_tests *tests,
			 struct err *err);

/* The grade of the instant where it stands; borrowed from `tests`. NULL on error. */
const struct grade *replaying_run_tests(struct replaying *replaying, struct replaying_tests *tests,
					struct err *err);

/* See replay/first_pass.h. */
int replaying_first_pass(struct replaying *replaying, struct replaying_tests *tests,
			 struct first_passes *ret, struct err *err);

#endif
