/* measure.c - see measure.h */
#include "measure.h"

#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

double measure_now(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)now.tv_sec * 1e3 + (double)now.tv_nsec / 1e6;
}

void measure_launch(const char *const *command)
{
	posix_spawn_file_actions_t actions;
	pid_t pid;
	int status, code;

	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
	code = posix_spawnp(&pid, command[0], &actions, NULL, (char **)command,
			    environ);
	posix_spawn_file_actions_destroy(&actions);
	if (code) {
		fprintf(stderr, "bench: %s: %s\n", command[0], strerror(code));
		exit(1);
	}
	while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
		;
	if (!WIFEXITED(status) || WEXITSTATUS(status)) {
		fprintf(stderr, "bench: %s: wait status %#x\n", command[0], (unsigned)status);
		exit(1);
	}
}

static int compare(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

static double median(double *values, long count)
{
	qsort(values, (size_t)count, sizeof(*values), compare);
	return count % 2 ? values[count / 2] : (values[count / 2 - 1] + values[count / 2]) / 2;
}

static void print_row(const char *bench, double value, const char *unit, double base, double ratio)
{
	printf("{\"bench\":\"%s\",\"value\":%.3f,\"unit\":\"%s\",\"baseline\":%.3f,"
	       "\"ratio\":%.3f}\n",
	       bench, value, unit, base, ratio);
}

void measure_print(const char *bench, double *value, double *baseline, long rounds)
{
	double ms = median(value, rounds), base = median(baseline, rounds);

	print_row(bench, ms, "ms", base, ms / base);
}

void measure_print_efficiency(const char *bench, double *value, double *baseline, long rounds)
{
	double ms = median(value, rounds), base = median(baseline, rounds);

	print_row(bench, ms, "ms", base, base / ms);
}

void measure_print_rate(const char *bench, double *value, double *baseline, long rounds)
{
	double rate = median(value, rounds), base = median(baseline, rounds);

	print_row(bench, rate, "1/s", base, rate / base);
}
