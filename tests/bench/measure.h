/* measure.h - clock, launches and medians of the bench programs; a failure ends the program */
#ifndef TALI_MEASURE_H
#define TALI_MEASURE_H

#include <stddef.h>

#define MEASURE_MOST_ROUNDS 1000

/* Milliseconds of a clock that only goes forward. */
double measure_now(void);

/* Runs a program by posix_spawn, output to /dev/null, and waits; it must end with 0. */
void measure_launch(const char *const *command);

/* Prints the one JSON line; sorts both arrays. */
void measure_print(const char *bench, double *value, double *baseline, long rounds);

/* Same, with baseline over value as the ratio: more is better. */
void measure_print_efficiency(const char *bench, double *value, double *baseline, long rounds);

/* Prints rates, events a second: more is better. */
void measure_print_rate(const char *bench, double *value, double *baseline, long rounds);

/* Prints a line on stderr, and ends the program. */
__attribute__((format(printf, 1, 2), noreturn)) void measure_fail(const char *format, ...);

/* Milliseconds of many things; zero-initialized. */
struct measure_times {
	double *ms;
	size_t count, size;
};
void measure_note(struct measure_times *times, double ms);
void measure_forget(struct measure_times *times);
double measure_mean(const struct measure_times *times);
/* The time that so many of a hundred were within; 100 is the worst. Sorts. 0 when there is none. */
double measure_percentile(struct measure_times *times, double percent);

/* Prints a row against a limit instead of a baseline: the ratio is to be 1 at most. */
void measure_print_limit(const char *bench, double value, const char *unit, double limit);

#endif
