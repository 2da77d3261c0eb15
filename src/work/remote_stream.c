/* remote_stream.c - see remote_stream.h */
#include "work/remote_stream.h"

#include "ai/sse.h"
#include "base/auto.h"
#include "base/json.h"

#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/eventfd.h>
#include <unistd.h>

#define REFUSAL_MAX ((size_t)64 << 10)	/* bytes of an answer that is no stream */
#define IDLE_MS 60000			/* the server says something every 15 s */

struct item {
	struct item *next;
	char name[REMOTE_STREAM_NAME_MAX];
	char *data;
	size_t len;
};

struct remote_stream {
	const struct remote *remote;	/* borrowed */
	char *body;
	int wake;			/* an eventfd: it was not empty, or has ended */
	struct sse sse;			/* of the client's thread */

	pthread_mutex_t lock;		/* of all below */
	pthread_cond_t changed;
	struct http_call *call;
	struct item *first, **last;
	size_t waiting;			/* bytes */
	bool paused, ended, is_stream, too_long;
	int status;
	enum http_call_result result;
	char why[160];
	struct buf refusal;
};

/* --- on the client's thread, under the lock */

static void wake(const struct remote_stream *stream)
{
	const uint64_t one = 1;

	if (write(stream->wake, &one, sizeof(one)) < 0)
		return;		/* it is awake */
}

static void take_head(void *arg, int status, const struct http_field *fields, size_t count)
{
	struct remote_stream *stream = arg;

	pthread_mutex_lock(&stream->lock);
	stream->status = status;
	for (size_t i = 0; i < count && status == 200; i++)
		if (!strcasecmp(fields[i].name, "content-type"))
			stream->is_stream = !strncasecmp(fields[i].value, "text/event-stream", 17);
	pthread_mutex_unlock(&stream->lock);
}

static void take_event(void *arg, const struct sse_event *event)
{
	struct remote_stream *stream = arg;
	struct item *item;

	stream->too_long |= event->cut;
	if (event->cut || event->open)
		return;
	item = buf_alloc(sizeof(*item));
	snprintf(item->name, sizeof(item->name), "%s", event->name);
	item->len = event->len;
	item->data = buf_alloc(event->len + 1);
	memcpy(item->data, event->data, event->len);
	*stream->last = item;
	stream->last = &item->next;
	stream->waiting += sizeof(*item) + item->len;
	wake(stream);
}

static bool take_data(void *arg, const void *data, size_t len)
{
	struct remote_stream *stream = arg;

	pthread_mutex_lock(&stream->lock);
	stream->paused = stream->waiting > REMOTE_STREAM_WAITING_MAX;
	if (stream->paused) {
		pthread_mutex_unlock(&stream->lock);
		return false;
	}
	/* an event that never ends is never told of */
	if (stream->sse.place - stream->sse.begin > 2 * SSE_EVENT_MAX)
		stream->too_long = true;
	else if (stream->is_stream)
		sse_add(&stream->sse, data, len, take_event, stream);
	else if (!buf_add(&stream->refusal, data, len))
		stream->too_long = true;
	if (stream->too_long)
		http_call_abort(stream->call);
	pthread_mutex_unlock(&stream->lock);
	return true;
}

static void take_end(void *arg, const struct http_call_end *end)
{
	struct remote_stream *stream = arg;

	pthread_mutex_lock(&stream->lock);
	stream->result = end->result;
	snprintf(stream->why, sizeof(stream->why), "%s", end->text);
	stream->ended = true;
	wake(stream);
	pthread_cond_broadcast(&stream->changed);
	pthread_mutex_unlock(&stream->lock);
}

/* --- from the first to the last */

