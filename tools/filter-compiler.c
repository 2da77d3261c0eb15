/* filter-compiler.c - a program of the build: compiles the system call filters (syscall_filter.h),
 * and prints them as C
 *
 * So tali itself neither waits for libseccomp nor links it. */
#include <errno.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <seccomp.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>

#include "base/auto.h"
#include "base/buf.h"
#include "base/err.h"
#include "sandbox/syscall_names.h"

#define ALLOW SECCOMP_RET_ALLOW
#define REFUSE(error) (SECCOMP_RET_ERRNO | ((error) & SECCOMP_RET_DATA))
#define REST BPF_JA	/* every call that came so far */
#define CALLS 1024	/* more than any architecture has; those above are treated like the last */

/* Namespace flags of clone(2): docker's mask. clone3 hides its flags behind a pointer and is
 * absent. */
#define NAMESPACE_FLAGS 0x7E020000

/* On the low 32 bits of one argument: the kernel takes each of these as a 32 bit number, and a
 * wider comparison could be passed by (CVE-2019-7303, CVE-2019-10063). Rules of one call stand
 * together and are tried from the top; a call that meets none goes on to the lists. */
static const struct argument_rule {
	int call;
	int argument;
	uint16_t test;		/* BPF_JEQ, BPF_JSET or REST */
	uint32_t value;
	int second;		/* further argument that must equal second_value; -1: none */
	uint32_t second_value;
	uint32_t action;
} argument_rules[] = {
	{ SYS_clone, 0, BPF_JSET, NAMESPACE_FLAGS, -1, 0, REFUSE(EPERM) },
	{ SYS_ioctl, 1, BPF_JEQ, 0x5412 /* TIOCSTI */, -1, 0, REFUSE(EPERM) },
	{ SYS_ioctl, 1, BPF_JEQ, 0x541C /* TIOCLINUX */, -1, 0, REFUSE(EPERM) },
	{ SYS_ioctl, 1, BPF_JEQ, 0x541D /* TIOCCONS */, -1, 0, REFUSE(EPERM) },
	{ SYS_ioctl, 1, BPF_JEQ, 0x5423 /* TIOCSETD */, -1, 0, REFUSE(EPERM) },
	{ SYS_socket, 0, BPF_JEQ, AF_UNIX, -1, 0, ALLOW },
	{ SYS_socket, 0, BPF_JEQ, AF_INET, 2, 0, ALLOW },
	{ SYS_socket, 0, BPF_JEQ, AF_INET, 2, 6 /* TCP */, ALLOW },
	{ SYS_socket, 0, BPF_JEQ, AF_INET, 2, 17 /* UDP */, ALLOW },
	{ SYS_socket, 0, BPF_JEQ, AF_INET6, 2, 0, ALLOW },
	{ SYS_socket, 0, BPF_JEQ, AF_INET6, 2, 6, ALLOW },
	{ SYS_socket, 0, BPF_JEQ, AF_INET6, 2, 17, ALLOW },
	{ SYS_socket, 0, BPF_JEQ, AF_NETLINK, 2, 0 /* ROUTE: getifaddrs(3) */, ALLOW },
	{ SYS_socket, 0, BPF_JEQ, AF_INET, -1, 0, REFUSE(EPROTONOSUPPORT) },
	{ SYS_socket, 0, BPF_JEQ, AF_INET6, -1, 0, REFUSE(EPROTONOSUPPORT) },
	{ SYS_socket, 0, REST, 0, -1, 0, REFUSE(EAFNOSUPPORT) },
	/* these would make the host's disks work: they succeed and do nothing */
	{ SYS_sync, 0, REST, 0, -1, 0, REFUSE(0) },
	{ SYS_syncfs, 0, REST, 0, -1, 0, REFUSE(0) },
	{ SYS_personality, 0, BPF_JEQ, 0, -1, 0, ALLOW },
	{ SYS_personality, 0, BPF_JEQ, 0xffffffff /* only asks */, -1, 0, ALLOW },
	{ SYS_personality, 0, REST, 0, -1, 0, REFUSE(EPERM) },
	{ SYS_prlimit64, 0, BPF_JEQ, 0, -1, 0, ALLOW },
	{ SYS_prlimit64, 0, REST, 0, -1, 0, REFUSE(EPERM) },
	{ SYS_prctl, 0, BPF_JEQ, PR_SET_SECCOMP, -1, 0, REFUSE(EINVAL) },
	{ SYS_prctl, 0, BPF_JEQ, PR_SET_TSC, -1, 0, REFUSE(EPERM) },
	{ SYS_prctl, 0, BPF_JEQ, PR_SET_MM, -1, 0, REFUSE(EPERM) },
	{ SYS_prctl, 0, BPF_JEQ, 53 /* PR_SET_SPECULATION_CTRL */, -1, 0, REFUSE(EPERM) },
};
#define ARGUMENT_RULES (sizeof(argument_rules) / sizeof(*argument_rules))

