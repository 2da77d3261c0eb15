/* kattis_tests.h - cases of a Kattis package written as tests of a task */
#ifndef TALI_KATTIS_TESTS_H
#define TALI_KATTIS_TESTS_H

#include "task/kattis_data.h"

/* A test to be: cases that earn points together. */
struct kattis_test {
	const char *name;	/* wanted id, "secret" or "secret/group1" */
	size_t prefix;		/* bytes of a case's path that its name is without */
	struct kattis_case **cases;
	size_t count;
	bool visible;
	double points;
	bool all;		/* the lowest share of a case counts for all */
	bool scored;		/* the validator's scores count */
	bool stop_early;
	const json_t *requires;	/* ids; or NULL */
};

/* Copies the cases to hidden/ or start/ and adds the test to the manifest; more than one where
 * cases differ in arguments, which a test has once. Then with `all` the last one has the points and
 * requires the others, and else points go by the number of cases. *ret_ids gets the ids that say
 * whether all cases passed, yours; may be NULL. ERR_INPUT for flags that the default validator does
 * not know, and with `all` and `scored` where there are several. */
int kattis_tests_add(const struct kattis *kattis, const struct kattis_test *test, json_t **ret_ids,
		     struct err *err);

/* The hidden test of all cases of a group and of those below it, for all or nothing. */
int kattis_tests_all(const struct kattis *kattis, const struct kattis_group *group, double points,
		     bool stop_early, const json_t *requires, json_t **ret_ids, struct err *err);

#endif
