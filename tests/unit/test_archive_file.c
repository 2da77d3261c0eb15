/* test_archive_file.c - src/workspace/archive_file.c, with archives made by Python and tar */
#include "workspace/archive_file.h"

#include "base/auto.h"

#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

static const struct fs_limits limits = {
	.files = 100, .bytes = 3 << 20, .file_bytes = 2 << 20, .depth = 5
};

/* Each test has a folder T of its own with an empty folder T/out. */
struct fixture {
	char *path;
	int out;
	struct err err;
};

/* Runs a shell script in T, which must succeed; its output without the last line break. */
__attribute__((format(printf, 2, 3))) static const char *shell(struct fixture *f,
							       const char *format, ...)
{
	static char output[8192];
	char script[4096], command[8192];
	va_list args;
	size_t len;
	FILE *pipe;

	va_start(args, format);
	vsnprintf(script, sizeof(script), format, args);
	va_end(args);
	snprintf(command, sizeof(command), "exec 2>&1; cd '%s'; set -e\n%s", f->path, script);
	pipe = popen(command, "r");
	len = fread(output, 1, sizeof(output) - 1, pipe);
	output[len] = '\0';
	if (pclose(pipe) != 0)
		fail_msg("%s\n-> %s", script, output);
	if (len && output[len - 1] == '\n')
		output[len - 1] = '\0';
	return output;
}

static int setup(void **state)
{
	struct fixture *f = buf_alloc(sizeof(*f));
	AUTO_FREE char *out = NULL;

	f->path = fs_temp_dir("test-archive", &f->err);
	shell(f, "mkdir out in");
	out = fs_join(f->path, "out");
	f->out = open(out, O_RDONLY | O_DIRECTORY);
	*state = f;
	return 0;
}

static int teardown(void **state)
{
	struct fixture *f = *state;

	close(f->out);
	fs_temp_release(&f->path);
	free(f);
	return 0;
}

static int unpack(struct fixture *f, const char *name, bool strip_single)
{
	AUTO_FREE char *path = fs_join(f->path, name);

	return archive_file_unpack(path, f->out, &limits, strip_single, &f->err);
}

static void ok(struct fixture *f, int rc)
{
	if (rc < 0)
		fail_msg("error %d: %s", f->err.code, f->err.text);
}

/* The archive is refused, the error says `text`, and nothing is left behind. */
static void refused(struct fixture *f, const char *name, const char *text)
{
	assert_int_equal(unpack(f, name, true), -1);
	if (f->err.code != ERR_INPUT || !strstr(f->err.text, text))
		fail_msg("error %d: %s (wanted '%s')", f->err.code, f->err.text, text);
	assert_string_equal(shell(f, "ls -A out; rm -f %s", name), "");
}

static const char *listing(struct fixture *f)
{
	return shell(f, "cd out; find . -mindepth 1 -printf '%%P %%m %%y\\n' | LC_ALL=C sort");
}

/* --- unpack */

static void every_format_unpacks_to_the_same_files(void **state)
{
	static const char *const makes[] = { "tar -C in -cf a .",
					     "tar -C in -czf a .",
					     "tar -C in -cf a --format=pax $(ls in)",
					     "tar -C in -cf a --format=ustar $(ls in)",
					     "tar -C in -cf a --format=gnu $(ls in)",
					     "python3 -m zipfile -c a in/*",
					     NULL };
	struct fixture *f = *state;
	int i;

	shell(f, "cd in; mkdir -p d/e f; printf 'a\\r\\n\\0' >d/e/bytes; echo ü >'f/ünïcode name'; "
		 ": >empty; "
		 "echo run >d/run; chmod 775 d/run; chmod 600 empty; "
		 "l=$(printf 'x%%.0s' $(seq 90)); mkdir d/$l; echo long >d/$l/$l");
	for (i = 0; makes[i]; i++) {
		shell(f, "%s", makes[i]);
		ok(f, unpack(f, "a", false));
		shell(f, "diff -r in out; test $(stat -c %%a out/empty) = 644");
		if (!strstr(makes[i], "zip"))
			shell(f, "test $(stat -c %%a out/d/run) = 755");
		shell(f, "rm -r out/* a");
	}
}

