/* test_fs.c - confined paths, globs, whole reads and writes, and trees that are hard to remove */
#include "base/fs.h"

#include "base/auto.h"

#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>

#include <cmocka.h>

#define LENGTH(array) (sizeof(array) / sizeof(*(array)))

static char *folder;	/* fresh for each test */

static int make_folder(void **state)
{
	struct err err = ERR_INIT;

	(void)state;
	folder = fs_temp_dir("tali-fs", &err);
	return folder && chdir(folder) == 0 ? 0 : -1;
}

static int remove_folder(void **state)
{
	struct err err = ERR_INIT;
	int result = chdir("/") == 0 ? fs_remove_tree(AT_FDCWD, folder, &err) : -1;

	(void)state;
	free(folder);
	return result;
}

static void only_paths_below_are_confined(void **state)
{
	static const char *const good[] = {
		"a", "a/b", ".a", "..a", "a..", "a.git", ".gitignore", ".github/x", "a b", "-",
		"\xc3\xa4/\xe2\x82\xac", "\xf0\x9f\x98\x80", "a:b", "*", "\xed\x9f\xbf",
		"git~2", "git~11", ".gitx", ".git x", "git",
	};
	static const char *const bad[] = {
		"", "/", "/a", "a/", "a//b", ".", "..", "./a", "../a", "a/.", "a/..", "a/../b",
		"a/./b", ".git", ".git/config", "a/.git", "a/.GIT/b", ".Git", "a\\b", "\\", "a\nb",
		"a\x01", "a\x1b[31m", "a\x7f", "\xff", "a\xc3", "\xc0\xaf", "\xe0\x80\xaf",
		"\xed\xa0\x80", "\xf4\x90\x80\x80", "\xf0\x80\x80\xaf", "\x80",
		"git~1", "GIT~1/x", "a/git~1 .", ".git ", ".git./x", "a/.git. .", ".git:x",
	};
	size_t i;

	(void)state;
	for (i = 0; i < LENGTH(good); i++)
		if (!fs_path_confined(good[i]))
			fail_msg("'%s' was refused", good[i]);
	for (i = 0; i < LENGTH(bad); i++)
		if (fs_path_confined(bad[i]))
			fail_msg("'%s' passed", bad[i]);
}

static void parts_and_paths_have_a_length(void **state)
{
	char path[1100];

	(void)state;
	memset(path, 'a', sizeof(path));
	path[255] = '\0';
	assert_true(fs_path_confined(path));
	path[255] = 'a';
	path[256] = '\0';
	assert_false(fs_path_confined(path));
	memset(path, 'a', sizeof(path));
	for (int i = 200; i < 1100; i += 200)
		path[i] = '/';
	path[1024] = '\0';
	assert_true(fs_path_confined(path));
	path[1024] = 'a';
	path[1025] = '\0';
	assert_false(fs_path_confined(path));
	for (int i = 0; i <= FS_PATH_FOLDERS; i++)
		memcpy(path + 2 * i, "a/", 2);
	memcpy(path + 2 * FS_PATH_FOLDERS, "a", 2);
	assert_true(fs_path_confined(path));
	memcpy(path + 2 * FS_PATH_FOLDERS, "a/a", 4);
	assert_false(fs_path_confined(path));
}

