/* kattis_grader.c - points by the legacy format's default grader, as tests of a task */
#include "task/kattis_grader.h"

#include "base/auto.h"
#include "base/json.h"
#include "task/kattis_tests.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum score_mode { SUM, AVG, MIN, MAX };

struct grading {
	enum score_mode mode;
	bool rejects;		/* a rejected part rejects it */
	bool any;		/* but not while another part is accepted */
	bool ignores_sample;
	bool stops;		/* on_reject: break */
	double accept;		/* points of an accepted case */
	double most;		/* of range, or infinite */
};

/* --- testdata.yaml */

/* A member that is a text; the fallback where there is none. NULL with ERR_INPUT. */
static const char *read_text(const struct kattis *kattis, const struct kattis_group *group,
			     const char *key, const char *fallback, struct err *err)
{
	const json_t *value = json_object_get(group->config, key);

	if (json_is_string(value))
		return json_string_value(value);
	if (!value || json_is_null(value))
		return fallback;
	kattis_fail(kattis, group->config_file, key, err, "%s must be a text", key);
	return NULL;
}

static int read_flag(const struct kattis *kattis, const struct kattis_group *group,
		     const char *flag, struct grading *ret, struct err *err)
{
	static const char *const modes[] = { [SUM] = "sum", [AVG] = "avg", [MIN] = "min",
					     [MAX] = "max" };

	for (size_t i = 0; i < sizeof(modes) / sizeof(*modes); i++) {
		if (!strcmp(flag, modes[i])) {
			ret->mode = (enum score_mode)i;
			return 0;
		}
	}
	if (!strcmp(flag, "worst_error") || !strcmp(flag, "first_error"))
		ret->rejects = true;
	else if (!strcmp(flag, "always_accept"))
		ret->rejects = false;
	else if (!strcmp(flag, "accept_if_any_accepted"))
		ret->any = true;
	else if (!strcmp(flag, "ignore_sample"))
		ret->ignores_sample = true;
	else
		return kattis_fail(kattis, group->config_file, "grader_flags", err,
				   "the default grader has no flag '%s'", flag);
	return 0;
}

static int read_flags(const struct kattis *kattis, const struct kattis_group *group,
		      struct grading *ret, struct err *err)
{
	const char *text = read_text(kattis, group, "grader_flags", "", err);
	AUTO_JSON json_t *flags = kattis_words(text);
	const json_t *flag;
	size_t i;

	if (!text)
		return -1;
	json_array_foreach(flags, i, flag) {
		if (read_flag(kattis, group, json_string_value(flag), ret, err) < 0)
			return -1;
	}
	return 0;
}

/* "0 100" */
static int read_range(const struct kattis *kattis, const struct kattis_group *group,
		      struct grading *ret, struct err *err)
{
	const char *text = json_is_number(json_object_get(group->config, "range"))
				   ? ""
				   : read_text(kattis, group, "range", "-inf +inf", err);
	char *end, *last;
	double low = text ? strtod(text, &end) : 0;

	if (!text)
		return -1;
	ret->most = strtod(end, &last);
	if (end == text || last == end || *last || isnan(low) || isnan(ret->most) ||
	    low > ret->most)
		return kattis_fail(kattis, group->config_file, "range", err,
				   "range must be two numbers, the lower one first");
	return 0;
}

static int read_words(const struct kattis *kattis, const struct kattis_group *group,
		      struct grading *ret, struct err *err)
{
	const char *on_reject = read_text(kattis, group, "on_reject", "break", err);
	const char *grader = on_reject ? read_text(kattis, group, "grading", "default", err) : NULL;

	if (!grader)
		return -1;
	ret->stops = !strcmp(on_reject, "break");
	if (!ret->stops && strcmp(on_reject, "continue") != 0)
		return kattis_fail(kattis, group->config_file, "on_reject", err,
				   "on_reject must be break or continue");
	if (strcmp(grader, "default") != 0)
		return kattis_fail(kattis, group->config_file, "grading", err,
				   "grading by a program of the package cannot be imported");
	return 0;
}

static int read_points(const struct kattis *kattis, const struct kattis_group *group,
		       struct grading *ret, struct err *err)
{
	const json_t *accept = json_object_get(group->config, "accept_score");
	const json_t *reject = json_object_get(group->config, "reject_score");

