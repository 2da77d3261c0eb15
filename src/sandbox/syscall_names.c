/* syscall_names.c - the system calls by what becomes of them; what is in no list answers ENOSYS */
#include "sandbox/syscall_names.h"

#include <stddef.h>

const char *const syscall_names_allowed[] = {
	/* files */
	"access", "chdir", "chmod", "chown", "chown32", "close", "close_range", "copy_file_range",
	"creat", "dup", "dup2", "dup3", "faccessat", "faccessat2", "fadvise64", "fadvise64_64",
	"fallocate", "fchdir", "fchmod", "fchmodat", "fchmodat2", "fchown", "fchown32", "fchownat",
	"fcntl", "fcntl64", "fdatasync", "fgetxattr", "flistxattr", "flock", "fremovexattr",
	"fsetxattr", "fstat", "fstat64", "fstatat64", "fstatfs", "fstatfs64", "fsync", "ftruncate",
	"ftruncate64", "futimesat", "getcwd", "getdents", "getdents64", "getxattr",
	"inotify_add_watch", "inotify_init", "inotify_init1", "inotify_rm_watch", "ioctl", "lchown",
	"lchown32", "lgetxattr", "link", "linkat", "listxattr", "llistxattr", "lremovexattr",
	"lseek", "_llseek", "lsetxattr", "lstat", "lstat64", "mkdir", "mkdirat", "mknod", "mknodat",
	"newfstatat", "open", "openat", "openat2", "pipe", "pipe2", "pread64", "preadv", "preadv2",
	"pwrite64", "pwritev", "pwritev2", "read", "readahead", "readlink", "readlinkat", "readv",
	"removexattr", "rename", "renameat", "renameat2", "rmdir", "sendfile", "sendfile64",
	"setxattr", "splice", "stat", "stat64", "statfs", "statfs64", "statx", "symlink",
	"symlinkat", "sync", "sync_file_range", "syncfs", "tee", "truncate", "truncate64", "umask",
	"unlink", "unlinkat", "utime", "utimensat", "utimensat_time64", "utimes", "vmsplice",
	"write", "writev",

	/* walls that a process builds around itself */
	"landlock_add_rule", "landlock_create_ruleset", "landlock_restrict_self",

	/* waiting for files */
	"epoll_create", "epoll_create1", "epoll_ctl", "epoll_ctl_old", "epoll_pwait",
	"epoll_pwait2", "epoll_wait", "epoll_wait_old", "eventfd", "eventfd2", "io_cancel",
	"io_destroy", "io_getevents", "io_pgetevents", "io_setup", "io_submit", "_newselect",
	"poll", "ppoll", "ppoll_time64", "pselect6", "pselect6_time64", "select",

	/* memory */
	"brk", "cachestat", "madvise", "map_shadow_stack", "membarrier", "mincore", "mlock",
	"mlock2", "mlockall", "mmap", "mmap2", "mprotect", "mremap", "mseal", "msync", "munlock",
	"munlockall", "munmap", "pkey_alloc", "pkey_free", "pkey_mprotect", "get_mempolicy",

	/* processes, threads, signals */
	"alarm", "arch_prctl", "clone", "execve", "execveat", "exit", "exit_group", "fork",
	"futex", "futex_requeue", "futex_time64", "futex_wait", "futex_waitv", "futex_wake",
	"get_robust_list", "get_thread_area", "getcpu", "getitimer", "kill", "pause", "personality",
	"pidfd_open", "pidfd_send_signal", "prctl", "restart_syscall", "rseq", "rt_sigaction",
	"rt_sigpending", "rt_sigprocmask", "rt_sigqueueinfo", "rt_sigreturn", "rt_sigsuspend",
	"rt_sigtimedwait", "rt_sigtimedwait_time64", "rt_tgsigqueueinfo", "set_robust_list",
	"set_thread_area", "set_tid_address", "setitimer", "setpgid", "setsid", "sigaltstack",
	"signal", "signalfd", "signalfd4", "sigaction", "sigpending", "sigprocmask", "sigreturn",
	"sigsuspend", "tgkill", "tkill", "vfork", "wait4", "waitid", "waitpid",

	/* who and how much */
	"capget", "capset", "getegid", "getegid32", "geteuid", "geteuid32", "getgid", "getgid32",
	"getgroups", "getgroups32", "getpgid", "getpgrp", "getpid", "getppid", "getpriority",
	"getresgid", "getresgid32", "getresuid", "getresuid32", "getrlimit", "getrusage", "getsid",
	"gettid", "getuid", "getuid32", "ioprio_get", "ioprio_set", "prlimit64",
	"sched_get_priority_max", "sched_get_priority_min", "sched_getaffinity", "sched_getattr",
	"sched_getparam", "sched_getscheduler", "sched_rr_get_interval",
	"sched_rr_get_interval_time64", "sched_setaffinity", "sched_setattr", "sched_setparam",
	"sched_setscheduler", "sched_yield", "setfsgid", "setfsgid32", "setfsuid", "setfsuid32",
	"setgid", "setgid32", "setgroups", "setgroups32", "setpriority", "setregid", "setregid32",
	"setresgid", "setresgid32", "setresuid", "setresuid32", "setreuid", "setreuid32",
	"setrlimit", "setuid", "setuid32", "sysinfo", "times", "ugetrlimit", "uname",

	/* time */
	"clock_getres", "clock_getres_time64", "clock_gettime", "clock_gettime64",
	"clock_nanosleep", "clock_nanosleep_time64", "getrandom", "gettimeofday", "nanosleep",
	"time", "timer_create", "timer_delete", "timer_getoverrun", "timer_gettime",
	"timer_gettime64", "timer_settime", "timer_settime64", "timerfd_create", "timerfd_gettime",
	"timerfd_gettime64", "timerfd_settime", "timerfd_settime64",

	/* sockets: there is no network but lo */
	"accept", "accept4", "bind", "connect", "getpeername", "getsockname", "getsockopt",
	"listen", "recv", "recvfrom", "recvmmsg", "recvmmsg_time64", "recvmsg", "send", "sendmmsg",
	"sendmsg", "sendto", "setsockopt", "shutdown", "socket", "socketcall", "socketpair",

	/* System V and POSIX queues and semaphores; memory segments are below */
	"msgctl", "semctl", "semop", "semtimedop", "semtimedop_time64", "shmat", "shmctl", "shmdt",

	/* the small ways of single architectures */
	"arm_fadvise64_64", "arm_sync_file_range", "breakpoint", "cacheflush",
	"riscv_flush_icache", "riscv_hwprobe", "s390_pci_mmio_read", "s390_runtime_instr",
	"set_tls", "sync_file_range2", "swapcontext", "uretprobe",
	NULL,
};

const char *const syscall_names_refused[] = {
	"acct", "adjtimex", "bpf", "chroot", "clock_adjtime", "clock_adjtime64", "clock_settime",
	"clock_settime64", "create_module", "delete_module", "fanotify_init", "fanotify_mark",
	"finit_module", "get_kernel_syms", "init_module", "ioperm", "iopl", "kcmp",
	"kexec_file_load", "kexec_load", "lookup_dcookie", "mbind", "migrate_pages", "modify_ldt",
	"mount", "move_pages", "name_to_handle_at", "nfsservctl", "open_by_handle_at",
	"perf_event_open", "pivot_root", "process_vm_readv", "process_vm_writev", "ptrace",
	"query_module", "quotactl", "reboot", "set_mempolicy", "setdomainname", "sethostname",
	"setns", "settimeofday", "stime", "swapoff", "swapon", "syslog", "umount", "umount2",
	"unshare", "uselib", "vhangup", "vm86", "vm86old",
	NULL,
};

const char *const syscall_names_uncounted[] = {
	"memfd_create", "msgget", "msgrcv", "msgsnd", "semget", "shmget",
	NULL,
};
