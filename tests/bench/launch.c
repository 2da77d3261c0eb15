/* launch.c - how long a command takes against a baseline, in rounds that take turns
 *
 *	launch BENCH ROUNDS LAUNCHES COMMAND [ARG...] -- BASELINE [ARG...]
 *
 * Each round launches the command LAUNCHES times, then the baseline LAUNCHES times; its time is the
 * mean of one launch. */
#include "measure.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static double round_of(const char *const *command, long launches)
{
	double start = measure_now();

	for (long i = 0; i < launches; i++)
		measure_launch(command);
	return (measure_now() - start) / (double)launches;
}

/* Cuts argv at "--": the command ends there, the baseline begins after it. */
static const char **cut(const char **argv)
{
	for (; *argv; argv++) {
		if (!strcmp(*argv, "--") && argv[1]) {
			*argv = NULL;
			return argv + 1;
		}
	}
	return NULL;
}

int main(int argc, char **argv)
{
	static double value[MEASURE_MOST_ROUNDS], base[MEASURE_MOST_ROUNDS];
	long rounds = argc > 6 ? strtol(argv[2], NULL, 10) : 0;
	long launches = argc > 6 ? strtol(argv[3], NULL, 10) : 0;
	const char **command = (const char **)argv + 4;
	const char **baseline = argc > 6 ? cut(command) : NULL;

	if (rounds < 1 || rounds > MEASURE_MOST_ROUNDS || launches < 1 || !baseline || !*command) {
		fputs("usage: launch BENCH ROUNDS LAUNCHES COMMAND... -- BASELINE...\n", stderr);
		return 2;
	}
	measure_launch(command);
	measure_launch(baseline);
	for (long i = 0; i < rounds; i++) {
		value[i] = round_of(command, launches);
		base[i] = round_of(baseline, launches);
	}
	measure_print(argv[1], value, base, rounds);
	return 0;
}
