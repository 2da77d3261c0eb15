/* sandbox.c - a command in a sandbox that is kept ready, against the command alone
 *
 *	sandbox NAME ROUNDS RUNS COMMAND...	prints the row NAME
 *
 * All protections and limits are on; the sandbox is taken as weak as this machine makes it. */
#include "base/auto.h"
#include "measure.h"
#include "sandbox/sandbox.h"

#include <stdio.h>
#include <stdlib.h>

static struct sandbox *sandbox;

static void run(const char *const *command)
{
	struct plan plan = {
		.argv = command, .stdin_fd = -1, .limits = plan_default_limits, .allow_weak = true,
	};
	struct run_report report;
	struct err err = ERR_INIT;

	if (sandbox_run(sandbox, &plan, NULL, &report, &err) < 0 ||
	    report.verdict != VERDICT_OK) {
		fprintf(stderr, "bench: %s\n", *err.text ? err.text : verdict_name(report.verdict));
		exit(1);
	}
}

int main(int argc, char **argv)
{
	static double value[MEASURE_MOST_ROUNDS], base[MEASURE_MOST_ROUNDS];
	long rounds = argc > 4 ? strtol(argv[2], NULL, 10) : 0;
	long runs = argc > 4 ? strtol(argv[3], NULL, 10) : 0;
	const char *const *command = (const char *const *)argv + 4;
	struct err err = ERR_INIT;

	if (rounds < 1 || rounds > MEASURE_MOST_ROUNDS || runs < 1) {
		fputs("usage: sandbox NAME ROUNDS RUNS COMMAND...\n", stderr);
		return 2;
	}
	sandbox = sandbox_start(&err);
	if (!sandbox) {
		fprintf(stderr, "bench: %s\n", err.text);
		return 1;
	}
	run(command);
	for (long i = 0; i < rounds; i++) {
		double start = measure_now();

		for (long j = 0; j < runs; j++)
			run(command);
		value[i] = (measure_now() - start) / (double)runs;
		start = measure_now();
		for (long j = 0; j < runs; j++)
			measure_launch(command);
		base[i] = (measure_now() - start) / (double)runs;
	}
	sandbox_close(&sandbox);
	measure_print(argv[1], value, base, rounds);
	return 0;
}
