/* test_import_source.c - packages that are folders, archives and files, also hostile ones */
#include "task/import_source.h"

#include "base/auto.h"
#include "base/fs.h"

#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

static void write_file(const char *root, const char *path, const char *text)
{
	AUTO_FREE char *full = fs_join(root, path);
	char *slash = strrchr(full, '/');
	struct err err = ERR_INIT;

	*slash = '\0';
	assert_int_equal(fs_mkdirs(full, 0755, &err), 0);
	*slash = '/';
	assert_int_equal(fs_write(full, 0644, text, strlen(text), &err), 0);
}

static void link_to(const char *root, const char *path, const char *target)
{
	AUTO_FREE char *full = fs_join(root, path);

	assert_int_equal(symlink(target, full), 0);
}

/* Yours, for fs_temp_release. */
static char *package(void)
{
	struct err err = ERR_INIT;
	AUTO(fs_temp_release) char *root = fs_temp_dir("package", &err);

	assert_non_null(root);
	write_file(root, "data/b.in", "2\n");
	write_file(root, "data/a.in", "1\n");
	write_file(root, "data/more/c.in", "3\n");
	write_file(root, "data.txt", "text\n");
	write_file(root, ".meta/config.json", "{\"a\": 1,\n \"b\": }\n");
	write_file(root, ".git/config", "[core]\n");
	write_file(root, "node_modules/x/index.js", "\n");
	return TAKE(root);
}

static struct import_source *open_good(const char *root)
{
	struct err err = ERR_INIT;
	struct import_source *source = import_source_open(root, &err);

	if (!source)
		fail_msg("%s", err.text);
	return source;
}

static void refused(const char *root, enum err_code code, const char *what)
{
	struct err err = ERR_INIT;

	assert_null(import_source_open(root, &err));
	assert_int_equal(err.code, code);
	if (!strstr(err.text, what))
		fail_msg("'%s' is not in: %s", what, err.text);
}

static void a_folder_is_listed_in_order(void **state)
{
	AUTO(fs_temp_release) char *root = package();
	AUTO(import_source_close) struct import_source *source = open_good(root);
	const char *const *paths;
	size_t count;

	(void)state;
	import_source_list(source, "", &paths, &count);
	assert_int_equal(count, 5);
	assert_string_equal(paths[0], ".meta/config.json");
	assert_string_equal(paths[1], "data.txt");
	assert_string_equal(paths[2], "data/a.in");
	import_source_list(source, "data", &paths, &count);
	assert_int_equal(count, 3);
	assert_string_equal(paths[2], "data/more/c.in");
	import_source_list(source, "dat", &paths, &count);
	assert_int_equal(count, 0);
	assert_true(import_source_has(source, "data") && import_source_has_folder(source, "data"));
	assert_true(import_source_has(source, "data.txt"));
	assert_false(import_source_has_folder(source, "data.txt"));
	assert_false(import_source_has(source, ".git"));
	assert_null(import_source_single(source));
}

static void files_are_read_within_limits(void **state)
{
	AUTO(fs_temp_release) char *root = package();
	AUTO(import_source_close) struct import_source *source = open_good(root);
	AUTO(buf_release) struct buf data = BUF_INIT(0);
	json_t *json = NULL;
	struct err err = ERR_INIT;

	(void)state;
	assert_int_equal(import_source_read(source, "data/a.in", 2, &data, &err), 0);
	assert_string_equal(data.data, "1\n");
	assert_int_equal(import_source_read(source, "data/a.in", 1, &data, &err), -1);
	assert_string_equal(err.text, "data/a.in: larger than 1 bytes");
	assert_int_equal(import_source_read(source, "none", 1, &data, &err), -1);
	assert_int_equal(err.code, ERR_NOT_FOUND);
	assert_string_equal(err.text, "none: not in the package");
	assert_int_equal(import_source_read(source, "../etc/passwd", 1, &data, &err), -1);
	assert_int_equal(import_source_json(source, ".meta/config.json", &json, &err), -1);
	assert_non_null(strstr(err.text, ".meta/config.json:2: "));
}

static void texts_are_utf8(void **state)
{
	AUTO(fs_temp_release) char *root = package();
	AUTO(buf_release) struct buf text = BUF_INIT(0);
	AUTO(import_source_close) struct import_source *source = NULL;
	struct err err = ERR_INIT;

	(void)state;
	write_file(root, "latin", "one\ntwo\nthr\xe9\x65\n");
	write_file(root, "bom", "\xef\xbb\xbftext");
	source = open_good(root);
	assert_int_equal(import_source_text(source, "latin", 100, &text, &err), -1);
	assert_string_equal(err.text, "latin:3: not UTF-8");
	assert_int_equal(import_source_text(source, "bom", 100, &text, &err), 0);
	assert_string_equal(text.data, "text");
	assert_int_equal(text.len, 4);
}

