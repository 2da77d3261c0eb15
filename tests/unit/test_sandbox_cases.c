/* test_sandbox_cases.c - what must hold for a sandbox, whoever starts it */
#include "test_sandbox_cases.h"

#include "base/auto.h"
#include "base/buf.h"
#include "base/fs.h"
#include "sandbox/probe.h"
#include "sandbox/sandbox.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <setjmp.h>

#include <cmocka.h>

#define MIB (1024 * 1024)
#define OUT_MOST 65536

static int hostile;		/* the program's descriptor */
static bool weak;		/* no control groups: some limits only look */
static struct sandbox *sandbox;
static char mark[64];		/* a word in the command line of what must not live on */

/* One run: what was asked, what came. */
struct play {
	struct plan plan;
	struct sandbox_io io;
	struct run_report report;
	struct err err;
	struct buf out, errors;
	int failed;
	int64_t took_ms;
};

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

static void prepare(struct play *play)
{
	*play = (struct play){
		.plan = { .stdin_fd = -1, .limits = small_limits, .allow_weak = weak },
		.io = { .arg = play, .fill = fill_hostile, .output = take_output },
		.out = BUF_INIT(OUT_MOST),
		.errors = BUF_INIT(OUT_MOST),
	};
}

static void release(struct play *play)
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

static void run(struct play *play, const char *const *argv)
{
	int64_t start = now_ms();

	play->plan.argv = argv;
	play->failed = sandbox_run(sandbox, &play->plan, &play->io, &play->report, &play->err);
	play->took_ms = now_ms() - start;
	if (play->failed < 0)
		print_message("sandbox_run: %s\n", play->err.text);
}

#define RUN(play, ...) run(play, (const char *const[]){ __VA_ARGS__, NULL })
#define ACT(play, ...) RUN(play, "./hostile", __VA_ARGS__)
#define PLAY(name) AUTO(release) struct play name; prepare(&name)

static void assert_verdict(const struct play *play, enum verdict verdict)
{
	assert_int_equal(play->failed, 0);
	if (play->report.verdict != verdict)
		print_message("output: %s\n", buf_str(&play->out));
	assert_string_equal(verdict_name(play->report.verdict), verdict_name(verdict));
}

static void assert_out(const struct play *play, const char *text)
{
	assert_string_equal(buf_str(&play->out), text);
}

/* --- ends */

static void a_program_that_exits_with_0_is_ok(void **state)
{
	PLAY(play);

	(void)state;
	RUN(&play, "sh", "-c", "echo out; echo err >&2; pwd; hostname; echo open >/dev/stdout");
	assert_verdict(&play, VERDICT_OK);
	assert_out(&play, "out\n/work\ntali\nopen\n");
	assert_string_equal(buf_str(&play.errors), "err\n");
	assert_int_equal(play.report.exit_status, 0);
	assert_int_equal(play.report.signal, 0);
	assert_int_equal(play.report.output_bytes, strlen("out\n/work\ntali\nopen\nerr\n"));
}

static void an_exit_status_is_reported_as_it_is(void **state)
{
	static const char *const statuses[] = { "1", "124", "137", "159", "255" };

	(void)state;
	for (size_t i = 0; i < 5; i++) {
		PLAY(play);

		ACT(&play, "exit", statuses[i]);
		assert_verdict(&play, VERDICT_RUNTIME_ERROR);
		assert_int_equal(play.report.exit_status, atoi(statuses[i]));
		assert_int_equal(play.report.signal, 0);
	}
}

static void a_signal_sent_to_oneself_is_a_runtime_error(void **state)
{
	static const int signals[] = { SIGKILL, SIGXCPU, SIGSYS, SIGTERM, SIGABRT, SIGUSR1 };

	(void)state;
	for (size_t i = 0; i < 6; i++) {
		char number[8];
		PLAY(play);

		snprintf(number, sizeof(number), "%d", signals[i]);
		ACT(&play, "raise", number);
		assert_verdict(&play, VERDICT_RUNTIME_ERROR);
		assert_int_equal(play.report.signal, signals[i]);
		assert_int_equal(play.report.exit_status, -1);
	}
}

