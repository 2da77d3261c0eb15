/* measure.c - see measure.h */
#include "measure.h"

#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <stdarg.h>
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

void measure_fail(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	fputs("bench: ", stderr);
	vfprintf(stderr, format, args);
	fputc('\n', stderr);
	va_end(args);
	exit(1);
}

void measure_note(struct measure_times *times, double ms)
{
	if (times->count == times->size) {
		times->size = times->size ? 2 * times->size : 65536;
		times->ms = realloc(times->ms, times->size * sizeof(*times->ms));
		if (!times->ms)
			abort();
	}
	times->ms[times->count++] = ms;
}

void measure_forget(struct measure_times *times)
{
	free(times->ms);
	*times = (struct measure_times){ 0 };
}

double measure_mean(const struct measure_times *times)
{
	double sum = 0;

	for (size_t i = 0; i < times->count; i++)
		sum += times->ms[i];
	return times->count ? sum / (double)times->count : 0;
}

double measure_percentile(struct measure_times *times, double percent)
{
	size_t at = (size_t)((double)times->count * percent / 100);

	if (!times->count)
		return 0;
	qsort(times->ms, times->count, sizeof(*times->ms), compare);
	return times->ms[at < times->count ? at : times->count - 1];
}

void measure_print_limit(const char *bench, double value, const char *unit, double limit)
{
	print_row(bench, value, unit, limit, value / limit);
}
