/* talk_internal.h - the inside of a talk: what both ways of asking share
 *
 * talk_local.c asks tali's own assistant over the store, talk_remote.c the server of the session.
 * Both tell talk_take what happens, in the events of assistant.h. */
#ifndef TALI_CMD_TALK_INTERNAL_H
#define TALI_CMD_TALK_INTERNAL_H

#include "talk.h"

#include <pthread.h>
#include <signal.h>

enum talk_printed { TALK_PRINTED_NOTHING, TALK_PRINTED_TEXT, TALK_PRINTED_STEP };

struct talk_question {
	const char *text, *model;	/* model may be NULL */
	struct workbench *bench;	/* taken; NULL: it uses no tools */
	bool agent;
};

struct talk_way {
	/* All but the common part; also when it was opened in part. */
	void (*close)(struct talk *talk);
	int (*resume)(struct talk *talk, struct err *err);
	json_t *(*offer)(struct talk *talk, struct err *err);
	/* Asks, and returns when talk_is_over. */
	int (*ask)(struct talk *talk, const struct talk_question *question, struct err *err);
};

/* The first member of each way's own. */
struct talk {
	const struct talk_way *way;
	const struct cmd_ctx *ctx;
	char conversation[RAND_ID_LEN + 1];
	sigset_t before, interrupt;

	enum talk_printed printed;	/* last; used by whoever tells, one at a time */
	pthread_mutex_t lock;		/* of all below: what the turn tells */
	bool over;
	json_t *last;			/* of `end` or `error` */
	json_t *begin, *steps;
	json_t *parts;			/* texts and steps in the order in which they came */
	struct buf text;
	size_t part_at;			/* where the text begins that is no part yet */
};

/* What a turn tells: printed, and kept. Any thread, one at a time. */
void talk_take(void *talk, const char *event, const json_t *data);
bool talk_is_over(struct talk *talk);
/* Whether SIGINT came, or comes within this time. */
bool talk_was_interrupted(struct talk *talk, int ms);

/* Sets up the common part; from here on SIGINT is held back, in threads to come too. */
void talk_begin(struct talk *talk, const struct talk_way *way, const struct cmd_ctx *ctx);

/* NULL on error. Close them with talk_close. */
struct talk *talk_local_open(const struct cmd_ctx *ctx, const struct assistant_tools *tools,
			     struct err *err);
struct talk *talk_remote_open(const struct cmd_ctx *ctx);

#endif
