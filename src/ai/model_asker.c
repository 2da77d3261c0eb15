/* model_asker.c - see model_asker.h */
#include "ai/model_asker.h"

#include "ai/ai_script.h"
#include "ai/provider_call.h"
#include "ai/provider_key.h"
#include "base/auto.h"
#include "base/rand.h"
#include "http/http_fetch.h"

#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <time.h>

#define BODY_MAX ((size_t)32 << 20)
#define UNAUTHORIZED 401

struct model_asker {
	struct provider provider;
	const struct ai_wire *wire;
	struct model_asker_limits limits;
	struct http_client *client;	/* NULL for a script */
	pthread_mutex_t lock;		/* of what follows */
	struct ai_retry_gate gate;
};

/* One try. */
struct try {
	struct http_answer http;
	struct ai_answer answer;
	bool failed;
};

static void try_release(struct try *try)
{
	http_answer_release(&try->http);
	ai_answer_release(&try->answer);
	*try = (struct try){ .failed = true };
}

struct model_asker *model_asker_open(const struct provider *provider,
				     const struct model_asker_limits *limits, struct err *err)
{
	struct model_asker *asker = buf_alloc(sizeof(*asker));

	*asker = (struct model_asker){ .wire = provider_call_wire(provider), .limits = *limits,
				       .lock = PTHREAD_MUTEX_INITIALIZER,
				       .gate = AI_RETRY_GATE_INIT };
	provider_copy(&asker->provider, provider);
	if (provider->kind != PROVIDER_SCRIPT && !(asker->client = http_client_open(err)))
		model_asker_close(&asker);
	return asker;
}

void model_asker_close(struct model_asker **asker)
{
	struct model_asker *old = TAKE(*asker);

	if (!old)
		return;
	if (old->client)
		http_client_close(&old->client);
	provider_release(&old->provider);
	pthread_mutex_destroy(&old->lock);
	free(old);
}

bool model_asker_knows_schemas(const struct model_asker *asker)
{
	return asker->provider.kind == PROVIDER_ANTHROPIC ||
	       asker->provider.kind == PROVIDER_OPENAI;
}

static int64_t now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_REALTIME, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static void wait_ms(int64_t ms)
{
	struct timespec left = { .tv_sec = ms / 1000, .tv_nsec = ms % 1000 * 1000000 };

	while (nanosleep(&left, &left) < 0 && errno == EINTR)
		continue;
}

/* --- one try */

/* Told as an answer over HTTP would be. */
static int play_script(const struct model_asker *asker, const struct buf *body,
		       struct http_answer *ret, struct err *err)
{
	AUTO(ai_script_play_release) struct ai_script_play play = AI_SCRIPT_PLAY_INIT;
	AUTO(ai_request_release) struct ai_request request = AI_REQUEST_INIT;
	AUTO_JSON json_t *script = ai_script_read(asker->provider.url, err);

	if (!script ||
	    asker->wire->read_request(buf_str(body), body->len, &request, err) < 0)
		return -1;
	ai_script_answer(script, &request, &play);
	*ret = (struct http_answer){ .result = play.cut ? HTTP_CALL_CUT : HTTP_CALL_DONE,
				     .status = play.status, .stream = play.stream,
				     .body = play.bytes };
	play.bytes = (struct buf){ 0 };
	return 0;
}

static int send_body(const struct model_asker *asker, struct store *store, const struct buf *body,
		     int64_t left, struct http_answer *ret, struct err *err)
{
	AUTO(provider_key_wipe) char *key = provider_key_open(store, &asker->provider, err);
	AUTO(provider_call_release) struct provider_call call = { .url = NULL };

	if (!key) {		/* as a wrong one */
		*ret = (struct http_answer){ .result = HTTP_CALL_DONE, .status = UNAUTHORIZED };
		return 0;
	}
	provider_call_make(&asker->provider, key, &call);
	return http_fetch(asker->client,
			  &(struct http_call_config){
				  .method = "POST", .url = call.url, .fields = call.fields,
				  .field_count = call.field_count, .body = body->data,
				  .body_len = body->len,
				  .first_byte_ms = asker->limits.first_byte,
				  .idle_ms = asker->limits.idle, .total_ms = left > 0 ? left : 1 },
			  MODEL_ASKER_ANSWER_MAX, ret, err);
}

