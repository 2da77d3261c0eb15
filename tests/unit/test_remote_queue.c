/* test_remote_queue.c - events reach the server in order and once, whatever happens in between */
#include "work/remote_send.h"

#include "base/auto.h"
#include "base/fs.h"
#include "base/json.h"

#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include <cmocka.h>

struct fixture {
	struct remote_state state;
	struct remote_base *base;
	struct remote_queue *queue;
	struct remote_sent sent;
	struct err err;
};

static void open_again(struct fixture *f)
{
	remote_queue_close(&f->queue);
	remote_base_close(&f->base);
	f->err = (struct err)ERR_INIT;
	f->base = remote_base_open(&f->state, &f->err);
	assert_non_null(f->base);
	f->queue = remote_queue_open(&f->state, remote_base_done(f->base), &f->err);
}

static int set_up(void **arg)
{
	struct fixture *f = buf_alloc(sizeof(*f));

	hash_init();
	f->state.path = fs_temp_dir("tali-test", &f->err);
	f->state.server = buf_strdup("http://127.0.0.1:1");
	memcpy(f->state.client, "0123456789abcdef", 17);
	f->sent = (struct remote_sent){ .conflicts = json_array(), .refused = json_array() };
	open_again(f);
	*arg = f;
	return f->queue ? 0 : -1;
}

static int tear_down(void **arg)
{
	struct fixture *f = *arg;

	remote_queue_close(&f->queue);
	remote_base_close(&f->base);
	remote_sent_release(&f->sent);
	fs_remove_tree(AT_FDCWD, f->state.path, &f->err);
	remote_state_release(&f->state);
	free(f);
	return 0;
}

/* Adds one event; takes `data`. */
static int add(struct fixture *f, const char *kind, json_t *data)
{
	AUTO(event_list_release) struct event_list list = EVENT_LIST_INIT;

	assert_int_equal(event_list_add(&list, "candidate", kind, data, 0, &f->err), 0);
	return remote_queue_add(f->queue, &list, &f->err);
}

static void add_note(struct fixture *f, const char *text)
{
	assert_int_equal(add(f, "note", json_pack("{s:s}", "text", text)), 0);
}

static void add_create(struct fixture *f, const char *path, const void *content, size_t len)
{
	AUTO(event_list_release) struct event_list list = EVENT_LIST_INIT;
	json_t *data = json_pack("{s:s, s:s, s:o}", "op", "create", "path", path, "content",
				 event_list_payload(&list, content, len));

	assert_int_equal(event_list_add(&list, "candidate", "file", data, 0, &f->err), 0);
	assert_int_equal(remote_queue_add(f->queue, &list, &f->err), 0);
}

static void add_edit(struct fixture *f, const char *path, int at, int del, const char *ins)
{
	assert_int_equal(add(f, "edit", json_pack("{s:[{s:s, s:i, s:i, s:s, s:s}]}", "edits",
						  "file", path, "at", at, "del", del, "ins", ins,
						  "origin", "saved")), 0);
}

static void add_rename(struct fixture *f, const char *path, const char *to)
{
	assert_int_equal(add(f, "file", json_pack("{s:s, s:s, s:s}", "op", "rename", "path", path,
						  "to", to)), 0);
}

/* The next batch, parsed; yours. */
static json_t *batch(struct fixture *f, size_t *ret_count)
{
	struct remote_moment now = remote_moment_now();
	AUTO_FREE char *text = remote_send_batch(f->queue, f->base, "client", &now, 256,
						 ret_count);

	return json_parse(text, strlen(text), "batch", &f->err);
}

/* The server answers the next batch; takes `answer`. */
static int answer(struct fixture *f, json_t *value)
{
	AUTO_JSON json_t *owned = value;
	size_t count;
	AUTO_JSON json_t *sent = batch(f, &count);

	return remote_send_answer(f->queue, f->base, &f->state, count, owned, &f->sent, &f->err);
}

static int acknowledge(struct fixture *f, int seq, int duplicates, json_t *revs)
{
	return answer(f, json_pack("{s:i, s:i, s:o}", "acknowledged", seq, "duplicates",
				   duplicates, "revs", revs));
}

static json_int_t seq_at(const struct fixture *f, size_t index)
{
	return remote_queue_at(f->queue, index)->seq;
}

