/* run_event.h - what the record tells of a run and of the visible tests */
#ifndef TALI_RUN_EVENT_H
#define TALI_RUN_EVENT_H

#include "base/buf.h"
#include "journal/event_list.h"
#include "sandbox/run_report.h"

#include <stdbool.h>

struct run_told {
	const char *actor;		/* who ran it: "candidate" or "ai" */
	const char *const *argv;	/* ends with NULL */
	const char *cwd;		/* below the work folder, "" at the top */
	const char *tree;		/* what it ran on; NULL: not known */
	const char *where;		/* NULL: in a sandbox of tali's; else on whose machine */
	const struct buf *streams;	/* two: what it wrote to stdout and stderr */
	const struct run_report *report;
	bool stopped;			/* by who ran it, whatever the report says of its end */
};

#define RUN_INPUT_MOST ((size_t)1 << 20)	/* of standard input, that is sent to a server */

#define RUN_EVENT_CANDIDATES "candidate's machine"	/* a `where` */

/* Adds an event `run`, with the output as payloads. */
int run_event_add(struct event_list *list, const struct run_told *told, struct err *err);
#define RUN_EVENT_STOPPED "stopped"	/* verdict of what somebody did not let come to its end */

#endif
