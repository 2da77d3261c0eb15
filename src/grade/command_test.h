/* command_test.h - runs a test runner of the task and reads the report it leaves */
#ifndef TALI_COMMAND_TEST_H
#define TALI_COMMAND_TEST_H

#include "grade/step.h"

/* Fills `ret` (its `test` is set) with cases, run and output. `expected`: array of case ids, or
 * NULL. -1 with ERR_ENV. */
int command_test_run(const struct step_ground *ground, const json_t *expected,
		     struct grade_test *ret, struct err *err);

#endif
