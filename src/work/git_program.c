/* git_program.c - see git_program.h */
#include "work/git_program.h"

#include "base/auto.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdbool.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

/* Without what makes git look elsewhere, say it in other words, or ask. Yours, the words are
 * borrowed. */
static char **environment(void)
{
	size_t count = 0, kept = 0;
	char **copy;

	while (environ && environ[count])
		count++;
	copy = buf_alloc((count + 3) * sizeof(*copy));
	for (size_t i = 0; i < count; i++)
		if (strncmp(environ[i], "GIT_", 4) != 0 && strncmp(environ[i], "LC_ALL=", 7) != 0)
			copy[kept++] = environ[i];
	copy[kept++] = (char *)"GIT_TERMINAL_PROMPT=0";
	copy[kept] = (char *)"LC_ALL=C";
	return copy;
}

/* Its process, and where it prints. */
static int begin(const char *const *argv, bool messages, int *ret_out, pid_t *ret_pid)
{
	AUTO_FREE char **env = environment();
	posix_spawn_file_actions_t actions;
	int ends[2], failed;

	if (pipe(ends) < 0)
		return -1;
	fcntl(ends[0], F_SETFD, FD_CLOEXEC);
	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
	posix_spawn_file_actions_adddup2(&actions, ends[1], 1);
	if (messages)
		posix_spawn_file_actions_adddup2(&actions, ends[1], 2);
	else
		posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", O_WRONLY, 0);
	posix_spawn_file_actions_addclose(&actions, ends[1]);
	failed = posix_spawnp(ret_pid, argv[0], &actions, NULL, (char **)(void *)argv, env);
	posix_spawn_file_actions_destroy(&actions);
	close(ends[1]);
	*ret_out = ends[0];
	if (!failed)
		return 0;
	close(ends[0]);
	errno = failed;
	return -1;
}

static int run(const char *const *argv, bool messages, struct buf *out, struct err *err)
{
	AUTO_FD int from = -1;
	char piece[16384];
	ssize_t got;
	int status;
	pid_t pid;

	if (begin(argv, messages, &from, &pid) < 0)
		return err_sys(err, "cannot run git");
	while ((got = read(from, piece, sizeof(piece))) != 0) {
		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0 || !buf_add(out, piece, (size_t)got))
			break;
	}
	if (got != 0)
		kill(pid, SIGKILL);
	while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
		;
	if (got == 0 && WIFEXITED(status) && WEXITSTATUS(status) != 127)
		return WEXITSTATUS(status);
	return err_set(err, ERR_ENV, out->full ? "git says more than %zu bytes"
					       : "git did not come to its end", out->limit);
}

int git_program(const char *const *argv, struct buf *out, struct err *err)
{
	return run(argv, false, out, err);
}

int git_program_said(const char *const *argv, struct buf *out, struct err *err)
{
	struct rlimit before, during;
	int status;

	if (getrlimit(RLIMIT_FSIZE, &before) < 0)
		return err_sys(err, "limits");
	during = before;
	if (during.rlim_cur > GIT_PROGRAM_FILE_MAX)
		during.rlim_cur = GIT_PROGRAM_FILE_MAX;
	setrlimit(RLIMIT_FSIZE, &during);
	status = run(argv, true, out, err);
	setrlimit(RLIMIT_FSIZE, &before);
	return status;
}
