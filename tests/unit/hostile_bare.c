/* hostile_bare.c - a hostile act without any sandbox */
#include "hostile_bare.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/fs.h"
#include "hostile_tree.h"
#include "hostile_witness.h"

#define LIFE_MOST 60000		/* ms; the acts end themselves before */

static int hostile;

void hostile_bare_use(int fd)
{
	hostile = fd;
}

/* Standard output is a file with the secret in it, the rest is as it would be for any program. */
static void become(const struct hostile_case *one, const char *folder, int out)
	__attribute__((noreturn));
static void become(const struct hostile_case *one, const char *folder, int out)
{
	const char *argv[HOSTILE_ARGV];
	struct rlimit none = { 0, RLIM_INFINITY };
	int null = open("/dev/null", O_RDWR | O_CLOEXEC);

	hostile_argv(one, "hostile", argv);
	setpgid(0, getpgid(witness_victim()));
	setrlimit(RLIMIT_CORE, &none);
	for (int i = 0; i < NSIG; i++)
		signal(i, SIG_DFL);
	if (chdir(folder) < 0 || dup2(null, 0) < 0 || dup2(out, 1) < 0 || dup2(null, 2) < 0)
		_exit(99);
	fexecve(hostile, (char **)(void *)argv, environ);
	_exit(98);
}

static void await(pid_t pid)
{
	if (!tree_await_process(pid, LIFE_MOST))
		kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
}

static int open_out(const char *folder)
{
	AUTO_FREE char *path = fs_join(folder, "stdout");
	int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_APPEND | O_CLOEXEC, 0600);

	assert_true(fd >= 0);
	assert_int_equal(fs_write_all(fd, witness_secret(), strlen(witness_secret())), 0);
	return fd;
}

static void read_out(const char *folder, struct buf *out)
{
	AUTO_FREE char *path = fs_join(folder, "stdout");
	struct err err = ERR_INIT;

	assert_int_equal(fs_read(AT_FDCWD, path, MIB, out, &err), 0);
}

bool hostile_bare_play(const struct hostile_case *one, struct buf *out)
{
	struct err err = ERR_INIT;
	AUTO(fs_temp_release) char *folder = fs_temp_dir("bare", &err);
	AUTO_FD int fd = -1;
	struct tree known;
	bool through;
	pid_t pid;

	assert_non_null(folder);
	fd = open_out(folder);
	tree_read(&known, getpid());
	pid = fork();
	if (pid == 0)
		become(one, folder, fd);
	await(pid);

	read_out(folder, out);
	through = one->through ? one->through() : strstr(buf_str(out), "BREACH") != NULL;
	tree_end_children(&known);
	return through;
}
