/* run_program.h - `tali run`: a program of the candidate's, or the visible tests, in the
 * sandbox, on the record */
#ifndef TALI_RUN_PROGRAM_H
#define TALI_RUN_PROGRAM_H

#include "work/session.h"
#include "grade/grade.h"
#include "store/assessment.h"

struct run_request {
	struct store *store;
	struct sandbox *sandbox;
	const struct session *session;
	const char *const *argv;	/* ends with NULL; NULL: the task's own `run` */
	int stdin_fd;			/* -1: none */
	bool allow_weak;
	bool by_ai;			/* tests: an assistant runs them */
	const int *stop;		/* tests: a descriptor that can be read when they shall
					 * end, borrowed; NULL: they are not stopped */
	void (*output)(void *arg, int stream, const void *data, size_t len);
	void *arg;
};

struct run_result {
	struct run_report report;
	unsigned kept;			/* files not brought back, see write_back.h */
	bool recorded;			/* false: time was up before it ended */
	int64_t deadline;
};

/* Snapshot, run, event `run`. The deadline does not stop a run, but it keeps it off the record. */
int run_program(const struct run_request *request, struct run_result *ret, struct err *err);

/* Snapshot, visible tests, event `test`. ERR_STATE when they were stopped; that is on record, too.
 */
int run_tests(const struct run_request *request, struct grade *ret_grade,
	      struct manifest *ret_manifest, bool *ret_recorded, struct err *err);

#endif
