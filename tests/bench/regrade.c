/* regrade.c - grading all submissions of a task, against their bare test runs
 *
 *	regrade ROUNDS SIZE JOBS TALI	(in the folder that regrade.sh made)
 *
 * Grades SIZE submissions by TALI score --all bench --jobs JOBS, then runs bare/N/check.py for each
 * N from 1 to SIZE, JOBS at a time, and adds up how long each took. */
#include "measure.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

#define MOST_JOBS 64

/* What one thread of the bare runs does: every JOBS-th submission. */
struct share {
	long first, step, size;
	double sum;
};

static void *run_share(void *arg)
{
	struct share *share = arg;
	char path[64];
	const char *const command[] = { "python3", path, NULL };

	for (long number = share->first; number <= share->size; number += share->step) {
		double start = measure_now();

		snprintf(path, sizeof(path), "bare/%ld/check.py", number);
		measure_launch(command);
		share->sum += measure_now() - start;
	}
	return NULL;
}

static double run_bare(long size, long jobs)
{
	struct share shares[MOST_JOBS];
	pthread_t threads[MOST_JOBS];
	double sum = 0;

	for (long i = 0; i < jobs; i++) {
		shares[i] = (struct share){ .first = i + 1, .step = jobs, .size = size };
		if (pthread_create(&threads[i], NULL, run_share, &shares[i]))
			exit(1);
	}
	for (long i = 0; i < jobs; i++) {
		pthread_join(threads[i], NULL);
		sum += shares[i].sum;
	}
	return sum / (double)jobs;
}

int main(int argc, char **argv)
{
	static double value[MEASURE_MOST_ROUNDS], base[MEASURE_MOST_ROUNDS];
	long rounds = argc == 5 ? strtol(argv[1], NULL, 10) : 0;
	long size = argc == 5 ? strtol(argv[2], NULL, 10) : 0;
	long jobs = argc == 5 ? strtol(argv[3], NULL, 10) : 0;

	if (rounds < 1 || rounds > MEASURE_MOST_ROUNDS || size < 1 || jobs < 1 ||
	    jobs > MOST_JOBS) {
		fputs("usage: regrade ROUNDS SIZE JOBS TALI\n", stderr);
		return 2;
	}

	const char *const grade[] = { argv[4],	"score", "--all", "bench", "--jobs",
				      argv[3], "--min", "100", NULL };

	for (long i = 0; i < rounds; i++) {
		double start = measure_now();

		measure_launch(grade);
		value[i] = measure_now() - start;
		base[i] = run_bare(size, jobs);
	}
	measure_print_efficiency("regrade", value, base, rounds);
	return 0;
}
