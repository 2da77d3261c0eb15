/* test_sandbox_plan.c - plans as manifests and bytes, reports as text and JSON */
#include "sandbox/plan.h"
#include "sandbox/run_report.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/auto.h"

#define MIB (1024ULL * 1024)

static int read_limits(struct plan_limits *limits, const char *text, struct err *err)
{
	AUTO_JSON json_t *object = json_loads(text, 0, NULL);

	assert_non_null(object);
	return plan_read_limits(limits, object, err);
}

static void limits_are_read_over_those_that_are_there(void **state)
{
	struct plan_limits limits = plan_default_limits;
	struct err err = ERR_INIT;

	(void)state;
	assert_int_equal(read_limits(&limits, "{\"cpu_seconds\": 0.5, \"wall_seconds\": 3,"
				     "\"memory_mb\": 64, \"processes\": 5, \"output_kb\": 7,"
				     "\"disk_mb\": 9, \"open_files\": 11}", &err), 0);
	assert_int_equal(limits.cpu_ms, 500);
	assert_int_equal(limits.wall_ms, 3000);
	assert_int_equal(limits.memory, 64 * MIB);
	assert_int_equal(limits.processes, 5);
	assert_int_equal(limits.output, 7 * 1024);
	assert_int_equal(limits.disk, 9 * MIB);
	assert_int_equal(limits.file_size, 9 * MIB);
	assert_int_equal(limits.open_files, 11);
	assert_int_equal(limits.inodes, plan_default_limits.inodes);

	assert_int_equal(read_limits(&limits, "{\"processes\": 6}", &err), 0);
	assert_int_equal(limits.processes, 6);
	assert_int_equal(limits.cpu_ms, 500);
}

static void a_wrong_limit_is_an_error_and_changes_nothing(void **state)
{
	static const char *const wrong[] = {
		"{\"memory_mb\": 0}", "{\"memory_mb\": -1}", "{\"memory_mb\": 1e9}",
		"{\"memory_mb\": \"64\"}", "{\"memory_mb\": null}", "{\"memory\": 64}",
		"{\"processes\": 3, \"cpu_seconds\": 1e300}", "[]", "{\"processes\": 0.5}",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(wrong) / sizeof(*wrong); i++) {
		struct plan_limits limits = plan_default_limits;
		struct err err = ERR_INIT;

		assert_int_equal(read_limits(&limits, wrong[i], &err), -1);
		assert_int_equal(err.code, ERR_INPUT);
		assert_memory_equal(&limits, &plan_default_limits, sizeof(limits));
	}
}

static const char *const argv[] = { "prog", "", "a b\n", "\xff", NULL };
static const char *const env[] = { "A=1", "B=", NULL };

static void a_plan_survives_as_bytes(void **state)
{
	const struct plan plan = {
		.argv = argv, .env = env, .cwd = "sub", .stdin_fd = 5,
		.limits = plan_max_limits, .allow_weak = true, .terminal = true,
	};
	AUTO(buf_release) struct buf packed = BUF_INIT(PLAN_PACKED_MOST);
	struct plan *read;

	(void)state;
	plan_pack(&plan, &packed);
	read = plan_unpack(packed.data, packed.len);
	assert_non_null(read);
	for (int i = 0; i < 4; i++)
		assert_string_equal(read->argv[i], argv[i]);
	assert_null(read->argv[4]);
	assert_string_equal(read->env[0], "A=1");
	assert_string_equal(read->env[1], "B=");
	assert_null(read->env[2]);
	assert_string_equal(read->cwd, "sub");
	assert_memory_equal(&read->limits, &plan_max_limits, sizeof(plan_max_limits));
	assert_true(read->allow_weak);
	assert_true(read->terminal);
	assert_int_equal(read->stdin_fd, -1);
	plan_free(&read);
}

static void a_run_on_a_terminal_may_take_longer(void **state)
{
	struct plan plan = { .argv = argv, .stdin_fd = -1, .limits = plan_max_limits };
	struct err err = ERR_INIT;

	(void)state;
	plan.limits.wall_ms = plan_terminal_max_limits.wall_ms;
	assert_int_equal(plan_check(&plan, &err), -1);
	assert_string_equal(err.text, "the wall time limit must be between 1 and 7200000");
	plan.terminal = true;
	assert_int_equal(plan_check(&plan, &err), 0);
	plan.limits.wall_ms++;
	assert_int_equal(plan_check(&plan, &err), -1);
}

static void a_plan_without_environment_gets_the_default(void **state)
{
	const struct plan plan = { .argv = argv, .limits = plan_default_limits };
	AUTO(buf_release) struct buf packed = BUF_INIT(PLAN_PACKED_MOST);
	struct plan *read;

	(void)state;
	plan_pack(&plan, &packed);
	read = plan_unpack(packed.data, packed.len);
	assert_non_null(read);
	assert_string_equal(read->env[1], "HOME=/tmp");
	assert_string_equal(read->cwd, "");
	plan_free(&read);
}

