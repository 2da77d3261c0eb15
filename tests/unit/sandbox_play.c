/* sandbox_play.c - one sandboxed run as a test sees it, and the running of all such tests */
#include "sandbox_play.h"

#include <dirent.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/fs.h"

#define OUT_MOST 65536
#define TESTS_MOST 100

struct sandbox *play_sandbox;
bool play_weak;
char play_mark[64];
static int hostile;	/* the program's descriptor */

static int fill_hostile(void *arg, int work, struct err *err)
{
	AUTO_FD int to = openat(work, "hostile", O_WRONLY | O_CREAT | O_CLOEXEC, 0755);
	char part[65536];
	off_t at = 0;
	ssize_t got;

	(void)arg;
	while ((got = pread(hostile, part, sizeof(part), at)) > 0) {
		if (fs_write_all(to, part, (size_t)got) < 0)
			return err_sys(err, "fill");
		at += got;
	}
	return got < 0 ? err_sys(err, "fill") : 0;
}

static void take_output(void *arg, int stream, const void *data, size_t len)
{
	struct play *play = arg;

	buf_add(stream == 1 ? &play->out : &play->errors, data, len);
}

static const struct plan_limits small_limits = {
	.cpu_ms = 5000, .wall_ms = 20000, .memory = 96 * MIB, .processes = 16, .output = 64 * 1024,
	.disk = 16 * MIB, .inodes = 300, .file_size = 8 * MIB, .open_files = 32,
};

void play_prepare(struct play *play)
{
	*play = (struct play){
		.plan = { .stdin_fd = -1, .limits = small_limits, .allow_weak = play_weak },
		.io = { .arg = play, .fill = fill_hostile, .output = take_output },
		.out = BUF_INIT(OUT_MOST),
		.errors = BUF_INIT(OUT_MOST),
	};
}

void play_release(struct play *play)
{
	buf_release(&play->out);
	buf_release(&play->errors);
}

static int64_t now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000LL + now.tv_nsec / 1000000;
}

void play_run(struct play *play, const char *const *argv)
{
	int64_t start = now_ms();

	play->plan.argv = argv;
	play->failed = sandbox_run(play_sandbox, &play->plan, &play->io, &play->report, &play->err);
	play->took_ms = now_ms() - start;
	if (play->failed < 0)
		print_message("sandbox_run: %s\n", play->err.text);
}

void play_assert_verdict(const struct play *play, enum verdict verdict)
{
	assert_int_equal(play->failed, 0);
	if (play->report.verdict != verdict)
		print_message("output: %s\n", buf_str(&play->out));
	assert_string_equal(verdict_name(play->report.verdict), verdict_name(verdict));
}

void play_assert_out(const struct play *play, const char *text)
{
	assert_string_equal(buf_str(&play->out), text);
}

int play_count_marked(void)
{
	DIR *folder = opendir("/proc");
	struct dirent *entry;
	int count = 0;

	while ((entry = readdir(folder))) {
		char path[300], line[4096];
		ssize_t got;
		int fd;

		snprintf(path, sizeof(path), "/proc/%s/cmdline", entry->d_name);
		fd = *entry->d_name >= '1' && *entry->d_name <= '9' ? open(path, O_RDONLY) : -1;
		got = fd < 0 ? -1 : read(fd, line, sizeof(line));
		if (got > 0 && memmem(line, (size_t)got, play_mark, strlen(play_mark)))
			count++;
		if (fd >= 0)
			close(fd);
	}
	closedir(folder);
	return count;
}

static int leaked[2];

static int start(void **state)
{
	struct err err = ERR_INIT;

	(void)state;
	/* things that a careless launcher would hand on */
	leaked[0] = open("/", O_RDONLY | O_DIRECTORY);
	leaked[1] = open("/etc/passwd", O_RDONLY);
	setenv("TALI_SECRET", "secret", 1);
	signal(SIGPIPE, SIG_IGN);
	signal(SIGUSR1, SIG_DFL);

	snprintf(play_mark, sizeof(play_mark), "tali-mark-%d", (int)getpid());
	play_sandbox = sandbox_start(&err);
	if (!play_sandbox)
		print_message("sandbox_start: %s\n", err.text);
	return play_sandbox ? 0 : -1;
}

static int end(void **state)
{
	(void)state;
	sandbox_close(&play_sandbox);
	close(leaked[0]);
	close(leaked[1]);
	close(hostile);
	return play_count_marked();
}

int play_open_hostile(void)
{
	const char *named = getenv("TALI_HOSTILE");
	AUTO_FREE char *beside = NULL;
	char self[4096];
	ssize_t len = readlink("/proc/self/exe", self, sizeof(self) - 1);
	int fd;

	if (len < 0)
		return -1;
	self[len] = 0;
	*strrchr(self, '/') = 0;
	beside = fs_join(self, "../hostile/hostile");
	fd = open(named ? named : beside, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		perror(named ? named : beside);
	return fd;
}

void play_use_hostile(int fd)
{
	hostile = fd;
}

int play_run_all(const char *name, int hostile_fd, bool weak)
{
	const struct CMUnitTest *lists[] = {
		sandbox_limit_tests, sandbox_breach_tests, sandbox_life_tests,
		sandbox_reuse_tests, sandbox_terminal_tests,
	};
	struct CMUnitTest tests[TESTS_MOST];
	size_t count = 0;

	for (size_t i = 0; i < sizeof(lists) / sizeof(*lists); i++)
		for (size_t j = 0; lists[i][j].name && count < TESTS_MOST; j++)
			tests[count++] = lists[i][j];
	play_use_hostile(hostile_fd);
	play_weak = weak;
	if (hostile < 0)
		return 1;
	/* the macro takes the count from the array's type */
	return _cmocka_run_group_tests(name, tests, count, start, end);
}
