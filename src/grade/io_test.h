/* io_test.h - runs the submitted program once per input file and compares what it prints,
 * outside the sandbox, or lets it talk with an interactor (interactive.h)
 *
 * Inputs and answers come from the task version (hidden/DIR or start/DIR), never from the
 * submission, and answers are never in the sandbox of the program. A validator gets its own
 * sandbox: start/ and hidden/ of the task, the input, the answer, an empty folder for feedback,
 * and the program's output as standard input. */
#ifndef TALI_IO_TEST_H
#define TALI_IO_TEST_H

#include "grade/step.h"

#define IO_TEST_FILE_MAX (64 << 20)	/* bytes of one input or answer */

/* Ids of the cases, an array of "TEST/NAME" sorted; yours, NULL with an error. */
json_t *io_test_cases(const struct grade_request *request, const struct manifest_test *test,
		      struct err *err);

/* Fills `ret` (its `test` is set) with cases that are skipped because of `why`. */
int io_test_skip(const struct grade_request *request, struct grade_test *ret, const char *why,
		 struct err *err);

/* Fills `ret` (its `test` is set): a case per input; the run is the sum of all. -1 with
 * ERR_ENV, also when a validator or interactor does not end with 42 or 43. */
int io_test_run(const struct step_ground *ground, struct grade_test *ret, struct err *err);

#endif
