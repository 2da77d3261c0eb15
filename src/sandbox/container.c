/* container.c - starting, mapping and ending the first process inside a sandbox */
#include "sandbox/container.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/sched.h>
#include <sched.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/auto.h"
#include "base/fs.h"
#include "sandbox/cage.h"
#include "sandbox/first_process.h"
#include "sandbox/run_channel.h"

/* The cgroup namespace comes when the group has been joined; with a group for each payload, each
 * makes one. */
#define NAMESPACES (CLONE_NEWPID | CLONE_NEWNS | CLONE_NEWNET | CLONE_NEWIPC | CLONE_NEWUTS)

/* clone(2) wherever it will do: valgrind follows it, clone3 it does not. */
static pid_t fork_into(uint64_t flags, int cgroup_fd, int *ret_pidfd)
{
	struct clone_args args = {
		.flags = flags | CLONE_PIDFD | CLONE_INTO_CGROUP,
		.pidfd = (uint64_t)(uintptr_t)ret_pidfd,
		.exit_signal = SIGCHLD,
		.cgroup = (uint64_t)cgroup_fd,
	};

	if (cgroup_fd >= 0)
		return (pid_t)syscall(SYS_clone3, &args, sizeof(args));
#if defined(__s390x__)
	return (pid_t)syscall(SYS_clone, NULL, flags | CLONE_PIDFD | SIGCHLD, ret_pidfd, NULL, 0);
#else
	return (pid_t)syscall(SYS_clone, flags | CLONE_PIDFD | SIGCHLD, NULL, ret_pidfd, NULL, 0);
#endif
}

static int refused(bool root, struct err *err)
{
	if (root)
		return err_sys(err, "cannot make namespaces (root needs CAP_SYS_ADMIN; an ordinary "
			       "user may do without)");
	return err_sys(err, "user namespaces are not available to this user (sysctl "
		       "kernel.unprivileged_userns_clone=1, user.max_user_namespaces above 0, "
		       "kernel.apparmor_restrict_unprivileged_userns=0), or run as root");
}

int container_start(struct container *container, const struct container_setup *setup,
		    struct err *err)
{
	uint64_t flags = NAMESPACES | (setup->uids ? 0 : CLONE_NEWUSER);
	int pair[2];
	pid_t pid;

	if (run_channel_pair(pair) < 0)
		return err_sys(err, "cannot make a channel");

	pid = fork_into(flags, cgroup_init_fd(setup->group), &container->pidfd);
	if (pid == 0)
		first_process_run(setup, pair[1]);

	if (pid < 0)
		refused(setup->uids != NULL, err);
	close(pair[1]);
	if (pid < 0) {
		close(pair[0]);
		return -1;
	}
	container->pid = pid;
	container->channel = pair[0];
	return 0;
}

static int write_map(pid_t pid, const char *name, uid_t init, uid_t payload, struct err *err)
{
	AUTO_FD int fd = -1;
	char path[64], map[64];

	snprintf(path, sizeof(path), "/proc/%d/%s", (int)pid, name);
	snprintf(map, sizeof(map), "0 %u 1\n%d %u 1\n", init, CAGE_UID, payload);
	fd = open(path, O_WRONLY | O_CLOEXEC);
	if (fd < 0 || fs_write_all(fd, map, strlen(map)) < 0)
		return err_sys(err, "cannot map user ids");
	return 0;
}

int container_map(const struct container *container, const struct uid_pair *uids, struct err *err)
{
	if (write_map(container->pid, "uid_map", uids->init, uids->payload, err) < 0)
		return -1;
	return write_map(container->pid, "gid_map", uids->init, uids->payload, err);
}

void container_kill(const struct container *container)
{
	syscall(SYS_pidfd_send_signal, container->pidfd, SIGKILL, NULL, 0);
}

void container_close(struct container *container)
{
	if (container->pid > 0) {
		container_kill(container);
		while (waitpid(container->pid, NULL, 0) < 0 && errno == EINTR)
			;
	}
	if (container->pidfd >= 0)
		close(container->pidfd);
	if (container->channel >= 0)
		close(container->channel);
	*container = (struct container)CONTAINER_INIT;
}