static void a_crash_is_a_runtime_error(void **state)
{
	PLAY(play);

	(void)state;
	ACT(&play, "crash");
	assert_verdict(&play, VERDICT_RUNTIME_ERROR);
	assert_int_equal(play.report.signal, SIGSEGV);
}

static void a_foreign_system_call_is_a_security_violation(void **state)
{
	PLAY(play);

	(void)state;
#ifndef __x86_64__
	skip();
#endif
	ACT(&play, "foreign-call");
	assert_verdict(&play, VERDICT_SECURITY_VIOLATION);
	assert_out(&play, "");
}

static void a_missing_command_exits_with_127(void **state)
{
	PLAY(play);

	(void)state;
	RUN(&play, "no-such-command");
	assert_verdict(&play, VERDICT_RUNTIME_ERROR);
	assert_int_equal(play.report.exit_status, 127);
	assert_string_equal(buf_str(&play.errors), "tali: no-such-command: not found\n");
}

static void a_command_that_is_no_program_exits_with_126(void **state)
{
	PLAY(play);

	(void)state;
	RUN(&play, "/etc/passwd");
	assert_verdict(&play, VERDICT_RUNTIME_ERROR);
	assert_int_equal(play.report.exit_status, 126);
}

/* --- limits */

static void a_busy_loop_meets_the_time_limit(void **state)
{
	PLAY(play);

	(void)state;
	play.plan.limits.cpu_ms = 300;
	ACT(&play, "burn");
	assert_verdict(&play, VERDICT_TIME_LIMIT);
	assert_in_range(play.report.cpu_ms, 290, 5000);
	assert_true(play.took_ms < 15000);
}

static void the_cpu_time_of_children_counts_together(void **state)
{
	PLAY(play);

	(void)state;
	play.plan.limits.cpu_ms = 400;
	ACT(&play, "burn-children");
	assert_verdict(&play, VERDICT_TIME_LIMIT);
	assert_in_range(play.report.cpu_ms, 390, 5000);
}

static void the_cpu_time_of_an_orphan_counts(void **state)
{
	PLAY(play);

	(void)state;
	ACT(&play, "burn-orphan", "300");
	assert_verdict(&play, VERDICT_OK);
	assert_in_range(play.report.cpu_ms, 280, 5000);
}

static void each_run_starts_at_0_cpu_time(void **state)
{
	(void)state;
	for (int i = 0; i < 2; i++) {
		PLAY(play);

		play.plan.limits.cpu_ms = 600;
		ACT(&play, "burn-orphan", "400");
		assert_verdict(&play, VERDICT_OK);
	}
}

static void a_sleeper_meets_the_wall_limit(void **state)
{
	PLAY(play);

	(void)state;
	play.plan.limits.wall_ms = 300;
	ACT(&play, "sleep");
	assert_verdict(&play, VERDICT_WALL_LIMIT);
	assert_in_range(play.report.wall_ms, 290, 10000);
	assert_out(&play, "ready\n");
}

static void a_stopped_program_meets_the_wall_limit(void **state)
{
	PLAY(play);

	(void)state;
	play.plan.limits.wall_ms = 300;
	ACT(&play, "stop");
	assert_verdict(&play, VERDICT_WALL_LIMIT);
}

static void too_much_memory_meets_the_memory_limit(void **state)
{
	PLAY(play);

	(void)state;
	ACT(&play, "memory", "400");
	assert_verdict(&play, VERDICT_MEMORY_LIMIT);
	assert_true(play.report.memory_peak > 60 * MIB);
}

static void the_memory_of_children_counts_together(void **state)
{
	PLAY(play);

	(void)state;
	ACT(&play, "memory-children", "6", "40");
	assert_verdict(&play, VERDICT_MEMORY_LIMIT);
}

static void files_in_memory_count_as_memory(void **state)
{
	PLAY(play);

	(void)state;
	play.plan.limits.disk = 400 * MIB;
	ACT(&play, "tmp", "300");
	assert_verdict(&play, VERDICT_MEMORY_LIMIT);
}

