/* rights.c - calls for rights that the payload must not have
 *
 * Where one is granted, no harm is done: the arguments are wrong, and what was refused for them was
 * not refused for the rights. */
#include "hostile.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/swap.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/timex.h>
#include <termios.h>
#include <unistd.h>

/* Jails itself, and leaves that jail by a descriptor from above. */
static int chroot_break(void)
{
	int above = open("/", O_RDONLY | O_DIRECTORY), bad;

	mkdir("jail", 0755);
	bad = hostile_breach(chroot("jail") == 0, "chroot");
	if (bad && fchdir(above) == 0 && chroot(".") == 0)
		bad |= hostile_breach(hostile_opens("/proc/self/root", O_RDONLY), "out of it");
	rmdir("jail");
	return bad;
}

static int clock_probe(void)
{
	struct timex wrong = { .modes = ADJ_TICK, .tick = 1 };
	struct timeval never = { .tv_sec = -1, .tv_usec = -1 };
	int bad = 0;

	bad |= hostile_breach(adjtimex(&wrong) >= 0 || errno == EINVAL, "adjtimex");
	bad |= hostile_breach(settimeofday(&never, NULL) == 0, "settimeofday");
	return bad;
}

static int mount_direct(void)
{
	int bad;

	mkdir("point", 0755);
	bad = hostile_breach(mount("none", "point", "tmpfs", 0, NULL) == 0, "mount");
	umount2("point", MNT_DETACH);
	rmdir("point");
	return bad;
}

/* The same where it would be worse: over and under what the sandbox mounted. */
static int unmount(void)
{
	int bad = 0;

	bad |= hostile_breach(umount2("/tmp", MNT_DETACH) == 0, "umount");
	bad |= hostile_breach(umount2("/proc", MNT_DETACH) == 0, "umount");
	bad |= hostile_breach(mount(NULL, "/usr", NULL, MS_REMOUNT | MS_BIND, NULL) == 0,
			      "remount");
	bad |= hostile_breach(syscall(SYS_pivot_root, ".", ".") == 0, "pivot_root");
	return bad;
}

static int reboot_probe(void)
{
	return hostile_breach(syscall(SYS_reboot, 0, 0, 0, NULL) == 0 || errno == EINVAL, "reboot");
}

static int swap_probe(void)
{
	int bad = hostile_breach(swapoff("/none/none") == 0 || errno == ENOENT, "swapoff");

	return bad | hostile_breach(swapon("/none/none", 0) == 0 || errno == ENOENT, "swapon");
}

/* That there is no terminal is one wall, that the call is refused before that the other. */
static int type_into(unsigned long request, const char *name)
{
	char letter = 'x';
	int bad = hostile_breach(hostile_opens("/dev/tty", O_RDWR), "/dev/tty");

	for (int fd = 0; fd < 3; fd++) {
		bad |= hostile_breach(isatty(fd), "a terminal");
		bad |= hostile_breach(syscall(SYS_ioctl, fd, request, &letter) == 0 ||
				      errno != EPERM, name);
	}
	return bad;
}

static int tiocsti(void)
{
	return type_into(TIOCSTI, "TIOCSTI") | type_into(TIOCLINUX, "TIOCLINUX");
}

static int tiocsti_highbits(void)
{
	return type_into(0xdead00000000UL | TIOCSTI, "TIOCSTI, wide") |
	       type_into(0xdead00000000UL | TIOCLINUX, "TIOCLINUX, wide");
}

/* On a terminal of its own: it can be used, but what is not for its user is refused. */
static int on_terminal(void)
{
	static const struct {
		unsigned long request;
		const char *name;
	} refused[] = {
		{ TIOCSTI, "TIOCSTI" }, { 0xdead00000000UL | TIOCSTI, "TIOCSTI, wide" },
		{ TIOCLINUX, "TIOCLINUX" }, { TIOCCONS, "TIOCCONS" }, { TIOCSETD, "TIOCSETD" },
	};
	int number = 0, bad = 0;

	for (int fd = 0; fd < 3; fd++) {
		if (!isatty(fd) || tcgetsid(fd) != getsid(0))
			return HOSTILE_BROKEN;
		for (size_t i = 0; i < sizeof(refused) / sizeof(*refused); i++)
			bad |= hostile_breach(syscall(SYS_ioctl, fd, refused[i].request,
						      &number) == 0 || errno != EPERM,
					      refused[i].name);
	}
	bad |= hostile_breach(fcntl(3, F_GETFD) >= 0, "a further descriptor");
	return bad | hostile_breach(hostile_opens("/dev/ptmx", O_RDWR), "/dev/ptmx");
}

static int sched_fifo(void)
{
	struct sched_param fifo = { .sched_priority = 1 };
	int bad = 0;

	bad |= hostile_breach(sched_setscheduler(0, SCHED_FIFO, &fifo) == 0, "real time");
	bad |= hostile_breach(sched_setscheduler(0, SCHED_RR, &fifo) == 0, "real time, in turn");
	bad |= hostile_breach(setpriority(PRIO_PROCESS, 0, -5) == 0, "priority");
	return bad;
}

static int more_rights(void)
{
	static const char *const places[] = { "/", "/usr", "/work", "/tmp", "/dev/shm", "/proc" };
	struct rlimit core = { 1, 1 }, files = { 100000, 100000 };
	int bad = 0;

	bad |= hostile_breach(getuid() == 0 || geteuid() == 0, "uid 0");
	bad |= hostile_breach(setuid(0) == 0, "setuid");
	bad |= hostile_breach(setgid(0) == 0, "setgid");
	bad |= hostile_breach(prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) != 1, "new privileges");
	for (int i = 0; i < 41; i++)
		bad |= hostile_breach(prctl(PR_CAPBSET_READ, i, 0, 0, 0) == 1, "a capability");
	bad |= hostile_breach(setrlimit(RLIMIT_CORE, &core) == 0, "core limit");
	bad |= hostile_breach(setrlimit(RLIMIT_NOFILE, &files) == 0, "open files limit");
	for (size_t i = 0; i < COUNT(places); i++) {
		struct statvfs status;

		bad |= hostile_breach(statvfs(places[i], &status) < 0 ||
				      !(status.f_flag & ST_NOSUID), places[i]);
	}
	return bad;
}

const struct hostile_act hostile_rights[] = {
	{ "chroot_break", chroot_break },
	{ "clock_probe", clock_probe },
	{ "mount_direct", mount_direct },
	{ "unmount", unmount },
	{ "reboot_probe", reboot_probe },
	{ "swap_probe", swap_probe },
	{ "on_terminal", on_terminal },
	{ "tiocsti", tiocsti },
	{ "tiocsti_highbits", tiocsti_highbits },
	{ "sched_fifo", sched_fifo },
	{ "more_rights", more_rights },
	{ NULL, NULL },
};
