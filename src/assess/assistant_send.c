/* assistant_send.c - one call of a model: over HTTP, or played from a script (assistant_internal.h)
 *
 * Both give the same: a head, bytes, an end. What comes is kept for the record, and its text is
 * shown as it comes. */
#include "assess/assistant_send.h"

#include "ai/ai_blocks.h"
#include "ai/ai_script.h"
#include "ai/provider_call.h"
#include "ai/provider_key.h"
#include "assess/assistant_turn.h"
#include "base/auto.h"
#include "store/config.h"

#include <string.h>
#include <strings.h>
#include <time.h>

#define KEPT_BACK "(The rest of this answer is kept back: it may hold something of the task that " \
		  "is not meant to be known.)"

void assistant_send_release(struct assistant_exchange *now)
{
	buf_release(&now->body);
	ai_request_release(&now->request);
	json_decref(now->added);
	ai_delta_release(&now->delta);
	ai_guard_stream_free(&now->guarded);
	buf_release(&now->copy);
	buf_release(&now->shown);
	memset(now, 0, sizeof(*now));
}

/* --- what is shown */

static void tell_text(struct assistant_turn *turn, const char *text, size_t len)
{
	struct assistant_exchange *now = &turn->now;
	bool first = now->shown.len == 0;

	if (!len)
		return;
	buf_add(&now->shown, text, len);
	if (first && turn->told_text)
		assistant_tell(turn, "text", json_pack("{s:s}", "text", "\n\n"));
	turn->told_text = true;
	assistant_tell(turn, "text", json_pack("{s:s%}", "text", text, len));
}

static void tell_hit(struct assistant_turn *turn)
{
	turn->now.hit = true;
	if (turn->now.shown.len)
		tell_text(turn, "\n\n", 2);
	tell_text(turn, KEPT_BACK, strlen(KEPT_BACK));
}

void assistant_send_show(struct assistant_turn *turn, const char *text, size_t len)
{
	struct assistant_exchange *now = &turn->now;
	AUTO(buf_release) struct buf free_text = BUF_INIT(ASSISTANT_COPY_MAX);

	if (now->hit || !len)
		return;
	if (ai_guard_stream_add(now->guarded, text, len, &free_text))
		tell_text(turn, buf_str(&free_text), free_text.len);
	else
		tell_hit(turn);
}

void assistant_send_rest(struct assistant_turn *turn)
{
	struct assistant_exchange *now = &turn->now;
	AUTO(buf_release) struct buf rest = BUF_INIT(ASSISTANT_COPY_MAX);

	if (now->hit)
		return;
	if (ai_guard_stream_end(now->guarded, &rest))
		tell_text(turn, buf_str(&rest), rest.len);
	else
		tell_hit(turn);
}

/* All strings of a value, a line each. Values of providers are not deep (ai_json.h). */
static void add_strings(const json_t *value, struct buf *out)
{
	const char *key;
	json_t *member;
	size_t i;

	if (json_is_string(value)) {
		buf_add_str(out, json_string_value(value));
		buf_add_byte(out, '\n');
	}
	json_array_foreach(value, i, member)
		add_strings(member, out);
	json_object_foreach((json_t *)value, key, member)
		add_strings(member, out);
}

void assistant_send_check(struct assistant_turn *turn, const json_t *blocks)
{
	AUTO(buf_release) struct buf inputs = BUF_INIT(ASSISTANT_COPY_MAX);
	const json_t *block;
	size_t i;

	json_array_foreach(blocks, i, block)
		if (ai_blocks_is(block, "tool_use"))
			add_strings(json_object_get(block, "input"), &inputs);
	if (!turn->now.hit &&
	    ai_guard_hits(turn->task.told, buf_str(&inputs), inputs.len))
		tell_hit(turn);
}

/* --- what comes; on the client's thread, or that of who plays */

static void took_head(void *arg, int status, const struct http_field *fields, size_t count)
{
	struct assistant_turn *turn = arg;
	struct assistant_exchange *now = &turn->now;

	now->status = status;
	for (size_t i = 0; i < count; i++) {
		const char *name = fields[i].name, *value = fields[i].value;

		if (!strcasecmp(name, "content-type"))
			now->stream = !strncasecmp(value, "text/event-stream", 17);
		else if (!strcasecmp(name, "retry-after"))
			snprintf(now->retry_after, sizeof(now->retry_after), "%s", value);
		else if (!strcasecmp(name, "retry-after-ms"))
			snprintf(now->retry_after_ms, sizeof(now->retry_after_ms), "%s", value);
	}
}

static bool took_data(void *arg, const void *data, size_t len)
{
	struct assistant_turn *turn = arg;
	struct assistant_exchange *now = &turn->now;
	AUTO(buf_release) struct buf text = BUF_INIT(ASSISTANT_COPY_MAX);

	if (!now->first_ms)
		now->first_ms = assistant_steady_ms() - now->began;
	buf_add(&now->copy, data, len);
	if (!now->stream || now->status != 200 || now->copy.full)
		return true;
	ai_delta_add(&now->delta, data, len, &text);
	assistant_send_show(turn, buf_str(&text), text.len);
	return true;
}