static void one_folder_that_holds_everything_is_stripped_when_asked(void **state)
{
	struct fixture *f = *state;

	shell(f, "mkdir -p in/cart/cart; echo 1 >in/cart/a; echo 2 >in/cart/cart/b; tar -C in -czf "
		 "a cart");
	ok(f, unpack(f, "a", true));
	assert_string_equal(listing(f), "a 644 f\ncart 755 d\ncart/b 644 f");
	shell(f, "rm -r out/*");
	ok(f, unpack(f, "a", false));
	shell(f, "diff -r in out; rm -r out/*; echo 3 >in/x; tar -C in -czf a cart x");
	ok(f, unpack(f, "a", true));
	shell(f, "diff -r in out; rm -r out/* in/cart; tar -C in -czf a x");
	ok(f, unpack(f, "a", true));
	assert_string_equal(listing(f), "x 644 f");
}

static void a_name_that_is_there_already_is_refused_and_stays(void **state)
{
	struct fixture *f = *state;

	shell(f, "echo mine >out/b; echo 1 >in/a; echo 2 >in/b; tar -C in -cf a a b");
	assert_int_equal(unpack(f, "a", false), -1);
	assert_int_equal(f->err.code, ERR_INPUT);
	assert_string_equal(f->err.text, "'b' is there already");
	assert_string_equal(listing(f), "b 644 f");
}

/* Writes T/a.zip by Python with the entries given as (name, bytes) lines. */
static void make_zip(struct fixture *f, const char *entries)
{
	shell(f,
	      "cat >z.py <<'E'\nimport zipfile, warnings\nwarnings.simplefilter('ignore')\n"
	      "z = zipfile.ZipFile('a.zip', 'w', zipfile.ZIP_DEFLATED)\n"
	      "for n, b in [%s]: z.writestr(n, b)\nz.close()\nE\npython3 z.py",
	      entries);
}

/* Writes T/a.tar by Python; `entries` are (name, type, link, size) */
static void make_tar(struct fixture *f, const char *entries)
{
	shell(f,
	      "cat >t.py <<'E'\nimport tarfile, io\nt = tarfile.open('a.tar', 'w')\n"
	      "for n, k, l, s in [%s]:\n i = tarfile.TarInfo(n); i.type = k.encode(); i.linkname = "
	      "l\n"
	      " i.size = s; t.addfile(i, io.BytesIO(bytes(s)))\nt.close()\nE\npython3 t.py",
	      entries);
}

static void names_outside_the_folder_are_refused(void **state)
{
	static const char *const names[] = { "../x",  "/etc/x",	     "a/../../x", "a/./b",
					     "a//b",  ".git/config", "a/.GIT/x",  "git~1",
					     "a\\nb", NULL };
	struct fixture *f = *state;
	int i;

	for (i = 0; names[i]; i++) {
		AUTO_FREE char *zip = buf_format("('fine', '1'), ('%s', 'x')", names[i]);
		AUTO_FREE char *tar = buf_format("('fine', '0', '', 1), ('%s', '0', '', 1)",
						 names[i]);

		make_zip(f, zip);
		refused(f, "a.zip", "not allowed");
		make_tar(f, tar);
		refused(f, "a.tar", "not allowed");
	}
	assert_string_equal(shell(f, "ls"), "in\nout\nt.py\nz.py");
}

static void a_name_that_is_not_utf8_is_refused(void **state)
{
	struct fixture *f = *state;

	shell(f, "n=$(printf 'in/a\\377b'); : >$n; tar -C in --format=gnu -cf a.tar .");
	refused(f, "a.tar", "");
}

