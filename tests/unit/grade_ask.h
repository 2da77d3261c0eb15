/* grade_ask.h - a whole grade in the real sandbox, and what came of it in one line */
#ifndef GRADE_ASK_H
#define GRADE_ASK_H

#include "grade_fixture.h"

static struct sandbox *sandbox;

struct ask {
	const char *expected; /* "unit/a unit/b"; NULL: not known */
	bool visible_only;
	const char *const *only;
	char **judge_base;
};

static inline json_t *expected_of(const char *ids)
{
	json_t *tests = ids ? json_object() : NULL;

	for (; ids && *ids; ids += strcspn(ids, " "), ids += *ids == ' ') {
		AUTO_FREE char *test = strndup(ids, strcspn(ids, "/"));

		if (!json_object_get(tests, test))
			json_object_set_new(tests, test, json_array());
		json_array_append_new(json_object_get(tests, test),
				      json_stringn(ids, strcspn(ids, " ")));
	}
	return tests ? json_pack("{so}", "cases", tests) : NULL;
}

#define ALL_IDS "visible/exit unit/test_small unit/test_big"

static inline int try_grade(struct fixture *f, const struct ask *ask, struct grade *ret)
{
	char task[REPO_OID_SIZE], work[REPO_OID_SIZE];
	AUTO_JSON json_t *expected = expected_of(ask->expected);
	struct grade_request request = {
		.sandbox = sandbox,
		.repo = f->repo,
		.tree = work,
		.task_tree = task,
		.manifest = &f->manifest,
		.visible_only = ask->visible_only,
		.only = ask->only,
		.expected = expected,
		.judge_base = ask->judge_base,
		.allow_weak = true,
	};

	tree_of(f, "task", task);
	tree_of(f, "work", work);
	return grade_run(&request, ret, &f->err);
}

/* "VERDICT POINTS/POSSIBLE: ID VERDICT, ..."; yours. */
static inline char *summary(const struct grade *grade)
{
	struct buf out = BUF_INIT(1 << 16);
	const char *between = "";

	buf_add_format(&out, "%s %g/%g:", grade_verdict(grade), grade->points, grade->possible);
	for (int i = 0; i < grade->test_count; i++) {
		const struct grade_test *test = &grade->tests[i];

		for (int j = 0; j < test->case_count; j++) {
			buf_add_format(&out, "%s %s %s", between, test->cases[j].id,
				       verdict_name(test->cases[j].verdict));
			between = ",";
		}
		if (test->tampered)
			buf_add_format(&out, " (%s)", test->message);
	}
	return buf_take(&out);
}

static inline void assert_grade(struct fixture *f, struct ask ask, const char *want)
{
	AUTO(grade_release) struct grade grade = GRADE_INIT;
	AUTO_FREE char *got = NULL;

	ok(f, try_grade(f, &ask, &grade));
	got = summary(&grade);
	assert_string_equal(got, want);
}

static inline int start_sandbox(void **state)
{
	struct err err = ERR_INIT;

	(void)state;
	hash_init();
	sandbox = sandbox_start(&err);
	return sandbox ? 0 : -1;
}

static inline int stop_sandbox(void **state)
{
	(void)state;
	sandbox_close(&sandbox);
	return 0;
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, fixture_open, fixture_close)

#endif
