/* syscall_filter.c - which system calls the payload may make, as a program for the kernel */
#include "sandbox/syscall_filter.h"

#include <errno.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

/* Made by the build; [1]: a control group counts memory. */
extern const struct sock_fprog syscall_filter_programs[2];

static int load(const struct sock_fprog *program, unsigned flags)
{
	return (int)syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, flags, program);
}

/* Without a listener the notification would answer ENOSYS: make it deadly instead. */
static int load_without_listener(const struct sock_fprog *program)
{
	struct sock_filter deadly[BPF_MAXINSNS];
	struct sock_fprog copy = { .len = program->len, .filter = deadly };

	memcpy(deadly, program->filter, program->len * sizeof(*deadly));
	for (unsigned short i = 0; i < copy.len; i++)
		if (deadly[i].code == (BPF_RET | BPF_K) && deadly[i].k == SECCOMP_RET_USER_NOTIF)
			deadly[i].k = SECCOMP_RET_KILL_PROCESS;
	return load(&copy, 0);
}

int syscall_filter_load(bool count_memory, int *ret_listener, struct err *err)
{
	const struct sock_fprog *program = &syscall_filter_programs[count_memory];
	int listener = load(program, SECCOMP_FILTER_FLAG_NEW_LISTENER);

	if (listener < 0 && errno == EBUSY && load_without_listener(program) == 0)
		listener = -1;
	else if (listener < 0)
		return err_sys(err, "cannot load the system call filter");
	*ret_listener = listener;
	return 0;
}
