/* http_pipe.c - see http_pipe.h
 *
 * Whoever writes also sends, without waiting: what a socket does not take at once is left to the
 * request's thread, which waits for it. So the bytes of most answers go from one thread to the next
 * once, and a thread more is woken for the end alone. */
#include "http/http_pipe.h"

#include "http/http_internal.h"
#include "http/http_reply.h"

#include <poll.h>
#include <stdlib.h>
#include <string.h>

#define FIELDS_MAX 64
#define TAKE_MS 30000		/* for a client to take what is sent */

enum end {
	OPEN,
	ENDED,
	CUT
};

struct http_pipe {
	const struct http_pipe_events *events;
	void *arg;
	size_t most;

	pthread_mutex_t lock;	/* of all below */
	struct {
		char *name, *value;
	} fields[FIELDS_MAX];
	int field_count;
	int status;		/* 0: no head yet */
	char *type;
	struct buf bytes;	/* as they were written */
	struct buf out;		/* a head, a chunk, the end: on its way to the socket */
	size_t sent;		/* of it */
	int64_t framed_at;	/* when it was made */
	bool head_made, end_made;
	enum end end;
	bool refused;		/* the writer waits for room */
	bool gone;		/* the client; all else is dropped */
	struct http_request *request;	/* whose thread is here; NULL: nobody can send */
};

struct http_pipe *http_pipe_new(size_t bytes_most, const struct http_pipe_events *events,
				void *arg)
{
	struct http_pipe *pipe = buf_alloc(sizeof(*pipe));

	pthread_mutex_init(&pipe->lock, NULL);
	pipe->events = events;
	pipe->arg = arg;
	pipe->most = bytes_most;
	pipe->bytes.limit = pipe->out.limit = SIZE_MAX / 2;	/* `most` is what counts */
	return pipe;
}

void http_pipe_free(struct http_pipe **pipe)
{
	struct http_pipe *old = *pipe;

	*pipe = NULL;
	if (!old)
		return;
	for (int i = 0; i < old->field_count; i++) {
		free(old->fields[i].name);
		free(old->fields[i].value);
	}
	free(old->type);
	buf_release(&old->bytes);
	buf_release(&old->out);
	pthread_mutex_destroy(&old->lock);
	free(old);
}

/* --- sending; all with the lock held, and a request there */

/* An older client gets the end of the connection as the end. */
static bool is_chunked(const struct http_request *request)
{
	return strcmp(request->head.version, "1.1") == 0;
}

static void frame_head(struct http_pipe *pipe)
{
	struct http_request *request = pipe->request;

	for (int i = 0; i < pipe->field_count; i++)
		http_reply_header(request, pipe->fields[i].name, pipe->fields[i].value);
	http_reply_header(request, "X-Accel-Buffering", "no");
	if (is_chunked(request))
		http_reply_header(request, "Transfer-Encoding", "chunked");
	request->keep = request->keep && is_chunked(request) && request->taken == request->length &&
			http_server_may_keep(request->server);
	http_reply_head(request, pipe->status, pipe->type, -1, &pipe->out);
	request->answer = HTTP_ANSWER_DONE;
	pipe->head_made = true;
}

/* What was written since the last time, as one chunk. */
static void frame(struct http_pipe *pipe)
{
	bool chunked = is_chunked(pipe->request);

	buf_clear(&pipe->out);
	pipe->sent = 0;
	if (!pipe->status)
		return;
	if (!pipe->head_made)
		frame_head(pipe);
	if (pipe->bytes.len && chunked)
		buf_add_format(&pipe->out, "%zx\r\n", pipe->bytes.len);
	buf_add(&pipe->out, pipe->bytes.data, pipe->bytes.len);
	if (pipe->bytes.len && chunked)
		buf_add_str(&pipe->out, "\r\n");
	pipe->request->sent += (int64_t)pipe->bytes.len;
	buf_clear(&pipe->bytes);
	if (pipe->end == ENDED && chunked && !pipe->end_made)
		buf_add_str(&pipe->out, "0\r\n\r\n");
	pipe->end_made = pipe->end != OPEN;
	if (pipe->out.len)
		pipe->framed_at = http_connection_now();
}

/* As much as the socket takes now. */
static void push(struct http_pipe *pipe)
{
	ssize_t sent = 1;

	while (!pipe->gone && sent > 0) {
		if (pipe->sent == pipe->out.len)
			frame(pipe);
		if (pipe->sent == pipe->out.len)
			return;
		sent = http_connection_offer(pipe->request->connection, pipe->out.data + pipe->sent,
					     pipe->out.len - pipe->sent);
		if (sent < 0)
			pipe->gone = true;
		else
			pipe->sent += (size_t)sent;
	}
}

static bool is_waiting(const struct http_pipe *pipe)
{
	return pipe->sent < pipe->out.len;
}

/* Sends, and wakes the request's thread where it has something to do. */
static void flush(struct http_pipe *pipe)
{
	if (!pipe->request)
		return;
	push(pipe);
	if (pipe->gone || is_waiting(pipe) || pipe->end != OPEN || pipe->refused)
		http_connection_wake(pipe->request->connection);
}

/* --- the writer */