static void links_and_devices_are_refused(void **state)
{
	struct fixture *f = *state;

	make_tar(f, "('l', '2', '/etc', 0), ('l/passwd', '0', '', 5)");
	refused(f, "a.tar", "'l': is a link");
	make_tar(f, "('f', '0', '', 1), ('h', '1', '/etc/passwd', 0)");
	refused(f, "a.tar", "'h': is a link");
	make_tar(f, "('fifo', '6', '', 0)");
	refused(f, "a.tar", "'fifo': is neither");
	make_tar(f, "('null', '3', '', 0)");
	refused(f, "a.tar", "'null': is neither");
	shell(f, "ln -s /etc/passwd in/l; python3 - <<'E'\nimport zipfile\nz = "
		 "zipfile.ZipFile('a.zip', 'w')\n"
		 "i = zipfile.ZipInfo('l'); i.create_system = 3; i.external_attr = 0o120777 << 16\n"
		 "z.writestr(i, '/etc/passwd'); z.close()\nE");
	refused(f, "a.zip", "'l': is a link");
}

static void an_entry_that_comes_twice_is_refused(void **state)
{
	struct fixture *f = *state;

	make_zip(f, "('a', '1'), ('a', '2')");
	refused(f, "a.zip", "'a': the archive has it twice");
	make_tar(f, "('a', '0', '', 1), ('a/b', '0', '', 1)");
	refused(f, "a.tar", "'a/b': a file has its name");
	make_tar(f, "('a/b', '0', '', 1), ('a', '0', '', 1)");
	refused(f, "a.tar", "'a': the archive has it twice");
}

static void what_is_past_the_limits_is_refused_by_what_comes_out(void **state)
{
	struct fixture *f = *state;

	make_zip(f, "('d/bomb', bytes(100 << 20))");
	refused(f, "a.zip", "'d/bomb': larger than 2097152 bytes");
	shell(f, "truncate -s 64M in/bomb; tar -C in -czf a.tar bomb");
	refused(f, "a.tar", "'bomb': larger than 2097152 bytes");
	shell(f, "truncate -s 1G in/bomb; tar -C in --sparse -cf a.tar bomb");
	refused(f, "a.tar", "'bomb': larger than 2097152 bytes");
	shell(f, "truncate -s 1M in/bomb; tar -C in --sparse -cf a.tar bomb");
	ok(f, unpack(f, "a.tar", false));
	shell(f, "cmp in/bomb out/bomb; rm a.tar in/bomb out/bomb");
	make_zip(f, "('a', bytes(2 << 20)), ('b', bytes(1 << 20)), ('c', b'x')");
	refused(f, "a.zip", "'c': more than 3145728 bytes in all");
	make_zip(f, "(str(i), b'') for i in range(101)");
	refused(f, "a.zip", "'100': more than 100 files");
	make_tar(f, "('%d/x' % i, '0', '', 0) for i in range(60)");
	refused(f, "a.tar", "more than 100 files");
	make_zip(f, "('1/2/3/4/5/6/x', b'')");
	refused(f, "a.zip", "nested more than 5 deep");
}

static void what_is_no_archive_or_cut_short_is_refused(void **state)
{
	struct fixture *f = *state;

	shell(f, "echo hello >a; head -c 300000 /dev/urandom >in/x");
	refused(f, "a", "");
	shell(f, ": >a");
	refused(f, "a", "");
	shell(f, "tar -C in -czf b x; head -c 100000 b >a");
	refused(f, "a", "");
	shell(f, "tar -C in -cf b x; head -c 100000 b >a");
	refused(f, "a", "");
	shell(f, "python3 -m zipfile -c b in/x; head -c 100000 b >a");
	refused(f, "a", "");
	shell(f, "mkfifo a");
	refused(f, "a", "not a regular file");
	assert_int_equal(unpack(f, "none", false), -1);
	assert_int_equal(f->err.code, ERR_NOT_FOUND);
}

/* --- pack */

static int pack(struct fixture *f, const char *name, const char *top)
{
	AUTO_FREE char *in = fs_join(f->path, "in");
	AUTO_FREE char *path = fs_join(f->path, name);
	AUTO_FD int fd = open(in, O_RDONLY | O_DIRECTORY);

	return archive_file_pack(path, fd, top, &f->err);
}

