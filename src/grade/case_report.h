/* case_report.h - the cases that a test runner reports, whatever format it wrote them in; all
 * of it untrusted */
#ifndef TALI_CASE_REPORT_H
#define TALI_CASE_REPORT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define CASE_REPORT_MAX_BYTES (8 << 20)	/* of the file */
#define CASE_REPORT_MAX_CASES 10000
#define CASE_REPORT_NAME_MAX 500	/* bytes of a name; a longer one ends in its hash */
#define CASE_REPORT_MESSAGE_MAX 2000	/* bytes of a message; a longer one is cut */

/* In order of badness. */
enum case_outcome { CASE_PASSED, CASE_SKIPPED, CASE_FAILED, CASE_ERROR };

struct case_entry {
	char *name;		/* never empty, one line of printable UTF-8 */
	char *group;		/* class, file or suite; or NULL */
	enum case_outcome outcome;
	double share;		/* of its points, 0 to 1, when it failed */
	char *message;		/* or NULL */
	uint64_t ms;		/* 0 when not said */
};

struct case_report {
	struct case_entry *cases;
	int count;
	int size;		/* allocated */
	char *broken;		/* why it does not hold together (a wrong count); NULL: it does */
	bool bailed;		/* the runner itself says that it gave up */
};

#define CASE_REPORT_INIT { 0 }
void case_report_release(struct case_report *report);

/* Adds a passed case; names are cleaned. Borrowed until the next add; NULL when there are
 * CASE_REPORT_MAX_CASES. */
struct case_entry *case_report_add(struct case_report *report, const char *name, size_t name_len);
/* Class, file or suite the case belongs to; empty is none. */
void case_report_set_group(struct case_entry *entry, const char *group, size_t len);
/* Sets the message when there is none yet. */
void case_report_say(struct case_entry *entry, const char *text, size_t len);
/* Notes the first fault; further ones are passed over. */
void case_report_break(struct case_report *report, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/* Gives cases that share a name the name "GROUP.NAME" where they have a group, then folds those
 * that still share one and all failed into the worst of them (a failed case whose teardown
 * fails too is reported twice). Returns a name that stands there twice all the same, borrowed,
 * or NULL. */
const char *case_report_settle(struct case_report *report);

int case_report_counted(const struct case_report *report, enum case_outcome outcome);

#endif
