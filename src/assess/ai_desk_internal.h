/* ai_desk_internal.h - what the files of a desk share: ai_desk, ai_desk_lock, ai_desk_table
 *
 * Locks: that of the table before that of a desk; under the lock of a desk only `recorded`, `stop`
 * and `turn` of an exchange that is let in are called. */
#ifndef TALI_AI_DESK_INTERNAL_H
#define TALI_AI_DESK_INTERNAL_H

#include "assess/ai_desk.h"

#include "ai/ai_policy.h"

#include <pthread.h>
#include <stdatomic.h>

#define AI_DESK_TAG_LEN 8	/* of the desk, in the ids of its exchanges */

enum exchange_state { WAITING, RUNNING };

struct ai_exchange {
	struct ai_desk *desk;
	struct ai_exchange *next;	/* in the list of its state, the oldest first */
	enum exchange_state state;
	bool ended;			/* only the write of its prompt still knows it */
	bool writes;			/* its prompt is on its way to the disk */
	bool lost;			/* its prompt could not be written */
	struct ai_ask ask;
	int64_t until;			/* WAITING: then it is refused */
	bool locked_out;		/* for another process, not for the budget */
	struct ai_price price;
	struct ai_grant grant;
	enum ai_kind kind;
	char id[AI_DESK_TAG_LEN + 20];
	char conversation[RAND_ID_LEN + 1];
};

struct ai_desk {
	struct ai_desk_table *table;
	struct ai_desk *next;
	unsigned users;			/* under the table's lock */
	int64_t used;			/* when it was last taken; under the table's lock */
	char assessment_id[RAND_ID_LEN + 1];
	char tag[AI_DESK_TAG_LEN + 1];	/* tells its own events from those of others */
	atomic_int_least64_t deadline;	/* 0: the session does not run */

	pthread_mutex_t lock;		/* of all below */
	pthread_cond_t quiet;		/* nothing runs, waits, or is on its way to the disk */
	unsigned pauses;		/* while there are some, nobody is let in */
	json_t *manifest;
	struct ai_policy policy;
	struct ai_budget budget;
	struct conversation_book *book;
	int64_t seen;			/* the first event that was not looked at */
	int64_t made;			/* exchanges so far */
	int lock_fd;			/* of the file that keeps other processes out; or -1 */
	bool locked;
	int writes;			/* events on their way to the disk */
	struct ai_exchange *waiting, *running;
};

struct ai_desk_table {
	struct journal_writer *writer;
	const json_t *prices;
	pthread_mutex_t lock;		/* of all below */
	struct ai_desk *desks;
};

/* Ms of a clock that does not go backwards. */
int64_t ai_desk_now(void);
void ai_desk_free(struct ai_desk *desk);
/* Lets those that wait go on, or know why they cannot. Without the lock. */
void ai_desk_serve_waiting(struct ai_desk *desk, struct store *store);
/* Under the lock: asks what runs to end now. */
void ai_desk_stop_running(struct ai_desk *desk);
/* Until nothing of it runs or is on its way to the disk, or `until` (of ai_desk_now) has come.
 * Without the lock. */
void ai_desk_wait_quiet(struct ai_desk *desk, int64_t until);

#endif
