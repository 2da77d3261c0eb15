/* test_remote_view.c - what a server tells of a session, and what is made of it: a status */
#include "work/remote_view.h"

#include "base/auto.h"
#include "base/buf.h"
#include "base/clock.h"
#include "base/fs.h"
#include "base/json.h"
#include "work/remote_clone.h"
#include "work/remote_seen.h"
#include "work/status_view.h"

#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#define ID "0123456789abcdef"
#define SERVER "https://tali.example"
#define NOW 1767225600000	/* 2026-01-01T00:00:00Z */

static int begin(void **state)
{
	struct err err = ERR_INIT;

	*state = fs_temp_dir("tali-test", &err);
	return *state ? 0 : -1;
}

static int end(void **state)
{
	char *top = *state;

	fs_temp_release(&top);
	return 0;
}

static json_t *parse(const char *text)
{
	struct err err = ERR_INIT;
	json_t *value = json_parse(text, strlen(text), "test", &err);

	if (!value)
		fail_msg("%s", err.text);
	return value;
}

static json_t *status_of(const char *session)
{
	AUTO_JSON json_t *value = parse(session);

	return status_view(remote_view_assessment(value, "tali.status/1"), NOW);
}

static void time_is_left_by_the_clock_that_is_given(void **state)
{
	AUTO_JSON json_t *status = status_of("{\"id\": \"" ID "\", \"status\": \"active\", "
					     "\"deadline\": \"2026-01-01T00:01:30Z\"}");

	(void)state;
	assert_int_equal(json_int(status, "left_seconds", -1), 90);
	assert_false(json_flag(status, "over", true));
	assert_string_equal(json_str(status, "now", ""), "2026-01-01T00:00:00Z");
}

static void it_is_over_when_the_time_is_up_or_the_status_says_so(void **state)
{
	static const char *const over[] = { "submitted", "scoring", "scored", "expired", "revoked",
					    "error" };
	static const char *const before[] = { "scheduled", "activated", "initializing",
					      "configuring" };
	AUTO_JSON json_t *late = status_of("{\"status\": \"active\", "
					   "\"deadline\": \"2025-12-31T23:59:59Z\"}");

	(void)state;
	assert_int_equal(json_int(late, "left_seconds", -1), 0);
	assert_true(json_flag(late, "over", false));
	for (size_t i = 0; i < sizeof(over) / sizeof(*over); i++) {
		AUTO_FREE char *text = buf_format("{\"status\": \"%s\"}", over[i]);
		AUTO_JSON json_t *status = status_of(text);

		assert_true(json_flag(status, "over", false));
		assert_true(json_is_null(json_object_get(status, "left_seconds")));
	}
	for (size_t i = 0; i < sizeof(before) / sizeof(*before); i++) {
		AUTO_FREE char *text = buf_format("{\"status\": \"%s\"}", before[i]);
		AUTO_JSON json_t *status = status_of(text);

		assert_false(json_flag(status, "over", true));
	}
}

/* Whatever stands where something is expected, what is made of it has its form. */
static void nonsense_has_the_form_of_a_session(void **state)
{
	static const char *const values[] = { "null", "7", "-7", "1.5", "\"x\"", "[]", "{}", "true",
					      "9223372036854775807" };
	static const char *const texts[] = { "id", "status", "task", "email", "name", "reason" };

	(void)state;
	for (size_t i = 0; i < sizeof(values) / sizeof(*values); i++) {
		AUTO_FREE char *text = buf_format(
			"{\"id\": %1$s, \"status\": %1$s, \"task\": %1$s, \"candidate\": %1$s, "
			"\"invitation\": {\"attempt\": %1$s, \"duration_ms\": %1$s}, "
			"\"reason\": %1$s, \"deadline\": %1$s, \"started\": %1$s, "
			"\"submitted\": %1$s}", values[i]);
		AUTO_JSON json_t *status = status_of(text);
		AUTO_JSON json_t *value = parse(values[i]);
		AUTO_JSON json_t *run = status_view_run(value);
		AUTO_JSON json_t *test = status_view_test(value);
		AUTO_JSON json_t *ai = status_view_ai(value);

		assert_non_null(status);
		for (size_t j = 0; j < sizeof(texts) / sizeof(*texts); j++)
			assert_true(json_is_string(json_object_get(status, texts[j])));
		assert_true(json_int(status, "attempt", 0) >= 1);
		assert_true(json_int(status, "duration_seconds", -1) >= 0);
		assert_true(json_is_null(json_object_get(status, "deadline")));
		assert_true(json_is_object(value) ? json_is_object(run) : json_is_null(run));
		assert_true(json_is_object(value) ? json_is_object(test) : json_is_null(test));
		assert_true(json_is_object(value) ? json_is_object(ai) : json_is_null(ai));
	}
}

static void amounts_are_numbers_or_null(void **state)
{
	AUTO_JSON json_t *told = parse("{\"policy\": \"full\", \"tools\": true, \"limits\": "
				       "{\"tokens\": 10, \"messages\": null, \"x\": 1}, \"used\": "
				       "{\"tokens\": -1, \"cost_microusd\": \"2\", "
				       "\"messages\": 3}}");
	AUTO_JSON json_t *ai = status_view_ai(told);
	AUTO_JSON json_t *expected = parse(
		"{\"policy\": \"full\", \"tools\": true, \"limits\": {\"tokens\": 10, "
		"\"cost_microusd\": null, \"messages\": null, \"requests_per_minute\": null}, "
		"\"used\": {\"tokens\": null, \"cost_microusd\": null, \"messages\": 3}}");

	(void)state;
	assert_true(json_equal(ai, expected));
}

