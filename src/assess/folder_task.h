/* folder_task.h - a task folder made ready to grade by, without a store: folders and archives
 *
 * Two things are asked of the reference solution, and it is run at most once for both. Which cases
 * a report must have: asked before anything is graded, when a test that is wanted is told by a
 * report (cases of other tests are known from the folder). Whether the task can be passed on this
 * machine at all: asked when the first submission fails, for whoever fails like the task's own
 * solution has not failed. A proof of `tali task prove` answers both. A task without a solution
 * (imported ones may have none) cannot be asked: then the cases of a report are those it has.
 *
 * Nothing is kept for the next time: a cache in a home folder might have been written by the code
 * that is graded. */
#ifndef TALI_FOLDER_TASK_H
#define TALI_FOLDER_TASK_H

#include "assess/scoring.h"
#include "base/clock.h"

struct folder_task;

struct folder_task_plan {
	const char *path;		/* the task folder */
	const char *proof;		/* file with a tali.proof/1 of it; NULL: there is none */
	/* sandbox, allow_weak, only, progress and arg are used; borrowed until the close. */
	const struct scoring *scoring;
	const struct clock *clock;
};

/* Checks the folder, and asks the reference when that is needed first. `faults` as of
 * task_folder_check. NULL with ERR_INPUT (the folder or the proof is not in order, or the task
 * cannot grade), ERR_USAGE (a glob of `only` chooses no test) or ERR_ENV. */
struct folder_task *folder_task_open(const struct folder_task_plan *plan, json_t *faults,
				     struct err *err);
void folder_task_close(struct folder_task **task);

/* The submission could not be taken: it is too large, has names that are not allowed, or is not
 * there. */
#define FOLDER_TASK_REFUSED 1

/* Grades the folder at `path`, or the archive (.zip, .tar, .tar.gz). A folder that is all of an
 * archive is taken for the submission itself, unless start/ has a folder of that name. Names of an
 * archive that differ by the case of letters alone are refused. 0 with the document (tali.score/1),
 * yours; FOLDER_TASK_REFUSED with the reason in err; -1 with ERR_ENV, or ERR_INPUT when the task
 * cannot grade. From several threads at once, but for scoring->progress. */
int folder_task_grade(struct folder_task *task, const char *path, json_t **ret, struct err *err);
int folder_task_grade_archive(struct folder_task *task, const char *path, json_t **ret,
			      struct err *err);

#endif
