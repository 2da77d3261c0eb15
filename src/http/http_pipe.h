/* http_pipe.h - an answer that other threads write while the request's thread waits
 *
 * The writer gives status and fields, then bytes as it gets them, and flushes; a slow client makes
 * it pause, and a client that goes away is told to it at once. Sent in chunks, so that the client
 * knows a proper end (and the connection may be kept) from a cut. */
#ifndef TALI_HTTP_PIPE_H
#define TALI_HTTP_PIPE_H

#include "http/http_request.h"

struct http_pipe;

/* What the writer is told, on the request's thread, without a lock of the pipe; each may be NULL */
struct http_pipe_events {
	void (*room)(void *arg);	/* bytes are taken again, after a false */
	void (*gone)(void *arg);	/* the client went away before the end; told once */
	void (*idle)(void *arg);	/* nothing was sent for a while: something may be now */
};

/* Yours. Holds about `bytes_most` bytes. */
struct http_pipe *http_pipe_new(size_t bytes_most, const struct http_pipe_events *events,
				void *arg);
/* No thread may use it any more. */
void http_pipe_free(struct http_pipe **pipe);

/* --- for the writer; any thread. Nothing of it waits for the client */

/* A field of the head; before http_pipe_head. */
void http_pipe_field(struct http_pipe *pipe, const char *name, const char *value);
/* The head, which goes with what is flushed next. Once, before all bytes. */
void http_pipe_head(struct http_pipe *pipe, int status, const char *content_type);
/* Appends bytes. False: so much waits that nothing was taken. What comes after the client has gone,
 * or after the end, is taken and dropped. */
bool http_pipe_write(struct http_pipe *pipe, const void *data, size_t len);
/* The same for the few bytes before an end: they are taken, whatever waits. */
void http_pipe_add(struct http_pipe *pipe, const void *data, size_t len);
/* What was written can be sent: as one chunk, so not after each of many small pieces. Needed after
 * a write that was taken; an end flushes by itself. */
void http_pipe_flush(struct http_pipe *pipe);
/* The proper end. Without a head before it the client gets a 500. */
void http_pipe_end(struct http_pipe *pipe);
/* What was written is sent, then the connection is closed: the client sees a broken answer. */
void http_pipe_cut(struct http_pipe *pipe);

/* --- for the request's thread */

/* Answers the request by what is written, until the end, a cut, or the client is gone; holds the
 * thread. `idle_ms`: of silence until events->idle is asked. -1 when too many streams are open (503
 * was answered, and `gone` was told). */
int http_pipe_serve(struct http_request *request, struct http_pipe *pipe, int idle_ms);

#endif
