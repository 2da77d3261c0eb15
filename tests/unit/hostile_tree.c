/* hostile_tree.c - the processes below one, and waiting until they are gone */
#include "hostile_tree.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/auto.h"

static void add_children(struct tree *tree, pid_t parent)
{
	AUTO_FILE FILE *file = NULL;
	char path[64];
	int child;

	snprintf(path, sizeof(path), "/proc/%d/task/%d/children", (int)parent, (int)parent);
	file = fopen(path, "re");
	while (file && tree->count < TREE_MOST && fscanf(file, "%d", &child) == 1)
		tree->pids[tree->count++] = child;
}

void tree_read(struct tree *tree, pid_t top)
{
	tree->count = 0;
	add_children(tree, top);
	for (size_t i = 0; i < tree->count; i++)
		add_children(tree, tree->pids[i]);
}

pid_t tree_child(pid_t parent, size_t which)
{
	struct tree children = { .count = 0 };

	add_children(&children, parent);
	return which < children.count ? children.pids[which] : 0;
}

static int64_t now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000LL + now.tv_nsec / 1000000;
}

static bool is_dead(pid_t pid)
{
	AUTO_FILE FILE *file = NULL;
	char path[64], state = 'Z';

	snprintf(path, sizeof(path), "/proc/%d/stat", (int)pid);
	file = fopen(path, "re");
	return !file || fscanf(file, "%*d (%*[^)]) %c", &state) != 1 || state == 'Z' ||
	       state == 'X';
}

/* valgrind knows no pidfd_open(2): then look again and again. */
static bool look_until_dead(pid_t pid, int most_ms)
{
	int64_t until = now_ms() + most_ms;

	while (!is_dead(pid)) {
		if (now_ms() >= until)
			return false;
		poll(NULL, 0, 5);
	}
	return true;
}

bool tree_await_process(pid_t pid, int most_ms)
{
	AUTO_FD int pidfd = (int)syscall(SYS_pidfd_open, pid, 0);
	struct pollfd end = { .fd = pidfd, .events = POLLIN };

	if (pidfd < 0 && errno == ENOSYS)
		return look_until_dead(pid, most_ms);
	/* EINVAL: it is gone, and its number is only that of a session any more */
	if (pidfd < 0)
		return errno == ESRCH || errno == EINVAL;
	return poll(&end, 1, most_ms) == 1;
}

static bool dies_until(pid_t pid, int64_t until)
{
	int64_t left = until - now_ms();

	return tree_await_process(pid, left > 0 ? (int)left : 0);
}

/* What a process that should be gone looks like, for whoever reads the log. */
static void print_living(pid_t pid)
{
	AUTO_FILE FILE *file = NULL;
	char path[64], line[256];

	snprintf(path, sizeof(path), "/proc/%d/stat", (int)pid);
	file = fopen(path, "re");
	if (file && fgets(line, sizeof(line), file))
		printf("# lives on: %s", line);
	else
		printf("# lives on: %d, of which nothing is known\n", (int)pid);
}

int tree_await_end(const struct tree *tree, int most_ms)
{
	int64_t until = now_ms() + most_ms;
	int alive = 0;

	for (size_t i = 0; i < tree->count; i++)
		if (!dies_until(tree->pids[i], until)) {
			print_living(tree->pids[i]);
			alive++;
		}
	return alive;
}

static bool is_known(const struct tree *known, pid_t pid)
{
	for (size_t i = 0; i < known->count; i++)
		if (known->pids[i] == pid)
			return true;
	return false;
}

/* One child of ours that is not known; 0 when there is none. */
static pid_t unknown_child(const struct tree *known)
{
	struct tree children = { .count = 0 };

	add_children(&children, getpid());
	for (size_t i = 0; i < children.count; i++)
		if (!is_known(known, children.pids[i]))
			return children.pids[i];
	return 0;
}

int tree_end_children(const struct tree *known)
{
	pid_t pid;
	int count = 0;

	for (; (pid = unknown_child(known)); count++) {
		kill(pid, SIGKILL);
		waitpid(pid, NULL, 0);
	}
	return count;
}

int tree_await_children(const struct tree *known, int most_ms)
{
	int64_t until = now_ms() + most_ms;
	pid_t pid;

	while ((pid = unknown_child(known))) {
		if (!dies_until(pid, until))
			break;
		waitpid(pid, NULL, 0);
	}
	return tree_end_children(known);
}
