/* live_events.h - what the page of a live session sent */
#ifndef TALI_LIVE_EVENTS_H
#define TALI_LIVE_EVENTS_H

#include "assess/live.h"

/* What became of a batch; its `base` says of each file that it edits which rev the page had. */
struct live_answer {
	struct ingest_answer ingest;
	json_t *revs;		/* {path: rev} of the files of the batch, as they are now */
	json_t *conflicts;	/* [{path, rev}]: were changed by somebody else meanwhile */
};
void live_answer_release(struct live_answer *answer);
/* The batch is taken. An edit in conflict is not stored, and nothing after it. ERR_INPUT
 * "/events/N: why" for one that cannot be: then nothing is stored. */
int live_events(struct live *live, struct store *store, struct batch *batch,
		struct live_answer *ret, struct err *err);

#endif
