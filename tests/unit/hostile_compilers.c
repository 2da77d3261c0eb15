/* hostile_compilers.c - sources that mean harm to the compiler, or through it */
#include "hostile_case.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/auto.h"
#include "base/fs.h"
#include "hostile_witness.h"

/* The sources of one test: name, text, name, text, ..., NULL. */
static const char *const *sources;

static int fill_sources(void *arg, int work, struct err *err)
{
	(void)arg;
	for (const char *const *one = sources; one[0]; one += 2) {
		AUTO_FD int fd = openat(work, one[0], O_WRONLY | O_CREAT | O_CLOEXEC, 0644);

		if (fd < 0 || fs_write_all(fd, one[1], strlen(one[1])) < 0)
			return err_sys(err, "fill");
	}
	return 0;
}

static void prepare(struct play *play, const char *const *texts)
{
	play_prepare(play);
	sources = texts;
	play->io.fill = fill_sources;
	play->plan.limits.memory = 256 * MIB;
	play->plan.limits.cpu_ms = 3000;
	play->plan.limits.wall_ms = 6000;
	play->plan.limits.open_files = 128;
}

#define SOURCES(name, ...) \
	AUTO(play_release) struct play name; \
	prepare(&name, (const char *const[]){ __VA_ARGS__, NULL })

static void assert_not_ok(const struct play *play)
{
	assert_int_equal(play->failed, 0);
	assert_int_not_equal(play->report.verdict, VERDICT_OK);
	assert_true(play->out.len + play->errors.len <= play->plan.limits.output);
}

static void a_program_of_2_gb_is_not_made(void **state)
{
	SOURCES(play, "a.c", "int a[1 << 29] = { 1 };\nint main(void) { return a[0]; }\n");

	(void)state;
	RUN(&play, "gcc", "-o", "a", "a.c");
	assert_not_ok(&play);
}

static void an_explosion_of_macros_meets_a_limit(void **state)
{
	SOURCES(play, "a.c",
		"#define A(x) x x x x x x x x\n#define B(x) A(x) A(x) A(x) A(x) A(x) A(x)\n"
		"#define C(x) B(x) B(x) B(x) B(x) B(x) B(x)\n#define D(x) C(x) C(x) C(x) C(x)\n"
		"#define E(x) D(x) D(x) D(x) D(x) D(x) D(x)\n#define F(x) E(x) E(x) E(x) E(x)\n"
		"#define G(x) F(x) F(x) F(x) F(x) F(x) F(x)\n#define H(x) G(x) G(x) G(x) G(x)\n"
		"int main(void) { H(H(int a = 1;)) return 0; }\n");

	(void)state;
	RUN(&play, "gcc", "-o", "a", "a.c");
	assert_not_ok(&play);
}

static void a_file_that_includes_itself_meets_a_limit(void **state)
{
	SOURCES(play, "a.c", "#include __FILE__\n#include __FILE__\n");

	(void)state;
	RUN(&play, "gcc", "-fmax-include-depth=100000", "-o", "a", "a.c");
	assert_not_ok(&play);
}

static void devices_as_sources_meet_a_limit(void **state)
{
	static const char *const texts[] = {
		"#include \"/dev/stdin\"\n#include \"/dev/tty\"\nint x = y;\n",
		"#include \"/dev/urandom\"\n", "#include \"/dev/zero\"\n",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++) {
		SOURCES(play, "a.c", texts[i]);

		RUN(&play, "gcc", "-c", "a.c");
		assert_not_ok(&play);
	}
}

static void files_of_the_host_do_not_get_into_programs_or_messages(void **state)
{
	char text[1024], path[128];

	(void)state;
	snprintf(path, sizeof(path), "/tmp/tali-secret-%d", (int)getpid());
	snprintf(text, sizeof(text),
		 "#include \"%s\"\n#include \"/etc/shadow\"\n"
		 "__asm__(\".incbin \\\"%s\\\"\");\nint main(void) { return 0; }\n", path, path);
	SOURCES(play, "a.c", text);
	RUN(&play, "gcc", "-o", "a", "a.c");
	assert_not_ok(&play);
	assert_null(strstr(buf_str(&play.errors), witness_secret()));
	assert_null(strstr(buf_str(&play.errors), "root:"));

	snprintf(text, sizeof(text),
		 "__asm__(\".incbin \\\"%s\\\"\");\nint main(void) { return 0; }\n", path);
	SOURCES(assembled, "a.c", text);
	RUN(&assembled, "gcc", "-o", "a", "a.c");
	assert_not_ok(&assembled);
	assert_null(strstr(buf_str(&assembled.errors), witness_secret()));
}

/* A makefile runs while it is read: what it starts is held as the program would be. */
static void code_that_runs_while_a_program_is_made_is_held_too(void **state)
{
	char text[1024];

	(void)state;
	snprintf(text, sizeof(text),
		 "found := $(shell cat /tmp/tali-secret-%d /etc/shadow /proc/1/environ;"
		 " id -u; ls /home /root)\n"
		 "all:\n\t@echo \"$(found)\"; touch /usr/x /etc/x && echo BREACH; true\n",
		 (int)getpid());
	SOURCES(play, "Makefile", text);
	RUN(&play, "make", "-s");
	assert_int_equal(play.failed, 0);
	hostile_assert_held(&play);
	play_assert_verdict(&play, VERDICT_OK);
	play_assert_out(&play, "1000\n");
}

static void a_daemon_of_the_compiler_ends_with_its_step(void **state)
{
	char text[256];

	(void)state;
	snprintf(text, sizeof(text),
		 "all:\n\t@setsid sh -c 'trap \"\" TERM HUP INT; sleep 9; : %s' "
		 ">/dev/null 2>&1 </dev/null & true\n", play_mark);
	SOURCES(play, "Makefile", text);
	RUN(&play, "make", "-s");
	play_assert_verdict(&play, VERDICT_OK);
	assert_int_equal(play_count_marked(), 0);
	hostile_play_probe();
}

const struct CMUnitTest hostile_compiler_tests[] = {
	{ "101 a program of 2 GB is not made", a_program_of_2_gb_is_not_made, NULL, NULL, NULL },
	{ "102 an explosion of macros meets a limit", an_explosion_of_macros_meets_a_limit, NULL,
	  NULL, NULL },
	{ "102 a file that includes itself meets a limit",
	  a_file_that_includes_itself_meets_a_limit, NULL, NULL, NULL },
	{ "103 devices as sources meet a limit", devices_as_sources_meet_a_limit, NULL, NULL,
	  NULL },
	{ "104 files of the host do not get into programs or messages",
	  files_of_the_host_do_not_get_into_programs_or_messages, NULL, NULL, NULL },
	{ "105 code that runs while a program is made is held too",
	  code_that_runs_while_a_program_is_made_is_held_too, NULL, NULL, NULL },
	{ "106 a daemon of the compiler ends with its step",
	  a_daemon_of_the_compiler_ends_with_its_step, NULL, NULL, NULL },
	{ 0 },
};
