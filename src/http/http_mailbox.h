/* http_mailbox.h - events on their way to one stream: posted by any thread, never waiting
 *
 * A slow reader costs its box's bytes and nothing else: what does not fit is dropped with all that
 * waits, and the reader gets the one event "reset" {} instead, to fetch the state anew. */
#ifndef TALI_HTTP_MAILBOX_H
#define TALI_HTTP_MAILBOX_H

#include "base/buf.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct http_mailbox;

/* Yours; holds at most `bytes_most` bytes of events. */
struct http_mailbox *http_mailbox_new(size_t bytes_most);
/* Nobody else may use it any more, and no stream serve it. */
void http_mailbox_free(struct http_mailbox **box);

/* Appends an event; `json` is its data (one line; line breaks are told as such). Nothing happens
 * once the box is closed. Any thread. */
void http_mailbox_post(struct http_mailbox *box, const char *event, const char *json);
/* What was posted is still read, then the stream ends. Any thread, also twice. */
void http_mailbox_close(struct http_mailbox *box);

/* --- for the reader (http_stream), one thread at a time */

/* `wake` is called, on the thread that posts or closes, whenever there may be something to take
 * again; it must be quick and must not touch the box. NULL: nobody reads. */
void http_mailbox_watch(struct http_mailbox *box, void (*wake)(void *arg), void *arg);
/* Moves all that waits into `out` (emptied before), as the bytes of an event stream. False when the
 * box is closed and nothing is left. */
bool http_mailbox_take(struct http_mailbox *box, struct buf *out);

#endif