static void assert_content(struct fixture *f, const char *path, const char *expected)
{
	const struct remote_file *file = remote_base_find(f->base, path);
	AUTO(buf_release) struct buf content = { 0 };

	assert_non_null(file);
	assert_int_equal(remote_base_read(f->base, file, &content, &f->err), 0);
	assert_string_equal(buf_str(&content), expected);
}

static void write_queue(struct fixture *f, const struct buf *text, size_t len)
{
	AUTO_FREE char *path = fs_join(f->state.path, "queue");

	assert_int_equal(fs_write(path, 0600, buf_str(text), len, &f->err), 0);
}

static void read_queue(struct fixture *f, struct buf *ret)
{
	AUTO_FREE char *path = fs_join(f->state.path, "queue");

	*ret = (struct buf)BUF_INIT(1 << 20);
	assert_int_equal(fs_read(AT_FDCWD, path, 1 << 20, ret, &f->err), 0);
}

/* --- on disk */

static void what_was_added_is_there_after_a_restart(void **arg)
{
	struct fixture *f = *arg;

	add_note(f, "one");
	add_create(f, "a", "A", 1);
	open_again(f);
	assert_int_equal(remote_queue_count(f->queue), 2);
	assert_int_equal(seq_at(f, 0), 1);
	assert_int_equal(seq_at(f, 1), 2);
	add_note(f, "three");
	assert_int_equal(seq_at(f, 2), 3);
}

static void a_torn_last_line_was_never_added(void **arg)
{
	struct fixture *f = *arg;
	AUTO(buf_release) struct buf text = { 0 };

	add_note(f, "one");
	add_note(f, "two");
	read_queue(f, &text);
	write_queue(f, &text, text.len - 5);
	open_again(f);
	assert_int_equal(remote_queue_count(f->queue), 1);
	add_note(f, "again");
	open_again(f);
	assert_int_equal(remote_queue_count(f->queue), 2);
	assert_int_equal(seq_at(f, 1), 2);
}

static void a_damaged_line_is_said_and_not_passed_over(void **arg)
{
	struct fixture *f = *arg;
	AUTO(buf_release) struct buf text = { 0 };

	add_note(f, "one");
	add_note(f, "two");
	read_queue(f, &text);
	strchr(text.data, '\n')[3] = '#';
	write_queue(f, &text, text.len);
	open_again(f);
	assert_null(f->queue);
	assert_int_equal(f->err.code, ERR_INTEGRITY);
}

static void a_series_lasts_while_something_waits(void **arg)
{
	struct fixture *f = *arg;
	AUTO_FREE char *series = NULL;

	add_note(f, "one");
	series = buf_strdup(remote_queue_series(f->queue));
	assert_true(rand_is_id(series));
	open_again(f);
	add_note(f, "two");
	assert_int_equal(acknowledge(f, 1, 0, json_object()), 0);
	add_note(f, "three");
	assert_string_equal(remote_queue_series(f->queue), series);
	assert_int_equal(seq_at(f, 1), 3);
}

/* What the server knows of the one says nothing of the other. */
static void copies_of_a_state_number_apart_when_all_was_sent(void **arg)
{
	struct fixture *f = *arg;
	AUTO(remote_queue_close) struct remote_queue *copy = NULL;
	AUTO_FREE char *before = NULL;
	struct remote_queue *own;

	add_note(f, "one");
	add_note(f, "two");
	before = buf_strdup(remote_queue_series(f->queue));
	assert_int_equal(acknowledge(f, 2, 0, json_object()), 0);
	remote_queue_trim(f->queue);
	copy = remote_queue_open(&f->state, remote_base_done(f->base), &f->err);
	open_again(f);
	assert_int_equal(remote_queue_count(f->queue), 0);
	add_note(f, "three");
	assert_int_equal(seq_at(f, 0), 1);
	own = f->queue;
	f->queue = copy;
	add_note(f, "another three");
	f->queue = own;
	assert_string_not_equal(remote_queue_series(own), before);
	assert_string_not_equal(remote_queue_series(own), remote_queue_series(copy));
}

