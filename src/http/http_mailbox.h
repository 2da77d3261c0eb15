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

/* A descriptor that is readable when there may be something to take; the box's, -1 on error. */
int http_mailbox_descriptor(struct http_mailbox *box);
/* Moves all that waits into `out` (emptied before), as the bytes of an event stream. False when the
 * box is closed and nothing is left. */
bool http_mailbox_take(struct http_mailbox *box, struct buf *out);

#endif