static void links_inside_are_followed(void **state)
{
	AUTO(fs_temp_release) char *root = package();
	AUTO(import_source_close) struct import_source *source = NULL;
	AUTO(buf_release) struct buf data = BUF_INIT(0);
	struct err err = ERR_INIT;

	(void)state;
	link_to(root, "data/more/d.in", "../a.in");
	link_to(root, "again", "data/more");
	source = open_good(root);
	assert_int_equal(import_source_read(source, "again/d.in", 10, &data, &err), 0);
	assert_string_equal(data.data, "1\n");
}

static void what_leads_out_is_refused(void **state)
{
	static const struct { const char *target, *what; } links[] = {
		{ "/etc/passwd", "'data/l': a link that leads out" },
		{ "../../outside", "'data/l': a link that leads out" },
		{ "../..", "'data/l': a link that leads out" },
		{ "l", "'data/l': links that lead in a circle" },
		{ "nothing", "'data/l': a link to nothing" },
		{ "..", "'data/l/data/l/" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(links) / sizeof(*links); i++) {
		AUTO(fs_temp_release) char *root = package();

		link_to(root, "data/l", links[i].target);
		refused(root, ERR_INPUT, links[i].what);
	}
}

static void devices_and_odd_names_are_refused(void **state)
{
	static const char *const names[] = { "data/a\\b", "data/a\nb", "data/\xff", "data/.GIT/x" };

	(void)state;
	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
		AUTO(fs_temp_release) char *root = package();

		write_file(root, names[i], "x");
		refused(root, ERR_INPUT, "not a path that a package may use");
	}
	{
		AUTO(fs_temp_release) char *root = package();
		AUTO_FREE char *pipe = fs_join(root, "data/pipe");

		assert_int_equal(mkfifo(pipe, 0600), 0);
		refused(root, ERR_INPUT, "'data/pipe': neither a file nor a folder");
		refused(pipe, ERR_INPUT, "neither a file nor a folder");
	}
}

static void names_that_differ_by_case_are_refused(void **state)
{
	AUTO(fs_temp_release) char *root = package();

	(void)state;
	write_file(root, "Data/a.in", "x");
	refused(root, ERR_INPUT, "'Data' and 'data' differ");
}

static void limits_hold(void **state)
{
	AUTO(fs_temp_release) char *root = package();
	AUTO_FREE char *large = fs_join(root, "large");
	int fd;

	(void)state;
	write_file(root, "large", "x");
	assert_int_equal(truncate(large, (32 << 20) + 1), 0);
	refused(root, ERR_INPUT, "'large': larger than");
	assert_int_equal(unlink(large), 0);
	for (int i = 0; i < IMPORT_SOURCE_MAX_ENTRIES; i++) {
		AUTO_FREE char *path = buf_format("%s/f%d", root, i);

		fd = open(path, O_CREAT | O_WRONLY | O_CLOEXEC, 0600);
		assert_true(fd >= 0);
		close(fd);
	}
	refused(root, ERR_INPUT, "more than 10000 files and folders");
}

static void one_file_is_a_source(void **state)
{
	AUTO(fs_temp_release) char *root = package();
	AUTO_FREE char *path = fs_join(root, "data.txt");
	AUTO(import_source_close) struct import_source *source = open_good(path);
	const char *const *paths;
	size_t count;

	(void)state;
	assert_string_equal(import_source_name(source), "data");
	assert_string_equal(import_source_single(source), "data.txt");
	import_source_list(source, "", &paths, &count);
	assert_int_equal(count, 1);
	assert_false(import_source_has(source, "data/a.in"));
	refused("/nowhere/at/all", ERR_NOT_FOUND, "no such file");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_folder_is_listed_in_order),
		cmocka_unit_test(files_are_read_within_limits),
		cmocka_unit_test(texts_are_utf8),
		cmocka_unit_test(links_inside_are_followed),
		cmocka_unit_test(what_leads_out_is_refused),
		cmocka_unit_test(devices_and_odd_names_are_refused),
		cmocka_unit_test(names_that_differ_by_case_are_refused),
		cmocka_unit_test(limits_hold),
		cmocka_unit_test(one_file_is_a_source),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
