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

#define NOT_EXECUTED 0x40	/* PF_FORKNOEXEC, include/linux/sched.h */

struct found {
	int count;
	pid_t pids[PIDS_MOST];
	bool ours_is_busy;	/* the first process does not sleep, as while its vfork lasts */
};

/* The first process, or the payload's as long as it has the memory of that: between vfork and
 * execve, when nobody else is there. */
static bool is_ours(const struct found *found, int at, unsigned flags)
{
	return at == 0 || (at == 1 && found->count == 2 && found->ours_is_busy &&
			   (flags & NOT_EXECUTED));
}

static void add_process(struct tree_meter *meter, struct found *found, int at)
{
	AUTO_FILE FILE *file = NULL;
	uint64_t utime, stime, cutime, cstime, pages;
	char path[64], line[1024], state;
	const char *rest;
	unsigned threads, flags;

	snprintf(path, sizeof(path), "/proc/%d/stat", (int)found->pids[at]);
	file = fopen(path, "re");
	if (!file || !fgets(line, sizeof(line), file))
		return;
	/* the name may hold anything, brackets too: the numbers begin after the last one */
	rest = strrchr(line, ')');
	if (!rest || sscanf(rest + 1, " %c %*d %*d %*d %*d %*d %u %*u %*u %*u %*u %" SCNu64
			    " %" SCNu64 " %" SCNu64 " %" SCNu64 " %*d %*d %u %*d %*u %*u %" SCNu64,
			    &state, &flags, &utime, &stime, &cutime, &cstime, &threads,
			    &pages) != 8)
		return;

	if (at == 0)
		found->ours_is_busy = state != 'S';
	meter->cpu_ms += (utime + stime + cutime + cstime) * 1000 / (uint64_t)sysconf(_SC_CLK_TCK);
	if (!is_ours(found, at, flags))
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
	found.ours_is_busy = false;
	*meter = (struct tree_meter){ 0 };
	for (int i = 0; i < found.count; i++) {
		/* those below it first: whether it is alone counts */
		find_below(&found, found.pids[i]);
		add_process(meter, &found, i);
	}
	/* the first process is ours: its memory is not counted, nor is it */
	if (meter->tasks > 0)
		meter->tasks--;
}