static void bytes_cut_anywhere_are_no_plan(void **state)
{
	const struct plan plan = { .argv = argv, .env = env, .limits = plan_default_limits };
	AUTO(buf_release) struct buf packed = BUF_INIT(PLAN_PACKED_MOST);

	(void)state;
	plan_pack(&plan, &packed);
	for (size_t len = 0; len < packed.len; len++) {
		char *copy = malloc(len + 1);

		memcpy(copy, packed.data, len);
		assert_null(plan_unpack(copy, len));
		free(copy);
	}
}

static void a_plan_is_checked(void **state)
{
	static const char *const empty[] = { NULL }, *const no_name[] = { "", NULL };
	struct plan good = { .argv = argv, .limits = plan_default_limits }, bad;
	struct err err = ERR_INIT;

	(void)state;
	assert_int_equal(plan_check(&good, &err), 0);
	bad = good;
	bad.argv = empty;
	assert_int_equal(plan_check(&bad, &err), -1);
	bad.argv = no_name;
	assert_int_equal(plan_check(&bad, &err), -1);
	bad = good;
	bad.cwd = "/etc";
	assert_int_equal(plan_check(&bad, &err), -1);
	bad.cwd = "a/../..";
	assert_int_equal(plan_check(&bad, &err), -1);
	bad = good;
	bad.limits.inodes = 0;
	assert_int_equal(plan_check(&bad, &err), -1);
	bad.limits.inodes = plan_max_limits.inodes + 1;
	assert_int_equal(plan_check(&bad, &err), -1);
	assert_int_equal(err.code, ERR_INPUT);
}

static void every_verdict_has_a_name_of_its_own(void **state)
{
	struct err err = ERR_INIT;
	enum verdict verdict;

	(void)state;
	for (int i = 0; i < VERDICTS; i++) {
		assert_int_equal(verdict_parse(verdict_name((enum verdict)i), &verdict, &err), 0);
		assert_int_equal(verdict, i);
	}
	assert_int_equal(verdict_parse("fine", &verdict, &err), -1);
	assert_int_equal(err.code, ERR_INPUT);
}

static void every_guard_has_a_name(void **state)
{
	(void)state;
	for (int i = 0; i < GUARD_COUNT; i++)
		assert_true(*run_guard_name((enum run_guard)(1 << i)));
	assert_string_equal(run_guard_name(GUARD_MEMORY), "memory limit");
	assert_string_equal(run_guard_name(GUARD_INODES), "inode limit");
}

static void a_report_reads_well(void **state)
{
	struct run_report report = { .verdict = VERDICT_RUNTIME_ERROR, .exit_status = 2 };
	char text[64];

	(void)state;
	assert_string_equal(run_report_text(&report, text), "runtime_error (exit status 2)");
	report.exit_status = -1;
	report.signal = 11;
	assert_string_equal(run_report_text(&report, text), "runtime_error (signal 11)");
	report.verdict = VERDICT_OK;
	assert_string_equal(run_report_text(&report, text), "ok");
}

static void a_report_as_json_names_what_is_weak(void **state)
{
	struct run_report report = {
		.verdict = VERDICT_TIME_LIMIT, .exit_status = -1, .cpu_ms = 1, .wall_ms = 2,
		.memory_peak = 3, .processes_peak = 4, .output_bytes = 5, .weak = GUARD_MEMORY,
	};
	AUTO_JSON json_t *json = run_report_json(&report);
	char *text = json_dumps(json, JSON_SORT_KEYS | JSON_COMPACT);

	(void)state;
	assert_string_equal(text, "{\"cpu_ms\":1,\"exit_status\":null,\"memory_peak\":3,"
				  "\"output_bytes\":5,\"processes_peak\":4,\"signal\":null,"
				  "\"verdict\":\"time_limit\",\"wall_ms\":2,"
				  "\"weak\":[\"memory limit\"]}");
	free(text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(limits_are_read_over_those_that_are_there),
		cmocka_unit_test(a_wrong_limit_is_an_error_and_changes_nothing),
		cmocka_unit_test(a_plan_survives_as_bytes),
		cmocka_unit_test(a_run_on_a_terminal_may_take_longer),
		cmocka_unit_test(a_plan_without_environment_gets_the_default),
		cmocka_unit_test(bytes_cut_anywhere_are_no_plan),
		cmocka_unit_test(a_plan_is_checked),
		cmocka_unit_test(every_verdict_has_a_name_of_its_own),
		cmocka_unit_test(every_guard_has_a_name),
		cmocka_unit_test(a_report_reads_well),
		cmocka_unit_test(a_report_as_json_names_what_is_weak),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