static void add(struct buf *code, uint16_t what, uint8_t when_true, uint8_t when_false, uint32_t k)
{
	struct sock_filter one = BPF_JUMP(what, k, when_true, when_false);

	buf_add(code, &one, sizeof(one));
}

static void add_load(struct buf *code, size_t offset)
{
	add(code, BPF_LD | BPF_W | BPF_ABS, 0, 0, (uint32_t)offset);
}

static void add_load_argument(struct buf *code, int argument)
{
	size_t low_half = __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__ ? 4 : 0;

	add_load(code, offsetof(struct seccomp_data, args) + 8 * (size_t)argument + low_half);
}

static void add_rule(struct buf *code, const struct argument_rule *rule)
{
	if (rule->test != REST) {
		/* when it fails: over the return, and over the second test if there is one */
		uint8_t over = rule->second < 0 ? 1 : 3;

		add_load_argument(code, rule->argument);
		add(code, BPF_JMP | rule->test | BPF_K, 0, over, rule->value);
	}
	if (rule->second >= 0) {
		add_load_argument(code, rule->second);
		add(code, BPF_JMP | BPF_JEQ | BPF_K, 0, 1, rule->second_value);
	}
	add(code, BPF_RET | BPF_K, 0, 0, rule->action);
}

/* The rules of one call, jumped over by every other call; leaves the call's number loaded. */
static size_t add_rules_of_call(struct buf *code, size_t first)
{
	AUTO(buf_release) struct buf body = BUF_INIT(255 * sizeof(struct sock_filter));
	int call = argument_rules[first].call;
	size_t i;

	for (i = first; i < ARGUMENT_RULES && argument_rules[i].call == call; i++)
		add_rule(&body, &argument_rules[i]);
	add_load(&body, offsetof(struct seccomp_data, nr));

	add(code, BPF_JMP | BPF_JEQ | BPF_K, 0,
	    (uint8_t)(body.len / sizeof(struct sock_filter)), (uint32_t)call);
	buf_add(code, body.data, body.len);
	return i;
}

/* Memory that processes share stays when none of them counts it any more (MADV_DONTNEED). */
static void add_refusal_of_shared_memory(struct buf *code)
{
#ifdef SYS_mmap
	const uint32_t shared = MAP_SHARED | MAP_ANONYMOUS;

	add(code, BPF_JMP | BPF_JEQ | BPF_K, 0, 5, SYS_mmap);
	add_load_argument(code, 3);
	add(code, BPF_ALU | BPF_AND | BPF_K, 0, 0, shared);
	add(code, BPF_JMP | BPF_JEQ | BPF_K, 0, 1, shared);
	add(code, BPF_RET | BPF_K, 0, 0, REFUSE(EPERM));
	add_load(code, offsetof(struct seccomp_data, nr));
#endif
}

static void add_front(struct buf *code)
{
	add_load(code, offsetof(struct seccomp_data, arch));
	add(code, BPF_JMP | BPF_JEQ | BPF_K, 1, 0, seccomp_arch_native());
	add(code, BPF_RET | BPF_K, 0, 0, SECCOMP_RET_USER_NOTIF);
	add_load(code, offsetof(struct seccomp_data, nr));
#ifdef __x86_64__
	/* the x32 numbers have the same architecture mark; -1 is no call at all */
	add(code, BPF_JMP | BPF_JGE | BPF_K, 0, 3, 0x40000000);
	add(code, BPF_JMP | BPF_JEQ | BPF_K, 1, 0, 0xffffffff);
	add(code, BPF_RET | BPF_K, 0, 0, SECCOMP_RET_USER_NOTIF);
	add(code, BPF_RET | BPF_K, 0, 0, REFUSE(ENOSYS));
#endif
	for (size_t i = 0; i < ARGUMENT_RULES;)
		i = add_rules_of_call(code, i);
}

