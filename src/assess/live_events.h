/* live_events.h - what the page of a live session sent */
#ifndef TALI_LIVE_EVENTS_H
#define TALI_LIVE_EVENTS_H

#include "assess/live.h"

/* What became of a batch; its `base` says of each file that it edits which rev the page had. */
struct live_answer {
	struct ingest_answer ingest;
	json_t *revs;		/* {path: rev} of the files of the batch, as its events left them */
	json_t *conflicts;	/* [{path, rev}]: were changed by somebody else meanwhile */
};
void live_answer_release(struct live_answer *answer);
/* The batch is taken, and left as it was or as far as there was no conflict when it fails. An edit
 * in conflict is not stored, and nothing after it. Sent again, with what is stored of it, it is
 * answered as it would have been. What others store meanwhile is looked at, and it is tried again.
 * ERR_INPUT "/events/N: why" for one that cannot be: then nothing is stored. ERR_ENV when others
 * are always faster. */
int live_events(struct live *live, struct store *store, struct batch *batch,
		struct live_answer *ret, struct err *err);

#endif
