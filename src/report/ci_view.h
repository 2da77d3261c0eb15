/* ci_view.h - a score document as a flat list of cases, which is what formats of others are made
 * of
 *
 * Who reads a format decides how much it tells. Pipelines belong to those who wrote the task and
 * get every case. Platforms show results to whoever is graded: of a hidden test these see how many
 * cases passed, and neither their names nor what they said. */
#ifndef TALI_CI_VIEW_H
#define TALI_CI_VIEW_H

#include "report/result.h"

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

enum ci_status { CI_PASSED, CI_FAILED, CI_SKIPPED, CI_ERROR };
#define CI_STATUSES 4

#define CI_NOT_GRADED "This submission could not be graded. That is no fault of yours: tell your " \
		      "instructor, and hand in again later."

enum ci_detail {
	CI_CASES,	/* every case; a test without cases is one */
	CI_LEARNER,	/* the cases of visible tests; a hidden test is one */
	CI_TESTS,	/* each test is one */
};

/* A case, or a test as one. Texts are clean (ci_text.h). */
struct ci_case {
	const char *test;	/* id; borrowed from the document */
	char *name;		/* what follows "TEST/", or the test's id */
	char *id;		/* "TEST/NAME", or the test's id */
	char *message;		/* or NULL */
	const char *verdict;	/* "passed", "wrong_answer", "tampered", ...; borrowed */
	enum ci_status status;
	double points, possible;
	double seconds;		/* on the clock; 0 when it had no run of its own */
	bool hidden;
	const json_t *tags;	/* borrowed; may be NULL */
};

struct ci_view {
	struct ci_case *cases;
	size_t count;
	size_t statuses[CI_STATUSES];	/* how many of each */
	double points, possible, percent;
	double seconds;			/* of build and tests together */
	const char *verdict;		/* of the whole; borrowed */
	const char *task;		/* name; borrowed */
};

/* In the order of the document, which must stay as long as the view. All cases of a test that was
 * tampered with have failed. */
void ci_view_make(const json_t *document, enum ci_detail detail, struct ci_view *ret);
void ci_view_release(struct ci_view *view);

/* What a submission is called: its archive, else its assessment, else the task; yours, clean, in
 * one line. */
char *ci_view_label(const struct result_item *item);

/* Why a submission was not graded: clean, in one line; yours. */
char *ci_view_fault(const struct result_item *item);

/* The same for whoever is graded: what is wrong with the submission, but of what failed on our side
 * no more than that it did, since the reason may name hidden tests and quote them. Yours. */
char *ci_view_learner_fault(const struct result_item *item);

/* "grade 50.00 % (5 of 10 points) wrong_answer"; yours. */
char *ci_view_sentence(const struct ci_view *view);

#endif
