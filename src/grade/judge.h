/* judge.h - a program of the task author that decides about a case: a validator or an interactor
 *
 * It runs in a sandbox of its own with start/ and hidden/ of the task and nothing submitted, called
 * as ARGV in ans feedback_dir. Exit status 42 accepts, 43 says wrong (Kattis). */
#ifndef TALI_JUDGE_H
#define TALI_JUDGE_H

#include "grade/step.h"

struct judge {
	const char *what;			/* "validator" */
	const char **program;			/* ends with NULL */
	const struct buf *input, *answer;	/* borrowed */
	const char **argv;
	struct buf message;			/* judgemessage.txt */
};

void judge_release(struct judge *judge);

/* Makes the step run the judge, which must outlive it. */
void judge_prepare(struct judge *judge, struct step *step);

/* After the run. Anything but 42 and 43 is the author's fault: -1 with ERR_ENV. */
int judge_decide(const struct judge *judge, const struct step *step, bool *ret_accepted,
		 struct err *err);

/* Wrong answer, with judgemessage.txt or else what the program said. */
void judge_fail(const struct judge *judge, const struct output_keep *said, struct grade_case *one);

#endif