static void a_run_does_not_inherit_the_memory_verdict_of_the_last(void **state)
{
	PLAY(first);
	PLAY(second);

	(void)state;
	ACT(&first, "memory", "400");
	assert_verdict(&first, VERDICT_MEMORY_LIMIT);
	second.plan.limits.cpu_ms = 300;
	ACT(&second, "burn");
	assert_verdict(&second, VERDICT_TIME_LIMIT);
}

static void memory_below_the_limit_is_ok(void **state)
{
	PLAY(play);

	(void)state;
	ACT(&play, "memory", "40");
	assert_verdict(&play, VERDICT_OK);
	assert_in_range(play.report.memory_peak, 38 * MIB, 96 * MIB);
}

static void output_up_to_the_limit_is_ok(void **state)
{
	PLAY(play);

	(void)state;
	ACT(&play, "flood", "65536");
	assert_verdict(&play, VERDICT_OK);
	assert_int_equal(play.report.output_bytes, 65536);
	assert_int_equal(play.out.len + play.errors.len, 65536);
}

static void one_byte_too_many_meets_the_output_limit(void **state)
{
	PLAY(play);

	(void)state;
	ACT(&play, "flood", "65537");
	assert_verdict(&play, VERDICT_OUTPUT_LIMIT);
	assert_int_equal(play.out.len + play.errors.len, 65536);
}

static void a_flood_meets_the_output_limit(void **state)
{
	PLAY(play);

	(void)state;
	ACT(&play, "flood", "1000000000");
	assert_verdict(&play, VERDICT_OUTPUT_LIMIT);
	assert_int_equal(play.out.len + play.errors.len, 65536);
	assert_true(play.report.output_bytes > 65536);
	assert_true(play.took_ms < 15000);
}

static void a_fork_bomb_meets_the_process_limit(void **state)
{
	PLAY(play);

	(void)state;
	ACT(&play, "fork-bomb");
	assert_verdict(&play, VERDICT_PROCESS_LIMIT);
	assert_out(&play, "15\n");
}

static void threads_count_as_processes(void **state)
{
	PLAY(play);

	(void)state;
	ACT(&play, "thread-bomb");
	assert_verdict(&play, VERDICT_PROCESS_LIMIT);
	assert_out(&play, "15\n");
}

static void a_full_disk_meets_the_disk_limit(void **state)
{
	PLAY(play);

	(void)state;
	ACT(&play, "tmp", "100");
	assert_verdict(&play, VERDICT_DISK_LIMIT);
}

static void too_many_files_meet_the_disk_limit(void **state)
{
	static const char *const folders[] = { "/work", "/tmp", "/dev/shm" };

	(void)state;
	for (size_t i = 0; i < 3; i++) {
		PLAY(play);

		ACT(&play, "inodes", folders[i]);
		assert_verdict(&play, VERDICT_DISK_LIMIT);
	}
}

static void a_file_that_is_too_long_meets_the_disk_limit(void **state)
{
	PLAY(play);

	(void)state;
	ACT(&play, "sparse");
	assert_verdict(&play, VERDICT_DISK_LIMIT);
}

static void open_files_are_limited(void **state)
{
	PLAY(play);

	(void)state;
	ACT(&play, "open-files");
	assert_verdict(&play, VERDICT_OK);
	assert_out(&play, "29\n");
}

static void a_limit_of_0_is_an_error(void **state)
{
	PLAY(play);

	(void)state;
	play.plan.limits.memory = 0;
	ACT(&play, "exit", "0");
	assert_int_equal(play.failed, -1);
	assert_int_equal(play.err.code, ERR_INPUT);
}

static void a_weak_limit_is_refused_unless_it_is_allowed(void **state)
{
	PLAY(play);

	(void)state;
	if (!weak)
		skip();
	play.plan.allow_weak = false;
	ACT(&play, "exit", "0");
	if (play.failed == 0)
		skip();
	assert_int_equal(play.err.code, ERR_ENV);
	assert_non_null(strstr(play.err.text, "cannot enforce"));
	assert_non_null(strstr(play.err.text, "memory limit"));
	assert_non_null(strstr(play.err.text, "--allow-weak"));
}

