/* test_cases.c - the cases of one test */
#include "grade/test_cases.h"

#include "base/auto.h"
#include "grade/grade_text.h"

#include <math.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#define FIRST_SIZE 16

static int rank(enum verdict verdict)
{
	static const int ranks[VERDICTS] = {
		[VERDICT_OK] = 0,
		[VERDICT_WRONG_ANSWER] = 1,
		[VERDICT_RUNTIME_ERROR] = 2,
		[VERDICT_DISK_LIMIT] = 3,
		[VERDICT_PROCESS_LIMIT] = 4,
		[VERDICT_OUTPUT_LIMIT] = 5,
		[VERDICT_MEMORY_LIMIT] = 6,
		[VERDICT_WALL_LIMIT] = 7,
		[VERDICT_TIME_LIMIT] = 8,
		[VERDICT_SECURITY_VIOLATION] = 9,
		[VERDICT_COMPILE_ERROR] = 10,
		[VERDICT_INTERNAL_ERROR] = 11,
	};

	return ranks[verdict];
}

enum verdict test_cases_worse(enum verdict a, enum verdict b)
{
	return rank(a) >= rank(b) ? a : b;
}

struct grade_case *test_cases_add(struct grade_test *test, const char *name)
{
	int count = test->case_count;
	struct grade_case *one;

	/* grows when the count is a power of two */
	if (count == 0 || (count >= FIRST_SIZE && (count & (count - 1)) == 0))
		test->cases = buf_realloc(test->cases, count ? 2 * (size_t)count : FIRST_SIZE,
					  sizeof(*test->cases));
	one = &test->cases[test->case_count++];
	*one = (struct grade_case){
		.id = buf_format("%s/%s", test->test->id, name),
		.weight = manifest_case_weight(test->test, name),
		.share = 1,
	};

	return one;
}

void test_cases_fail(struct grade_case *one, enum verdict verdict, const char *message)
{
	one->verdict = verdict;
	one->share = verdict == VERDICT_OK;
	if (!message)
		return;
	free(one->message);
	one->message = grade_text_clean(message, strlen(message), GRADE_MESSAGE_MAX);
}

void test_cases_fail_all(struct grade_test *test, const json_t *ids, enum verdict verdict,
			 const char *message)
{
	size_t prefix = strlen(test->test->id) + 1;
	size_t index;
	json_t *id;

	json_array_foreach (ids, index, id)
		if (json_string_length(id) > prefix)
			test_cases_fail(test_cases_add(test, json_string_value(id) + prefix),
					verdict, message);
	test->verdict = test_cases_worse(test->verdict, verdict);
	if (!test->message && message)
		test->message = grade_text_clean(message, strlen(message), GRADE_MESSAGE_MAX);
}

void test_cases_tampered(struct grade_test *test, const char *format, ...)
{
	AUTO_FREE char *text = NULL;
	va_list args;

	if (test->tampered)
		return;
	va_start(args, format);
	if (vasprintf(&text, format, args) < 0)
		abort();
	va_end(args);
	test->tampered = true;
	free(test->message);
	test->message = grade_text_clean(text, strlen(text), GRADE_MESSAGE_MAX);
}

const char *test_cases_name(const struct grade_test *test, const struct grade_case *one)
{
	return one->id + strlen(test->test->id) + 1;
}

/* 0 when it earns nothing. */
static double share_of(const struct grade_test *test, const struct grade_case *one)
{
	return test->tampered || one->skipped ? 0 : one->share;
}

/* The weights of a test; `each` is 1 where all are 0 and count alike, else 0. */
static double weight_of_all(const struct grade_test *test, double *ret_each)
{
	double all = 0;

	*ret_each = 0;
	for (int i = 0; i < test->case_count; i++)
		all += test->cases[i].weight;
	if (all > 0)
		return all;
	*ret_each = 1;
	return test->case_count;
}

void test_cases_value(struct grade_test *test)
{
	double each, all = weight_of_all(test, &each);

	test->possible = test->test->points;
	for (int i = 0; i < test->case_count; i++) {
		struct grade_case *one = &test->cases[i];

		one->possible = test->possible * (each > 0 ? each : one->weight) / all;
		one->score_max = test->test->aggregate_min ? test->possible : one->possible;
	}
}

void test_cases_skip(struct grade_test *test, int first, const char *why)
{
	for (int i = first; i < test->case_count; i++) {
		struct grade_case *one = &test->cases[i];

		one->skipped = true;
		test_cases_fail(one, VERDICT_OK, why);
	}
	if (first < test->case_count)
		test->verdict = test_cases_worse(test->verdict, VERDICT_WRONG_ANSWER);
}

bool test_cases_complete(const struct grade_test *test)
{
	if (test->tampered)
		return false;
	if (test->possible > 0)
		return test->points >= test->possible;
	for (int i = 0; i < test->case_count; i++)
		if (test->cases[i].verdict != VERDICT_OK || test->cases[i].skipped)
			return false;
	return test->verdict == VERDICT_OK;
}

static double lowest_share(const struct grade_test *test, double each)
{
	double lowest = 1;

	for (int i = 0; i < test->case_count; i++) {
		double share = share_of(test, &test->cases[i]);

		if ((each > 0 || test->cases[i].weight > 0) && share < lowest)
			lowest = share;
	}
	return lowest;
}

void test_cases_share_points(struct grade_test *test)
{
	double got = 0, each, all = weight_of_all(test, &each);
	double lowest = lowest_share(test, each);

	test_cases_value(test);
	for (int i = 0; i < test->case_count; i++) {
		struct grade_case *one = &test->cases[i];
		double share = test->test->aggregate_min ? lowest : share_of(test, one);

		one->points = one->possible * share;
		got += (each > 0 ? each : one->weight) * share;
		test->verdict = test_cases_worse(test->verdict, one->verdict);
	}

	/* not the sum of the cases: all of them together are the test's points to the last bit */
	test->points = got > 0 ? test->possible * (got / all) : 0;
}

json_t *test_cases_number(double value)
{
	double rounded = round(value * 10000) / 10000;

	if (rounded == floor(rounded) && fabs(rounded) < 1e15)
		return json_integer((json_int_t)rounded);
	return json_real(rounded);
}

void test_cases_release(struct grade_test *test)
{
	for (int i = 0; i < test->case_count; i++) {
		free(test->cases[i].id);
		free(test->cases[i].message);
	}
	free(test->cases);
	free(test->message);
	free(test->output);
}
