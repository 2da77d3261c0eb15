/* syscall_filter.h - which system calls the payload may make, as a program for the kernel
 *
 * An allow list in the manner of docker's default profile: what is unknown or new answers ENOSYS
 * (the call seems absent, libraries fall back), what is known and refused answers EPERM. In front
 * of it stand rules on arguments, and the trap for foreign architectures: such a call is reported
 * to the listener, which stops the run, so that nothing a payload does to itself looks like it.
 * The build compiles it (tools/filter-compiler.c, syscall_names.c). */
#ifndef TALI_SYSCALL_FILTER_H
#define TALI_SYSCALL_FILTER_H

#include "base/err.h"

#include <stdbool.h>

/* Loads it into the calling process, which must have no_new_privs. With count_memory false, calls
 * whose memory only a memory control group can count are refused too (memfd_create, shmget, mmap of
 * shared memory without a file). *ret_listener becomes readable on a call of a foreign
 * architecture; -1 where a filter around us keeps the only listener (such a call then kills with
 * SIGSYS). */
int syscall_filter_load(bool count_memory, int *ret_listener, struct err *err);

#endif