static void a_report_says_which_limits_are_weak(void **state)
{
	PLAY(play);

	(void)state;
	ACT(&play, "exit", "0");
	assert_verdict(&play, VERDICT_OK);
	assert_int_equal(play.report.enforced & play.report.weak, 0);
	assert_true(play.report.enforced & GUARD_SECCOMP);
	assert_true(play.report.enforced & GUARD_PROCESSES);
	if (!weak)
		assert_int_equal(play.report.weak, 0);
}

/* --- breaches */

static void assert_held(const struct play *play)
{
	assert_null(strstr(buf_str(&play->out), "BREACH"));
	assert_verdict(play, VERDICT_OK);
}

#define BREACH_TEST(name, act) \
	static void name(void **state) \
	{ \
		PLAY(play); \
		(void)state; \
		ACT(&play, act); \
		assert_held(&play); \
	}

BREACH_TEST(the_system_cannot_be_written, "write-system")
BREACH_TEST(the_first_process_cannot_be_traced, "trace")
BREACH_TEST(namespaces_and_mounts_cannot_be_made, "nest")
BREACH_TEST(no_right_can_be_gained, "gain")
BREACH_TEST(dangerous_system_calls_are_refused, "surfaces")
BREACH_TEST(there_is_no_terminal_and_none_can_be_typed_into, "terminal")
BREACH_TEST(descriptors_and_environment_are_the_payloads_own, "leftovers")
BREACH_TEST(signals_reach_nobody_outside, "signal-all")

static void memory_that_nobody_counts_cannot_be_had(void **state)
{
	PLAY(play);

	(void)state;
	ACT(&play, "uncounted-memory");
	if (!(play.report.weak & GUARD_MEMORY))
		skip();
	assert_held(&play);
}

static void files_of_the_host_cannot_be_seen(void **state)
{
	char secret[] = "/tmp/tali-secret-XXXXXX";
	AUTO_FD int fd = mkstemp(secret);
	PLAY(play);

	(void)state;
	assert_true(fd >= 0 && fchmod(fd, 0644) == 0);
	ACT(&play, "open", secret, "/etc/shadow", "/etc/hostname", "/etc/machine-id", "/root", "/home",
	    "/sys", "/var/lib", "/dev/kmsg", "/dev/mem", "/dev/vda", "/dev/sda", "/dev/fuse",
	    "/dev/net/tun", "/dev/ptmx", "/proc/kcore", "/proc/1/root", "/sys/fs/cgroup",
	    "/proc/self/root/root", "/proc/kmsg");
	unlink(secret);
	assert_held(&play);
}

static int listen_tcp(char port[8])
{
	struct sockaddr_in address = { .sin_family = AF_INET };
	socklen_t len = sizeof(address);
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	assert_int_equal(bind(fd, (void *)&address, sizeof(address)), 0);
	assert_int_equal(listen(fd, 1), 0);
	assert_int_equal(getsockname(fd, (void *)&address, &len), 0);
	snprintf(port, 8, "%d", ntohs(address.sin_port));
	return fd;
}

static int listen_abstract(const char *name)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	size_t len = strlen(name);
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	memcpy(address.sun_path + 1, name, len);
	assert_int_equal(bind(fd, (void *)&address, (socklen_t)(offsetof(struct sockaddr_un, sun_path) +
								1 + len)), 0);
	assert_int_equal(listen(fd, 1), 0);
	return fd;
}

static void the_network_of_the_host_cannot_be_reached(void **state)
{
	char port[8];
	AUTO_FD int tcp = listen_tcp(port);
	AUTO_FD int local = listen_abstract(mark);
	PLAY(play);

	(void)state;
	ACT(&play, "network", port, mark);
	assert_true(tcp >= 0 && local >= 0);
	assert_held(&play);
}

