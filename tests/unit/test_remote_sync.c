/* test_remote_sync.c - three versions of each file, and what is saved in a folder as events */
#include "work/remote_look.h"

#include "base/auto.h"
#include "base/fs.h"
#include "base/json.h"
#include "work/git_program.h"
#include "work/remote_merge.h"
#include "work/work_tree.h"

#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

struct fixture {
	char *folder;
	int fd;
	struct remote_state state;
	struct remote_base *base;
	struct remote_queue *queue;
	struct err err;
};

static int set_up(void **arg)
{
	struct fixture *f = buf_alloc(sizeof(*f));
	AUTO(buf_release) struct buf said = BUF_INIT(1000);
	const char *init[] = { "git", "init", "-q", NULL, NULL };

	hash_init();
	f->folder = fs_temp_dir("tali-test", &f->err);
	f->state.path = fs_temp_dir("tali-test", &f->err);
	init[3] = f->folder;
	assert_int_equal(git_program(init, &said, &f->err), 0);
	f->fd = open(f->folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	f->base = remote_base_open(&f->state, &f->err);
	f->queue = remote_queue_open(&f->state, 0, &f->err);
	*arg = f;
	return f->base && f->queue ? 0 : -1;
}

static int tear_down(void **arg)
{
	struct fixture *f = *arg;

	remote_queue_close(&f->queue);
	remote_base_close(&f->base);
	close(f->fd);
	fs_temp_release(&f->folder);
	fs_remove_tree(AT_FDCWD, f->state.path, &f->err);
	remote_state_release(&f->state);
	free(f);
	return 0;
}

static void put(struct fixture *f, const char *path, const char *content)
{
	AUTO_FREE char *whole = fs_join(f->folder, path);
	AUTO_FREE char *folder = buf_strdup(whole);

	*strrchr(folder, '/') = '\0';
	assert_int_equal(fs_mkdirs(folder, 0755, &f->err), 0);
	assert_int_equal(fs_write(whole, 0644, content, strlen(content), &f->err), 0);
}

/* How many events; what is told then is what is here. */
static int look(struct fixture *f)
{
	unsigned left_out = 0;
	int events = remote_look(f->folder, f->fd, f->base, f->queue, &left_out, &f->err);

	assert_int_not_equal(events, -1);
	return events;
}

static const char *last(const struct fixture *f, const char *key)
{
	const struct remote_line *line =
		remote_queue_at(f->queue, remote_queue_count(f->queue) - 1);
	const json_t *edit = json_array_get(json_object_get(line->data, "edits"), 0);

	return json_str(edit ? edit : line->data, key, "");
}

/* --- what is to be done */

static void each_side_that_changed_alone_is_the_one_that_goes_over(void **arg)
{
	(void)arg;
	assert_int_equal(remote_merge_step("a", "a", "a"), REMOTE_SAME);
	assert_int_equal(remote_merge_step("", "", ""), REMOTE_SAME);
	assert_int_equal(remote_merge_step("a", "b", "a"), REMOTE_SEND);
	assert_int_equal(remote_merge_step("a", "", "a"), REMOTE_SEND);
	assert_int_equal(remote_merge_step("", "b", ""), REMOTE_SEND);
	assert_int_equal(remote_merge_step("a", "a", "b"), REMOTE_FETCH);
	assert_int_equal(remote_merge_step("a", "a", ""), REMOTE_FETCH);
	assert_int_equal(remote_merge_step("", "", "b"), REMOTE_FETCH);
}

static void what_both_came_to_alone_moves_the_base(void **arg)
{
	(void)arg;
	assert_int_equal(remote_merge_step("a", "b", "b"), REMOTE_MOVE_BASE);
	assert_int_equal(remote_merge_step("a", "", ""), REMOTE_MOVE_BASE);
	assert_int_equal(remote_merge_step("", "b", "b"), REMOTE_MOVE_BASE);
	assert_int_equal(remote_merge_step("a", "b", "c"), REMOTE_BOTH);
	assert_int_equal(remote_merge_step("a", "", "c"), REMOTE_BOTH);
	assert_int_equal(remote_merge_step("a", "b", ""), REMOTE_BOTH);
}

static int merged(struct fixture *f, const char *base, const char *here, const char *there,
		  struct buf *ret)
{
	struct buf texts[3] = { BUF_INIT(1000), BUF_INIT(1000), BUF_INIT(1000) };
	int done;

	buf_add_str(&texts[0], base);
	buf_add_str(&texts[1], here);
	buf_add_str(&texts[2], there);
	done = remote_merge_lines(f->state.path, &texts[0], &texts[1], &texts[2], ret, &f->err);
	for (int i = 0; i < 3; i++)
		buf_release(&texts[i]);
	return done;
}

static void lines_in_different_places_are_put_together(void **arg)
{
	AUTO(buf_release) struct buf ret = { 0 };

	assert_int_equal(merged(*arg, "a\nb\nc\nd\n", "A\nb\nc\nd\n", "a\nb\nc\nD\n", &ret), 1);
	assert_string_equal(buf_str(&ret), "A\nb\nc\nD\n");
}

static void the_same_lines_and_other_bytes_are_not(void **arg)
{
	AUTO(buf_release) struct buf ret = { 0 };
	AUTO(buf_release) struct buf other = { 0 };

	assert_int_equal(merged(*arg, "a\n", "b\n", "c\n", &ret), 0);
	assert_int_equal(merged(*arg, "a\n", "\xff\n", "a\nc\n", &other), 0);
}

/* --- what was saved */

static void a_save_is_an_edit_of_what_the_server_will_have(void **arg)
{
	struct fixture *f = *arg;

	put(f, "a.txt", "one two three\n");
	assert_int_equal(look(f), 1);
	assert_string_equal(last(f, "op"), "create");
	assert_int_equal(look(f), 0);
	put(f, "a.txt", "one 2 three\n");
	assert_int_equal(look(f), 1);
	assert_string_equal(last(f, "ins"), "2");
	put(f, "a.txt", "one 2 3\n");
	assert_int_equal(look(f), 1);
	assert_string_equal(last(f, "ins"), "3");
	assert_int_equal(look(f), 0);
}

static void a_file_that_moved_is_renamed_and_keeps_what_it_was(void **arg)
{
	struct fixture *f = *arg;

	put(f, "a", "content\n");
	look(f);
	put(f, "deep/er/b", "content\n");
	assert_int_equal(unlinkat(f->fd, "a", 0), 0);
	assert_int_equal(look(f), 1);
	assert_string_equal(last(f, "op"), "rename");
	assert_string_equal(last(f, "to"), "deep/er/b");
	assert_int_equal(look(f), 0);
}

static void a_folder_can_take_the_place_of_a_file(void **arg)
{
	struct fixture *f = *arg;

	put(f, "a", "content\n");
	look(f);
	assert_int_equal(unlinkat(f->fd, "a", 0), 0);
	put(f, "a/b", "content\n");
	assert_int_equal(look(f), 2);
	assert_string_equal(last(f, "op"), "create");
	assert_int_equal(look(f), 0);
}

static void what_is_gone_is_deleted(void **arg)
{
	struct fixture *f = *arg;

	put(f, "a", "content\n");
	look(f);
	assert_int_equal(unlinkat(f->fd, "a", 0), 0);
	assert_int_equal(look(f), 1);
	assert_string_equal(last(f, "op"), "delete");
	assert_int_equal(look(f), 0);
}

static void only_its_mode_is_told_when_that_alone_changed(void **arg)
{
	struct fixture *f = *arg;

	put(f, "a", "content\n");
	look(f);
	assert_int_equal(fchmodat(f->fd, "a", 0755, 0), 0);
	assert_int_equal(look(f), 1);
	assert_string_equal(last(f, "op"), "write");
	assert_int_equal(look(f), 0);
}

/* A link to what is outside would tell what is there. */
static void links_ignored_files_and_leavings_are_not_told(void **arg)
{
	struct fixture *f = *arg;

	put(f, ".gitignore", "*.log\n");
	look(f);
	put(f, "a.log", "x");
	put(f, "__pycache__/a", "x");
	put(f, ".a.swp", "x");
	put(f, "a.theirs", "x");
	assert_int_equal(symlinkat("/etc/passwd", f->fd, "link"), 0);
	assert_int_equal(symlinkat("/etc", f->fd, "folder"), 0);
	assert_int_equal(mkfifoat(f->fd, "pipe", 0644), 0);
	assert_int_equal(look(f), 0);
}

static void a_link_in_the_place_of_a_file_removes_nothing(void **arg)
{
	struct fixture *f = *arg;

	put(f, "sub/a", "content\n");
	look(f);
	assert_int_equal(renameat(f->fd, "sub", f->fd, ".git/sub"), 0);
	assert_int_equal(symlinkat(".git/sub", f->fd, "sub"), 0);
	assert_int_equal(look(f), 0);
}

static void a_large_file_is_put_as_a_whole(void **arg)
{
	struct fixture *f = *arg;
	AUTO_FREE char *large = buf_alloc((3u << 20) + 1);

	memset(large, 'x', 3u << 20);
	put(f, "large", large);
	assert_int_equal(look(f), 1);
	assert_int_equal(remote_queue_at(f->queue, 0)->seq, 0);
	assert_int_equal(look(f), 0);
}

/* --- what comes */

static void what_was_saved_at_that_moment_is_not_overwritten(void **arg)
{
	struct fixture *f = *arg;
	AUTO(work_tree_file_release) struct work_tree_file seen;
	AUTO(work_tree_file_release) struct work_tree_file nothing;
	AUTO(work_tree_file_release) struct work_tree_file now;
	AUTO(buf_release) struct buf theirs = BUF_INIT(100);

	buf_add_str(&theirs, "theirs");
	put(f, "a", "first");
	work_tree_read(f->fd, "a", 100, &seen);
	work_tree_read(f->fd, "b", 100, &nothing);
	put(f, "a", "saved");
	put(f, "b", "made");
	assert_int_equal(work_tree_put(f->fd, "a", &seen, &theirs, false, &f->err), 1);
	assert_int_equal(work_tree_put(f->fd, "b", &nothing, &theirs, false, &f->err), 1);
	assert_int_equal(work_tree_remove(f->fd, "a", &seen, &f->err), 1);
	work_tree_read(f->fd, "a", 100, &now);
	assert_string_equal(buf_str(&now.content), "saved");
}

static void nothing_is_written_through_a_link(void **arg)
{
	struct fixture *f = *arg;
	AUTO(work_tree_file_release) struct work_tree_file seen;
	AUTO(buf_release) struct buf theirs = BUF_INIT(100);

	buf_add_str(&theirs, "theirs");
	assert_int_equal(symlinkat(f->state.path, f->fd, "out"), 0);
	work_tree_read(f->fd, "out/x", 100, &seen);
	assert_int_equal(work_tree_put(f->fd, "out/x", &seen, &theirs, false, &f->err), -1);
	assert_int_equal(work_tree_put(f->fd, "out/y/x", &seen, &theirs, false, &f->err), -1);
	{
		AUTO_FREE char *outside = fs_join(f->state.path, "x");

		assert_false(fs_exists(outside));
	}
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(each_side_that_changed_alone_is_the_one_that_goes_over),
		TEST(what_both_came_to_alone_moves_the_base),
		TEST(lines_in_different_places_are_put_together),
		TEST(the_same_lines_and_other_bytes_are_not),
		TEST(a_save_is_an_edit_of_what_the_server_will_have),
		TEST(a_file_that_moved_is_renamed_and_keeps_what_it_was),
		TEST(a_folder_can_take_the_place_of_a_file),
		TEST(what_is_gone_is_deleted),
		TEST(only_its_mode_is_told_when_that_alone_changed),
		TEST(links_ignored_files_and_leavings_are_not_told),
		TEST(a_link_in_the_place_of_a_file_removes_nothing),
		TEST(a_large_file_is_put_as_a_whole),
		TEST(what_was_saved_at_that_moment_is_not_overwritten),
		TEST(nothing_is_written_through_a_link),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
