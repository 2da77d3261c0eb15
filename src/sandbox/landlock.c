/* landlock.c - the kernel's path rules as a second wall behind the mounts */
#include "sandbox/landlock.h"

#include <fcntl.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/auto.h"

/* Of uapi/linux/landlock.h; the installed header may be older than the kernel. */
#define CREATE_RULESET 444
#define ADD_RULE 445
#define RESTRICT_SELF 446
#define CREATE_VERSION 1U
#define RULE_PATH_BENEATH 1
#define EXECUTE (1U << 0)
#define WRITE_FILE (1U << 1)
#define READ_FILE (1U << 2)
#define READ_DIR (1U << 3)
#define ALL_ABI_2 ((1U << 14) - 1)	/* up to REFER */
#define TRUNCATE (1U << 14)		/* ABI 3 */
#define SCOPE_ABSTRACT_UNIX (1U << 0)	/* ABI 6 */
#define SCOPE_SIGNAL (1U << 1)

#define READ (EXECUTE | READ_FILE | READ_DIR)

struct ruleset {
	uint64_t handled_access_fs;
	uint64_t handled_access_net;	/* none: there is only lo, and tests may use it */
	uint64_t scoped;
};

struct path_beneath {
	uint64_t allowed_access;
	int32_t parent_fd;
} __attribute__((packed));

static const struct rule {
	const char *path;
	uint64_t access;
} rules[] = {
	{ "/", READ },
	{ "/work", ALL_ABI_2 | TRUNCATE },
	{ "/tmp", ALL_ABI_2 | TRUNCATE },
	{ "/dev/shm", ALL_ABI_2 | TRUNCATE },
	{ "/dev/null", WRITE_FILE | READ_FILE | TRUNCATE },
	{ "/dev/zero", WRITE_FILE | READ_FILE | TRUNCATE },
	{ "/dev/full", WRITE_FILE | READ_FILE | TRUNCATE },
	{ "/dev/random", WRITE_FILE | READ_FILE | TRUNCATE },
	{ "/dev/urandom", WRITE_FILE | READ_FILE | TRUNCATE },
};

static int add_rule(int ruleset, const struct rule *rule, uint64_t handled, struct err *err)
{
	AUTO_FD int fd = open(rule->path, O_PATH | O_CLOEXEC);
	struct path_beneath beneath = { rule->access & handled, fd };

	if (fd < 0)
		return err_sys(err, "landlock: cannot open %s", rule->path);
	if (syscall(ADD_RULE, ruleset, RULE_PATH_BENEATH, &beneath, 0) < 0)
		return err_sys(err, "landlock: no rule for %s", rule->path);
	return 0;
}

/* What is mapped from /dev/zero is shared memory, which the filter refuses where nobody counts. */
static struct rule allowed(const struct rule *rule, bool count_memory)
{
	struct rule copy = *rule;

	if (!count_memory && strcmp(rule->path, "/dev/zero") == 0)
		copy.access &= ~(uint64_t)WRITE_FILE;
	return copy;
}

int landlock_open(bool count_memory, int *ret_ruleset, struct err *err)
{
	AUTO_FD int fd = -1;
	struct ruleset ruleset = { .handled_access_fs = ALL_ABI_2 };
	size_t size = offsetof(struct ruleset, handled_access_net);
	long abi = syscall(CREATE_RULESET, NULL, 0, CREATE_VERSION);

	*ret_ruleset = -1;
	if (abi < 2)	/* before REFER it forbids every rename to another folder */
		return 0;
	if (abi >= 3)
		ruleset.handled_access_fs |= TRUNCATE;
	if (abi >= 6) {
		ruleset.scoped = SCOPE_ABSTRACT_UNIX | SCOPE_SIGNAL;
		size = sizeof(ruleset);
	}

	fd = (int)syscall(CREATE_RULESET, &ruleset, size, 0);
	if (fd < 0)
		return err_sys(err, "landlock");
	for (size_t i = 0; i < sizeof(rules) / sizeof(*rules); i++) {
		struct rule rule = allowed(&rules[i], count_memory);

		if (add_rule(fd, &rule, ruleset.handled_access_fs, err) < 0)
			return -1;
	}
	*ret_ruleset = TAKE_FD(fd);
	return 0;
}

int landlock_allow_terminal(int ruleset, int fd, struct err *err)
{
	struct path_beneath beneath = { READ_FILE | WRITE_FILE, fd };

	if (syscall(ADD_RULE, ruleset, RULE_PATH_BENEATH, &beneath, 0) < 0)
		return err_sys(err, "landlock: no rule for the terminal");
	return 0;
}

int landlock_apply(int ruleset, struct err *err)
{
	return syscall(RESTRICT_SELF, ruleset, 0) < 0 ? err_sys(err, "landlock") : 0;
}
