/* http_pipe.c - see http_pipe.h */
#include "http/http_pipe.h"

#include "http/http_internal.h"
#include "http/http_reply.h"

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
	struct buf bytes;
	enum end end;
	bool refused;		/* the writer waits for room */
	bool gone;
	struct http_connection *connection;	/* to be woken; NULL: nobody sends */
};

struct http_pipe *http_pipe_new(size_t bytes_most, const struct http_pipe_events *events,
				void *arg)
{
	struct http_pipe *pipe = buf_alloc(sizeof(*pipe));

	pthread_mutex_init(&pipe->lock, NULL);
	pipe->events = events;
	pipe->arg = arg;
	pipe->most = bytes_most;
	pipe->bytes.limit = SIZE_MAX / 2;	/* `most` is what counts */
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
	pthread_mutex_destroy(&old->lock);
	free(old);
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

/* With the lock held. */
static void wake(struct http_pipe *pipe)
{
	if (pipe->connection)
		http_connection_wake(pipe->connection);
}

void http_pipe_head(struct http_pipe *pipe, int status, const char *content_type)
{
	pthread_mutex_lock(&pipe->lock);
	if (!pipe->status && pipe->end == OPEN) {
		pipe->status = status;
		pipe->type = buf_strdup(content_type);
		wake(pipe);
	}
	pthread_mutex_unlock(&pipe->lock);
}

bool http_pipe_write(struct http_pipe *pipe, const void *data, size_t len)
{
	bool taken = true;

	pthread_mutex_lock(&pipe->lock);
	if (!pipe->gone && pipe->end == OPEN) {
		taken = pipe->bytes.len == 0 || pipe->bytes.len + len <= pipe->most;
		if (taken)
			buf_add(&pipe->bytes, data, len);
		pipe->refused = !taken;
		wake(pipe);
	}
	pthread_mutex_unlock(&pipe->lock);
	return taken;
}

void http_pipe_add(struct http_pipe *pipe, const void *data, size_t len)
{
	pthread_mutex_lock(&pipe->lock);
	if (!pipe->gone && pipe->end == OPEN) {
		buf_add(&pipe->bytes, data, len);
		wake(pipe);
	}
	pthread_mutex_unlock(&pipe->lock);
}

static void set_end(struct http_pipe *pipe, enum end end)
{
	pthread_mutex_lock(&pipe->lock);
	if (pipe->end == OPEN)
		pipe->end = end;
	wake(pipe);
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

/* An older client gets the end of the connection as the end. */
static bool is_chunked(const struct http_request *request)
{
	return strcmp(request->head.version, "1.1") == 0;
}

static int send_bytes(struct http_request *request, const struct buf *bytes)
{
	char size[32] = "";
	int64_t until = http_connection_now() + TAKE_MS;

	if (bytes->len == 0)
		return 0;
	if (is_chunked(request))
		snprintf(size, sizeof(size), "%zx\r\n", bytes->len);
	if (http_connection_send(request->connection, size, strlen(size), bytes->data, bytes->len,
				 until) < 0)
		return -1;
	request->sent += (int64_t)bytes->len;
	if (!is_chunked(request))
		return 0;
	return http_connection_send(request->connection, "\r\n", 2, NULL, 0, until);
}

static int send_head(struct http_request *request, struct http_pipe *pipe)
{
	struct buf head = BUF_INIT(64 << 10);
	int result;

	for (int i = 0; i < pipe->field_count; i++)
		http_reply_header(request, pipe->fields[i].name, pipe->fields[i].value);
	http_reply_header(request, "X-Accel-Buffering", "no");
	if (is_chunked(request))
		http_reply_header(request, "Transfer-Encoding", "chunked");
	request->keep = request->keep && is_chunked(request) && request->taken == request->length &&
			http_server_may_keep(request->server);
	http_reply_head(request, pipe->status, pipe->type, -1, &head);
	request->answer = HTTP_ANSWER_DONE;
	result = http_connection_send(request->connection, head.data, head.len, NULL, 0,
				      http_connection_now() + TAKE_MS);
	buf_release(&head);
	return result;
}

/* What there is to do now. */
struct step {
	bool head, room;
	enum end end;
};

static struct step take(struct http_pipe *pipe, bool head_sent, struct buf *out)
{
	struct step step;

	pthread_mutex_lock(&pipe->lock);
	step = (struct step){ .head = pipe->status && !head_sent, .end = pipe->end };
	if (pipe->status) {
		struct buf empty = *out;

		*out = pipe->bytes;
		pipe->bytes = empty;
		step.room = pipe->refused;
		pipe->refused = false;
	}
	pthread_mutex_unlock(&pipe->lock);
	return step;
}

/* True when the client is gone. */
static bool wait_or_idle(struct http_request *request, struct http_pipe *pipe, int64_t idle_at,
			 bool head_sent, struct buf *out)
{
	if (http_connection_wait(request->connection, 0, idle_at) != 0)
		return true;
	if (head_sent && http_connection_now() >= idle_at && pipe->events->idle)
		pipe->events->idle(pipe->arg, out);
	return false;
}

/* Whether all was sent. */
static bool pump(struct http_request *request, struct http_pipe *pipe, int idle_ms)
{
	struct buf bytes = BUF_INIT(SIZE_MAX / 2);
	int64_t idle_at = http_connection_now() + idle_ms;
	bool head_sent = false, gone = false;
	struct step step = { 0 };

	while (!gone) {
		buf_clear(&bytes);
		step = take(pipe, head_sent, &bytes);
		if (step.room && pipe->events->room)
			pipe->events->room(pipe->arg);
		if (step.head) {
			gone = send_head(request, pipe) < 0;
			head_sent = true;
		}
		if (bytes.len == 0 && step.end != OPEN)
			break;
		if (bytes.len == 0 && !gone)
			gone = wait_or_idle(request, pipe, idle_at, head_sent, &bytes);
		if (http_connection_now() >= idle_at || bytes.len)
			idle_at = http_connection_now() + idle_ms;
		gone = gone || send_bytes(request, &bytes) < 0;
	}
	buf_release(&bytes);
	if (!gone && head_sent && step.end == ENDED && is_chunked(request))
		gone = http_connection_send(request->connection, "0\r\n\r\n", 5, NULL, 0,
					    http_connection_now() + TAKE_MS) < 0;
	request->broken = request->broken || gone || (head_sent && step.end == CUT);
	return !gone;
}

static bool watch(struct http_request *request, struct http_pipe *pipe, bool on)
{
	if (on && request->connection->wake < 0 && http_connection_watch(request->connection) < 0)
		return false;
	pthread_mutex_lock(&pipe->lock);
	pipe->connection = on ? request->connection : NULL;
	pthread_mutex_unlock(&pipe->lock);
	return true;
}

static void tell_gone(struct http_pipe *pipe)
{
	pthread_mutex_lock(&pipe->lock);
	pipe->gone = true;
	pthread_mutex_unlock(&pipe->lock);
	if (pipe->events->gone)
		pipe->events->gone(pipe->arg);
}

int http_pipe_serve(struct http_request *request, struct http_pipe *pipe, int idle_ms)
{
	bool entered = request->answer == HTTP_ANSWER_NONE &&
		       http_server_enter_stream(request->server, false);

	if (!entered || !watch(request, pipe, true)) {
		if (entered)
			http_server_leave_stream(request->server, false);
		http_reply_header(request, "Retry-After", "5");
		http_reply_error(request, 503, "busy", "too many streams are open", NULL);
		tell_gone(pipe);
		return -1;
	}
	request->stream = true;
	if (!pump(request, pipe, idle_ms))
		tell_gone(pipe);
	watch(request, pipe, false);
	http_server_leave_stream(request->server, false);
	return 0;
}