struct remote_stream *remote_stream_open(struct remote *remote, const char *method,
					 const char *path, const json_t *body, struct err *err)
{
	static const struct http_call_events events = { take_head, take_data, take_end };
	AUTO_FREE char *url = buf_format("%s%s", remote->state.server, path);
	AUTO_FREE char *bearer = buf_format("Bearer %s", remote->state.token);
	const struct http_field fields[] = {
		{ "Authorization", bearer }, { "Accept", "text/event-stream" },
		{ "Content-Type", body ? "application/json" : NULL },
	};
	AUTO(remote_stream_close) struct remote_stream *stream = buf_alloc(sizeof(*stream));
	struct http_call_config config = {
		.method = method, .url = url, .fields = fields, .field_count = 3,
		.first_byte_ms = 30000, .idle_ms = IDLE_MS, .ca_file = remote_ca_file(),
		.events = &events, .arg = stream,
	};

	*stream = (struct remote_stream){
		.remote = remote,
		.sse = SSE_INIT, .refusal = BUF_INIT(REFUSAL_MAX), .ended = true,
		.body = body ? json_canonical(body) : NULL,
		.wake = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK),
	};
	stream->last = &stream->first;
	pthread_mutex_init(&stream->lock, NULL);
	pthread_cond_init(&stream->changed, NULL);
	config.body = stream->body;
	config.body_len = stream->body ? strlen(stream->body) : 0;
	pthread_mutex_lock(&stream->lock);
	if (stream->wake < 0)
		err_sys(err, "cannot make an eventfd");
	else
		stream->call = http_client_begin(remote->client, &config, err);
	stream->ended = !stream->call;
	pthread_mutex_unlock(&stream->lock);
	explicit_bzero(bearer, strlen(bearer));
	return stream->call ? TAKE(stream) : NULL;
}

static void free_item(struct item *item)
{
	free(item->data);
	free(item);
}

void remote_stream_close(struct remote_stream **stream)
{
	struct remote_stream *old = TAKE(*stream);

	if (!old)
		return;
	pthread_mutex_lock(&old->lock);
	if (!old->ended)
		http_call_abort(old->call);
	while (!old->ended)
		pthread_cond_wait(&old->changed, &old->lock);
	pthread_mutex_unlock(&old->lock);
	for (struct item *item = old->first, *next; item; item = next) {
		next = item->next;
		free_item(item);
	}
	pthread_cond_destroy(&old->changed);
	pthread_mutex_destroy(&old->lock);
	auto_close(&old->wake);
	sse_release(&old->sse);
	buf_release(&old->refusal);
	free(old->body);
	free(old);
}

/* --- taking */

int remote_stream_fd(const struct remote_stream *stream)
{
	return stream->wake;
}

int remote_stream_status(struct remote_stream *stream)
{
	int status;

	pthread_mutex_lock(&stream->lock);
	status = stream->status;
	pthread_mutex_unlock(&stream->lock);
	return status;
}

/* Under the lock. */
static int end_of(struct remote_stream *stream, struct err *err)
{
	if (stream->too_long)
		return err_set(err, ERR_ENV, "the server sent more than it may");
	if (stream->status && !stream->is_stream)
		return remote_refused(stream->remote, stream->status, &stream->refusal, err);
	if (stream->result != HTTP_CALL_DONE)
		return err_set(err, ERR_ENV, "%s: %s", stream->remote->state.server, stream->why);
	*err = (struct err)ERR_INIT;
	return -1;
}

/* Under the lock. */
static struct item *take_item(struct remote_stream *stream)
{
	struct item *item = stream->first;

	stream->first = item->next;
	if (!stream->first)
		stream->last = &stream->first;
	stream->waiting -= sizeof(*item) + item->len;
	if (stream->paused && !stream->ended && stream->waiting <= REMOTE_STREAM_WAITING_MAX / 2) {
		stream->paused = false;
		http_call_resume(stream->call);
	}
	return item;
}

int remote_stream_next(struct remote_stream *stream, char name[REMOTE_STREAM_NAME_MAX],
		       json_t **ret_data, struct err *err)
{
	struct item *item = NULL;
	struct err ignored = ERR_INIT;
	uint64_t count;
	int result = 0;

	pthread_mutex_lock(&stream->lock);
	if (!stream->first && !stream->ended && read(stream->wake, &count, sizeof(count)) < 0)
		result = 0;		/* it sleeps already */
	if (stream->first)
		item = take_item(stream);
	else if (stream->ended)
		result = end_of(stream, err);
	pthread_mutex_unlock(&stream->lock);
	if (!item)
		return result;
	memcpy(name, item->name, REMOTE_STREAM_NAME_MAX);
	*ret_data = json_parse(item->data, item->len, "the server's event", &ignored);
	free_item(item);
	return 1;
}

int remote_stream_wait(struct remote_stream *stream, char name[REMOTE_STREAM_NAME_MAX],
		       json_t **ret_data, struct err *err)
{
	struct pollfd fd = { .fd = stream->wake, .events = POLLIN };
	int result;

	while ((result = remote_stream_next(stream, name, ret_data, err)) == 0)
		if (poll(&fd, 1, -1) < 0 && errno != EINTR)
			return err_sys(err, "cannot wait");
	return result;
}