static void the_payload_can_talk_to_itself(void **state)
{
	PLAY(play);

	(void)state;
	if (access("/usr/bin/python3", X_OK) < 0)
		skip();
	RUN(&play, "/usr/bin/python3", "-c",
	    "import socket\n"
	    "s = socket.socket(); s.bind(('127.0.0.1', 0)); s.listen()\n"
	    "c = socket.create_connection(s.getsockname()); c.send(b'x')\n"
	    "print(s.accept()[0].recv(1))\n");
	assert_verdict(&play, VERDICT_OK);
	assert_out(&play, "b'x'\n");
}

static void a_file_as_standard_input_cannot_be_changed(void **state)
{
	char path[] = "/tmp/tali-stdin-XXXXXX";
	AUTO_FD int fd = mkstemp(path);
	char text[4] = "";
	PLAY(play);

	(void)state;
	assert_int_equal(fs_write_all(fd, "old", 3), 0);
	assert_int_equal(fchmod(fd, 0666), 0);
	assert_int_equal(lseek(fd, 0, SEEK_SET), 0);
	play.plan.stdin_fd = fd;
	ACT(&play, "rewrite-stdin");
	assert_held(&play);
	assert_int_equal(pread(fd, text, 3, 0), 3);
	assert_string_equal(text, "old");
	unlink(path);
}

static void a_pipe_as_standard_input_is_read(void **state)
{
	int ends[2];
	PLAY(play);

	(void)state;
	assert_int_equal(pipe2(ends, O_CLOEXEC), 0);
	assert_int_equal(fs_write_all(ends[1], "hello", 5), 0);
	close(ends[1]);
	play.plan.stdin_fd = ends[0];
	RUN(&play, "cat");
	close(ends[0]);
	assert_verdict(&play, VERDICT_OK);
	assert_out(&play, "hello");
}

static void a_folder_as_standard_input_is_refused(void **state)
{
	AUTO_FD int fd = open("/", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	PLAY(play);

	(void)state;
	play.plan.stdin_fd = fd;
	RUN(&play, "cat");
	assert_int_equal(play.failed, -1);
	assert_int_equal(play.err.code, ERR_INPUT);
}

/* --- lives */

/* The number of processes on this machine that have `mark` in their command line. */
static int count_marked(void)
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
		if (got > 0 && memmem(line, (size_t)got, mark, strlen(mark)))
			count++;
		if (fd >= 0)
			close(fd);
	}
	closedir(folder);
	return count;
}

static void assert_none_marked_soon(void)
{
	for (int i = 0; i < 500 && count_marked() > 0; i++)
		usleep(10 * 1000);
	assert_int_equal(count_marked(), 0);
}

static void a_child_that_holds_the_pipe_does_not_hold_us(void **state)
{
	PLAY(play);

	(void)state;
	ACT(&play, "hold-pipe");
	assert_verdict(&play, VERDICT_OK);
	assert_out(&play, "done\n");
	assert_true(play.report.wall_ms < 10000);
}

static void a_daemon_dies_with_the_run(void **state)
{
	PLAY(play);

	(void)state;
	ACT(&play, "daemon", mark);
	assert_verdict(&play, VERDICT_OK);
	assert_int_equal(count_marked(), 0);
}

/* The first child of a process, by its parent's list. */
static pid_t child_of(pid_t parent)
{
	char path[64];
	int child = 0;
	FILE *file;

	snprintf(path, sizeof(path), "/proc/%d/task/%d/children", (int)parent, (int)parent);
	file = fopen(path, "r");
	assert_non_null(file);
	if (fscanf(file, "%d", &child) != 1)
		child = 0;
	fclose(file);
	return child;
}

static void kill_supervisor(void *arg, int stream, const void *data, size_t len)
{
	pid_t supervisor = child_of(child_of(getpid()));

	(void)arg, (void)stream, (void)data, (void)len;
	assert_true(supervisor > 1);
	assert_true(count_marked() > 0);
	kill(supervisor, SIGKILL);
}

