/* test_signals.c - signals and bells make descriptors readable, and give back what they took */
#include "base/bell.h"
#include "base/signals.h"

#include <poll.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <unistd.h>

#include <cmocka.h>

static bool can_be_read(int fd, int wait_ms)
{
	struct pollfd poll_fd = { .fd = fd, .events = POLLIN };

	return poll(&poll_fd, 1, wait_ms) == 1;
}

static int next_within(const struct signals *signals, int wait_ms)
{
	return can_be_read(signals->fd, wait_ms) ? signals_next(signals) : 0;
}

static void a_signal_is_read_and_does_nothing_else(void **state)
{
	static const int numbers[] = { SIGTERM, SIGUSR1 };
	struct signals signals = SIGNALS_INIT;
	struct err err = ERR_INIT;

	(void)state;
	assert_int_equal(signals_open(&signals, numbers, 2, &err), 0);
	assert_int_equal(signals_next(&signals), 0);
	kill(getpid(), SIGTERM);
	assert_int_equal(next_within(&signals, 10000), SIGTERM);
	kill(getpid(), SIGUSR1);
	assert_int_equal(next_within(&signals, 10000), SIGUSR1);
	assert_int_equal(signals_next(&signals), 0);
	signals_close(&signals);
	assert_int_equal(signals.fd, -1);
}

static volatile sig_atomic_t handled;

static void handle(int number)
{
	handled = number;
}

static void afterwards_the_signal_does_what_it_did(void **state)
{
	static const int number = SIGUSR1;
	struct signals signals = SIGNALS_INIT;
	struct err err = ERR_INIT;
	sigset_t before, after;

	(void)state;
	signal(SIGUSR1, handle);
	pthread_sigmask(SIG_SETMASK, NULL, &before);
	assert_int_equal(signals_open(&signals, &number, 1, &err), 0);
	pthread_sigmask(SIG_SETMASK, NULL, &after);
	assert_int_equal(sigismember(&after, SIGUSR1), 1);
	signals_close(&signals);
	pthread_sigmask(SIG_SETMASK, NULL, &after);
	assert_int_equal(sigismember(&after, SIGUSR1), sigismember(&before, SIGUSR1));
	kill(getpid(), SIGUSR1);
	assert_int_equal(handled, SIGUSR1);
	signals_close(&signals);
}

static void *ring(void *arg)
{
	for (int i = 0; i < 100000; i++)
		bell_ring(arg);
	return NULL;
}

static void a_bell_is_heard_until_it_is_hushed(void **state)
{
	struct bell bell = BELL_INIT;
	struct err err = ERR_INIT;
	pthread_t thread;

	(void)state;
	assert_int_equal(bell_open(&bell, &err), 0);
	assert_false(can_be_read(bell.fd, 0));
	/* more often than a pipe holds, and nobody waits */
	assert_int_equal(pthread_create(&thread, NULL, ring, &bell), 0);
	assert_true(can_be_read(bell.fd, 10000));
	pthread_join(thread, NULL);
	bell_hush(&bell);
	assert_false(can_be_read(bell.fd, 0));
	bell_close(&bell);
	assert_int_equal(bell.fd, -1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_signal_is_read_and_does_nothing_else),
		cmocka_unit_test(afterwards_the_signal_does_what_it_did),
		cmocka_unit_test(a_bell_is_heard_until_it_is_hushed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
