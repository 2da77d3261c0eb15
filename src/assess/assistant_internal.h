/* assistant_internal.h - what the parts of the assistant share: assistant_begin.c (how a turn
 * begins), assistant_turn.c (its steps), assistant_send.c (a call of a model), assistant.c (the
 * rest)
 *
 * The steps of a turn follow one another: whoever makes one has the turn to himself, but for what
 * stands under its lock. A step is posted to a pool; at its end it posts the next one, or hands the
 * turn over to who will call back (the desk, the HTTP client), or ends the turn. */
#ifndef TALI_ASSISTANT_INTERNAL_H
#define TALI_ASSISTANT_INTERNAL_H

#include "ai/ai_delta.h"
#include "ai/ai_retry.h"
#include "assess/assistant.h"
#include "assess/assistant_models.h"
#include "assess/assistant_task.h"
#include "store/provider.h"

#include <pthread.h>
#include <stdatomic.h>

#define ASSISTANT_COPY_MAX ((size_t)16 << 20)	/* bytes of an answer */

/* How a provider does, over all turns. */
struct assistant_gate {
	char name[PROVIDER_NAME_MAX + 1];
	struct ai_retry_gate gate;
	struct assistant_gate *next;
};

struct assistant {
	struct assistant_config config;
	struct assistant_models *models;
	pthread_mutex_t lock;		/* of all below */
	pthread_cond_t fewer;		/* a turn has ended */
	struct assistant_turn *turns;	/* that have not ended */
	int running;			/* of them, and of those that are just telling so */
	struct assistant_gate *gates;
	bool stopping;
};

typedef void assistant_step(struct assistant_turn *turn, struct store *store);

/* One call of the model, from the request to the answer. */
struct assistant_exchange {
	struct buf body;
	struct ai_request request;
	struct ai_own own;
	json_t *added;			/* what the record does not have yet */
	struct ai_exchange *exchange;
	struct ai_delta delta;
	struct ai_guard_stream *guarded;
	struct buf copy;		/* the answer as it came */
	struct buf shown;		/* of its text */
	bool hit;			/* a secret was in it */
	bool stream;			/* it is a stream of events */
	bool entered;			/* the gate of the provider */
	int status;			/* of HTTP; 0: no head came */
	enum http_call_result result;
	bool sent;			/* all of the request */
	char retry_after[64], retry_after_ms[64];
	int64_t began, first_ms;	/* first_ms 0: no byte came */
	int64_t ended;
};

struct assistant_turn {
	struct assistant *assistant;
	struct assistant_turn *next;
	atomic_int users;
	char assessment_id[RAND_ID_LEN + 1], conversation[RAND_ID_LEN + 1];

	/* what it was begun with */
	char *text, *model, *mark;
	bool agent;
	struct workbench *bench;
	json_t *files;			/* [path] */
	struct provider provider;
	const struct ai_wire *wire;
	struct ai_desk *desk;
	struct assistant_task task;
	void (*tell)(void *arg, const char *event, const json_t *data);
	void *arg;

	/* where it stands */
	json_t *messages;		/* of the whole conversation */
	size_t recorded;		/* of them are on the record */
	size_t guarded;			/* of them the guard knows */
	json_t *uses;			/* [tool_use]: what the last answer wants done */
	int calls;			/* of the model that were answered */
	int tries;			/* of the one at hand */
	int64_t deadline;		/* of all its tries; steady */
	bool told_text;			/* in this turn */
	int64_t code_answers;
	bool planted, planting;		/* was made before; is asked for now */
	char exchange_id[64];		/* of the last call */
	struct assistant_exchange now;

	pthread_mutex_t telling;	/* one event at a time */
	bool ended;			/* under it: nothing is told any more */

	pthread_mutex_t lock;		/* of all below */
	pthread_cond_t woken;		/* it was stopped */
	bool stopped;
	bool waits;			/* for the budget, and has been told so */
	bool turned;			/* it need not, or no more */
	bool over;			/* stopped by the end of the session */
	struct http_call *call;
	assistant_step *later;		/* to be made at `due`, steady */
	struct worker_pool *later_on;
	int64_t due;
	struct ai_no no;		/* why the desk says no after all */
};

int64_t assistant_steady_ms(void);

/* --- assistant.c */

void assistant_keep(struct assistant_turn *turn);
/* Makes the step on a thread of the pool; soon. */
void assistant_post(struct assistant_turn *turn, assistant_step *step, struct worker_pool *pool);
/* In so many ms, or when it is stopped. */
void assistant_post_later(struct assistant_turn *turn, assistant_step *step, int64_t wait_ms);
bool assistant_is_stopped(struct assistant_turn *turn);
/* Takes `data`. */
void assistant_tell(struct assistant_turn *turn, const char *event, json_t *data);
/* The end: the turn is taken off the list, and what it holds is given back. */
void assistant_finish(struct assistant_turn *turn, struct store *store, const char *stop);
void assistant_fail(struct assistant_turn *turn, struct store *store, const char *code,
		    const char *message);
/* One that waits for the budget does so no longer: it is refused. */
assistant_step assistant_give_up;

/* ai_retry.h, for the turn's provider. */
bool assistant_enter_gate(struct assistant_turn *turn);
void assistant_leave_gate(struct assistant_turn *turn, bool well);
bool assistant_gate_again(struct assistant_turn *turn);

#endif