static void globs_match_paths(void **state)
{
	static const struct {
		const char *glob, *path;
		bool match;
	} rows[] = {
		{ "a", "a", true }, { "a", "b", false }, { "a", "ab", false }, { "ab", "a", false },
		{ "", "", true }, { "", "a", false }, { "*", "a", true }, { "*", "", true },
		{ "*", "a/b", false }, { "*.c", "x.c", true }, { "*.c", "x.h", false },
		{ "*.c", "a/x.c", false }, { "a/*", "a/b", true }, { "a/*", "a/b/c", false },
		{ "a*b*c", "axxbyyc", true }, { "a*b*c", "axxbyy", false }, { "?", "a", true },
		{ "?", "", false }, { "?", "/", false }, { "a?b", "a/b", false },
		{ "**", "a/b/c", true }, { "**", "a", true }, { "tests/**", "tests/a/b", true },
		{ "tests/**", "tests", false }, { "tests/**", "testsx/a", false },
		{ "**/x", "x", true }, { "**/x", "a/b/x", true }, { "**/x", "a/bx", false },
		{ "a/**/z", "a/z", true }, { "a/**/z", "a/b/c/z", true },
		{ "a/**/z", "a/bz", false },
		{ "**/*.py", "a/b.py", true }, { "[abc]", "b", true }, { "[abc]", "d", false },
		{ "[a-c]x", "bx", true }, { "[a-c]", "d", false }, { "[!a-c]", "d", true },
		{ "[!a-c]", "b", false }, { "[a", "a", false }, { "[!x]", "/", false },
		{ "a[/]b", "a/b", false }, { "[a-]", "-", true }, { "*", ".hidden", true },
	};
	size_t i;

	(void)state;
	for (i = 0; i < LENGTH(rows); i++)
		if (fs_path_match(rows[i].glob, rows[i].path) != rows[i].match)
			fail_msg("'%s' and '%s'", rows[i].glob, rows[i].path);
}

/* It ends: without a bound this would take longer than the universe has. */
static void a_hostile_glob_costs_little(void **state)
{
	char path[512];

	(void)state;
	memset(path, 'a', sizeof(path) - 1);
	path[511] = '\0';
	assert_false(fs_path_match("*a*a*a*a*a*a*a*a*a*a*a*a*a*a*a*a*a*a*a*a*b", path));
	for (size_t i = 1; i < 511; i += 2)
		path[i] = '/';
	assert_false(fs_path_match("**/**/**/**/**/**/**/**/**/**/**/**/**/b", path));
}