static void a_full_disk_adds_nothing_and_keeps_what_was_there(void **arg)
{
	struct fixture *f = *arg;
	struct rlimit old, small;
	AUTO(buf_release) struct buf text = { 0 };
	int failed;

	add_note(f, "one");
	read_queue(f, &text);
	signal(SIGXFSZ, SIG_IGN);
	getrlimit(RLIMIT_FSIZE, &old);
	small = (struct rlimit){ text.len + 20, old.rlim_max };
	setrlimit(RLIMIT_FSIZE, &small);
	failed = add(f, "note", json_pack("{s:s}", "text", "two"));
	setrlimit(RLIMIT_FSIZE, &old);
	assert_int_equal(failed, -1);
	assert_int_equal(f->err.code, ERR_ENV);
	assert_int_equal(remote_queue_count(f->queue), 1);
	open_again(f);
	assert_int_equal(remote_queue_count(f->queue), 1);
	add_note(f, "two");
	assert_int_equal(seq_at(f, 1), 2);
}

/* --- answers */

static void what_is_acknowledged_is_the_base_and_the_rest_waits(void **arg)
{
	struct fixture *f = *arg;

	add_create(f, "a", "one two", 7);
	add_edit(f, "a", 4, 3, "three");
	add_edit(f, "a", 0, 3, "four");
	assert_int_equal(acknowledge(f, 2, 0, json_pack("{s:i}", "a", 41)), 0);
	assert_content(f, "a", "one three");
	assert_int_equal(remote_base_find(f->base, "a")->rev, 41);
	assert_int_equal(remote_queue_count(f->queue), 1);
	assert_int_equal(acknowledge(f, 3, 0, json_pack("{s:i}", "a", 42)), 0);
	assert_content(f, "a", "four three");
}

static void a_crash_before_the_queue_is_cut_sends_nothing_twice(void **arg)
{
	struct fixture *f = *arg;
	AUTO(buf_release) struct buf before = { 0 };

	add_create(f, "a", "one", 3);
	add_edit(f, "a", 3, 0, "!");
	add_note(f, "last");
	read_queue(f, &before);
	assert_int_equal(acknowledge(f, 2, 0, json_pack("{s:i}", "a", 7)), 0);
	remote_queue_trim(f->queue);
	write_queue(f, &before, before.len);
	open_again(f);
	assert_int_equal(remote_queue_count(f->queue), 1);
	assert_int_equal(seq_at(f, 0), 3);
	assert_content(f, "a", "one!");
}

static void a_batch_says_what_its_files_begin_from(void **arg)
{
	struct fixture *f = *arg;
	size_t count;

	remote_base_put(f->base, "old", "x", 1, false, 12);
	add_edit(f, "old", 0, 1, "y");
	add_create(f, "new", "n", 1);
	{
		AUTO_JSON json_t *sent = batch(f, &count);
		const json_t *base = json_object_get(sent, "base");

		assert_int_equal(count, 2);
		assert_int_equal(json_int(base, "old", -1), 12);
		assert_int_equal(json_int(base, "new", -1), 0);
	}
}

/* Its answer was lost once: others may have written since. */
static void what_was_stored_before_has_to_be_asked(void **arg)
{
	struct fixture *f = *arg;
	size_t count;

	add_create(f, "a", "one", 3);
	assert_int_equal(acknowledge(f, 1, 1, json_pack("{s:i}", "a", 9)), 0);
	assert_int_equal(remote_base_find(f->base, "a")->rev, REMOTE_REV_UNSURE);
	add_note(f, "goes");
	add_edit(f, "a", 0, 1, "O");
	{
		AUTO_JSON json_t *sent = batch(f, &count);

		assert_int_equal(count, 1);
	}
}

static void a_conflict_drops_the_file_and_the_rest_goes_on(void **arg)
{
	struct fixture *f = *arg;

	remote_base_put(f->base, "a", "one", 3, false, 4);
	remote_base_put(f->base, "b", "two", 3, false, 5);
	add_note(f, "first");
	add_edit(f, "a", 0, 0, "x");
	add_rename(f, "a", "c");
	add_edit(f, "c", 0, 0, "y");
	add_edit(f, "b", 0, 0, "z");
	assert_int_equal(answer(f, json_pack("{s:i, s:{}, s:[{s:s, s:i}]}", "acknowledged", 1,
					     "revs", "conflicts", "path", "a", "rev", 8)), 0);
	assert_int_equal(json_array_size(f->sent.conflicts), 1);
	assert_int_equal(remote_queue_count(f->queue), 1);
	assert_int_equal(seq_at(f, 0), 2);
	open_again(f);
	assert_int_equal(remote_queue_count(f->queue), 1);
	assert_true(remote_line_changes(remote_queue_at(f->queue, 0), "b"));
}

