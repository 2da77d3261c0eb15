/* remote_send.h - what waits in the queue goes to the server, and the base moves on with it
 *
 * To the server, each series of the queue is a client of its own: "CLIENT.SERIES". Each batch says
 * of its files which version they begin from. What the server acknowledged is part of the base
 * before it leaves the queue, so that whatever ends the process in between, nothing is sent as if
 * it were new. STATE/sent.jsonl gets a line {"time", "kind", "path", "bytes"} for each event that
 * the server has: for the candidate to read. */
#ifndef TALI_REMOTE_SEND_H
#define TALI_REMOTE_SEND_H

#include "work/remote_call.h"
#include "work/remote_queue.h"

struct remote_sent {
	size_t acknowledged;	/* events */
	json_t *conflicts;	/* paths that others changed at the server; what waited for them
				 * was dropped, and the rest goes on */
	json_t *refused;	/* sentences: what the server does not want, dropped too */
	bool offline;		/* the error is that the server cannot be reached */
	bool unsure;		/* the version of a file has to be asked before more is sent */
};
#define REMOTE_SENT_INIT { .conflicts = NULL }
void remote_sent_release(struct remote_sent *sent);

/* Sends all that waits. `ret` (set up here) also tells on error how far it came. ERR_ENV: some or
 * all of it still waits. ERR_STATE: the session takes no events any more (time is up, handed in,
 * taken back): it stays in the queue for remote_late. */
int remote_send(struct remote_queue *queue, struct remote_base *base, struct remote *remote,
		struct remote_sent *ret, struct err *err);

/* The text of the next batch, of at most `most` events, *ret_count of them; yours. For tests. */
char *remote_send_batch(const struct remote_queue *queue, const struct remote_base *base,
			const char *client, const struct remote_moment *now, size_t most,
			size_t *ret_count);
/* What an answer to that means. 0, or -1 as above. For tests. */
int remote_send_answer(struct remote_queue *queue, struct remote_base *base,
		       const struct remote_state *state, size_t count, const json_t *answer,
		       struct remote_sent *ret, struct err *err);

#endif
