/* kattis_expect.h - what a submission of a Kattis package must get
 *
 * Verdicts of the format are AC, WA, TLE and RTE; DOMjudge also has compiler errors. Every case
 * must get one that is permitted, and some case one that is required. */
#ifndef TALI_KATTIS_EXPECT_H
#define TALI_KATTIS_EXPECT_H

#include "task/kattis_problem.h"

#define KATTIS_SUBMISSIONS_YAML "submissions/submissions.yaml"

struct kattis_expect {
	unsigned permitted, required;	/* bits of verdicts; required 0 is none */
	bool has_points, below_all;	/* below_all: some points are missing */
	double low, high;
	bool is_model;			/* model_solution */
	const char *language;		/* that submissions.yaml says; borrowed from the rules */
};

/* submissions.yaml as an object, empty when there is none; yours. */
int kattis_expect_rules(const struct kattis *kattis, json_t **ret, struct err *err);

/* By the folder and by the rules whose pattern meets `path` ("wrong_answer/a.py") or a folder above
 * it. Rules for groups of cases, and messages, go to the report. */
int kattis_expect_read(const struct kattis *kattis, const json_t *rules, const char *path,
		       struct kattis_expect *ret, struct err *err);

/* By DOMjudge's "@EXPECTED_RESULTS@: WORD, WORD" in a source; false when there is none. */
bool kattis_expect_tag(const char *source, struct kattis_expect *ret);

bool kattis_expect_accepted(const struct kattis_expect *expect);
/* Whether a language of tali is the one that the rules say (true when they say none). */
bool kattis_expect_language(const struct kattis_expect *expect, const char *name);

/* The variant's entry in a manifest whose tests have `points` in all; yours. */
json_t *kattis_expect_json(const struct kattis_expect *expect, double points);

#endif
