/* kattis_scoring.c - the groups of 2025-09, and what both dialects have in common */
#include "task/kattis_scoring.h"

#include "base/auto.h"
#include "base/json.h"
#include "task/kattis_grader.h"
#include "task/kattis_tests.h"

#include <math.h>
#include <string.h>

#define PASS_FAIL_POINTS 100

/* --- what both have */

static int add_samples(const struct kattis *kattis, json_t **ret_ids, struct err *err)
{
	AUTO(kattis_group_free) struct kattis_group *sample = NULL;
	AUTO_FREE struct kattis_case **cases = NULL;
	struct kattis_test test = { .name = "sample", .visible = true,
				    .prefix = strlen("data/sample/") };

	*ret_ids = NULL;
	if (kattis_group_read(kattis, "sample", &sample, err) < 0)
		return -1;
	if (!sample) {
		*ret_ids = json_array();
		return 0;
	}
	kattis_group_cases(sample, &cases, &test.count);
	test.cases = cases;
	return kattis_tests_add(kattis, &test, ret_ids, err);
}

static int add_pass_fail(const struct kattis *kattis, const struct kattis_group *secret,
			 const json_t *samples, struct err *err)
{
	bool stop = false;

	if (!kattis->modern && kattis_grader_check(kattis, secret, &stop, err) < 0)
		return -1;
	return kattis_tests_all(kattis, secret, PASS_FAIL_POINTS, stop, samples, NULL, err);
}

/* --- 2025-09 */

enum aggregation { PASS_FAIL, SUM, MIN };

struct score {
	enum aggregation how;
	double max, fixed;	/* fixed: points of the static validation, taken away */
	bool bounded;
};

static int read_aggregation(const struct kattis *kattis, const struct kattis_group *group,
			    enum aggregation fallback, enum aggregation *ret, struct err *err)
{
	const json_t *said = json_object_get(group->config, "score_aggregation");
	const char *word = json_string_value(said);

	*ret = fallback;
	if (!said)
		return 0;
	if (word && !strcmp(word, "pass-fail"))
		*ret = PASS_FAIL;
	else if (word && !strcmp(word, "sum"))
		*ret = SUM;
	else if (word && !strcmp(word, "min"))
		*ret = MIN;
	else
		return kattis_fail(kattis, group->config_file, "score_aggregation", err,
				   "score_aggregation must be pass-fail, sum or min");
	return 0;
}

static int read_score(const struct kattis *kattis, const struct kattis_group *group,
		      struct score *ret, struct err *err)
{
	const json_t *max = json_object_get(group->config, "max_score");
	const json_t *fixed = json_object_get(group->config, "static_validation_score");
	bool is_secret = !strcmp(group->path, "secret");

	*ret = (struct score){ .max = is_secret ? 100 : 0, .bounded = is_secret || max };
	if (json_is_string(max) && !strcmp(json_string_value(max), "unbounded"))
		ret->bounded = false;
	else if (max && (!json_is_integer(max) || json_integer_value(max) < 0 ||
			 json_integer_value(max) > 100000))
		return kattis_fail(kattis, group->config_file, "max_score", err,
				   "max_score must be a whole number from 0 to 100000");
	else if (max)
		ret->max = json_number_value(max);
	if (!ret->bounded)
		return err_set(err, ERR_INPUT, "data/%s: has no max_score, and points without "
			       "bound cannot be imported", group->path);
	if (json_is_integer(fixed)) {
		ret->fixed = json_number_value(fixed);
		if (ret->fixed < 0 || ret->fixed > ret->max)
			return kattis_fail(kattis, group->config_file, "static_validation_score",
					   err, "must be 0 to max_score");
		import_draft_changed(kattis->draft, group->path,
				     "worth less by static_validation_score");
	}
	return read_aggregation(kattis, group, is_secret ? SUM : PASS_FAIL, &ret->how, err);
}

/* The ids of a group named in require_pass go to `ret`. */
static int require(const struct kattis *kattis, const struct kattis_group *group,
		   const json_t *name, const json_t *known, json_t *ret, struct err *err)
{
	const char *text = json_string_value(name);
	json_t *ids = text ? json_object_get(known, text) : NULL;

	if (!ids)
		return kattis_fail(kattis, group->config_file, "require_pass", err,
				   "require_pass: '%s' is no group before this one",
				   text ? text : "?");
	return json_array_extend(ret, ids);
}

/* The ids that the group requires; yours. `known` has the ids of each group so far. */
static json_t *read_requires(const struct kattis *kattis, const struct kattis_group *group,
			     const json_t *known, struct err *err)
{
	const json_t *said = json_object_get(group->config, "require_pass"), *name;
	AUTO_JSON json_t *ids = json_array();
	size_t i;

	if (said && !json_is_array(said))
		return require(kattis, group, said, known, ids, err) < 0 ? NULL : TAKE(ids);
	json_array_foreach(said, i, name) {
		if (require(kattis, group, name, known, ids, err) < 0)
			return NULL;
	}
	return TAKE(ids);
}

