/* validator.h - asks the task author's program whether an output is right (Kattis: 42 accepted,
 * 43 wrong) */
#ifndef TALI_VALIDATOR_H
#define TALI_VALIDATOR_H

#include "grade/step.h"

struct validator_files {
	const struct buf *input, *answer, *output;
};

/* Runs `ARGV in ans feedback_dir/ [validator_args] < output`. Accepted may set the share of the
 * case. Wrong fails the case, with the feedback folder's
 * judgemessage.txt or else what the validator printed. Anything but 42 and 43 is the author's
 * fault: -1 with ERR_ENV. */
int validator_judge(const struct step_ground *ground, const struct manifest_test *test,
		    const struct validator_files *files, struct grade_case *one, struct err *err);

#endif