	if (json_is_null(accept))
		accept = NULL;
	if (accept && (!json_is_number(accept) || json_number_value(accept) < 0))
		return kattis_fail(kattis, group->config_file, "accept_score", err,
				   "accept_score must be a number, and not below 0");
	if (json_number_value(reject) != 0 || json_is_string(reject))
		return kattis_fail(kattis, group->config_file, "reject_score", err,
				   "points for rejected cases cannot be imported");
	ret->accept = accept ? json_number_value(accept) : 1;
	return 0;
}

static int read_grading(const struct kattis *kattis, const struct kattis_group *group,
			struct grading *ret, struct err *err)
{
	*ret = (struct grading){ .rejects = true };
	if (read_words(kattis, group, ret, err) < 0 || read_flags(kattis, group, ret, err) < 0 ||
	    read_range(kattis, group, ret, err) < 0)
		return -1;
	return read_points(kattis, group, ret, err);
}

/* --- what a group is worth, and whether one rejected case takes it all */

struct worth {
	double points;
	bool all;	/* any rejected case takes all points */
	bool may_reject;	/* it can be rejected at all */
	bool same;	/* its parts are worth the same */
};

static double join(enum score_mode mode, double a, double b)
{
	switch (mode) {
	case MIN:
		return b < a ? b : a;
	case MAX:
		return b > a ? b : a;
	default:
		return a + b;
	}
}

/* Whether any rejected part rejects it. */
static bool takes_all(const struct grading *grading)
{
	return grading->rejects && !grading->any;
}

static int measure(const struct kattis *kattis, const struct kattis_group *group,
		   struct worth *ret, struct err *err)
{
	size_t parts = group->case_count + group->group_count;
	struct grading grading;
	bool some_reject = group->case_count > 0, all_reject = true;

	if (read_grading(kattis, group, &grading, err) < 0)
		return -1;
	if (group->case_count && group->group_count)
		return err_set(err, ERR_INPUT, "data/%s: points of cases beside groups cannot be "
			       "imported", group->path);
	*ret = (struct worth){ .points = grading.accept,
			       .all = takes_all(&grading),
			       .same = true };
	for (size_t i = 1; i < group->case_count; i++)
		ret->points = join(grading.mode, ret->points, grading.accept);
	for (size_t i = 0; i < group->group_count; i++) {
		struct worth part;

		if (measure(kattis, group->groups[i], &part, err) < 0)
			return -1;
		ret->same = ret->same && part.all && (i == 0 || part.points == ret->points);
		ret->points = i ? join(grading.mode, ret->points, part.points) : part.points;
		ret->all = ret->all && part.all;
		some_reject = some_reject || part.may_reject;
		all_reject = all_reject && part.may_reject;
	}
	if (grading.mode == AVG)
		ret->points /= (double)parts;
	ret->may_reject = grading.rejects && (grading.any ? all_reject : some_reject);
	return 0;
}

/* --- the tests */

static int add(const struct kattis *kattis, const struct kattis_group *group, double scale,
	       const json_t *requires, json_t **ret_ids, struct err *err);

/* Cases whose rejection takes their own share only, or whose validator gives scores. */
static int add_cases(const struct kattis *kattis, const struct kattis_group *group,
		     const struct grading *grading, double points, const json_t *requires,
		     json_t **ret_ids, struct err *err)
{
	struct kattis_test test = { .name = group->path, .points = points,
				    .prefix = strlen("data/") + strlen(group->path) + 1,
				    .all = grading->mode == MIN, .scored = kattis->custom_score,
				    .stop_early = grading->stops, .requires = requires };
	AUTO_FREE struct kattis_case **cases = NULL;

	kattis_group_cases(group, &cases, &test.count);
	test.cases = cases;
	if (grading->mode == MAX && test.count > 1)
		return kattis_fail(kattis, group->config_file, "grader_flags", err,
				   "data/%s: the highest score of cases cannot be imported",
				   group->path);
	if (takes_all(grading) && grading->mode != MIN && test.count > 1)
		import_draft_changed(kattis->draft, group->path,
				     "a rejected case takes its own points only, where the format "
				     "takes all of the group");
	return kattis_tests_add(kattis, &test, ret_ids, err);
}

/* After this group those that follow require it. A test can require points, and so only where it is
 * these that show that a group was rejected. */
static void require_next(const struct kattis *kattis, const struct kattis_group *group,
			 const struct worth *worth, json_t *ids, const json_t *requires,
			 json_t *needed)
{
	if (!worth->all || kattis->custom_score) {
		import_draft_changed(kattis->draft, group->path,
				     "when it is rejected, groups after it are run all the same, "
				     "where the format stops");
		return;
	}
	json_array_clear(needed);
	json_array_extend(needed, (json_t *)requires);
	json_array_extend(needed, ids);
}

