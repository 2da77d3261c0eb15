/* passage.c - see passage.h */
#include "web/passage.h"

#include "ai/sse.h"
#include "ai/wire_chat.h"
#include "base/auto.h"
#include "web/serve.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <time.h>

#define PIPE_MAX (256 << 10)
#define HELD_MAX ((size_t)2 * SSE_EVENT_MAX)

struct passage {
	struct passage_config config;
	struct http_pipe *pipe;

	pthread_mutex_t lock;		/* of all below */
	int users;
	struct ai_desk *desk;
	struct ai_exchange *exchange;
	struct http_call *call;		/* NULL: not begun, or over */
	bool recorded;			/* bytes may pass */
	bool client_gone, refused;
	bool stopped;			/* the session is over */
	bool over;			/* the call has ended, and waits for the record */
	enum http_call_result result;
	bool sent;			/* all of the request */
	int64_t began;
	int64_t first_ms;		/* -1: no byte came yet */
	int status;			/* of the provider; 0: no head yet */
	bool stream;			/* the answer is a stream of events */
	char type[128];			/* of the answer */
	struct buf copy;
	struct sse events;
	struct buf held;		/* of a stream: what is not passed yet */
	uint64_t held_at;		/* the place in the stream where that begins */
	size_t dropped;			/* bytes that were taken out of it */
};

static int64_t steady_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* --- life */

static void told_room(void *arg);
static void told_gone(void *arg);
static void told_idle(void *arg);

static const struct http_pipe_events pipe_events = { told_room, told_gone, told_idle };

struct passage *passage_new(struct passage_config *config)
{
	struct passage *passage = buf_alloc(sizeof(*passage));

	*passage = (struct passage){ .config = *config, .users = 1, .first_ms = -1,
				     .began = steady_ms(), .copy = BUF_INIT(PASSAGE_COPY_MAX),
				     .events = SSE_INIT, .held = BUF_INIT(HELD_MAX) };
	*config = (struct passage_config){ 0 };
	pthread_mutex_init(&passage->lock, NULL);
	passage->pipe = http_pipe_new(PIPE_MAX, &pipe_events, passage);
	return passage;
}

static void wipe(char *text)
{
	if (text)
		explicit_bzero(text, strlen(text));
	free(text);
}

void passage_config_release(struct passage_config *config)
{
	for (size_t i = 0; i < config->field_count; i++) {
		free((char *)config->fields[i].name);
		wipe((char *)config->fields[i].value);	/* the key is among them */
	}
	free(config->fields);
	free(config->url);
	free(config->method);
	free(config->program);
	buf_release(&config->body);
	ai_request_release(&config->request);
}

static void free_passage(struct passage *passage)
{
	passage_config_release(&passage->config);
	http_pipe_free(&passage->pipe);
	ai_desk_give(&passage->desk);
	buf_release(&passage->copy);
	buf_release(&passage->held);
	sse_release(&passage->events);
	pthread_mutex_destroy(&passage->lock);
	free(passage);
}

static void keep(struct passage *passage)
{
	pthread_mutex_lock(&passage->lock);
	passage->users++;
	pthread_mutex_unlock(&passage->lock);
}

void passage_release(struct passage **passage)
{
	struct passage *released = TAKE(*passage);
	bool last;

	if (!released)
		return;
	pthread_mutex_lock(&released->lock);
	last = --released->users == 0;
	pthread_mutex_unlock(&released->lock);
	if (last)
		free_passage(released);
}

struct http_pipe *passage_pipe(struct passage *passage)
{
	return passage->pipe;
}

/* --- answers of ours */

static void answer_refusal(struct passage *passage, enum ai_refusal why, const char *sentence,
			   int64_t retry_ms)
{
	enum ai_dialect dialect = passage->config.wire->dialect;
	AUTO(buf_release) struct buf body = BUF_INIT(8192);
	char seconds[24];

	if (ai_refusal_is_final(why))
		http_pipe_field(passage->pipe, "x-should-retry", "false");
	if (retry_ms) {
		snprintf(seconds, sizeof(seconds), "%lld", (long long)(retry_ms + 999) / 1000);
		http_pipe_field(passage->pipe, "Retry-After", seconds);
	}
	ai_refusal_body(dialect, why, sentence, NULL, &body);
	http_pipe_head(passage->pipe, ai_refusal_status(dialect, why), "application/json");
	http_pipe_add(passage->pipe, buf_str(&body), body.len);
	http_pipe_end(passage->pipe);
}

void passage_refuse(struct passage *passage, const struct ai_no *no)
{
	answer_refusal(passage, no->why, no->sentence, no->retry_ms);
}

/* --- the end: what came is read and recorded by a worker */

