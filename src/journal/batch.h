/* batch.h - what a client sends: events with its own numbers and times (tali.batch/1)
 *
 * {"schema": "tali.batch/1", "client": ID, "sent": MS, "events": [{"seq": N, "time": MS, "kind":
 * KIND, "data": {...}}...], "payloads": ["text", {"base64": "..."}...], "base": {PATH: NUMBER}}
 *
 * `client` is 1 to 64 letters, digits or any of ._:- that the client chose for itself; `seq` counts
 * its events from 1 without gaps; `time` and `sent` are milliseconds by its own clock, whatever
 * that shows. An event's {"blob", "size"} must name a payload of the same batch: nobody can point
 * at what somebody else stored. `base` is for who has the files (assess/live_events.h). */
#ifndef TALI_BATCH_H
#define TALI_BATCH_H

#include "base/buf.h"
#include "journal/event_list.h"

#include <stdio.h>

#define BATCH_MAX (1 << 20)		/* bytes of its text */
#define BATCH_EVENTS_MAX 256
#define BATCH_CLIENT_SIZE 65

struct batch {
	char client[BATCH_CLIENT_SIZE];
	int64_t sent;
	struct event_list list;		/* client_seq ascending; `instant` by the client's clock */
	json_t *base;			/* {path: number}, or NULL */
};

#define BATCH_INIT { .client = "" }
void batch_release(struct batch *batch);

/* Reads and checks a batch: sizes before anything is parsed, nesting, UTF-8, numbering, kinds that
 * a client may send, data by the schema of its kind. ERR_INPUT "/events/N: what". */
int batch_parse(const char *text, size_t len, struct batch *ret, struct err *err);
/* The same without the quick way: for comparing the two. */
int batch_parse_slowly(const char *text, size_t len, struct batch *ret, struct err *err);

/* Reads the text of the next batch from a stream of them: JSON objects, in lines or not. It reads
 * no further than a batch may be long. 1 read, 0 no more, -1 ERR_INPUT (too long) or ERR_ENV. */
int batch_read(FILE *in, struct buf *ret, struct err *err);

#endif
