/* run_guards.c - which protections a run will have on this machine, and whether that is enough */
#include "sandbox/run_guards.h"

#include <stdio.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "base/auto.h"
#include "base/buf.h"

/* Since Linux 5.14 RLIMIT_NPROC counts the processes of a user in each user namespace for
 * itself. */
static bool counts_in_namespace(void)
{
	struct utsname name;
	int major, minor;

	return uname(&name) == 0 && sscanf(name.release, "%d.%d", &major, &minor) == 2 &&
	       (major > 5 || (major == 5 && minor >= 14));
}

uint32_t run_guards_weak(const struct cgroup_base *base)
{
	uint32_t weak = 0;

	if (!*base->path[CGROUP_CPU])
		weak |= GUARD_CPU;
	if (!*base->path[CGROUP_MEMORY])
		weak |= GUARD_MEMORY;
	/* a run of root has a uid of its own, where every kernel counts right */
	if (!*base->path[CGROUP_PIDS] && geteuid() != 0 && !counts_in_namespace())
		weak |= GUARD_PROCESSES;
	return weak;
}

const char *run_guards_mend(void)
{
	if (geteuid() == 0)
		return "make the cgroup file system writable";
	return "run as root, or delegate cgroup v2 to this user (systemd: Delegate=yes)";
}

int run_guards_check(uint32_t weak, bool allow_weak, struct err *err)
{
	AUTO(buf_release) struct buf names = BUF_INIT(256);
	const char *accept = weak & RUN_GUARDS_REQUIRED
				     ? ""
				     : ", or accept it (--allow-weak, sandbox.allow_weak)";

	if (weak == 0 || (allow_weak && !(weak & RUN_GUARDS_REQUIRED)))
		return 0;

	for (int i = 0; i < GUARD_COUNT; i++)
		if (weak & 1U << i)
			buf_add_format(&names, "%s the %s", names.len ? " and" : "",
				       run_guard_name((enum run_guard)(1U << i)));
	return err_set(err, ERR_ENV, "cannot enforce%s (no writable cgroup): %s%s", buf_str(&names),
		       run_guards_mend(), accept);
}
