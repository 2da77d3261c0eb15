/* test_terminal_log.c - bytes of a terminal as chunks: whole characters, bounded, none lost */
#include "assess/terminal_log.h"

#include "base/auto.h"
#include "base/hash.h"
#include "base/json.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void assert_taken(struct terminal_log *log, bool all, const char *expected)
{
	AUTO_JSON json_t *data = terminal_log_take(log, "t", all);
	AUTO_FREE char *text = data ? json_canonical(data) : buf_strdup("(none)");

	assert_string_equal(text, expected);
}

#define ADD(log, text, at) terminal_log_add(log, text, sizeof(text) - 1, at)

static void chunks_have_their_time_after_the_first(void **state)
{
	AUTO(terminal_log_release) struct terminal_log log = TERMINAL_LOG_INIT;

	(void)state;
	assert_int_equal(terminal_log_first(&log), -1);
	assert_taken(&log, true, "(none)");
	ADD(&log, "a", 1000);
	ADD(&log, "b", 1005);
	ADD(&log, "c", 1006);
	ADD(&log, "d", 1500);
	ADD(&log, "e", 900);	/* a clock that was set back */
	assert_int_equal(terminal_log_first(&log), 1000);
	assert_taken(&log, false,
		     "{\"chunks\":[{\"ms\":0,\"text\":\"ab\"},{\"ms\":6,\"text\":\"c\"},"
		     "{\"ms\":500,\"text\":\"de\"}],\"terminal\":\"t\"}");
	assert_int_equal(terminal_log_first(&log), -1);
}

static void a_character_is_never_cut(void **state)
{
	AUTO(terminal_log_release) struct terminal_log log = TERMINAL_LOG_INIT;

	(void)state;
	ADD(&log, "x\342", 1);
	ADD(&log, "\202", 2);
	assert_taken(&log, false, "{\"chunks\":[{\"ms\":0,\"text\":\"x\"}],\"terminal\":\"t\"}");
	ADD(&log, "\254y", 3);
	assert_taken(&log, false,
		     "{\"chunks\":[{\"ms\":0,\"text\":\"\342\202\254y\"}],\"terminal\":\"t\"}");
	/* what never becomes one comes out at the end */
	ADD(&log, "\360\237", 4);
	assert_taken(&log, false, "(none)");
	assert_taken(&log, true,
		     "{\"chunks\":[{\"base64\":\"8J8=\",\"ms\":0}],\"terminal\":\"t\"}");
}

static void bytes_that_are_no_text_are_base64(void **state)
{
	AUTO(terminal_log_release) struct terminal_log log = TERMINAL_LOG_INIT;

	(void)state;
	ADD(&log, "ok", 1);
	ADD(&log, "\377x", 1);
	ADD(&log, "a\0b", 1);
	ADD(&log, "\033[m\"", 1);
	assert_taken(&log, false, "{\"chunks\":[{\"ms\":0,\"text\":\"ok\"},"
		     "{\"base64\":\"/3hhAGI=\",\"ms\":0},{\"ms\":0,\"text\":\"\\u001B[m\\\"\"}],"
		     "\"terminal\":\"t\"}");
}

/* Any bytes in pieces of any size: each event is small enough, and all together are the bytes. */
static void nothing_is_lost_and_no_event_is_too_large(void **state)
{
	AUTO(terminal_log_release) struct terminal_log log = TERMINAL_LOG_INIT;
	AUTO(buf_release) struct buf all = BUF_INIT(1 << 20), back = BUF_INIT(1 << 20);
	unsigned seed = 7;

	(void)state;
	for (int round = 0; round < 300; round++) {
		char piece[TERMINAL_LOG_PIECE];
		size_t len = 1 + (size_t)rand_r(&seed) % (round % 3 ? sizeof(piece) : 8);

		for (size_t i = 0; i < len; i++)
			piece[i] = round % 3 == 0 ? "\342\202\254"[(all.len + i) % 3]
				   : round % 3 == 1 ? '\1' : (char)rand_r(&seed);
		buf_add(&all, piece, len);
		terminal_log_add(&log, piece, len, round);
		if (terminal_log_is_full(&log) || round == 299) {
			AUTO_JSON json_t *data = terminal_log_take(&log, "t", round == 299);
			AUTO_FREE char *text = json_canonical(data);
			json_t *chunk;
			size_t i;

			assert_true(strlen(text) <= 64 * 1024);
			json_array_foreach(json_object_get(data, "chunks"), i, chunk) {
				const char *base64 = json_str(chunk, "base64", NULL);
				struct err err = ERR_INIT;
				size_t size = 0;
				AUTO_FREE char *bytes =
					base64 ? hash_from_base64(base64, &size, &err) : NULL;

				if (bytes)
					buf_add(&back, bytes, size);
				else
					buf_add_str(&back, json_str(chunk, "text", ""));
			}
		}
	}
	assert_int_equal(back.len, all.len);
	assert_memory_equal(back.data, all.data, all.len);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(chunks_have_their_time_after_the_first),
		cmocka_unit_test(a_character_is_never_cut),
		cmocka_unit_test(bytes_that_are_no_text_are_base64),
		cmocka_unit_test(nothing_is_lost_and_no_event_is_too_large),
	};

	hash_init();
	return cmocka_run_group_tests_name("terminal log", tests, NULL, NULL);
}