static void numbers_that_the_server_lost_are_given_anew(void **arg)
{
	struct fixture *f = *arg;

	add_note(f, "one");
	add_note(f, "two");
	add_note(f, "three");
	assert_int_equal(acknowledge(f, 2, 0, json_object()), 0);
	assert_int_equal(answer(f, json_pack("{s:i, s:{s:i, s:i}}", "acknowledged", 0, "gap",
					     "from", 1, "to", 2)), 0);
	assert_int_equal(remote_queue_count(f->queue), 1);
	assert_int_equal(seq_at(f, 0), 1);
}

static void nonsense_changes_nothing(void **arg)
{
	struct fixture *f = *arg;

	add_create(f, "a", "one", 3);
	add_note(f, "two");
	assert_int_equal(answer(f, json_pack("{s:i}", "acknowledged", 0)), -1);
	assert_int_equal(f->err.code, ERR_ENV);
	assert_int_equal(answer(f, json_pack("{s:i, s:[{s:s}, s, i]}", "acknowledged", -7,
					     "conflicts", "path", "../x", "a", 3)), -1);
	assert_int_equal(remote_queue_count(f->queue), 2);
	/* more than was sent is acknowledged: only what was sent is gone */
	assert_int_equal(acknowledge(f, 1000000, 0, json_pack("{s:s}", "a", "x")), 0);
	assert_int_equal(remote_queue_count(f->queue), 0);
}

/* --- sizes and times */

static void a_batch_stays_below_the_limit_of_the_server(void **arg)
{
	struct fixture *f = *arg;
	AUTO_FREE char *bytes = buf_alloc(400 << 10);
	size_t count;

	for (int i = 0; i < 4; i++) {
		AUTO_FREE char *path = buf_format("f%d", i);

		bytes[0] = (char)i;
		add_create(f, path, bytes, 400 << 10);
	}
	{
		AUTO_JSON json_t *sent = batch(f, &count);
		AUTO_FREE char *text = json_dumps(sent, JSON_COMPACT);

		assert_int_equal(count, 1);
		assert_true(strlen(text) < 1 << 20);
	}
}

static void a_large_file_has_no_number_and_ends_the_batch(void **arg)
{
	struct fixture *f = *arg;
	AUTO_FREE char *bytes = buf_alloc(2u << 20);
	size_t count;

	add_note(f, "one");
	add_create(f, "large", bytes, 2u << 20);
	add_note(f, "two");
	assert_int_equal(seq_at(f, 1), 0);
	assert_int_equal(seq_at(f, 2), 2);
	{
		AUTO_JSON json_t *sent = batch(f, &count);

		assert_int_equal(count, 1);
	}
}

static void age_is_told_by_the_clock_that_nobody_sets(void **arg)
{
	char boot[] = "boot";
	struct remote_line line = { .boot = boot, .at = 1000, .wall = 900000 };
	struct remote_moment now = { "boot", 61000, 5 };

	(void)arg;
	assert_int_equal(remote_line_age(&line, &now), 60000);
	now = (struct remote_moment){ "another", 10, 905000 };
	assert_int_equal(remote_line_age(&line, &now), 5000);
	now.wall = 1;
	assert_int_equal(remote_line_age(&line, &now), 0);
	now = (struct remote_moment){ "", 61000, 900007 };
	boot[0] = '\0';
	assert_int_equal(remote_line_age(&line, &now), 7);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(what_was_added_is_there_after_a_restart),
		TEST(a_torn_last_line_was_never_added),
		TEST(a_damaged_line_is_said_and_not_passed_over),
		TEST(a_series_lasts_while_something_waits),
		TEST(copies_of_a_state_number_apart_when_all_was_sent),
		TEST(a_full_disk_adds_nothing_and_keeps_what_was_there),
		TEST(what_is_acknowledged_is_the_base_and_the_rest_waits),
		TEST(a_crash_before_the_queue_is_cut_sends_nothing_twice),
		TEST(a_batch_says_what_its_files_begin_from),
		TEST(what_was_stored_before_has_to_be_asked),
		TEST(a_conflict_drops_the_file_and_the_rest_goes_on),
		TEST(numbers_that_the_server_lost_are_given_anew),
		TEST(nonsense_changes_nothing),
		TEST(a_batch_stays_below_the_limit_of_the_server),
		TEST(a_large_file_has_no_number_and_ends_the_batch),
		TEST(age_is_told_by_the_clock_that_nobody_sets),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