/* A test of a group's own cases. */
static int add_group(const struct kattis *kattis, const struct kattis_group *group,
		     const struct score *score, json_t *known, struct err *err)
{
	AUTO_JSON json_t *requires = read_requires(kattis, group, known, err);
	struct kattis_test test = { .name = group->path,
				    .prefix = strlen("data/") + strlen(group->path) + 1,
				    .points = score->max - score->fixed,
				    .all = score->how != SUM,
				    .scored = kattis->custom && score->how != PASS_FAIL,
				    .requires = requires };
	AUTO_FREE struct kattis_case **cases = NULL;
	json_t *ids = NULL;

	if (!requires)
		return -1;
	json_array_extend(requires, json_object_get(known, "secret"));
	kattis_group_cases(group, &cases, &test.count);
	test.cases = cases;
	if (kattis_tests_add(kattis, &test, &ids, err) < 0)
		return -1;
	json_object_set_new(known, group->path, ids);
	return 0;
}

/* The lowest of groups is the lowest of all their cases only when each group is worth the same. */
static int add_lowest(const struct kattis *kattis, const struct kattis_group *secret,
		      const struct score *whole, json_t *known, struct err *err)
{
	for (size_t i = 0; i < secret->group_count; i++) {
		struct score score;
		bool alone;

		if (read_score(kattis, secret->groups[i], &score, err) < 0)
			return -1;
		alone = score.how == SUM && secret->groups[i]->case_count > 1;
		if (whole->how == MIN &&
		    (score.max != whole->max || alone || (score.how == MIN && kattis->custom) ||
		     json_object_get(secret->groups[i]->config, "require_pass")))
			return kattis_fail(kattis, secret->config_file, "score_aggregation", err,
					   "the lowest score of such groups cannot be imported");
	}
	return kattis_tests_all(kattis, secret, whole->max - whole->fixed, false,
				  json_object_get(known, "secret"), NULL, err);
}

static int add_sum(const struct kattis *kattis, const struct kattis_group *secret,
		   const struct score *whole, json_t *known, struct err *err)
{
	double sum = 0;

	for (size_t i = 0; i < secret->group_count; i++) {
		struct score score;

		if (read_score(kattis, secret->groups[i], &score, err) < 0 ||
		    add_group(kattis, secret->groups[i], &score, known, err) < 0)
			return -1;
		sum += score.max;
	}
	if (sum > whole->max)
		return kattis_fail(kattis, secret->config_file, "max_score", err,
				   "the groups of secret have %g points together, and secret has "
				   "at most %g", sum, whole->max);
	return 0;
}

/* `known` maps groups to their ids; "secret" there is what all hidden tests require. */
static int add_modern(const struct kattis *kattis, const struct kattis_group *secret,
		      const json_t *samples, struct err *err)
{
	AUTO_JSON json_t *known = json_pack("{s:O}", "sample", samples);
	struct score whole;
	json_t *requires;

	if (read_score(kattis, secret, &whole, err) < 0)
		return -1;
	requires = read_requires(kattis, secret, known, err);
	if (!requires)
		return -1;
	json_object_set_new(known, "secret", requires);
	if (secret->group_count == 0 && whole.how == PASS_FAIL)
		return add_lowest(kattis, secret, &whole, known, err);
	if (secret->group_count == 0) {
		json_object_del(secret->config, "require_pass");
		return add_group(kattis, secret, &whole, known, err);
	}
	return whole.how == SUM ? add_sum(kattis, secret, &whole, known, err)
				: add_lowest(kattis, secret, &whole, known, err);
}

/* --- all of it */

static int check_shape(const struct kattis *kattis, const struct kattis_group *secret,
		       struct err *err)
{
	static const char *const scoring_keys[] = { "max_score", "score_aggregation",
						    "require_pass" };

	if (!secret)
		return err_set(err, ERR_INPUT, "data/secret: there is no case (NAME.in)");
	if (kattis->modern && secret->case_count && secret->group_count)
		return err_set(err, ERR_INPUT, "data/secret: has cases beside groups");
	for (size_t i = 0; kattis->modern && !kattis->scoring && i < 3; i++) {
		if (json_object_get(secret->config, scoring_keys[i]))
			return kattis_fail(kattis, secret->config_file, scoring_keys[i], err,
					   "%s goes with type scoring", scoring_keys[i]);
	}
	return 0;
}

int kattis_scoring_import(const struct kattis *kattis, struct err *err)
{
	AUTO(kattis_group_free) struct kattis_group *secret = NULL;
	AUTO_JSON json_t *samples = NULL;

	if (add_samples(kattis, &samples, err) < 0 ||
	    kattis_group_read(kattis, "secret", &secret, err) < 0 ||
	    check_shape(kattis, secret, err) < 0)
		return -1;
	if (!kattis->scoring)
		return add_pass_fail(kattis, secret, samples, err);
	return kattis->modern ? add_modern(kattis, secret, samples, err)
			      : kattis_grader_import(kattis, secret, samples, err);
}