static int try_once(const struct model_asker *asker, struct store *store, const struct buf *body,
		    int64_t left, struct try *ret, struct err *err)
{
	struct http_answer *http = &ret->http;
	int made = asker->client ? send_body(asker, store, body, left, http, err) :
				   play_script(asker, body, http, err);

	if (made < 0)
		return -1;
	asker->wire->read_answer(buf_str(&http->body), http->body.len, http->stream, &ret->answer);
	ret->failed = http->result != HTTP_CALL_DONE || http->status != 200 || http->too_long ||
		      ret->answer.error || !ret->answer.complete;
	return 0;
}

/* --- tries */

/* How long until the next; -1: there is none. */
static int64_t wait_of(struct model_asker *asker, const struct try *try, int tries,
		       int64_t deadline)
{
	const struct http_answer *http = &try->http;
	struct ai_retry retry = {
		.fault = provider_call_fault(http->result, http->status), .status = http->status,
		.code = try->answer.error_code,
		.retry_after = *http->retry_after ? http->retry_after : NULL,
		.retry_after_ms = *http->retry_after_ms ? http->retry_after_ms : NULL,
		.tries = tries, .now = now_ms(), .deadline = deadline,
	};
	int64_t wait;
	bool may;

	if (!asker->client)
		return -1;	/* a script says the same again */
	rand_bytes(&retry.random, sizeof(retry.random));
	wait = ai_retry_wait(&retry);
	pthread_mutex_lock(&asker->lock);
	may = wait >= 0 && ai_retry_gate_again(&asker->gate);
	pthread_mutex_unlock(&asker->lock);
	return may ? wait : -1;
}

static bool enter_gate(struct model_asker *asker)
{
	bool entered;

	pthread_mutex_lock(&asker->lock);
	entered = ai_retry_gate_enter(&asker->gate, now_ms());
	pthread_mutex_unlock(&asker->lock);
	return entered;
}

static void leave_gate(struct model_asker *asker, const struct try *try)
{
	pthread_mutex_lock(&asker->lock);
	ai_retry_gate_report(&asker->gate, now_ms(),
			     provider_call_well(try->failed, try->http.status));
	pthread_mutex_unlock(&asker->lock);
}

static int tell_failure(const struct try *try, struct err *err)
{
	const struct http_answer *http = &try->http;

	if (http->status && http->status != 200)
		return err_set(err, ERR_ENV, "The provider answered with status %d.", http->status);
	if (http->result == HTTP_CALL_UNREACHED || http->result == HTTP_CALL_UNTRUSTED)
		return err_set(err, ERR_ENV, "The provider cannot be reached.");
	if (http->result == HTTP_CALL_SILENT)
		return err_set(err, ERR_ENV, "The provider did not answer in time.");
	return err_set(err, ERR_ENV, "The answer of the provider broke off.");
}

static int try_body(struct model_asker *asker, struct store *store, const struct buf *body,
		    struct ai_answer *ret, struct err *err)
{
	int64_t deadline = now_ms() + asker->limits.whole;
	int tries = 0;

	for (;;) {
		AUTO(try_release) struct try try = { .failed = true };
		int64_t wait;

		if (!enter_gate(asker))
			return err_set(err, ERR_ENV, "The provider failed again and again.");
		if (try_once(asker, store, body, deadline - now_ms(), &try, err) < 0) {
			leave_gate(asker, &try);
			return -1;
		}
		leave_gate(asker, &try);
		if (!try.failed) {
			*ret = try.answer;
			try.answer = (struct ai_answer)AI_ANSWER_INIT;
			return 0;
		}
		wait = wait_of(asker, &try, ++tries, deadline);
		if (wait < 0)
			return tell_failure(&try, err);
		wait_ms(wait);
	}
}

int model_asker_ask(struct model_asker *asker, struct store *store, const struct ai_call *call,
		    struct ai_answer *ret, struct err *err)
{
	struct ai_call own = *call;
	AUTO(buf_release) struct buf body = BUF_INIT(BODY_MAX);
	AUTO_JSON json_t *json = NULL;
	AUTO_FREE char *text = NULL;

	*ret = (struct ai_answer)AI_ANSWER_INIT;
	own.stream = true;
	own.old_maximum = asker->provider.kind == PROVIDER_COMPATIBLE;
	if (!model_asker_knows_schemas(asker))
		own.format = NULL;
	json = asker->wire->build(&own);
	text = json_dumps(json, JSON_COMPACT);
	if (!text || !buf_add_str(&body, text))
		return err_set(err, ERR_ENV, "The question is too long.");
	return try_body(asker, store, &body, ret, err);
}