static void nothing_outlives_a_killed_supervisor(void **state)
{
	PLAY(play);
	PLAY(next);

	(void)state;
	play.io.output = kill_supervisor;
	ACT(&play, "crowd", mark);
	assert_int_equal(play.failed, -1);
	assert_int_equal(play.err.code, ERR_ENV);
	assert_none_marked_soon();
	ACT(&next, "exit", "0");
	assert_verdict(&next, VERDICT_OK);
}

static void kill_launcher(void *arg, int stream, const void *data, size_t len)
{
	(void)arg, (void)stream, (void)data, (void)len;
	kill(child_of(getpid()), SIGKILL);
}

static void nothing_outlives_a_killed_launcher(void **state)
{
	PLAY(play);

	(void)state;
	play.io.output = kill_launcher;
	ACT(&play, "crowd", mark);
	assert_int_equal(play.failed, -1);
	assert_int_equal(play.err.code, ERR_ENV);
	assert_none_marked_soon();
	sandbox_close(&sandbox);
	sandbox = sandbox_start(&play.err);
	assert_non_null(sandbox);
}

static void kill_self(void *arg, int stream, const void *data, size_t len)
{
	(void)arg, (void)stream, (void)data, (void)len;
	raise(SIGKILL);
}

static void nothing_outlives_a_killed_caller(void **state)
{
	PLAY(play);
	int status;
	pid_t pid = fork();

	(void)state;
	if (pid == 0) {
		sandbox = sandbox_start(&play.err);
		play.io.output = kill_self;
		ACT(&play, "crowd", mark);
		_exit(1);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFSIGNALED(status));
	assert_none_marked_soon();
}

static int refuse_to_fill(void *arg, int work, struct err *err)
{
	(void)arg;
	(void)work;
	return err_set(err, ERR_INPUT, "no");
}

static void a_caller_may_give_up_while_filling(void **state)
{
	PLAY(play);

	(void)state;
	play.io.fill = refuse_to_fill;
	ACT(&play, "exit", "0");
	assert_int_equal(play.failed, -1);
	assert_string_equal(play.err.text, "no");
}

static void *play_in_thread(void *arg)
{
	ACT((struct play *)arg, "burn-orphan", "50");
	return NULL;
}

static void runs_may_go_on_at_the_same_time(void **state)
{
	struct play plays[4];
	pthread_t threads[4];

	(void)state;
	for (int i = 0; i < 4; i++) {
		prepare(&plays[i]);
		assert_int_equal(pthread_create(&threads[i], NULL, play_in_thread, &plays[i]), 0);
	}
	for (int i = 0; i < 4; i++)
		pthread_join(threads[i], NULL);
	for (int i = 0; i < 4; i++) {
		assert_verdict(&plays[i], VERDICT_OK);
		release(&plays[i]);
	}
}

/* --- what is left in the work folder */

static int collect_traps(void *arg, int work, struct err *err)
{
	AUTO(buf_release) struct buf text = BUF_INIT(100);

	(void)arg;
	assert_int_equal(fs_read(work, "link", 100, &text, err), -1);
	assert_int_equal(fs_read(work, "fifo", 100, &text, err), -1);
	assert_int_equal(text.len, 0);
	assert_int_equal(fs_read(work, "file", 100, &text, err), 0);
	assert_string_equal(buf_str(&text), "good");
	return 0;
}

static void traps_left_in_the_work_folder_are_not_followed(void **state)
{
	PLAY(play);

	(void)state;
	play.io.collect = collect_traps;
	ACT(&play, "traps");
	assert_verdict(&play, VERDICT_OK);
}

static int remove_depths(void *arg, int work, struct err *err)
{
	(void)arg;
	return fs_remove_tree(work, "deep", err);
}

static void a_deep_tree_can_be_removed(void **state)
{
	PLAY(play);

	(void)state;
	play.plan.limits.inodes = 5000;
	play.io.collect = remove_depths;
	ACT(&play, "depths", "2000");
	assert_verdict(&play, VERDICT_OK);
}

