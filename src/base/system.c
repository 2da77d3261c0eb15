/* system.c - see system.h */
#include "base/system.h"

#include <sodium.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <unistd.h>

#ifdef HAVE_SYS_PRCTL_H
#include <sys/prctl.h>
#endif

void system_hide_memory(void)
{
	struct rlimit none = { 0, 0 };

	setrlimit(RLIMIT_CORE, &none);
#ifdef HAVE_SYS_PRCTL_H
	prctl(PR_SET_DUMPABLE, 0);
#endif
}

int system_reserve_streams(void)
{
	int fd;

	do
		fd = open("/dev/null", O_RDONLY);
	while (fd >= 0 && fd <= STDERR_FILENO);
	return fd < 0 ? -1 : close(fd);
}

void system_erase(void *secret, size_t len)
{
	sodium_memzero(secret, len);
}

int system_temp(char *name)
{
#ifdef HAVE_MKOSTEMP
	return mkostemp(name, O_CLOEXEC);
#else
	int fd = mkstemp(name);

	if (fd >= 0)
		fcntl(fd, F_SETFD, FD_CLOEXEC);
	return fd;
#endif
}

int system_pipe(int ret_ends[2])
{
#ifdef HAVE_PIPE2
	return pipe2(ret_ends, O_CLOEXEC);
#else
	if (pipe(ret_ends) < 0)
		return -1;
	fcntl(ret_ends[0], F_SETFD, FD_CLOEXEC);
	fcntl(ret_ends[1], F_SETFD, FD_CLOEXEC);
	return 0;
#endif
}