void http_pipe_field(struct http_pipe *pipe, const char *name, const char *value)
{
	pthread_mutex_lock(&pipe->lock);
	if (pipe->field_count < FIELDS_MAX && !pipe->status) {
		pipe->fields[pipe->field_count].name = buf_strdup(name);
		pipe->fields[pipe->field_count++].value = buf_strdup(value);
	}
	pthread_mutex_unlock(&pipe->lock);
}

void http_pipe_head(struct http_pipe *pipe, int status, const char *content_type)
{
	pthread_mutex_lock(&pipe->lock);
	if (!pipe->status && pipe->end == OPEN) {
		pipe->status = status;
		pipe->type = buf_strdup(content_type);
	}
	pthread_mutex_unlock(&pipe->lock);
}

static bool has_room(const struct http_pipe *pipe, size_t len)
{
	size_t waiting = pipe->bytes.len + pipe->out.len - pipe->sent;

	return waiting == 0 || waiting + len <= pipe->most;
}

bool http_pipe_write(struct http_pipe *pipe, const void *data, size_t len)
{
	bool taken = true;

	pthread_mutex_lock(&pipe->lock);
	if (!has_room(pipe, len))
		flush(pipe);
	if (!pipe->gone && pipe->end == OPEN) {
		taken = has_room(pipe, len);
		if (taken)
			buf_add(&pipe->bytes, data, len);
		pipe->refused = !taken;
	}
	pthread_mutex_unlock(&pipe->lock);
	return taken;
}

void http_pipe_add(struct http_pipe *pipe, const void *data, size_t len)
{
	pthread_mutex_lock(&pipe->lock);
	if (!pipe->gone && pipe->end == OPEN)
		buf_add(&pipe->bytes, data, len);
	pthread_mutex_unlock(&pipe->lock);
}

void http_pipe_flush(struct http_pipe *pipe)
{
	pthread_mutex_lock(&pipe->lock);
	flush(pipe);
	pthread_mutex_unlock(&pipe->lock);
}

static void set_end(struct http_pipe *pipe, enum end end)
{
	pthread_mutex_lock(&pipe->lock);
	if (pipe->end == OPEN)
		pipe->end = end;
	flush(pipe);
	pthread_mutex_unlock(&pipe->lock);
}

void http_pipe_end(struct http_pipe *pipe)
{
	set_end(pipe, ENDED);
}

void http_pipe_cut(struct http_pipe *pipe)
{
	set_end(pipe, CUT);
}

/* --- the request's thread */

/* What there is to do now. */
struct step {
	bool gone, over, room, idle, waiting;
	int64_t until;		/* to wait for a client that takes no more, or for a writer */
};

static struct step look(struct http_pipe *pipe, int idle_ms)
{
	int64_t now = http_connection_now();
	struct step step;

	pthread_mutex_lock(&pipe->lock);
	push(pipe);
	step = (struct step){ .waiting = is_waiting(pipe), .room = pipe->refused };
	step.until = pipe->framed_at + (step.waiting ? TAKE_MS : idle_ms);
	step.gone = pipe->gone || (step.waiting && now >= step.until);
	step.over = pipe->end != OPEN && !step.waiting;
	step.idle = !step.waiting && now >= step.until;
	if (step.idle)
		pipe->framed_at = now;
	step.idle = step.idle && pipe->head_made;
	step.room = step.room && has_room(pipe, 1);
	pipe->refused = pipe->refused && !step.room;
	pthread_mutex_unlock(&pipe->lock);
	return step;
}

/* Whether all was sent. */
static bool pump(struct http_request *request, struct http_pipe *pipe, int idle_ms)
{
	for (;;) {
		struct step step = look(pipe, idle_ms);

		if (step.gone || step.over)
			return !step.gone;
		if (step.room && pipe->events->room)
			pipe->events->room(pipe->arg);
		else if (step.idle && pipe->events->idle)
			pipe->events->idle(pipe->arg);
		else if (http_connection_wait(request->connection, step.waiting ? POLLOUT : 0,
					      step.until) & ~POLLOUT)
			return false;
	}
}

static bool enter(struct http_request *request, struct http_pipe *pipe)
{
	if (request->connection->wake < 0 && http_connection_watch(request->connection) < 0)
		return false;
	pthread_mutex_lock(&pipe->lock);
	pipe->request = request;
	pipe->framed_at = http_connection_now();
	pthread_mutex_unlock(&pipe->lock);
	return true;
}

static void leave(struct http_pipe *pipe, bool whole)
{
	pthread_mutex_lock(&pipe->lock);
	pipe->gone = !whole;
	if (pipe->request && (!whole || (pipe->head_made && pipe->end == CUT)))
		pipe->request->broken = true;
	pipe->request = NULL;
	pthread_mutex_unlock(&pipe->lock);
	if (!whole && pipe->events->gone)
		pipe->events->gone(pipe->arg);
}

int http_pipe_serve(struct http_request *request, struct http_pipe *pipe, int idle_ms)
{
	bool entered = request->answer == HTTP_ANSWER_NONE &&
		       http_server_enter_stream(request, HTTP_STREAM_EVENTS);

	if (!entered || !enter(request, pipe)) {
		if (entered)
			http_server_leave_stream(request);
		http_reply_header(request, "Retry-After", "5");
		http_reply_error(request, 503, "busy", "too many streams are open", NULL);
		leave(pipe, false);
		return -1;
	}
	request->stream = true;
	leave(pipe, pump(request, pipe, idle_ms));
	http_server_leave_stream(request);
	return 0;
}