static void the_same_folder_gives_the_same_bytes(void **state)
{
	struct fixture *f = *state;

	shell(f, "cd in; mkdir -p b/c empty; echo 1 >b/c/d; echo 2 >b.x; echo 3 >ü; echo 4 >run; "
		 "chmod 700 run; "
		 "l=$(printf 'x%%.0s' $(seq 200)); echo 5 >$l; ln -s /etc l; mkfifo p; mkdir .git; "
		 ": >.git/x");
	ok(f, pack(f, "1.tar.gz", "cart"));
	shell(f, "cp -r in new; rm -r in; mv new in; find in -exec touch -hd '2001-01-01' {} +");
	ok(f, pack(f, "2.tar.gz", "cart"));
	shell(f, "head -c 8 1.tar.gz | tail -c 4 | od -An -tx4 | grep 00000000");
	shell(f, "cmp 1.tar.gz 2.tar.gz; rm -r in/.git in/l in/p");
	assert_string_equal(
		shell(f, "LC_ALL=C.UTF-8 tar tvf 1.tar.gz --full-time --numeric-owner | head -6"),
		"drwxr-xr-x 0/0               0 1970-01-01 00:00:00 cart/\n"
		"-rw-r--r-- 0/0               2 1970-01-01 00:00:00 cart/b.x\n"
		"drwxr-xr-x 0/0               0 1970-01-01 00:00:00 cart/b/\n"
		"drwxr-xr-x 0/0               0 1970-01-01 00:00:00 cart/b/c/\n"
		"-rw-r--r-- 0/0               2 1970-01-01 00:00:00 cart/b/c/d\n"
		"drwxr-xr-x 0/0               0 1970-01-01 00:00:00 cart/empty/");
	shell(f, "mkdir t; tar -C t -xf 1.tar.gz; diff -r in t/cart; ls -A >names; ! grep -q "
		 "1.tar.gz. names");
	ok(f, unpack(f, "1.tar.gz", true));
	shell(f, "diff -r in out");
}

static void the_ending_of_the_name_says_what_is_packed(void **state)
{
	static const char *const names[] = { "a.zip", "a.kpp", "a.tar" };
	struct fixture *f = *state;

	shell(f, "cd in; mkdir -p d empty; seq 999 >d/ü; echo 2 >run; chmod 755 run");
	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
		ok(f, pack(f, names[i], "cart"));
		ok(f, unpack(f, names[i], true));
		shell(f, "diff -r in out; test $(stat -c %%a out/run) = 755; rm -r out/*");
	}
	setenv("TZ", "Asia/Kolkata", 1);
	ok(f, pack(f, "b.zip", "cart"));
	unsetenv("TZ");
	shell(f, "cmp a.zip b.zip; cmp a.zip a.kpp; mkdir t; tar -C t -xf a.tar; "
		 "diff -r in t/cart; python3 -m zipfile -e a.zip z; diff -r in z/cart");
}

static void packing_fails_without_a_trace(void **state)
{
	struct fixture *f = *state;

	shell(f, "echo old >a.tar.gz; truncate -s 40M in/big");
	assert_int_equal(pack(f, "a.tar.gz", "cart"), -1);
	assert_int_equal(f->err.code, ERR_INPUT);
	assert_int_equal(pack(f, "a.tar.gz", "../cart"), -1);
	assert_int_equal(f->err.code, ERR_INPUT);
	assert_string_equal(shell(f, "cat a*; ls"), "old\na.tar.gz\nin\nout");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(every_format_unpacks_to_the_same_files),
		TEST(one_folder_that_holds_everything_is_stripped_when_asked),
		TEST(a_name_that_is_there_already_is_refused_and_stays),
		TEST(names_outside_the_folder_are_refused),
		TEST(a_name_that_is_not_utf8_is_refused),
		TEST(links_and_devices_are_refused),
		TEST(an_entry_that_comes_twice_is_refused),
		TEST(what_is_past_the_limits_is_refused_by_what_comes_out),
		TEST(what_is_no_archive_or_cut_short_is_refused),
		TEST(the_same_folder_gives_the_same_bytes),
		TEST(the_ending_of_the_name_says_what_is_packed),
		TEST(packing_fails_without_a_trace),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
