/* test_cases.h - the cases of one test: making them, failing them, sharing the points among them */
#ifndef TALI_TEST_CASES_H
#define TALI_TEST_CASES_H

#include "grade/grade.h"

/* The worse of two, in the order that grade_verdict states. */
enum verdict test_cases_worse(enum verdict a, enum verdict b);

/* Adds a passed case "TEST/NAME" with the manifest's weight. Borrowed until the next add. */
struct grade_case *test_cases_add(struct grade_test *test, const char *name);

/* For cases that are all added: sets possible and score_max, what a validator may give for each. */
void test_cases_value(struct grade_test *test);

/* Says that cases from `first` on were not run, and why; the test is no better than wrong then. */
void test_cases_skip(struct grade_test *test, int first, const char *why);

/* Whether it has all its points, or, where it has none, every case passed. */
bool test_cases_complete(const struct grade_test *test);

/* Sets the verdict, with it the share (1 for VERDICT_OK, else 0), and a message (copied; NULL keeps
 * what is there). */
void test_cases_fail(struct grade_case *one, enum verdict verdict, const char *message);

/* Adds all cases named in `ids` (an array of "TEST/NAME", or NULL: none), failed; the test's
 * verdict too. */
void test_cases_fail_all(struct grade_test *test, const json_t *ids, enum verdict verdict,
			 const char *message);

/* Says once why the test's result does not hold together; its points will be 0. */
void test_cases_tampered(struct grade_test *test, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/* What follows "TEST/" in the case's id. */
const char *test_cases_name(const struct grade_test *test, const struct grade_case *one);

/* Sets points and possible of the cases and the test by weight (all weights 0: shared evenly), the
 * points by the share of each case or, where the manifest says so, of the lowest one that weighs.
 * A test without cases keeps its points as possible. Takes the worst case into the test's
 * verdict. */
void test_cases_share_points(struct grade_test *test);

/* Points as JSON: at most four decimals, whole numbers as integers. Yours. */
json_t *test_cases_number(double value);

void test_cases_release(struct grade_test *test);

#endif