/* Groups that are on their own. With on_reject: break each requires the one before. */
static int add_groups(const struct kattis *kattis, const struct kattis_group *group,
		      const struct grading *grading, double scale, const json_t *requires,
		      json_t **ret_ids, struct err *err)
{
	AUTO_JSON json_t *needed = json_copy((json_t *)requires);
	AUTO_JSON json_t *all = json_array();

	if (grading->mode == AVG)
		scale /= (double)group->group_count;
	for (size_t i = 0; i < group->group_count; i++) {
		AUTO_JSON json_t *ids = NULL;
		struct worth part;

		if (measure(kattis, group->groups[i], &part, err) < 0 ||
		    add(kattis, group->groups[i], scale, needed, &ids, err) < 0)
			return -1;
		json_array_extend(all, ids);
		if (grading->stops && part.may_reject && i + 1 < group->group_count)
			require_next(kattis, group->groups[i], &part, ids, requires, needed);
	}
	*ret_ids = TAKE(all);
	return 0;
}

static int add(const struct kattis *kattis, const struct kattis_group *group, double scale,
	       const json_t *requires, json_t **ret_ids, struct err *err)
{
	bool scored = kattis->custom_score;
	struct grading grading;
	struct worth worth;

	if (read_grading(kattis, group, &grading, err) < 0 ||
	    measure(kattis, group, &worth, err) < 0)
		return -1;
	if (scored && isfinite(grading.most))
		worth.points = grading.most;
	if (grading.mode == AVG && grading.stops && !takes_all(&grading) &&
	    group->case_count + group->group_count > 1)
		import_draft_changed(kattis->draft, group->path,
				     "the average is that of all parts, where the format takes "
				     "those up to the first that was rejected");
	if (!scored && (worth.all || (grading.mode == MIN && worth.same && group->group_count)))
		return kattis_tests_all(kattis, group, worth.points * scale, grading.stops,
					requires, ret_ids, err);
	if (!group->group_count)
		return add_cases(kattis, group, &grading, worth.points * scale, requires, ret_ids,
				 err);
	if ((grading.mode == MIN || grading.mode == MAX) && group->group_count > 1)
		return kattis_fail(kattis, group->config_file, "grader_flags", err,
				   "data/%s: the lowest or highest of such groups cannot be "
				   "imported", group->path);
	if (worth.may_reject && !grading.any)
		import_draft_changed(kattis->draft, group->path,
				     "a rejected group takes its own points only, where the format "
				     "takes all");
	return add_groups(kattis, group, &grading, scale, requires, ret_ids, err);
}

/* The configuration of data/ itself says what samples are for. */
static int read_ignores_sample(const struct kattis *kattis, bool *ret, struct err *err)
{
	struct kattis_group data = { .path = (char *)"", .config_file =
						     (char *)"data/testdata.yaml" };
	AUTO_JSON json_t *config = NULL;
	struct grading grading;

	*ret = false;
	if (!import_source_has(kattis->source, data.config_file))
		return 0;
	if (import_source_yaml(kattis->source, data.config_file, &config, err) < 0)
		return -1;
	data.config = config;
	if (read_grading(kattis, &data, &grading, err) < 0)
		return -1;
	*ret = grading.ignores_sample || !takes_all(&grading);
	return 0;
}

int kattis_grader_import(const struct kattis *kattis, const struct kattis_group *secret,
			 const json_t *samples, struct err *err)
{
	AUTO_JSON json_t *none = json_array();
	AUTO_JSON json_t *ids = NULL;
	bool ignores;

	if (read_ignores_sample(kattis, &ignores, err) < 0)
		return -1;
	return add(kattis, secret, 1, ignores ? none : samples, &ids, err);
}

int kattis_grader_check(const struct kattis *kattis, const struct kattis_group *group,
			bool *ret_stops, struct err *err)
{
	struct grading grading;
	bool ignored;

	if (read_grading(kattis, group, &grading, err) < 0)
		return -1;
	if (!takes_all(&grading))
		return kattis_fail(kattis, group->config_file, "grader_flags", err,
				   "data/%s: accepted in spite of rejected cases: a pass-fail "
				   "problem of that kind cannot be imported", group->path);
	for (size_t i = 0; i < group->group_count; i++) {
		if (kattis_grader_check(kattis, group->groups[i], &ignored, err) < 0)
			return -1;
	}
	*ret_stops = grading.stops;
	return 0;
}