static int fill_tree(void *arg, int work, struct err *err)
{
	int fd;

	(void)arg;
	if (mkdirat(work, "sub", 0700) < 0 || symlinkat("/usr/bin/env", work, "link") < 0)
		return err_sys(err, "fill");
	fd = openat(work, "sub/script", O_WRONLY | O_CREAT | O_CLOEXEC, 0700);
	if (fd < 0 || fs_write_all(fd, "#!/bin/sh\npwd\necho ok >own\ncat own\n", 35) < 0)
		return err_sys(err, "fill");
	close(fd);
	return 0;
}

static void a_filled_folder_is_the_payloads_own(void **state)
{
	struct stat before, after;
	PLAY(play);

	(void)state;
	assert_int_equal(stat("/usr/bin/env", &before), 0);
	play.io.fill = fill_tree;
	play.plan.cwd = "sub";
	RUN(&play, "./script");
	assert_verdict(&play, VERDICT_OK);
	assert_out(&play, "/work/sub\nok\n");
	assert_int_equal(stat("/usr/bin/env", &after), 0);
	assert_int_equal(after.st_uid, before.st_uid);
	assert_int_equal(after.st_mode, before.st_mode);
}

static void a_working_folder_outside_of_work_is_refused(void **state)
{
	PLAY(play);

	(void)state;
	play.plan.cwd = "../etc";
	ACT(&play, "exit", "0");
	assert_int_equal(play.failed, -1);
	assert_int_equal(play.err.code, ERR_INPUT);
}

static void the_environment_is_the_one_asked_for(void **state)
{
	static const char *const env[] = { "A=1", "PATH=/usr/bin", NULL };
	PLAY(play);

	(void)state;
	play.plan.env = env;
	RUN(&play, "env");
	assert_verdict(&play, VERDICT_OK);
	assert_out(&play, "A=1\nPATH=/usr/bin\n");
}

static void a_command_that_is_too_long_is_refused(void **state)
{
	AUTO_FREE char *word = buf_alloc(200001);
	PLAY(play);

	(void)state;
	memset(word, 'x', 200000);
	ACT(&play, "exit", word);
	assert_int_equal(play.failed, -1);
	assert_int_equal(play.err.code, ERR_INPUT);
}

static void a_machine_that_runs_this_can_be_probed(void **state)
{
	struct probe_line lines[GUARD_COUNT];
	int count = probe_machine(sandbox, lines, GUARD_COUNT);

	(void)state;
	assert_int_equal(count, GUARD_COUNT);
	for (int i = 0; i < count; i++) {
		print_message("%s: %d, %s%s\n", lines[i].name, lines[i].state, lines[i].how,
			      lines[i].mend);
		assert_true(!lines[i].required || lines[i].state != PROBE_MISSING);
		assert_true(lines[i].state == PROBE_ENFORCED || *lines[i].mend);
	}
}

/* --- frame */

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

	snprintf(mark, sizeof(mark), "tali-mark-%d", (int)getpid());
	sandbox = sandbox_start(&err);
	if (!sandbox)
		print_message("sandbox_start: %s\n", err.text);
	return sandbox ? 0 : -1;
}

static int end(void **state)
{
	(void)state;
	sandbox_close(&sandbox);
	close(leaked[0]);
	close(leaked[1]);
	close(hostile);
	return count_marked();
}

