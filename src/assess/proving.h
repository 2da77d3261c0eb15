/* proving.h - `tali task prove` of a stored version: runs the proof and keeps it with the
 * version */
#ifndef TALI_PROVING_H
#define TALI_PROVING_H

#include "grade/prove.h"
#include "store/task.h"

struct proving {
	struct sandbox *sandbox;
	int repeats;
	bool allow_weak;
	void (*progress)(void *arg, const char *what, int done, int total);
	void *arg;
};

/* The proof (tali.proof/1), yours; NULL on error. */
json_t *proving_stored(struct store *store, const struct task *task, const struct proving *proving,
		       struct err *err);

/* Same for a folder; needs no store and keeps nothing. `faults` as task_folder_check. */
json_t *proving_folder(const char *folder, const struct proving *proving, bool reference_only,
		       json_t *faults, struct err *err);

/* Where a grade by a proof looks as if it were the machine that fails (nothing was built, a test
 * ran nothing): runs the reference once, by the same request. ERR_ENV when that does not pass here
 * either: then the grade says nothing. */
int proving_doubt(const struct grade_request *request, const struct grade *grade, struct err *err);

#endif
