/* http_stream.h - a stream of server-sent events to one client */
#ifndef TALI_HTTP_STREAM_H
#define TALI_HTTP_STREAM_H

#include "http/http_mailbox.h"
#include "http/http_request.h"

/* Answers the request by what is posted in the box, and holds the thread until the peer is gone,
 * the box is closed, or the server drains (then the client gets the event "bye" {"retry_ms":...}).
 * After `heartbeat_ms` without an event a comment is sent. A peer that takes nothing for 10 s is
 * gone. 0 when it ended, -1 when it did not begin because there are too many (503 with Retry-After
 * was answered). The box stays the caller's. Only on the request thread. */
int http_stream_serve(struct http_request *request, struct http_mailbox *box, int heartbeat_ms);

#endif
