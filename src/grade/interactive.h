/* interactive.h - lets the submitted program talk with an interactor of the task author
 *
 * Each has a sandbox of its own; what one writes to standard output is the other's standard input,
 * passed on by us, so the output limit counts it. A side that does not read makes the other wait.
 * The end of the program's output is passed on at once, that of the interactor's when it has ended:
 * so a program that breaks down because of a verdict always does so after it. What is written to a
 * side that has ended is dropped; nobody dies of a broken pipe.
 *
 * The interactor has more time on the clock than the program, so when both wait for each other the
 * program's limit ends it. Who ended first:
 *
 * program                          interactor           the case
 * forbidden call                   anything             security_violation
 * failed or hit a limit, first     anything             the program's verdict
 * ended well, or after it          43                   wrong_answer
 * failed or hit a limit, after it  42                   the program's verdict
 * ended well                       42                   accepted
 * ended well, or after it          anything else        none: our side failed, ERR_ENV
 *
 * The end of a program is the end of its standard output. An interactor that closes its standard
 * input counts as ended then: nothing the program does later can change what it says. */
#ifndef TALI_INTERACTIVE_H
#define TALI_INTERACTIVE_H

#include "grade/step.h"

/* Judges one case: `one` is failed, has a share, or is left as it is; ret_run is the program's
 * run. -1 with ERR_ENV when our side failed. `answer` may be empty. */
int interactive_run(const struct step_ground *ground, const struct manifest_test *test,
		    const struct buf *input, const struct buf *answer, struct grade_case *one,
		    struct run_report *ret_run, struct err *err);

#endif
