/* soak.c - many mixed runs: each verdict is exact, cost and memory stay flat, nothing is left
 *
 *	soak RUNS	one run in eight is stopped, by each limit in turn
 *
 * Prints the row soak: what a plain run costs among the last quarter, against the first. A wrong
 * verdict, growth of tali's processes, or a control group left behind is an error. */
#include "base/auto.h"
#include "base/buf.h"
#include "measure.h"
#include "sandbox/sandbox.h"

#include <stdio.h>
#include <stdlib.h>

#define KIB 1024ULL
#define GROWTH_MOST (512 * KIB)	/* bytes, of all processes together */

static const struct kind {
	const char *name, *script;
	enum verdict verdict;
	enum run_guard needs;	/* else the verdict may be another one */
} kinds[] = {
	{ "ok", "echo fine >a; exit 0", VERDICT_OK, 0 },
	{ "exit", "mkdir -p a/b; exit 3", VERDICT_RUNTIME_ERROR, 0 },
	{ "cpu", "while :; do :; done", VERDICT_TIME_LIMIT, GUARD_CPU },
	{ "wall", "sleep 100", VERDICT_WALL_LIMIT, 0 },
	{ "memory", "exec perl -e '$x = \"x\" x 99999999; $y = $x . $x'", VERDICT_MEMORY_LIMIT,
	  GUARD_MEMORY },
	{ "bomb", "for i in $(seq 99); do sleep 100 & done; exit 1", VERDICT_PROCESS_LIMIT,
	  GUARD_PROCESSES },
	{ "flood", "exec yes", VERDICT_OUTPUT_LIMIT, 0 },
	{ "disk", "exec head -c 9000000 /dev/zero >a", VERDICT_DISK_LIMIT, 0 },
	{ "daemon", "setsid sleep 100 & exit 0", VERDICT_OK, 0 },
};
#define KINDS (sizeof(kinds) / sizeof(*kinds))

static struct sandbox *sandbox;

static void fail(const char *what)
{
	fprintf(stderr, "bench: %s\n", what);
	exit(1);
}

static void run(const struct kind *kind)
{
	const char *const argv[] = { "sh", "-c", kind->script, NULL };
	struct plan plan = {
		.argv = argv, .stdin_fd = -1, .limits = plan_default_limits, .allow_weak = true,
	};
	struct run_report report;
	struct err err = ERR_INIT;

	plan.limits.cpu_ms = kind->verdict == VERDICT_TIME_LIMIT ? 60 : 5000;
	plan.limits.wall_ms = kind->verdict == VERDICT_WALL_LIMIT ? 60 : 20000;
	plan.limits.memory = 64 * KIB * KIB;
	plan.limits.processes = 20;
	plan.limits.output = 64 * KIB;
	plan.limits.disk = plan.limits.file_size = 8 * KIB * KIB;
	if (sandbox_run(sandbox, &plan, NULL, &report, &err) < 0)
		fail(err.text);
	if (report.verdict == kind->verdict || (report.weak & kind->needs))
		return;
	fprintf(stderr, "bench: %s: %s\n", kind->name, verdict_name(report.verdict));
	exit(1);
}

/* Resident memory of this process and of all that came from it, in bytes. */
static unsigned long long memory_below(long pid)
{
	char path[64], line[256];
	unsigned long long bytes = 0;
	unsigned long pages;
	long child;
	FILE *file;

	snprintf(path, sizeof(path), "/proc/%ld/statm", pid);
	file = fopen(path, "re");
	if (file && fgets(line, sizeof(line), file) && sscanf(line, "%*u %lu", &pages) == 1)
		bytes = pages * 4 * KIB;
	if (file)
		fclose(file);
	snprintf(path, sizeof(path), "/proc/%ld/task/%ld/children", pid, pid);
	file = fopen(path, "re");
	while (file && fscanf(file, "%ld", &child) == 1)
		bytes += memory_below(child);
	if (file)
		fclose(file);
	return bytes;
}

static double plain_runs(long count)
{
	double start = measure_now();

	for (long i = 0; i < count; i++)
		run(&kinds[0]);
	return (measure_now() - start) / (double)count;
}

int main(int argc, char **argv)
{
	double value[1], base[1];
	long runs = argc == 2 ? strtol(argv[1], NULL, 10) : 0;
	unsigned long long before, after;
	struct err err = ERR_INIT;

	if (runs < 100) {
		fputs("usage: soak RUNS (at least 100)\n", stderr);
		return 2;
	}
	sandbox = sandbox_start(&err);
	if (!sandbox)
		fail(err.text);
	plain_runs(20);
	before = memory_below(getpid());
	base[0] = plain_runs(runs / 4);
	for (long i = 0; i < runs / 2; i++)
		run(&kinds[i % 4 ? 0 : (size_t)(i / 4) % KINDS]);
	value[0] = plain_runs(runs / 4);
	after = memory_below(getpid());
	if (after > before + GROWTH_MOST) {
		fprintf(stderr, "bench: memory grew from %llu to %llu bytes\n", before, after);
		return 1;
	}
	sandbox_close(&sandbox);
	measure_print("soak", value, base, 1);
	return 0;
}