int sandbox_cases_open_hostile(void)
{
	const char *named = getenv("TALI_HOSTILE");
	char path[4096];
	ssize_t len = readlink("/proc/self/exe", path, sizeof(path) - 32);
	int fd;

	if (len < 0)
		return -1;
	path[len] = 0;
	strcpy(strrchr(path, '/'), "/hostile/hostile");
	fd = open(named ? named : path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		perror(named ? named : path);
	return fd;
}

int sandbox_cases_run(const char *name, int hostile_fd, bool allow_weak)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_program_that_exits_with_0_is_ok),
		cmocka_unit_test(an_exit_status_is_reported_as_it_is),
		cmocka_unit_test(a_signal_sent_to_oneself_is_a_runtime_error),
		cmocka_unit_test(a_crash_is_a_runtime_error),
		cmocka_unit_test(a_foreign_system_call_is_a_security_violation),
		cmocka_unit_test(a_missing_command_exits_with_127),
		cmocka_unit_test(a_command_that_is_no_program_exits_with_126),
		cmocka_unit_test(a_busy_loop_meets_the_time_limit),
		cmocka_unit_test(the_cpu_time_of_children_counts_together),
		cmocka_unit_test(the_cpu_time_of_an_orphan_counts),
		cmocka_unit_test(each_run_starts_at_0_cpu_time),
		cmocka_unit_test(a_sleeper_meets_the_wall_limit),
		cmocka_unit_test(a_stopped_program_meets_the_wall_limit),
		cmocka_unit_test(too_much_memory_meets_the_memory_limit),
		cmocka_unit_test(the_memory_of_children_counts_together),
		cmocka_unit_test(files_in_memory_count_as_memory),
		cmocka_unit_test(a_run_does_not_inherit_the_memory_verdict_of_the_last),
		cmocka_unit_test(memory_below_the_limit_is_ok),
		cmocka_unit_test(output_up_to_the_limit_is_ok),
		cmocka_unit_test(one_byte_too_many_meets_the_output_limit),
		cmocka_unit_test(a_flood_meets_the_output_limit),
		cmocka_unit_test(a_fork_bomb_meets_the_process_limit),
		cmocka_unit_test(threads_count_as_processes),
		cmocka_unit_test(a_full_disk_meets_the_disk_limit),
		cmocka_unit_test(too_many_files_meet_the_disk_limit),
		cmocka_unit_test(a_file_that_is_too_long_meets_the_disk_limit),
		cmocka_unit_test(open_files_are_limited),
		cmocka_unit_test(a_limit_of_0_is_an_error),
		cmocka_unit_test(a_weak_limit_is_refused_unless_it_is_allowed),
		cmocka_unit_test(a_report_says_which_limits_are_weak),
		cmocka_unit_test(the_system_cannot_be_written),
		cmocka_unit_test(the_first_process_cannot_be_traced),
		cmocka_unit_test(namespaces_and_mounts_cannot_be_made),
		cmocka_unit_test(no_right_can_be_gained),
		cmocka_unit_test(dangerous_system_calls_are_refused),
		cmocka_unit_test(there_is_no_terminal_and_none_can_be_typed_into),
		cmocka_unit_test(descriptors_and_environment_are_the_payloads_own),
		cmocka_unit_test(signals_reach_nobody_outside),
		cmocka_unit_test(memory_that_nobody_counts_cannot_be_had),
		cmocka_unit_test(files_of_the_host_cannot_be_seen),
		cmocka_unit_test(the_network_of_the_host_cannot_be_reached),
		cmocka_unit_test(the_payload_can_talk_to_itself),
		cmocka_unit_test(a_file_as_standard_input_cannot_be_changed),
		cmocka_unit_test(a_pipe_as_standard_input_is_read),
		cmocka_unit_test(a_folder_as_standard_input_is_refused),
		cmocka_unit_test(a_child_that_holds_the_pipe_does_not_hold_us),
		cmocka_unit_test(a_daemon_dies_with_the_run),
		cmocka_unit_test(nothing_outlives_a_killed_supervisor),
		cmocka_unit_test(nothing_outlives_a_killed_launcher),
		cmocka_unit_test(nothing_outlives_a_killed_caller),
		cmocka_unit_test(a_caller_may_give_up_while_filling),
		cmocka_unit_test(runs_may_go_on_at_the_same_time),
		cmocka_unit_test(traps_left_in_the_work_folder_are_not_followed),
		cmocka_unit_test(a_deep_tree_can_be_removed),
		cmocka_unit_test(a_filled_folder_is_the_payloads_own),
		cmocka_unit_test(a_working_folder_outside_of_work_is_refused),
		cmocka_unit_test(the_environment_is_the_one_asked_for),
		cmocka_unit_test(a_command_that_is_too_long_is_refused),
		cmocka_unit_test(a_machine_that_runs_this_can_be_probed),
	};

	hostile = hostile_fd;
	weak = allow_weak;
	return hostile < 0 ? 1 : cmocka_run_group_tests_name(name, tests, start, end);
}