struct ending {
	struct passage *passage;
	enum ai_cut cut;
	int64_t wall_ms;
};

static void record_end(void *arg, void *context)
{
	struct ending *ending = arg;
	struct passage *passage = ending->passage;
	struct serve_worker *worker = context;
	AUTO(ai_answer_release) struct ai_answer answer = AI_ANSWER_INIT;
	struct ai_outcome outcome = { .answer = &answer, .status = passage->status,
				      .sent = passage->sent, .cut = ending->cut,
				      .wall_ms = ending->wall_ms,
				      .first_ms = passage->first_ms > 0 ? passage->first_ms : 0 };

	passage->config.wire->read_answer(buf_str(&passage->copy), passage->copy.len,
					  passage->stream, &answer);
	ai_exchange_end(&passage->exchange, worker->store, &outcome);
	passage_release(&passage);
	free(ending);
}

/* Takes a reference. */
static void finish(struct passage *passage, enum ai_cut cut)
{
	struct ending *ending;

	if (!passage->exchange) {
		passage_release(&passage);
		return;
	}
	ending = buf_alloc(sizeof(*ending));
	*ending = (struct ending){ passage, cut, steady_ms() - passage->began };
	/* its queue has room for more than there can be streams */
	if (worker_post(passage->config.recorders, record_end, ending) < 0)
		abort();
}

/* --- what comes from the provider, on the client's thread */

static bool is_passed_on(const char *name)
{
	static const char *const ours[] = {
		"connection", "keep-alive", "transfer-encoding", "content-length",
		"content-encoding", "content-type", "trailer", "te", "upgrade",
		"proxy-authenticate", "set-cookie", "server", "date", "strict-transport-security",
		"alt-svc", "content-security-policy", "x-frame-options", "referrer-policy",
		"x-content-type-options", "access-control-allow-origin", "cache-control", NULL,
	};

	for (int i = 0; ours[i]; i++)
		if (strcasecmp(ours[i], name) == 0)
			return false;
	return true;
}

static void give_head(struct passage *passage)
{
	http_pipe_head(passage->pipe, passage->status,
		       passage->type[0] ? passage->type : "application/json");
}

static void took_head(void *arg, int status, const struct http_field *fields, size_t count)
{
	struct passage *passage = arg;

	pthread_mutex_lock(&passage->lock);
	passage->status = status;
	for (size_t i = 0; i < count; i++) {
		if (strcasecmp(fields[i].name, "content-type") == 0)
			snprintf(passage->type, sizeof(passage->type), "%s", fields[i].value);
		else if (is_passed_on(fields[i].name))
			http_pipe_field(passage->pipe, fields[i].name, fields[i].value);
	}
	passage->stream = strncasecmp(passage->type, "text/event-stream", 17) == 0;
	/* a redirect would take the prompt elsewhere: it is refused when the answer has ended */
	if (passage->recorded && status / 100 != 3)
		give_head(passage);
	else if (!passage->recorded && passage->exchange)
		ai_exchange_hurry(passage->exchange);
	pthread_mutex_unlock(&passage->lock);
}

/* How much of what is held stands before this place of the stream; all that was dropped does. */
static size_t held_before(const struct passage *passage, uint64_t until)
{
	return (size_t)(until - passage->held_at) - passage->dropped;
}

static bool pass_held(struct passage *passage, uint64_t until)
{
	size_t len = held_before(passage, until);

	if (len && !http_pipe_write(passage->pipe, passage->held.data, len))
		return false;
	memmove(passage->held.data, passage->held.data + len, passage->held.len - len);
	passage->held.len -= len;
	passage->held_at = until;
	passage->dropped = 0;
	return true;
}

static void saw_event(void *arg, const struct sse_event *event)
{
	struct passage *passage = arg;
	size_t begin = (size_t)(event->begin - passage->held_at) - passage->dropped;
	size_t len = (size_t)(event->end - event->begin);

	if (!passage->config.drop_usage || event->cut ||
	    !wire_chat_is_usage(event->data, event->len))
		return;
	memmove(passage->held.data + begin, passage->held.data + begin + len,
		passage->held.len - begin - len);
	passage->held.len -= len;
	passage->dropped += len;
}

/* Whole events while one may have to be left out; else all. */
static bool pass_some(struct passage *passage)
{
	const struct sse *events = &passage->events;

	return pass_held(passage, passage->config.drop_usage ? events->begin : events->place);
}

static bool pass_stream(struct passage *passage, const void *data, size_t len)
{
	if (passage->held.len + len > HELD_MAX)	/* an event without an end: let it go */
		passage->config.drop_usage = false;
	if (passage->held.len && !pass_some(passage))
		return false;
	buf_add(&passage->held, data, len);
	sse_add(&passage->events, data, len, saw_event, passage);
	pass_some(passage);
	return true;
}

