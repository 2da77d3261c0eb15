/* workplace_run.h - programs and tests of a session at a server: verbs of its table */
#ifndef TALI_WORKPLACE_RUN_H
#define TALI_WORKPLACE_RUN_H

#include "work/workplace_remote.h"

/* As workplace.h says of `run` and `test`. */
json_t *workplace_run_program(struct workplace *place, const struct workplace_run *run,
			      struct err *err);
json_t *workplace_run_tests(struct workplace *place, struct err *err);

#endif
