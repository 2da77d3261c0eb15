/* syscall_names.h - the system calls by what becomes of them; what is in no list answers ENOSYS
 *
 * Base: the list of docker's default profile (moby, profiles/seccomp/default_linux.go), less what
 * only a process with capabilities could use; every call that python, gcc, g++, node, java, go and
 * rust were seen to make is allowed. Calls with rules on their arguments stand in the allowed list
 * too. */
#ifndef TALI_SYSCALL_NAMES_H
#define TALI_SYSCALL_NAMES_H

/* Each ends with NULL. */
extern const char *const syscall_names_allowed[];
extern const char *const syscall_names_refused[];	/* EPERM */
/* Hold memory that belongs to no process: allowed only where a memory control group counts it. */
extern const char *const syscall_names_uncounted[];

#endif