static bool took_data(void *arg, const void *data, size_t len)
{
	struct passage *passage = arg;
	bool taken = false, first = !passage->copy.len;

	pthread_mutex_lock(&passage->lock);
	if (passage->first_ms < 0)
		passage->first_ms = steady_ms() - passage->began;
	if (passage->status / 100 == 3)
		taken = true;
	else if (passage->recorded && passage->stream)
		taken = pass_stream(passage, data, len);
	else if (passage->recorded)
		taken = http_pipe_write(passage->pipe, data, len);
	if (taken)
		buf_add(&passage->copy, data, len);
	if (taken && first)	/* it is waited for; what follows at once may come in one piece */
		http_pipe_flush(passage->pipe);
	pthread_mutex_unlock(&passage->lock);
	return taken;
}

/* Why an answer did not come to its end, in words for who asked. */
static enum ai_refusal fault_of(const struct passage *passage, const char **sentence)
{
	if (passage->stopped) {
		*sentence = "This session is over: models cannot be asked any more.";
		return AI_REFUSAL_OVER;
	}
	if (passage->result == HTTP_CALL_SILENT) {
		*sentence = "The provider of the model does not answer in time. Please try again.";
		return passage->status ? AI_REFUSAL_IDLE : AI_REFUSAL_TIMEOUT;
	}
	*sentence = passage->result == HTTP_CALL_UNTRUSTED ?
		"The provider of the model cannot be trusted: please tell who invited you. The "
		"session goes on." :
		"The provider of the model cannot be reached just now. The session goes on.";
	return AI_REFUSAL_UPSTREAM;
}

/* An event can say it where a stream stands between two; else the client sees a broken answer. */
static void tell_fault(struct passage *passage)
{
	bool ours = passage->stopped || passage->result == HTTP_CALL_SILENT;
	AUTO(buf_release) struct buf event = BUF_INIT(8192);
	const char *sentence;
	enum ai_refusal why = fault_of(passage, &sentence);

	if (!passage->status || passage->status / 100 == 3) {
		answer_refusal(passage, why, sentence, 0);
	} else if (ours && passage->stream && sse_between(&passage->events)) {
		ai_refusal_event(passage->config.wire->dialect, why, sentence, &event);
		http_pipe_add(passage->pipe, buf_str(&event), event.len);
		http_pipe_end(passage->pipe);
	} else {
		http_pipe_cut(passage->pipe);
	}
}

static enum ai_cut cut_of(const struct passage *passage)
{
	switch (passage->result) {
	case HTTP_CALL_DONE:
		return AI_CUT_NONE;
	case HTTP_CALL_ABORTED:
		return passage->client_gone ? AI_CUT_CLIENT : AI_CUT_SERVER;
	case HTTP_CALL_SILENT:
		return AI_CUT_IDLE;
	default:
		return passage->status ? AI_CUT_PROVIDER : AI_CUT_NONE;
	}
}

/* With the lock, once the call is over and the prompt is on disk, or never will be. */
static void conclude(struct passage *passage)
{
	if (passage->stream) {
		sse_end(&passage->events, saw_event, passage);
		http_pipe_add(passage->pipe, passage->held.data,
			      held_before(passage, passage->events.place));
	}
	if (passage->refused)
		http_pipe_cut(passage->pipe);
	else if (passage->result == HTTP_CALL_DONE && passage->status / 100 != 3)
		http_pipe_end(passage->pipe);
	else
		tell_fault(passage);
}

static void took_end(void *arg, const struct http_call_end *end)
{
	struct passage *passage = arg;
	bool ready;

	pthread_mutex_lock(&passage->lock);
	passage->call = NULL;
	passage->over = true;
	passage->result = end->result;
	passage->sent = end->sent;
	ready = passage->recorded || passage->refused;
	if (ready)
		conclude(passage);
	pthread_mutex_unlock(&passage->lock);
	if (ready)
		finish(passage, cut_of(passage));
}

static void took_lull(void *arg)
{
	struct passage *passage = arg;

	http_pipe_flush(passage->pipe);
}

static const struct http_call_events call_events = { took_head, took_data, took_end, took_lull };

/* --- the way there */

