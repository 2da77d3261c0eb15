/* live.h - the sessions that run on this server: a page's keystrokes, files, runs
 *
 * There is no work folder: the files of a session are what its journal folds to (recorded.h). A
 * live session keeps that fold in memory. What a page sends is folded first, and stored only when
 * it fits; acknowledged means on disk. Other processes may add events at any time (`tali run` in a
 * work folder, `tali extend`): they are noticed when the next event is stored, and by
 * live_table_look.
 *
 * All functions may be called from any thread that has a store handle of its own and a stack for
 * git (8 MiB). A session is worked on by one caller at a time; the others wait. */
#ifndef TALI_LIVE_H
#define TALI_LIVE_H

#include "journal/journal_writer.h"
#include "sandbox/sandbox.h"
#include "store/assessment.h"

struct live;
struct live_table;

/* The writer is borrowed, and so is the sandbox (NULL: nothing can be run). */
struct live_table *live_table_new(struct journal_writer *writer, struct sandbox *sandbox);
/* Programs run though a limit is weak, whatever the store's settings say. Before the first run. */
void live_table_allow_weak(struct live_table *table);
/* No session may be in use. */
void live_table_free(struct live_table **table);

/* The session of an assessment, made when it is not there. Whoever has it must give it back.
 * ERR_NOT_FOUND. */
struct live *live_take(struct live_table *table, struct store *store, const char *assessment_id,
		       struct err *err);
void live_give(struct live **live);
/* The same once more: to be given back, too. */
struct live *live_keep(struct live *live);

/* Looks for what other processes did, for each session that somebody listens to, saves those where
 * nothing has happened for a minute (snapshots, reason "idle"), and forgets those that nobody uses
 * any more. To be called a few times a second. */
void live_table_look(struct live_table *table, struct store *store);

/* Hangs up all terminals (live_terminal.h). */
void live_table_close_terminals(struct live_table *table);

/* Looks at one at once. */
void live_refresh(struct live *live, struct store *store);

/* --- whether it is as it was: for whoever keeps what was made of it */

#define LIVE_FRESH_MS 1000

/* Another number after each change that this process made or has found. Any thread, at once. */
uint64_t live_version(const struct live *live);
/* Looks whether another process changed the assessment or its journal: two short queries. Without
 * `wait` it does nothing while somebody works on the session. */
int live_look(struct live *live, struct store *store, bool wait, struct err *err);
/* Whether what was made at that version is true now: this process has changed nothing since, and
 * less than LIVE_FRESH_MS ago a look found that no other had. Any thread, at once. */
bool live_is_fresh(const struct live *live, uint64_t version);

/* --- listening */

/* What happens is told as it does; `tell` must be quick, and must not call back. Events are those
 * of the stream of the API: "state", "file", "output", "run", "test", "notice", "reset". `json` is
 * borrowed. */
struct live_listener {
	void (*tell)(void *arg, const char *event, const char *json);
	/* Nothing more is told: the link by which it was let in was replaced, or the invitation was
	 * taken back. Quick too; may be called again until live_unlisten. NULL: never. */
	void (*end)(void *arg);
	void *arg;
	int64_t rotation;		/* of the assessment, when it was let in */
	struct live_listener *next;	/* ours */
};
void live_listen(struct live *live, struct live_listener *listener);
void live_unlisten(struct live *live, struct live_listener *listener);
/* Tells all who listen. Takes `data`. */
void live_tell(struct live *live, const char *event, json_t *data);

#endif
