/* ai_desk.h - the models of one assessment: who may ask, what it may cost, what is on record
 *
 * All exchanges of an assessment go over its desk, in whatever protocol and by whatever program:
 * the desk knows the task's policy, the budget, and the conversations so far. While an exchange
 * runs, this process holds the assessment's lock, so that two processes cannot spend the same
 * budget; when it is taken, what others recorded meanwhile is read.
 *
 * A desk is shared by threads; each function may be called from any thread that has a store handle
 * of its own. */
#ifndef TALI_AI_DESK_H
#define TALI_AI_DESK_H

#include "assess/ai_desk_table.h"
#include "assess/ai_no.h"
#include "assess/ai_record.h"
#include "store/assessment.h"

#define AI_DESK_WAIT_MS 30000	/* for others to end, or to leave enough of the budget */

struct ai_desk;
struct ai_exchange;

/* The desk of an assessment, to be given back. NULL: ERR_NOT_FOUND, ERR_INTEGRITY, ERR_ENV. */
struct ai_desk *ai_desk_take(struct ai_desk_table *table, struct store *store,
			     const struct assessment *assessment, struct err *err);
void ai_desk_give(struct ai_desk **desk);

/* What the row of the assessment says now: whether, and until when, the session runs. */
void ai_desk_see(struct ai_desk *desk, const struct assessment *assessment);

/* Before a session is handed in: stops what runs, refuses what waits and what comes, and returns
 * when all of it is on record, after AI_DESK_END_MS at most. Until as many calls of ai_desk_resume
 * nobody is let in. */
void ai_desk_pause(struct ai_desk *desk, struct store *store);
void ai_desk_resume(struct ai_desk *desk);

/* What somebody wants of a model; all borrowed until the exchange is freed. */
struct ai_ask {
	const struct ai_wire *wire;
	const struct ai_request *request;
	size_t body_len;
	struct ai_kind_signs signs;
	const char *client;	/* User-Agent, or NULL */
	int64_t retry;
	const struct ai_own *own;	/* tali's own assistant; NULL: a tool of the candidate's */
	/* Called once for an exchange that is let in (NULL), before its prompt is written, and for
	 * one that waited in vain; here, or on the thread of whoever made room, or looked. It must
	 * be quick, and not use the desk. */
	void (*turn)(void *arg, const struct ai_no *no);
	/* Called once after it was let in, and not after ai_exchange_end, on the writer's thread or
	 * that of `turn`: the prompt is on disk, or never will be, and then the answer is not
	 * recorded either. It must be quick, and not use the desk. */
	void (*recorded)(void *arg, bool stored);
	/* The session ends: what runs is to end soon, and ai_exchange_end to be called with what
	 * came so far. Perhaps more than once, on any thread. It must be quick, and not use the
	 * desk. NULL: it is not stopped, and what comes after the end is not recorded. */
	void (*stop)(void *arg);
	void *arg;
};

/* Whether a tool of the candidate's may look at what models there are, which counts as one of the
 * requests of a minute and as nothing else: 0, or -1 with ret_no. */
int ai_desk_look(struct ai_desk *desk, struct store *store, struct ai_no *ret_no);

/* 1: let in, and `turn` was called. 0: it waits, for the budget or for another process, as the
 * sentence of ret_no says; `turn` will be called. -1 with ret_no: refused; nothing is kept. */
int ai_desk_ask(struct ai_desk *desk, struct store *store, const struct ai_ask *ask,
		struct ai_exchange **ret, struct ai_no *ret_no);

/* Of one that was let in. False: it counts tokens; nothing is recorded, `recorded` not called. */
bool ai_exchange_is_recorded(const struct ai_exchange *exchange);
/* The answer is there: its prompt is written without waiting for others to come. */
void ai_exchange_hurry(const struct ai_exchange *exchange);
const char *ai_exchange_id(const struct ai_exchange *exchange);
/* The most output that the provider may be asked for; 0: the body stays as it is. */
int64_t ai_exchange_most(const struct ai_exchange *exchange);

/* What came of it; then it is gone. Frees one that waits, too (`answer` NULL). */
struct ai_outcome {
	const struct ai_answer *answer;
	int status;		/* of the provider; 0: no head of an answer came */
	bool sent;		/* all of the request went to the provider */
	enum ai_cut cut;
	int64_t first_ms, wall_ms;
	bool guarded;	/* a part of the answer was kept back: a secret of the task was in it */
	bool planted;	/* the mistake of a planted task is in it */
};
void ai_exchange_end(struct ai_exchange **exchange, struct store *store,
		     const struct ai_outcome *outcome);

/* The exchange of an ask with this `arg` waits no longer, if it does: `turn` is called with a
 * refusal, on this thread. */
void ai_desk_give_up(struct ai_desk *desk, const void *arg);

/* What was spent so far. */
int ai_desk_spent(struct ai_desk *desk, struct store *store, struct ai_amount *ret,
		  struct err *err);
/* What is left, for whoever shows it; -1: no limit. */
struct ai_amount ai_desk_left(struct ai_desk *desk, struct store *store, struct err *err);

#endif
