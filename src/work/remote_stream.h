/* remote_stream.h - events of the server as they come (text/event-stream), for a loop that polls
 *
 * Certificates, token and limits as in remote_call.h. Names and data are the server's, and not
 * trusted: an event has at most SSE_EVENT_MAX bytes; when REMOTE_STREAM_WAITING_MAX bytes of events
 * wait to be taken, the server has to wait. One stream is for one thread. */
#ifndef TALI_REMOTE_STREAM_H
#define TALI_REMOTE_STREAM_H

#include "work/remote_call.h"

#define REMOTE_STREAM_WAITING_MAX ((size_t)4 << 20)
#define REMOTE_STREAM_NAME_MAX 64

struct remote_stream;

/* Asks; `body` (borrowed) is sent as JSON, NULL: none. Returns before there is an answer. The
 * remote must outlive it. NULL: ERR_ENV. */
struct remote_stream *remote_stream_open(struct remote *remote, const char *method,
					 const char *path, const json_t *body, struct err *err);
/* Breaks off what still comes. */
void remote_stream_close(struct remote_stream **stream);

/* Can be read when the next call will have something to say. */
int remote_stream_fd(const struct remote_stream *stream);

/* The answer's; 0: none came yet. */
int remote_stream_status(struct remote_stream *stream);

/* The next event; never waits. 1: there is one, its data are yours (NULL where they are no JSON);
 * 0: none now; -1: no more come: ERR_NONE when the server ended the stream, else the error, for
 * answers that are no stream as remote_bytes has it. */
int remote_stream_next(struct remote_stream *stream, char name[REMOTE_STREAM_NAME_MAX],
		       json_t **ret_data, struct err *err);
/* The same, but waits for it. 1 or -1. */
int remote_stream_wait(struct remote_stream *stream, char name[REMOTE_STREAM_NAME_MAX],
		       json_t **ret_data, struct err *err);

#endif
