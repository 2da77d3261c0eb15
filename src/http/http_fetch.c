/* http_fetch.c - see http_fetch.h */
#include "http/http_fetch.h"

#include <pthread.h>
#include <stdio.h>
#include <strings.h>

struct fetch {
	pthread_mutex_t lock;	/* of all below */
	pthread_cond_t changed;
	struct http_call *call;
	struct http_answer *answer;
	bool ended;
};

static void took_head(void *arg, int status, const struct http_field *fields, size_t count)
{
	struct http_answer *answer = ((struct fetch *)arg)->answer;

	(void)status;
	for (size_t i = 0; i < count; i++) {
		const char *name = fields[i].name, *value = fields[i].value;

		if (!strcasecmp(name, "content-type"))
			answer->stream = !strncasecmp(value, "text/event-stream", 17);
		else if (!strcasecmp(name, "retry-after"))
			snprintf(answer->retry_after, sizeof(answer->retry_after), "%s", value);
		else if (!strcasecmp(name, "retry-after-ms"))
			snprintf(answer->retry_after_ms, sizeof(answer->retry_after_ms), "%s",
				 value);
	}
}

static bool took_data(void *arg, const void *data, size_t len)
{
	struct fetch *fetch = arg;

	pthread_mutex_lock(&fetch->lock);
	if (!fetch->answer->too_long && !buf_add(&fetch->answer->body, data, len)) {
		fetch->answer->too_long = true;
		http_call_abort(fetch->call);
	}
	pthread_mutex_unlock(&fetch->lock);
	return true;
}

static void took_end(void *arg, const struct http_call_end *end)
{
	struct fetch *fetch = arg;

	pthread_mutex_lock(&fetch->lock);
	fetch->answer->result = end->result;
	fetch->answer->status = end->status;
	snprintf(fetch->answer->text, sizeof(fetch->answer->text), "%s", end->text);
	fetch->ended = true;
	pthread_cond_broadcast(&fetch->changed);
	pthread_mutex_unlock(&fetch->lock);
}

int http_fetch(struct http_client *client, const struct http_call_config *config, size_t limit,
	       struct http_answer *ret, struct err *err)
{
	static const struct http_call_events events = { took_head, took_data, took_end, NULL };
	struct fetch fetch = { .lock = PTHREAD_MUTEX_INITIALIZER,
			       .changed = PTHREAD_COND_INITIALIZER, .answer = ret };
	struct http_call_config own = *config;

	*ret = (struct http_answer){ .body = BUF_INIT(limit) };
	own.events = &events;
	own.arg = &fetch;
	pthread_mutex_lock(&fetch.lock);
	fetch.call = http_client_begin(client, &own, err);
	while (fetch.call && !fetch.ended)
		pthread_cond_wait(&fetch.changed, &fetch.lock);
	pthread_mutex_unlock(&fetch.lock);
	return fetch.call ? 0 : -1;
}

void http_answer_release(struct http_answer *answer)
{
	buf_release(&answer->body);
}
