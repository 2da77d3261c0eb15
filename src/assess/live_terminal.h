/* live_terminal.h - the terminal of a live session: a shell in the sandbox, on the record
 *
 * One for each session. It works on the files of the session: what the page changes is written into
 * its folder, what is saved there is an event. It goes on while nobody looks at it, for
 * LIVE_TERMINAL_ALONE_MS; who comes back sees what was shown last. */
#ifndef TALI_LIVE_TERMINAL_H
#define TALI_LIVE_TERMINAL_H

#include "assess/live.h"
#include "sandbox/run_report.h"

#define LIVE_TERMINAL_SHOWN (256u << 10)	/* bytes that are kept for who comes back */
#define LIVE_TERMINAL_TYPED (64u << 10)		/* bytes that may wait to be taken */
#define LIVE_TERMINAL_ALONE_MS (15 * 60 * 1000)

/* How a terminal ended, or why there is none; borrowed. */
struct live_terminal_end {
	const char *why;			/* a sentence */
	const char *end;			/* "ended" by itself, "time_up", "handed_in",
						 * "hung_up", "not_recorded"; NULL: none ran */
	const struct run_report *report;	/* NULL: not known */
};

/* Who looks at it. `show` is called on the thread of the terminal (the first bytes on that of
 * live_terminal_attach), `ended` on any: when the shell ends, and, perhaps more than once, when the
 * link was replaced by which the view was let in; then the shell goes on. Both must be quick, and
 * must not call back. */
struct live_terminal_view {
	void (*show)(void *arg, const void *data, size_t len);
	void (*ended)(void *arg, const struct live_terminal_end *end);
	void *arg;
	int64_t rotation;			/* of the assessment, when it was let in */
	struct live_terminal_view *next;	/* ours */
};

/* What is wanted; borrowed. */
struct live_terminal_wish {
	int columns, rows;
	const char *const *argv;	/* ends with NULL; NULL: a shell */
	const char *cwd;		/* below the work folder; NULL or "": at the top */
};

/* Shows what was shown last, and from then on what comes. 1 when no terminal is open: then a new
 * one is being prepared, and the caller must call live_terminal_run, on a thread that it can have
 * for hours. -1: one is open, and `argv` is not what runs in it; the view is not taken. */
int live_terminal_attach(struct live *live, struct live_terminal_view *view,
			 const struct live_terminal_wish *wish);
void live_terminal_detach(struct live *live, struct live_terminal_view *view);

/* Runs it until the shell ends, time is up, the work is handed in, nobody has looked for long, or
 * live_terminal_close. Who looks is told of an error, too. */
int live_terminal_run(struct live *live, struct store *store, struct err *err);

/* Instead of live_terminal_run: who looks is told why there is none. */
void live_terminal_refuse(struct live *live, const char *why);

/* -1 when too much waits to be taken. */
int live_terminal_type(struct live *live, const void *data, size_t len);
void live_terminal_resize(struct live *live, int columns, int rows);
void live_terminal_close(struct live *live);

#endif
