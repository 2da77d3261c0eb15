/* sandbox_breaches.c - what must stay out of reach */
#include "sandbox_play.h"

#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/auto.h"
#include "base/fs.h"

static void assert_held(const struct play *play)
{
	assert_null(strstr(buf_str(&play->out), "BREACH"));
	play_assert_verdict(play, VERDICT_OK);
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

/* What nothing else holds: pid 1 of an ordinary user has the payload's uid. */
static void landlock_keeps_signals_inside(void **state)
{
	PLAY(play);

	(void)state;
	ACT(&play, "reach-first");
	if (syscall(444 /* landlock_create_ruleset: its version */, NULL, 0, 1) < 6) {
		assert_int_equal(play.failed, 0);	/* an older kernel: not promised */
		return;
	}
	play_assert_verdict(&play, VERDICT_OK);
	play_assert_out(&play, "refused\n");
	assert_true(play.report.enforced & GUARD_LANDLOCK);
}

static void memory_that_nobody_counts_cannot_be_had(void **state)
{
	PLAY(play);

	(void)state;
	ACT(&play, "uncounted-memory");
	if (play.report.weak & GUARD_MEMORY)
		assert_held(&play);
	else
		assert_int_equal(play.failed, 0);	/* counted, so it may be had */
}

static void files_of_the_host_cannot_be_seen(void **state)
{
	char secret[] = "/tmp/tali-secret-XXXXXX";
	AUTO_FD int fd = mkstemp(secret);
	PLAY(play);

	(void)state;
	assert_true(fd >= 0 && fchmod(fd, 0644) == 0);
	ACT(&play, "open", secret, "/etc/shadow", "/etc/hostname", "/etc/machine-id", "/root",
	    "/home", "/sys", "/var/lib", "/dev/kmsg", "/dev/mem", "/dev/vda", "/dev/sda",
	    "/dev/fuse", "/dev/net/tun", "/dev/ptmx", "/proc/kcore", "/proc/1/root",
	    "/sys/fs/cgroup", "/proc/self/root/root", "/proc/kmsg");
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
	size_t len = offsetof(struct sockaddr_un, sun_path) + 1 + strlen(name);
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	memcpy(address.sun_path + 1, name, strlen(name));
	assert_int_equal(bind(fd, (void *)&address, (socklen_t)len), 0);
	assert_int_equal(listen(fd, 1), 0);
	return fd;
}

static void the_network_of_the_host_cannot_be_reached(void **state)
{
	char port[8];
	AUTO_FD int tcp = listen_tcp(port);
	AUTO_FD int local = listen_abstract(play_mark);
	PLAY(play);

	(void)state;
	ACT(&play, "network", port, play_mark);
	assert_true(tcp >= 0 && local >= 0);
	assert_held(&play);
}

static void the_payload_can_talk_to_itself(void **state)
{
	PLAY(play);

	(void)state;
	RUN(&play, "/usr/bin/python3", "-c",
	    "import socket\n"
	    "s = socket.socket(); s.bind(('127.0.0.1', 0)); s.listen()\n"
	    "c = socket.create_connection(s.getsockname()); c.send(b'x')\n"
	    "print(s.accept()[0].recv(1))\n");
	play_assert_verdict(&play, VERDICT_OK);
	play_assert_out(&play, "b'x'\n");
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
	play_assert_verdict(&play, VERDICT_OK);
	play_assert_out(&play, "hello");
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

const struct CMUnitTest sandbox_breach_tests[] = {
	cmocka_unit_test(the_system_cannot_be_written),
	cmocka_unit_test(the_first_process_cannot_be_traced),
	cmocka_unit_test(namespaces_and_mounts_cannot_be_made),
	cmocka_unit_test(no_right_can_be_gained),
	cmocka_unit_test(dangerous_system_calls_are_refused),
	cmocka_unit_test(there_is_no_terminal_and_none_can_be_typed_into),
	cmocka_unit_test(descriptors_and_environment_are_the_payloads_own),
	cmocka_unit_test(signals_reach_nobody_outside),
	cmocka_unit_test(landlock_keeps_signals_inside),
	cmocka_unit_test(memory_that_nobody_counts_cannot_be_had),
	cmocka_unit_test(files_of_the_host_cannot_be_seen),
	cmocka_unit_test(the_network_of_the_host_cannot_be_reached),
	cmocka_unit_test(the_payload_can_talk_to_itself),
	cmocka_unit_test(a_file_as_standard_input_cannot_be_changed),
	cmocka_unit_test(a_pipe_as_standard_input_is_read),
	cmocka_unit_test(a_folder_as_standard_input_is_refused),
	{ 0 },
};
