/*
 * tap.h - a small test harness. Every case runs in a process of its own, so that a crash or an
 * endless loop fails that case alone. The result goes to standard output as TAP.
 */
#ifndef TAP_H
#define TAP_H

#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

struct tap_case {
	const char *name;
	void (*run)(void);
};

/* Ends the case as failed unless the condition holds. */
#define CHECK(condition) \
	((condition) ? (void)0 : tap_fail(__FILE__, __LINE__, #condition))

static void tap_fail(const char *file, int line, const char *condition)
{
	fprintf(stderr, "# %s:%d: not true: %s\n", file, line, condition);
	_exit(1);
}

static int tap_passes(const struct tap_case *tap_case)
{
	int status;
	pid_t child = fork();

	if (child < 0) {
		perror("fork");
		exit(2);
	}
	if (child == 0) {
		dup2(STDERR_FILENO, STDOUT_FILENO);
		alarm(2);
		tap_case->run();
		_exit(0);
	}
	if (waitpid(child, &status, 0) < 0) {
		perror("waitpid");
		exit(2);
	}
	if (WIFSIGNALED(status))
		fprintf(stderr, "# killed by signal %d\n", WTERMSIG(status));
	return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

static int tap_run(const struct tap_case *cases, size_t count)
{
	int failed = 0;

	printf("1..%zu\n", count);
	for (size_t i = 0; i < count; i++) {
		int passed;

		fflush(stdout);
		passed = tap_passes(&cases[i]);
		printf("%s %zu - %s\n", passed ? "ok" : "not ok", i + 1, cases[i].name);
		failed |= !passed;
	}
	return failed;
}

#endif
