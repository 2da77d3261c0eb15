/* judge.h - a program of the task author that decides about a case: a validator or an interactor
 *
 * It runs in a sandbox of its own with start/ and hidden/ of the task and nothing submitted, called
 * as ARGV in ans feedback_dir/ [validator_args]. Exit status 42 accepts, 43 says wrong (Kattis).
 * Where it may give a score, score.txt (points) or score_multiplier.txt (0 to 1) of the feedback
 * folder holds one decimal number and nothing else but white space. Nothing that was submitted can
 * write there. */
#ifndef TALI_JUDGE_H
#define TALI_JUDGE_H

#include "grade/step.h"

struct judge {
	const char *what;			/* "validator" */
	const struct manifest_test *test;
	const char **program;			/* of it; ends with NULL */
	const struct buf *input, *answer;	/* borrowed */
	const char **argv;
	struct buf message;			/* judgemessage.txt */
	struct buf points, multiplier;		/* score.txt, score_multiplier.txt */
	struct err fault;			/* one of these cannot be read */
};

void judge_release(struct judge *judge);

/* Makes the step run the judge, which must outlive it. */
void judge_prepare(struct judge *judge, struct step *step);

/* After the run: whether it accepts, and if so, the share of the case. Anything but 42 and 43, and
 * a score that is none, is the author's fault: -1 with ERR_ENV. */
int judge_decide(const struct judge *judge, const struct step *step, struct grade_case *one,
		 bool *ret_accepted, struct err *err);

/* Wrong answer, with judgemessage.txt or else what the program said. */
void judge_fail(const struct judge *judge, const struct output_keep *said, struct grade_case *one);

#endif
