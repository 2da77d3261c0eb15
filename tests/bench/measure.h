/* measure.h - clock, launches and medians of the bench programs; a failure ends the program */
#ifndef TALI_MEASURE_H
#define TALI_MEASURE_H

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

#endif
