/* test_tree_meter.c - what is counted of the processes below a first one */
#include "sandbox/tree_meter.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

#include <cmocka.h>
#include <signal.h>
#include <unistd.h>

#define MUCH (64 << 20)

/* As the first process does: much memory of its own, and a program by vfork, which waits for a word
 * before it is executed, and for another before it ends. */
static void be_first(int before, int after)
{
	char *memory = malloc(MUCH), byte;
	const char *const argv[] = { "cat", NULL };

	memset(memory, 1, MUCH);
	if (vfork() == 0) {
		if (read(before, &byte, 1) == 1 && dup2(after, 0) == 0)
			execvp(argv[0], (char *const *)argv);
		_exit(127);
	}
	wait(NULL);
	_exit(memory[MUCH - 1]);
}

static void what_is_not_executed_yet_has_no_memory_of_its_own(void **state)
{
	int before[2], after[2];
	struct tree_meter meter = { 0 };
	pid_t first;

	(void)state;
	assert_int_equal(pipe(before), 0);
	assert_int_equal(pipe(after), 0);
	first = fork();
	if (first == 0) {
		close(before[1]);
		close(after[1]);
		be_first(before[0], after[0]);
	}
	while (meter.tasks < 1)
		tree_meter_read(&meter, first);
	for (int i = 0; i < 1000; i++) {
		tree_meter_read(&meter, first);
		assert_int_equal(meter.tasks, 1);
		assert_int_equal(meter.memory, 0);
	}
	assert_int_equal(write(before[1], "x", 1), 1);
	while (meter.memory == 0)
		tree_meter_read(&meter, first);
	assert_true(meter.memory < MUCH);
	close(after[1]);
	close(before[1]);
	assert_int_equal(waitpid(first, NULL, 0), first);
	close(after[0]);
	close(before[0]);
}

/* Who forks and executes nothing has memory of its own all the same. */
static void a_copy_counts(void **state)
{
	struct tree_meter meter = { 0 };
	pid_t first;
	char *memory;

	(void)state;
	first = fork();
	if (first == 0) {
		setpgid(0, 0);
		memory = malloc(MUCH);
		memset(memory, 1, MUCH);
		fork();
		alarm(60);
		pause();
		_exit(memory[0]);
	}
	while (meter.memory < MUCH)
		tree_meter_read(&meter, first);
	kill(-first, SIGKILL);
	assert_int_equal(waitpid(first, NULL, 0), first);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_not_executed_yet_has_no_memory_of_its_own),
		cmocka_unit_test(a_copy_counts),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