static void what_is_saved_has_three_states(void **state)
{
	static const struct {
		int64_t waiting;
		const char *state;
	} cases[] = { { 0, "saved" }, { 3, "waiting" }, { -1, "unknown" } };

	(void)state;
	for (size_t i = 0; i < 3; i++) {
		AUTO_JSON json_t *saved = status_view_saved(cases[i].waiting, 2, NULL);

		assert_string_equal(json_str(saved, "state", ""), cases[i].state);
		assert_int_equal(json_int(saved, "left_out", 0), 2);
	}
}

/* --- when the server is away */

/* Writes what was seen, with `ago_ms` gone by since. */
static void seen(const struct remote_state *state, int64_t ago_ms, int left)
{
	static const struct clock here = { 0 };
	AUTO_FREE char *path = fs_join(state->path, "seen.json");
	AUTO_FREE char *text = buf_format("{\"at\": %lld, \"status\": {\"id\": \"" ID "\", "
					  "\"left_seconds\": %d, \"over\": false, "
					  "\"reached\": true}}",
					  (long long)(clock_now(&here) - ago_ms), left);
	struct err err = ERR_INIT;

	assert_int_equal(fs_write(path, 0600, text, strlen(text), &err), 0);
}

static void time_goes_on_while_the_server_is_away(void **state)
{
	struct remote_state session = { .path = *state, .assessment_id = ID };
	struct err err = ERR_INIT;
	json_t *status;

	seen(&session, 60000, 100);
	status = remote_seen_get(&session, &err);
	assert_in_range(json_int(status, "left_seconds", -1), 30, 40);
	assert_false(json_flag(status, "over", true));
	assert_false(json_flag(status, "reached", true));
	json_decref(status);
	seen(&session, 200000, 100);
	status = remote_seen_get(&session, &err);
	assert_int_equal(json_int(status, "left_seconds", -1), 0);
	assert_true(json_flag(status, "over", false));
	json_decref(status);
	/* our clock was set back */
	seen(&session, -3600000, 100);
	status = remote_seen_get(&session, &err);
	assert_int_equal(json_int(status, "left_seconds", -1), 100);
	json_decref(status);
}

static void what_was_seen_of_another_session_is_nothing(void **state)
{
	struct remote_state session = { .path = *state, .assessment_id = "fedcba9876543210" };
	struct err err = ERR_INIT;

	seen(&session, 0, 100);
	assert_null(remote_seen_get(&session, &err));
	assert_int_equal(err.code, ERR_NOT_FOUND);
}

/* --- folders */

static char *folder_with(const char *top, const char *name, const char *file, const char *text)
{
	char *folder = fs_join(top, name);
	AUTO_FREE char *git = fs_join(folder, ".git");
	AUTO_FREE char *path = fs_join(folder, file);
	struct err err = ERR_INIT;

	assert_int_equal(fs_mkdirs(git, 0755, &err), 0);
	assert_int_equal(fs_write(path, 0644, text, strlen(text), &err), 0);
	return folder;
}

static void a_folder_is_laid_out_only_where_nothing_is_lost(void **state)
{
	AUTO_FREE char *gone = fs_join(*state, "gone");
	AUTO_FREE char *full = folder_with(*state, "full", "file", "x");
	AUTO_FREE char *cut = folder_with(*state, "cut", ".git/tali.unfinished",
					  SERVER "/git/" ID ".git");
	AUTO_FREE char *foreign = folder_with(*state, "foreign", ".git/tali.unfinished",
					      "https://other.example/git/" ID ".git");
	AUTO_FREE char *ours = folder_with(*state, "ours", "file", "x");
	struct err err = ERR_INIT;

	assert_int_equal(session_write(ours, NULL, SERVER, ID, &err), 0);
	assert_int_equal(remote_clone_look(gone, SERVER, ID, &err), REMOTE_FOLDER_FREE);
	assert_int_equal(remote_clone_look(full, SERVER, ID, &err), REMOTE_FOLDER_REFUSED);
	assert_int_equal(err.code, ERR_STATE);
	assert_int_equal(remote_clone_look(cut, SERVER, ID, &err), REMOTE_FOLDER_UNFINISHED);
	assert_int_equal(remote_clone_look(foreign, SERVER, ID, &err), REMOTE_FOLDER_REFUSED);
	assert_int_equal(remote_clone_look(ours, SERVER, ID, &err), REMOTE_FOLDER_OURS);
	assert_int_equal(remote_clone_look(ours, "https://other.example", ID, &err),
			 REMOTE_FOLDER_REFUSED);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(time_is_left_by_the_clock_that_is_given),
		cmocka_unit_test(it_is_over_when_the_time_is_up_or_the_status_says_so),
		cmocka_unit_test(nonsense_has_the_form_of_a_session),
		cmocka_unit_test(amounts_are_numbers_or_null),
		cmocka_unit_test(what_is_saved_has_three_states),
		cmocka_unit_test(time_goes_on_while_the_server_is_away),
		cmocka_unit_test(what_was_seen_of_another_session_is_nothing),
		cmocka_unit_test(a_folder_is_laid_out_only_where_nothing_is_lost),
	};

	return cmocka_run_group_tests(tests, begin, end);
}
