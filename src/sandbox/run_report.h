/* run_report.h - how a sandboxed run ended and what it used */
#ifndef TALI_RUN_REPORT_H
#define TALI_RUN_REPORT_H

#include "base/err.h"

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

enum verdict {
	VERDICT_OK,
	VERDICT_WRONG_ANSWER,		/* set by the grader only */
	VERDICT_TIME_LIMIT,
	VERDICT_WALL_LIMIT,
	VERDICT_MEMORY_LIMIT,
	VERDICT_OUTPUT_LIMIT,
	VERDICT_PROCESS_LIMIT,
	VERDICT_DISK_LIMIT,
	VERDICT_RUNTIME_ERROR,
	VERDICT_COMPILE_ERROR,		/* set by the grader only */
	VERDICT_SECURITY_VIOLATION,
	VERDICT_INTERNAL_ERROR,
	VERDICTS
};

/* "ok", "wrong_answer", ...: the words that results use. */
const char *verdict_name(enum verdict verdict);
int verdict_parse(const char *name, enum verdict *ret, struct err *err);

/* One bit per protection or limit; RUN_WEAK bits say which one only held in part. */
enum run_guard {
	GUARD_USER_NS = 1 << 0,
	GUARD_PID_NS = 1 << 1,
	GUARD_MOUNT_NS = 1 << 2,
	GUARD_NET_NS = 1 << 3,
	GUARD_IPC_NS = 1 << 4,
	GUARD_UTS_NS = 1 << 5,
	GUARD_CGROUP_NS = 1 << 6,
	GUARD_SECCOMP = 1 << 7,
	GUARD_LANDLOCK = 1 << 8,	/* a second wall: missing, it is not counted as weak */
	GUARD_NO_NEW_PRIVS = 1 << 9,
	GUARD_CPU = 1 << 10,
	GUARD_WALL = 1 << 11,
	GUARD_MEMORY = 1 << 12,
	GUARD_PROCESSES = 1 << 13,
	GUARD_OUTPUT = 1 << 14,
	GUARD_DISK = 1 << 15,
	GUARD_FILE_SIZE = 1 << 16,
	GUARD_OPEN_FILES = 1 << 17,
	GUARD_INODES = 1 << 18,
	GUARD_COUNT = 19
};

const char *run_guard_name(enum run_guard guard);	/* "user namespace", "memory limit", ... */

struct run_report {
	enum verdict verdict;
	int exit_status;	/* -1 unless it exited */
	int signal;		/* 0 unless a signal ended it */
	uint64_t cpu_ms;	/* all processes */
	uint64_t wall_ms;
	uint64_t memory_peak;	/* bytes; 0 when it could not be measured */
	uint32_t processes_peak;	/* 0 when it could not be measured */
	uint64_t output_bytes;	/* written by the program before any cut */
	uint32_t enforced;	/* enum run_guard bits */
	uint32_t weak;		/* enum run_guard bits that hold in part or not at all */
};

/* "runtime_error (signal 11)", "ok", "runtime_error (exit status 2)": for people. */
const char *run_report_text(const struct run_report *report, char text[64]);

/* The names of the guards in a mask. Yours. */
json_t *run_guards_json(uint32_t mask);

/* {verdict, exit_status|null, signal|null, cpu_ms, wall_ms, memory_peak, processes_peak,
 * output_bytes, weak: [names]}. Yours. */
json_t *run_report_json(const struct run_report *report);
/* How it ended, of that: verdict, exit status and signal. A verdict that is not known is an
 * internal error. */
void run_report_read(const json_t *value, struct run_report *ret);

#endif