/* Takes a reference, which the call holds. Without the lock. */
static void send(struct passage *passage)
{
	struct passage_config *config = &passage->config;
	const struct http_call_config call = {
		.method = config->method, .url = config->url, .fields = config->fields,
		.field_count = config->field_count, .body = config->body.data,
		.body_len = config->body.len, .first_byte_ms = config->first_byte_ms,
		.idle_ms = config->idle_ms, .events = &call_events, .arg = passage,
	};
	struct err err = ERR_INIT;
	bool begun;

	pthread_mutex_lock(&passage->lock);
	if (!passage->client_gone && !passage->stopped)
		passage->call = http_client_begin(config->client, &call, &err);
	begun = passage->call != NULL;
	pthread_mutex_unlock(&passage->lock);
	if (begun)
		return;
	if (passage->stopped)
		answer_refusal(passage, AI_REFUSAL_OVER,
			       "This session is over: models cannot be asked any more.", 0);
	else
		answer_refusal(passage, AI_REFUSAL_UPSTREAM,
			       "The provider of the model cannot be asked: please tell who "
			       "invited you.", 0);
	finish(passage, passage->client_gone ? AI_CUT_CLIENT :
			passage->stopped ? AI_CUT_SERVER : AI_CUT_NONE);
}

/* The body with a maximum that the budget can bear. */
static void lower_body(struct passage *passage)
{
	struct passage_config *config = &passage->config;
	int64_t most = ai_exchange_most(passage->exchange);
	struct buf lowered = BUF_INIT(config->body.len + 256);
	struct err ignored = ERR_INIT;

	if (!most)
		return;
	if (config->wire->lower(buf_str(&config->body), config->body.len, most, &lowered,
				&ignored) == 0) {
		buf_release(&config->body);
		config->body = lowered;
	} else {
		buf_release(&lowered);
	}
}

void passage_go(struct passage *passage)
{
	keep(passage);
	passage->recorded = true;
	send(passage);
}

static void told_turn(void *arg, const struct ai_no *no)
{
	struct passage *passage = arg;

	if (no) {
		passage->exchange = NULL;	/* the desk has freed it */
		passage_refuse(passage, no);
		passage_release(&passage);
		return;
	}
	if (!ai_exchange_is_recorded(passage->exchange))
		passage->recorded = true;
	lower_body(passage);
	send(passage);
}

static void told_recorded(void *arg, bool stored)
{
	struct passage *passage = arg;
	bool over;

	pthread_mutex_lock(&passage->lock);
	passage->recorded = stored;
	passage->refused = !stored;
	if (!stored)		/* who tries again is told which */
		answer_refusal(passage, AI_REFUSAL_UPSTREAM,
			       "This cannot be recorded: the session is over, or its server cannot "
			       "write just now. Please try again.", 0);
	else if (passage->status && passage->status / 100 != 3)
		give_head(passage);
	http_pipe_flush(passage->pipe);
	if (passage->call && stored)
		http_call_resume(passage->call);
	else if (passage->call)
		http_call_abort(passage->call);
	over = passage->over;
	if (over)
		conclude(passage);
	pthread_mutex_unlock(&passage->lock);
	if (over)
		finish(passage, cut_of(passage));
}

static void told_stop(void *arg)
{
	struct passage *passage = arg;

	pthread_mutex_lock(&passage->lock);
	passage->stopped = true;
	if (passage->call)
		http_call_abort(passage->call);
	pthread_mutex_unlock(&passage->lock);
}

void passage_ask(struct passage *passage, struct ai_desk *desk, struct store *store,
		 struct ai_ask ask)
{
	struct ai_no no;
	int result;

	keep(passage);
	passage->desk = desk;
	ask.wire = passage->config.wire;
	ask.request = &passage->config.request;
	ask.client = passage->config.program;
	ask.turn = told_turn;
	ask.recorded = told_recorded;
	ask.stop = told_stop;
	ask.arg = passage;
	result = ai_desk_ask(desk, store, &ask, &passage->exchange, &no);
	if (result < 0)
		told_turn(passage, &no);
}

/* --- the client's side, on the request's thread */

static void told_room(void *arg)
{
	struct passage *passage = arg;

	pthread_mutex_lock(&passage->lock);
	if (passage->call)
		http_call_resume(passage->call);
	pthread_mutex_unlock(&passage->lock);
}

static void told_gone(void *arg)
{
	struct passage *passage = arg;

	pthread_mutex_lock(&passage->lock);
	/* who goes when all is over, and told so, has cut nothing */
	passage->client_gone = !passage->stopped && !passage->over;
	if (passage->call)
		http_call_abort(passage->call);
	pthread_mutex_unlock(&passage->lock);
}

static void told_idle(void *arg)
{
	struct passage *passage = arg;
	const char *ping = ai_refusal_ping(passage->config.wire->dialect);

	pthread_mutex_lock(&passage->lock);
	if (passage->stream && passage->status == 200 && passage->held.len == 0 &&
	    sse_between(&passage->events)) {
		http_pipe_add(passage->pipe, ping, strlen(ping));
		http_pipe_flush(passage->pipe);
	}
	pthread_mutex_unlock(&passage->lock);
}
