/* tree_meter.c - what all processes of a sandbox use, read from /proc */
#include "sandbox/tree_meter.h"

#include <dirent.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/auto.h"

#define PIDS_MOST 8192	/* above every process limit */

struct found {
	int count;
	pid_t pids[PIDS_MOST];
};

static void add_process(struct tree_meter *meter, pid_t pid, bool is_ours)
{
	AUTO_FILE FILE *file = NULL;
	uint64_t utime, stime, cutime, cstime, pages;
	char path[64], line[1024];
	const char *rest;
	unsigned threads;

	snprintf(path, sizeof(path), "/proc/%d/stat", (int)pid);
	file = fopen(path, "re");
	if (!file || !fgets(line, sizeof(line), file))
		return;
	/* the name may hold anything, brackets too: the numbers begin after the last one */
	rest = strrchr(line, ')');
	if (!rest || sscanf(rest + 1, " %*c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %" SCNu64
			    " %" SCNu64 " %" SCNu64 " %" SCNu64 " %*d %*d %u %*d %*u %*u %" SCNu64,
			    &utime, &stime, &cutime, &cstime, &threads, &pages) != 6)
		return;

	meter->cpu_ms += (utime + stime + cutime + cstime) * 1000 / (uint64_t)sysconf(_SC_CLK_TCK);
	if (!is_ours)
		meter->memory += pages * (uint64_t)sysconf(_SC_PAGESIZE);
	meter->tasks += threads;
}

static void find_children(struct found *found, pid_t pid, const char *thread)
{
	AUTO_FILE FILE *file = NULL;
	char path[320];
	int child;

	snprintf(path, sizeof(path), "/proc/%d/task/%s/children", (int)pid, thread);
	file = fopen(path, "re");
	while (file && found->count < PIDS_MOST && fscanf(file, "%d", &child) == 1)
		found->pids[found->count++] = child;
}

static void find_below(struct found *found, pid_t pid)
{
	struct dirent *entry;
	char path[64];
	DIR *threads;

	snprintf(path, sizeof(path), "/proc/%d/task", (int)pid);
	threads = opendir(path);
	while (threads && (entry = readdir(threads)))
		if (*entry->d_name != '.')
			find_children(found, pid, entry->d_name);
	if (threads)
		closedir(threads);
}

void tree_meter_read(struct tree_meter *meter, pid_t init)
{
	struct found found;

	found.count = 1;
	found.pids[0] = init;
	*meter = (struct tree_meter){ 0 };
	for (int i = 0; i < found.count; i++) {
		add_process(meter, found.pids[i], i == 0);
		find_below(&found, found.pids[i]);
	}
	/* the first process is ours: its memory is not counted, nor is it */
	if (meter->tasks > 0)
		meter->tasks--;
}