/* The call's reference goes on to the next step. */
static void took_end(void *arg, const struct http_call_end *end)
{
	struct assistant_turn *turn = arg;

	pthread_mutex_lock(&turn->lock);
	turn->call = NULL;
	pthread_mutex_unlock(&turn->lock);
	turn->now.result = end->result;
	turn->now.sent = end->sent;
	turn->now.ended = assistant_steady_ms();
	assistant_post(turn, assistant_turn_conclude, turn->assistant->config.recorders);
	assistant_turn_release(&turn);
}

static const struct http_call_events call_events = { took_head, took_data, took_end, NULL };

/* --- by HTTP */

/* The body with a maximum that the budget can bear. */
static void lower_body(struct assistant_turn *turn)
{
	struct assistant_exchange *now = &turn->now;
	int64_t most = ai_exchange_most(now->exchange);
	struct buf lowered = BUF_INIT(now->body.len + 256);
	struct err ignored = ERR_INIT;

	if (most && turn->wire->lower(buf_str(&now->body), now->body.len, most, &lowered,
				      &ignored) == 0) {
		buf_release(&now->body);
		now->body = lowered;
	} else {
		buf_release(&lowered);
	}
}

/* 0 begun, or it was stopped and will not be. */
static int begin_call(struct assistant_turn *turn, struct store *store, const char *key,
		      struct err *err)
{
	AUTO(provider_call_release) struct provider_call to = { .url = NULL };
	struct http_call_config call = {
		.method = "POST", .body = turn->now.body.data, .body_len = turn->now.body.len,
		.events = &call_events, .arg = turn,
	};
	bool begun;

	provider_call_make(&turn->provider, key, &to);
	call.url = to.url;
	call.fields = to.fields;
	call.field_count = to.field_count;
	if (config_int(store, "ai.first_byte", &call.first_byte_ms, err) < 0 ||
	    config_int(store, "ai.idle", &call.idle_ms, err) < 0)
		return -1;
	assistant_keep(turn);
	pthread_mutex_lock(&turn->lock);
	begun = !turn->stopped &&
		(turn->call = http_client_begin(turn->assistant->config.client, &call, err));
	pthread_mutex_unlock(&turn->lock);
	if (!begun)
		assistant_turn_release(&turn);
	return begun ? 0 : -1;
}

static void send_request(struct assistant_turn *turn, struct store *store)
{
	struct err err = ERR_INIT;
	AUTO(provider_key_wipe) char *key = provider_key_open(store, &turn->provider, &err);

	lower_body(turn);
	if (key && begin_call(turn, store, key, &err) == 0)
		return;
	turn->now.result = HTTP_CALL_UNREACHED;
	turn->now.status = key ? 0 : 401;	/* a key that does not open is as a wrong one */
	turn->now.ended = assistant_steady_ms();
	assistant_turn_conclude(turn, store);
}

/* --- from a script */

/* False when it was stopped meanwhile. */
static bool pause_for(struct assistant_turn *turn, int64_t ms)
{
	struct timespec until;
	bool stopped;

	clock_gettime(CLOCK_REALTIME, &until);
	until.tv_sec += ms / 1000;
	until.tv_nsec += ms % 1000 * 1000000;
	until.tv_sec += until.tv_nsec / 1000000000;
	until.tv_nsec %= 1000000000;
	pthread_mutex_lock(&turn->lock);
	while (ms && !turn->stopped &&
	       pthread_cond_timedwait(&turn->woken, &turn->lock, &until) == 0)
		;
	stopped = turn->stopped;
	pthread_mutex_unlock(&turn->lock);
	return !stopped;
}

static enum http_call_result play_pieces(struct assistant_turn *turn, struct ai_script_play *play)
{
	const char *piece;
	size_t len;

	while (ai_script_next(play, &piece, &len)) {
		took_data(turn, piece, len);
		if (!pause_for(turn, play->chunk_ms))
			return HTTP_CALL_ABORTED;
	}
	return play->cut ? HTTP_CALL_CUT : HTTP_CALL_DONE;
}

static void play(struct assistant_turn *turn, struct store *store)
{
	AUTO(ai_script_play_release) struct ai_script_play play = AI_SCRIPT_PLAY_INIT;
	struct err err = ERR_INIT;
	AUTO_JSON json_t *script = ai_script_read(turn->provider.url, &err);
	const struct http_field type = { "content-type", "text/event-stream" };

	turn->now.result = HTTP_CALL_UNREACHED;
	if (script) {
		ai_script_answer(script, &turn->now.request, &play);
		took_head(turn, play.status, &type, play.stream);
		turn->now.result = play_pieces(turn, &play);
	}
	turn->now.ended = assistant_steady_ms();
	assistant_turn_conclude(turn, store);
}

void assistant_send(struct assistant_turn *turn, struct store *store)
{
	if (assistant_is_stopped(turn)) {
		turn->now.result = HTTP_CALL_ABORTED;
		turn->now.ended = assistant_steady_ms();
		assistant_turn_conclude(turn, store);
	} else if (!assistant_enter_gate(turn)) {
		turn->now.result = HTTP_CALL_UNREACHED;	/* as a moment ago */
		turn->now.ended = assistant_steady_ms();
		assistant_turn_conclude(turn, store);
	} else if (turn->provider.kind == PROVIDER_SCRIPT) {
		assistant_post(turn, play, turn->assistant->config.jobs);
	} else {
		send_request(turn, store);
	}
}