/* What the lists say of each call. The kernel walks and compiles the program anew for each payload:
 * neighbours that are treated alike are one test. */
struct lists {
	uint32_t action[CALLS];
	unsigned first[CALLS + 1], count;	/* ranges of calls with one action, and the end */
};

/* A name this libseccomp or this architecture does not know stays with the default. */
static int add_names(struct lists *lists, uint32_t action, const char *const *names,
		     struct err *err)
{
	for (; *names; names++) {
		int call = seccomp_syscall_resolve_name(*names);

		if (call >= CALLS - 1)
			return err_set(err, ERR_ENV, "system call filter: '%s' is call %d", *names,
				       call);
		if (call >= 0)
			lists->action[call] = action;
	}
	return 0;
}

static void find_ranges(struct lists *lists)
{
	for (unsigned i = 0; i < CALLS; i++)
		if (i == 0 || lists->action[i] != lists->action[i - 1])
			lists->first[lists->count++] = i;
	lists->first[lists->count] = CALLS;
}

/* A binary tree over the ranges from `from` up to, not including, `to`. */
static void add_ranges(struct buf *code, const struct lists *lists, unsigned from, unsigned to)
{
	AUTO(buf_release) struct buf below = BUF_INIT(BPF_MAXINSNS * sizeof(struct sock_filter));
	unsigned middle = from + (to - from) / 2;
	size_t over;

	if (to - from == 1) {
		add(code, BPF_RET | BPF_K, 0, 0, lists->action[lists->first[from]]);
		return;
	}
	add_ranges(&below, lists, from, middle);
	over = below.len / sizeof(struct sock_filter);
	if (over <= UINT8_MAX) {
		add(code, BPF_JMP | BPF_JGE | BPF_K, (uint8_t)over, 0, lists->first[middle]);
	} else {
		add(code, BPF_JMP | BPF_JGE | BPF_K, 0, 1, lists->first[middle]);
		add(code, BPF_JMP | BPF_JA, 0, 0, (uint32_t)over);
	}
	buf_add(code, below.data, below.len);
	add_ranges(code, lists, middle, to);
}

static int add_lists(struct buf *code, bool count_memory, struct err *err)
{
	struct lists lists = { .count = 0 };

	for (int i = 0; i < CALLS; i++)
		lists.action[i] = REFUSE(ENOSYS);
	if (add_names(&lists, ALLOW, syscall_names_allowed, err) < 0 ||
	    add_names(&lists, REFUSE(EPERM), syscall_names_refused, err) < 0 ||
	    add_names(&lists, count_memory ? ALLOW : REFUSE(EPERM), syscall_names_uncounted,
		      err) < 0)
		return -1;
	find_ranges(&lists);
	add_ranges(code, &lists, 0, lists.count);
	return 0;
}

static int print_filter(const char *name, bool count_memory, struct err *err)
{
	AUTO(buf_release) struct buf code = BUF_INIT(BPF_MAXINSNS * sizeof(struct sock_filter));

	add_front(&code);
	if (!count_memory)
		add_refusal_of_shared_memory(&code);
	if (add_lists(&code, count_memory, err) < 0)
		return -1;
	if (code.full)
		return err_set(err, ERR_ENV, "system call filter: too long");

	printf("static struct sock_filter %s[] = {\n", name);
	for (size_t at = 0; at < code.len; at += sizeof(struct sock_filter)) {
		struct sock_filter one;

		memcpy(&one, code.data + at, sizeof(one));
		printf("\t{ 0x%04x, %u, %u, 0x%08x },\n", one.code, one.jt, one.jf, one.k);
	}
	puts("};");
	return 0;
}

int main(void)
{
	struct err err = ERR_INIT;

	puts("/* syscall_filter_data.c - made by filter-compiler */\n#include <linux/filter.h>\n");
	if (print_filter("uncounted", false, &err) < 0 || print_filter("counted", true, &err) < 0) {
		fprintf(stderr, "filter-compiler: %s\n", err.text);
		return 1;
	}
	puts("\nextern const struct sock_fprog syscall_filter_programs[2];\n"
	     "const struct sock_fprog syscall_filter_programs[2] = {\n"
	     "\t{ sizeof(uncounted) / sizeof(*uncounted), uncounted },\n"
	     "\t{ sizeof(counted) / sizeof(*counted), counted },\n};");
	return fflush(stdout) == 0 ? 0 : 1;
}
