/* syscall_filter.h - which system calls the payload may make, as a program for the kernel
 *
 * An allow list in the manner of docker's default profile: what is unknown or new answers ENOSYS
 * (the call seems absent, libraries fall back), what is known and refused answers EPERM. In front
 * of it stand rules on arguments, and the trap for foreign architectures: such a call is reported
 * to the listener, which stops the run, so that nothing a payload does to itself looks like it. */
#ifndef TALI_SYSCALL_FILTER_H
#define TALI_SYSCALL_FILTER_H

#include "base/err.h"

#include <linux/filter.h>
#include <stdbool.h>

struct syscall_filter {
	struct sock_fprog program;	/* .filter is NULL when empty */
};

/* Compiles the filter; with count_memory false, calls whose memory only a memory control group can
 * count are refused too (memfd_create, shmget and their like). Release with
 * syscall_filter_release. */
int syscall_filter_compile(struct syscall_filter *filter, bool count_memory, struct err *err);
void syscall_filter_release(struct syscall_filter *filter);

/* Loads it into the calling process, which must have no_new_privs. *ret_listener becomes readable
 * on a call of a foreign architecture; -1 where a filter around us keeps the only listener (such a
 * call then kills with SIGSYS). */
int syscall_filter_load(const struct syscall_filter *filter, int *ret_listener, struct err *err);

#endif
