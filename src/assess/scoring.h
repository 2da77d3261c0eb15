/* scoring.h - grades a sealed submission, or a folder, and keeps the result as a numbered score
 * run */
#ifndef TALI_SCORING_H
#define TALI_SCORING_H

#include "assess/judging.h"
#include "sandbox/sandbox.h"
#include "store/assessment.h"
#include "task/manifest.h"

#include <jansson.h>

struct scoring {
	struct sandbox *sandbox;
	bool allow_weak;
	bool dry_run;			/* do not record */
	const char *task_version;	/* NULL: the pinned one; "latest"; or a version */
	const char *const *only;	/* globs of test ids, ends with NULL; NULL: all */
	const char *sweep;		/* store/score_sweep that the run belongs to, or NULL */
	struct judging *judging;	/* who is asked to judge; NULL: what is stored counts */
	void (*progress)(void *arg, const char *step, int done, int total);
	void *arg;
};

/* Verifies the journal, grades the sealed tree, records. The document (tali.score/1) is yours;
 * NULL on error: ERR_STATE (not handed in yet), ERR_INTEGRITY, ERR_ENV (our side failed: the
 * assessment stays as it was and can be scored again). */
json_t *scoring_run(struct store *store, const char *id, const struct scoring *scoring,
		    struct err *err);

/* A recorded document, by its number or the newest for 0: 1, 0, -1. */
int scoring_recorded(struct store *store, const char *assessment_id, int64_t number, json_t **ret,
		     struct err *err);

/* ERR_USAGE for a glob that chooses no test: it is a slip of the pen, and no test at all would be a
 * full grade. `only` ends with NULL and may be NULL. */
int scoring_check_only(const struct manifest *manifest, const char *const *only, struct err *err);

#endif
