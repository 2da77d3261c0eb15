/* live_internal.h - a live session inside: who holds it may look at the fold and move it */
#ifndef TALI_LIVE_INTERNAL_H
#define TALI_LIVE_INTERNAL_H

#include "assess/live.h"
#include "assess/recorded.h"
#include "journal/fold.h"
#include "replay/keyframe.h"
#include "replay/replay_tree.h"
#include "task/manifest.h"

#include <pthread.h>
#include <stdatomic.h>

/* What is known of a file's bytes, until its rev changes; in order of paths. */
struct live_size {
	char *path;
	int64_t rev;
	uint64_t size;
	bool text;
};

struct live {
	struct live_table *table;
	struct live *next;		/* of the table; guarded by its lock, like users */
	unsigned users;
	int64_t used;			/* when it was given back last */
	char id[RAND_ID_LEN + 1];

	atomic_uint_fast64_t version;	/* see live_version */
	atomic_int_fast64_t looked;	/* when `mark` was found as it is (steady ms) */

	pthread_mutex_t lock;		/* guards all to the next group */
	struct hash mark;		/* of the row and the newest event */
	struct store *store;		/* of whoever holds the lock */
	struct assessment assessment;	/* as it was read last */
	struct {
		enum status status;
		int64_t deadline;
	} told;				/* of it, to who listens */
	struct fold_stored stored;	/* store and repo of the fold's source */
	struct repo *repo;		/* NULL before the work began */
	struct fold *fold;		/* NULL: to be made of the journal */
	bool from_frame, damaged;	/* from a keyframe; a text of one cannot be read */
	struct keyframe_batch frames;	/* made, and not written yet */
	size_t work;			/* since the last keyframe (keyframe_work) */
	uint64_t folded;		/* events since it is live: for tests */
	const struct event_list *trial;	/* whose payloads are not stored yet */
	struct replay_tree *writer;
	int64_t snapshot;		/* seq of the newest, -1 for none */
	int64_t rested;			/* the seq at which live_save_at_rest was tried last */
	struct live_size *sizes;
	size_t size_count;
	struct repo_serve_pack served;	/* what git was served last; commit "" for nothing */
	char run[RAND_ID_LEN + 1];	/* what runs or is about to, or "" */
	const char *run_kind;		/* "run" or "test" */
	char ended[RAND_ID_LEN + 1];	/* what ran before it, likewise */
	struct buf wrote;		/* the end of what that wrote, when it was a run */
	bool wrote_more;		/* than that */
	int stop;			/* an eventfd that ends it; -1: it has not begun */

	pthread_mutex_t listening;	/* guards the list, and the terminal with all in it */
	struct live_listener *listeners;
	struct live_terminal *terminal;	/* NULL: none is open (live_terminal.c) */
};

/* What a run stands on: the files, saved, and how the task wants it. */
struct live_setting {
	struct assessment assessment;
	struct manifest manifest;
	struct snapshot snapshot;
	int64_t saved_at;		/* seq of the newest event that the snapshot has */
	bool allow_weak;
	struct repo *repo;		/* a handle of its own, for the thread that asked */
};

#define LIVE_SETTING_INIT { .assessment = ASSESSMENT_INIT }
void live_setting_release(struct live_setting *setting);
/* Under the lock: saves for `reason`. ERR_STATE unless it is active; ERR_ENV without a sandbox. */
int live_prepare(struct live *live, const char *reason, struct live_setting *ret, struct err *err);

/* The files of the session have changed. Any thread. */
void live_terminal_wake(struct live *live);
/* Sends away who was let in by a link that is not that of this rotation. */
void live_terminal_send_away(struct live *live, int64_t rotation);
/* Whether anybody looks at it. */
bool live_terminal_is_watched(struct live *live);
/* Frees it; it has ended. */
void live_terminal_free(struct live *live);

struct live_table {
	struct journal_writer *writer;
	struct sandbox *sandbox;
	bool allow_weak;
	pthread_mutex_t lock;
	struct live *sessions;
};

/* Takes the lock and brings assessment and fold up to what is stored. -1 with an error: then it is
 * not held. */
int live_hold(struct live *live, struct store *store, struct err *err);
void live_release_hold(struct live **live);	/* for AUTO */
/* The same of who changed nothing. */
void live_release_look(struct live **live);
/* The version is another one from now on. */
void live_touch(struct live *live);

/* Folds the events that were stored since; -1 where there is no fold any more, or the row could not
 * be read. Under the lock. */
int live_catch_up(struct live *live, struct err *err);
/* The same where what was stored is of others: tells that much changed. */
int live_follow(struct live *live, struct err *err);

/* ERR_STATE unless it is active and there is time left. Under the lock. */
int live_require_active(const struct live *live, struct err *err);

/* Adds the events after which the file holds that, or is gone, and folds them: none when it is so
 * already. */
int live_note_file(struct live *live, struct event_list *list, const char *path,
		   const struct buf *content, bool executable, struct err *err);
/* The same as one event, of what an assistant made. */
int live_note_by_ai(struct live *live, struct event_list *list, const char *path,
		    const struct buf *content, bool executable, struct err *err);
int live_note_gone(struct live *live, struct event_list *list, const char *path, struct err *err);

/* What the candidate reads when something could not be run: of what is wrong with the machine only
 * that it is. */
const char *live_reason(const struct err *err);

/* What the event "state" tells. Yours. */
json_t *live_state(const struct live *live, int64_t now);

/* What whoever makes events does when others came first: so many times, then live_too_busy. */
#define LIVE_TRIES 8
int live_too_busy(struct err *err);	/* sets ERR_ENV */
/* After events that the fold has were not stored: the fold as it is stored. 1 when others came
 * first and it is still active; else -1, with the error that was there or the newer one. */
int live_look_again(struct live *live, struct err *err);

/* Commits the files when they are not those of the newest snapshot; *ret says what is the newest
 * now. Under the lock. */
int live_snapshot(struct live *live, const char *reason, struct snapshot *ret, struct err *err);
/* Saves, once, when nothing has happened for a minute; not where git has a copy, since who has that
 * would have to fetch before each push. Under the lock; the assessment is as it is stored. */
void live_save_at_rest(struct live *live);
/* live_snapshot after a push, whose files are on record: the commit that was pushed, or one that
 * has it among its parents. */
int live_snapshot_push(struct live *live, const char *pushed, struct snapshot *ret,
		       struct err *err);

#endif