/* A chain of folders deeper than any path may be long. */
static void make_deep(const char *name, int depth)
{
	int at = open(".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	for (int i = 0; i < depth; i++) {
		int below;

		assert_int_equal(mkdirat(at, i ? "deep" : name, 0700), 0);
		below = openat(at, i ? "deep" : name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
		assert_true(below >= 0);
		close(at);
		at = below;
	}
	close(at);
}

static void a_tree_of_3000_levels_is_removed(void **state)
{
	struct err err = ERR_INIT;

	(void)state;
	make_deep("top", 3000);
	assert_int_equal(fs_remove_tree(AT_FDCWD, "top", &err), 0);
	assert_false(fs_exists("top"));
}

static void a_tree_that_resists_is_removed(void **state)
{
	struct err err = ERR_INIT;

	(void)state;
	assert_int_equal(fs_mkdirs("top/closed/below", 0755, &err), 0);
	assert_int_equal(fs_mkdirs("top/.gone-0", 0755, &err), 0);
	assert_int_equal(fs_mkdirs("outside", 0755, &err), 0);
	assert_int_equal(fs_write("outside/kept", 0644, "x", 1, &err), 0);
	assert_int_equal(fs_write("top/closed/below/file", 0400, "x", 1, &err), 0);
	assert_int_equal(symlink("../../outside", "top/closed/link"), 0);
	assert_int_equal(symlink("loop", "top/loop"), 0);
	assert_int_equal(mkfifo("top/.gone-0/fifo", 0600), 0);
	assert_int_equal(chmod("top/closed/below", 0000), 0);
	assert_int_equal(chmod("top/closed", 0000), 0);
	assert_int_equal(fs_remove_tree(AT_FDCWD, "top", &err), 0);
	assert_false(fs_exists("top"));
	assert_true(fs_exists("outside/kept"));
	assert_int_equal(symlink("outside", "link"), 0);
	assert_int_equal(fs_remove_tree(AT_FDCWD, "link", &err), 0);
	assert_true(fs_exists("outside/kept"));
	assert_int_equal(fs_remove_tree(AT_FDCWD, "missing", &err), 0);
}

static void a_file_is_read_up_to_a_limit(void **state)
{
	AUTO_FD int fd = open(".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	struct buf text = { 0 };
	struct err err = ERR_INIT;

	(void)state;
	assert_int_equal(fs_write("file", 0644, "12345", 5, &err), 0);
	assert_int_equal(fs_read(AT_FDCWD, "file", 5, &text, &err), 0);
	assert_string_equal(buf_str(&text), "12345");
	buf_release(&text);
	assert_int_equal(fs_read(AT_FDCWD, "file", 4, &text, &err), -1);
	assert_string_equal(err.text, "file: larger than 4 bytes");
	assert_int_equal(fs_read(AT_FDCWD, "missing", 4, &text, &err), -1);
	assert_int_equal(err.code, ERR_NOT_FOUND);
	assert_int_equal(fs_read(AT_FDCWD, "file/below", 4, &text, &err), -1);
	assert_int_equal(err.code, ERR_NOT_FOUND);
	assert_int_equal(fs_read(AT_FDCWD, ".", 4, &text, &err), -1);
	assert_int_equal(err.code, ERR_INPUT);
	assert_int_equal(mkfifo("fifo", 0600), 0);
	assert_int_equal(fs_read(AT_FDCWD, "fifo", 4, &text, &err), -1);
	assert_int_equal(err.code, ERR_INPUT);
	assert_int_equal(symlink("file", "link"), 0);
	assert_int_equal(fs_read(fd, "link", 5, &text, &err), -1);
	assert_string_equal(err.text, "link: is a symbolic link");
	assert_int_equal(mkdir("folder", 0755), 0);
	assert_int_equal(fs_write("folder/below", 0644, "x", 1, &err), 0);
	assert_int_equal(symlink("folder", "way"), 0);
	assert_int_equal(fs_read(fd, "way/below", 5, &text, &err), -1);
	assert_int_equal(fs_read(fd, "folder/below", 5, &text, &err), 0);
	assert_string_equal(buf_str(&text), "x");
	buf_release(&text);
	assert_int_equal(fs_write("empty", 0644, "", 0, &err), 0);
	assert_int_equal(fs_read(fd, "empty", 0, &text, &err), 0);
	assert_string_equal(buf_str(&text), "");
	buf_release(&text);
}

static void a_write_replaces_the_whole_file_and_leaves_no_other(void **state)
{
	struct err err = ERR_INIT;
	struct stat st;

	(void)state;
	assert_int_equal(fs_mkdirs("a/b", 0755, &err), 0);
	assert_int_equal(fs_write("a/b/file", 0600, "longer", 6, &err), 0);
	assert_int_equal(fs_write("a/b/file", 0640, "x", 1, &err), 0);
	assert_int_equal(stat("a/b/file", &st), 0);
	assert_int_equal(st.st_size, 1);
	assert_int_equal(st.st_mode & 0777, 0640);
	assert_int_equal(fs_write("a/missing/file", 0600, "x", 1, &err), -1);
	assert_int_equal(err.code, ERR_ENV);
	assert_int_equal(fs_write("a/b", 0600, "x", 1, &err), -1);
	assert_int_equal(unlink("a/b/file"), 0);
	assert_int_equal(rmdir("a/b"), 0);
	assert_int_equal(rmdir("a"), 0);	/* no temporary file was left */
	assert_int_equal(fs_write("file", 0644, "x", 1, &err), 0);
	assert_int_equal(fs_mkdirs("file", 0755, &err), -1);
	assert_int_equal(fs_mkdirs("file/below", 0755, &err), -1);
}

static void a_copy_keeps_files_and_leaves_the_rest_out(void **state)
{
	struct fs_limits limits = { .files = 4, .bytes = 10, .file_bytes = 8, .depth = 2 };
	struct err err = ERR_INIT;
	unsigned left_out = 0;
	struct stat st;
	AUTO_FD int from = -1;
	AUTO_FD int to = -1;

	(void)state;
	assert_int_equal(fs_mkdirs("from/a/b", 0755, &err), 0);
	assert_int_equal(fs_mkdirs("to", 0755, &err), 0);
	assert_int_equal(fs_write("from/a/run", 0700, "12345678", 8, &err), 0);
	assert_int_equal(fs_write("from/a/b/text", 0600, "12", 2, &err), 0);
	assert_int_equal(symlink("/etc/passwd", "from/link"), 0);
	assert_int_equal(mkfifo("from/fifo", 0600), 0);
	from = open("from", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	to = open("to", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	assert_int_equal(fs_copy_tree(from, to, &limits, &left_out, &err), 0);
	assert_int_equal(left_out, 2);
	assert_int_equal(stat("to/a/run", &st), 0);
	assert_int_equal(st.st_mode & 0777, 0755);
	assert_int_equal(stat("to/a/b/text", &st), 0);
	assert_int_equal(st.st_mode & 0777, 0644);
	assert_false(fs_exists("to/link") || fs_exists("to/fifo"));
	limits.depth = 1;
	assert_int_equal(fs_copy_tree(from, to, &limits, NULL, &err), -1);
	assert_non_null(strstr(err.text, "nested too deep"));
	limits = (struct fs_limits){ .files = 3, .bytes = 10, .file_bytes = 8, .depth = 2 };
	assert_int_equal(fs_copy_tree(from, to, &limits, NULL, &err), -1);
	assert_non_null(strstr(err.text, "too many files"));
	limits = (struct fs_limits){ .files = 4, .bytes = 9, .file_bytes = 8, .depth = 2 };
	assert_int_equal(fs_copy_tree(from, to, &limits, NULL, &err), -1);
	assert_non_null(strstr(err.text, "too many bytes"));
	limits = (struct fs_limits){ .files = 4, .bytes = 10, .file_bytes = 7, .depth = 2 };
	assert_int_equal(fs_copy_tree(from, to, &limits, NULL, &err), -1);
	assert_int_equal(err.code, ERR_INPUT);
}

/* Another process tells by a pipe that it holds the lock, and lets go by ending. */
static void a_lock_waits_for_its_holder(void **state)
{
	struct err err = ERR_INIT;
	int ready[2], status;
	char byte;
	pid_t child;

	(void)state;
	assert_int_equal(pipe(ready), 0);
	child = fork();
	if (child == 0) {
		int fd = fs_lock(".", &err);

		_exit(fd < 0 || write(ready[1], "x", 1) != 1 ||
		      fs_write("held", 0600, "x", 1, &err) < 0);
	}
	assert_int_equal(read(ready[0], &byte, 1), 1);
	{
		AUTO_FD int fd = fs_lock(".", &err);

		assert_true(fd >= 0);
		assert_true(fs_exists("held"));
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_int_equal(status, 0);
	assert_int_equal(fs_lock("missing", &err), -1);
	close(ready[0]);
	close(ready[1]);
}

#define IN_FOLDER(test) cmocka_unit_test_setup_teardown(test, make_folder, remove_folder)

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(only_paths_below_are_confined),
		cmocka_unit_test(parts_and_paths_have_a_length),
		cmocka_unit_test(globs_match_paths),
		cmocka_unit_test(a_hostile_glob_costs_little),
		IN_FOLDER(a_tree_of_3000_levels_is_removed),
		IN_FOLDER(a_tree_that_resists_is_removed),
		IN_FOLDER(a_file_is_read_up_to_a_limit),
		IN_FOLDER(a_write_replaces_the_whole_file_and_leaves_no_other),
		IN_FOLDER(a_copy_keeps_files_and_leaves_the_rest_out),
		IN_FOLDER(a_lock_waits_for_its_holder),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
