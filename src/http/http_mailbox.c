/* http_mailbox.c - see http_mailbox.h */
#include "http/http_mailbox.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

static const char reset_event[] = "event: reset\ndata: {}\n\n";

struct http_mailbox {
	pthread_mutex_t lock;	/* of all below */
	struct buf events;	/* as the bytes of a stream */
	bool reset, closed;
	void (*wake)(void *arg);
	void *wake_arg;
};

struct http_mailbox *http_mailbox_new(size_t bytes_most)
{
	struct http_mailbox *box = buf_alloc(sizeof(*box));

	pthread_mutex_init(&box->lock, NULL);
	box->events.limit = bytes_most;
	return box;
}

void http_mailbox_free(struct http_mailbox **box)
{
	struct http_mailbox *old = *box;

	*box = NULL;
	if (!old)
		return;
	pthread_mutex_destroy(&old->lock);
	buf_release(&old->events);
	free(old);
}

/* Called with the lock held: the reader cannot go meanwhile. */
static void tell(struct http_mailbox *box)
{
	if (box->wake)
		box->wake(box->wake_arg);
}

static void add_event(struct buf *out, const char *event, const char *json)
{
	buf_add_str(out, "event: ");
	buf_add_str(out, event);
	while (json) {
		size_t len = strcspn(json, "\r\n");

		buf_add_str(out, "\ndata: ");
		buf_add(out, json, len);
		json += len;
		json = *json ? json + 1 + (json[0] == '\r' && json[1] == '\n') : NULL;
	}
	buf_add_str(out, "\n\n");
}

void http_mailbox_post(struct http_mailbox *box, const char *event, const char *json)
{
	bool was_empty;

	pthread_mutex_lock(&box->lock);
	was_empty = box->events.len == 0 && !box->reset;
	if (!box->closed && !box->reset) {
		add_event(&box->events, event, json);
		if (box->events.full) {
			buf_clear(&box->events);
			box->reset = true;
		}
	}
	if (was_empty && !box->closed)
		tell(box);
	pthread_mutex_unlock(&box->lock);
}

void http_mailbox_close(struct http_mailbox *box)
{
	pthread_mutex_lock(&box->lock);
	box->closed = true;
	tell(box);
	pthread_mutex_unlock(&box->lock);
}

void http_mailbox_watch(struct http_mailbox *box, void (*wake)(void *arg), void *arg)
{
	pthread_mutex_lock(&box->lock);
	box->wake = wake;
	box->wake_arg = arg;
	pthread_mutex_unlock(&box->lock);
}

bool http_mailbox_take(struct http_mailbox *box, struct buf *out)
{
	bool more;

	buf_clear(out);
	pthread_mutex_lock(&box->lock);
	if (box->reset)
		buf_add(out, reset_event, sizeof(reset_event) - 1);
	else if (box->events.len)
		buf_add(out, box->events.data, box->events.len);
	more = out->len || !box->closed;
	buf_clear(&box->events);
	/* most boxes wait most of the time: those should be small */
	if (box->events.size > 4096)
		buf_release(&box->events);
	box->reset = false;
	pthread_mutex_unlock(&box->lock);
	return more;
}
