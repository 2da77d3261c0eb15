/* run_words.h - what a run of the candidate's executes: the words of a command, with the program of
 * the work where the task finds one (grade/program.h) */
#ifndef TALI_RUN_WORDS_H
#define TALI_RUN_WORDS_H

#include "sandbox/plan.h"
#include "store/assessment.h"
#include "task/manifest.h"
#include "workspace/repo.h"

/* `argv` is made to run on `tree`, a snapshot of the assessment; the limits are those of the run.
 * The words are yours, see program_free_words. ERR_INPUT when the work has no program. */
int run_words_make(struct store *store, const struct assessment *assessment, const char *tree,
		   const struct manifest *manifest, const char *const *argv, char ***ret_words,
		   struct plan_limits *ret_limits, struct err *err);

/* ERR_INPUT when a snapshot is more than a run may have on its disk: nothing could begin on it. */
int run_words_fit(struct repo *repo, const char *tree, const struct plan_limits *limits,
		  struct err *err);

/* What a run that names no command executes on the work as it was last saved, as a line for a
 * shell; yours. NULL when the task names nothing, when the work has no program yet (`err` stays
 * clear), or on error. */
char *run_words_line(struct store *store, const struct assessment *assessment,
		     const struct manifest *manifest, struct err *err);

#endif
