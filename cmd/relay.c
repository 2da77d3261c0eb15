/* relay.c - what commands share that run one program for their user: its input, its exit status */
#include "relay.h"

#include "base/auto.h"
#include "base/fs.h"
#include "base/system.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <string.h>

static void *pass_on(void *arg)
{
	AUTO_FD int out = *(int *)arg;
	char chunk[65536];
	ssize_t got;

	while ((got = read(STDIN_FILENO, chunk, sizeof(chunk))) != 0) {
		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0 || fs_write_all(out, chunk, (size_t)got) < 0)
			break;
	}
	return NULL;
}

static int start(struct err *err)
{
	static int write_end;
	pthread_t thread;
	int ends[2];

	if (system_pipe(ends) < 0)
		return err_sys(err, "cannot make a pipe");
	write_end = ends[1];
	if (pthread_create(&thread, NULL, pass_on, &write_end) != 0) {
		close(ends[0]);
		close(ends[1]);
		return err_set(err, ERR_ENV, "cannot start a thread");
	}
	pthread_detach(thread);
	return ends[0];
}

int relay_input(const char *file, struct err *err)
{
	int fd;

	if (!file || strcmp(file, "-") == 0)
		return start(err);
	fd = open(file, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	if (fd < 0) {
		err_sys(err, "--stdin '%s'", file);
		err->code = ERR_INPUT;
	}
	return fd;
}

int relay_exit_status(const struct run_report *report)
{
	if (report->exit_status >= 0)
		return report->exit_status;
	return 128 + (report->signal ? report->signal : 9);
}
