/* assistant_turn.c - see assistant_turn.h
 *
 *	ask - the desk - recorded - send - conclude -> end
 *	 ^                                    |-> tools -> ask
 *	 `------------- later ----------------' */
#include "assess/assistant_turn.h"

#include "ai/ai_blocks.h"
#include "ai/prompt.h"
#include "ai/provider_call.h"
#include "assess/assistant_fault.h"
#include "assess/assistant_history.h"
#include "assess/assistant_send.h"
#include "base/auto.h"
#include "base/json.h"
#include "base/rand.h"

#include <string.h>

#define BODY_MAX ((size_t)32 << 20)
#define CALL_MS 180000		/* of all tries of a call, from the first */
#define OVER "This session is over: the assistant cannot be asked any more."
#define RATE_MOST_MS 60000	/* who must wait longer is told so instead */

static bool is_over(struct assistant_turn *turn)
{
	bool over;

	pthread_mutex_lock(&turn->lock);
	over = turn->over;
	pthread_mutex_unlock(&turn->lock);
	return over;
}

static void end_stopped(struct assistant_turn *turn, struct store *store)
{
	if (is_over(turn))
		assistant_fail(turn, store, "over", OVER);
	else
		assistant_finish(turn, store, "stopped");
}

/* --- asking */

/* The request, into `now`. */
static int write_body(struct assistant_turn *turn, struct err *err)
{
	const struct assistant_tools *tools = turn->assistant->config.tools;
	AUTO_FREE char *system = prompt_system(&(struct prompt_config){
		.policy = turn->task.policy.kind, .agent = turn->agent, .mark = turn->mark,
		.statement = turn->task.statement,
		.planted = turn->planting ? turn->task.planted : NULL });
	const struct ai_call call = {
		.model = turn->model, .system = system, .messages = turn->messages,
		.tools = turn->agent ? tools->list() : NULL, .max_output = ASSISTANT_OUTPUT_MAX,
		.stream = true, .old_maximum = turn->provider.kind == PROVIDER_COMPATIBLE,
	};
	AUTO_JSON json_t *body = turn->wire->build(&call);
	AUTO_FREE char *text = json_dumps(body, JSON_COMPACT);
	struct buf *out = &turn->now.body;

	buf_clear(out);
	if (!text || !buf_add(out, text, strlen(text)))
		return err_set(err, ERR_INPUT, "the conversation is too long");
	return 0;
}

static int build_body(struct assistant_turn *turn, struct err *err)
{
	const struct buf *out = &turn->now.body;

	if (write_body(turn, err) < 0)
		return -1;
	return turn->wire->read_request(buf_str(out), out->len, &turn->now.request, err);
}

/* The messages that the record does not have; a try again brings nothing new. Yours. */
static json_t *new_messages(const struct assistant_turn *turn)
{
	json_t *added = json_array();

	for (size_t i = turn->recorded; i < json_array_size(turn->messages); i++)
		json_array_append(added, json_array_get(turn->messages, i));
	return added;
}

/* What the person and tools said is no secret to the person. */
static void open_guard(struct assistant_turn *turn)
{
	for (size_t i = turn->guarded; i < json_array_size(turn->messages); i++) {
		const json_t *message = json_array_get(turn->messages, i);
		const json_t *text = json_object_get(json_object_get(message, "block"), "text");

		if (!strcmp(json_str(message, "role", ""), "user") && json_is_string(text))
			ai_guard_add_public(turn->task.guard, json_string_value(text),
					    json_string_length(text));
	}
	turn->guarded = json_array_size(turn->messages);
}

static int prepare(struct assistant_turn *turn, struct err *err)
{
	struct assistant_exchange *now = &turn->now;

	assistant_send_release(now);
	open_guard(turn);
	*now = (struct assistant_exchange){
		.body = BUF_INIT(BODY_MAX), .request = AI_REQUEST_INIT,
		.delta = AI_DELTA_INIT(turn->wire->dialect), .added = new_messages(turn),
		.guarded = ai_guard_stream_new(turn->task.guard),
		.copy = BUF_INIT(ASSISTANT_COPY_MAX), .shown = BUF_INIT(ASSISTANT_COPY_MAX),
		.began = assistant_steady_ms(),
	};
	now->own = (struct ai_own){
		.conversation = turn->conversation, .added = now->added, .files = turn->files,
		.text = turn->calls ? NULL : turn->text,
	};
	turn->planting = turn->task.planted && !turn->planted &&
			 turn->code_answers + 1 >= turn->task.planted_at;
	return build_body(turn, err);
}

/* Another program of the session may have got the answer with the mistake while this one waited;
 * now nobody else can ask. In doubt there is none. */
static void look_again(struct assistant_turn *turn, struct store *store)
{
	AUTO(assistant_history_release) struct assistant_history history = ASSISTANT_HISTORY_INIT;
	struct err ignored = ERR_INIT;

	if (!turn->planting || (assistant_history_read(store, turn->assessment_id, "", &history,
						       &ignored) == 0 && !history.planted))
		return;
	turn->planting = false;
	turn->planted = true;
	write_body(turn, &ignored);	/* a shorter one */
}

static void send_recorded(struct assistant_turn *turn, struct store *store)
{
	look_again(turn, store);
	snprintf(turn->exchange_id, sizeof(turn->exchange_id), "%s",
		 ai_exchange_id(turn->now.exchange));
	turn->recorded = json_array_size(turn->messages);
	assistant_send(turn, store);
}

static void send_unrecorded(struct assistant_turn *turn, struct store *store)
{
	AUTO(ai_answer_release) struct ai_answer answer = AI_ANSWER_INIT;

	answer.blocks = json_array();
	ai_exchange_end(&turn->now.exchange, store,
			&(struct ai_outcome){ .answer = &answer, .cut = AI_CUT_SERVER });
	assistant_fail(turn, store, "over", OVER);
}

/* By the desk; one reference was kept for it. */
static void told_recorded(void *arg, bool stored)
{
	struct assistant_turn *turn = arg;

	assistant_post(turn, stored ? send_recorded : send_unrecorded,
		       turn->assistant->config.recorders);
	assistant_turn_release(&turn);
}

/* By the desk: the session ends. */
static void told_stop(void *arg)
{
	struct assistant_turn *turn = arg;

	pthread_mutex_lock(&turn->lock);
	turn->over = true;
	pthread_mutex_unlock(&turn->lock);
	assistant_stop(turn);
}

static const char *code_of(enum ai_refusal why)
{
	switch (why) {
	case AI_REFUSAL_POLICY:
		return "policy";
	case AI_REFUSAL_MODEL:
	case AI_REFUSAL_NOT_FOUND:
		return "model";
	case AI_REFUSAL_BUDGET:
		return "budget";
	case AI_REFUSAL_RATE:
		return "rate";
	case AI_REFUSAL_OVER:
		return "over";
	default:
		return "record";
	}
}

/* The desk says no. */
static void refused(struct assistant_turn *turn, struct store *store)
{
	const struct ai_no *no = &turn->no;

	turn->now.exchange = NULL;
	if (assistant_is_stopped(turn)) {
		end_stopped(turn, store);
	} else if (no->why == AI_REFUSAL_RATE && no->retry_ms && no->retry_ms <= RATE_MOST_MS) {
		assistant_tell(turn, "wait", json_pack("{s:s}", "text", no->sentence));
		assistant_post_later(turn, assistant_turn_ask, no->retry_ms);
	} else if (no->why == AI_REFUSAL_BUDGET && turn->calls) {
		assistant_finish(turn, store, "tokens");
	} else {
		assistant_fail(turn, store, code_of(no->why), no->sentence);
	}
}

/* By the desk; a reference was kept for it. Let in: `recorded` follows. */
static void told_turn(void *arg, const struct ai_no *no)
{
	struct assistant_turn *turn = arg;
	struct assistant_turn *recorded = turn;

	pthread_mutex_lock(&turn->lock);
	turn->waits = false;
	turn->turned = true;
	if (no)
		turn->no = *no;
	pthread_mutex_unlock(&turn->lock);
	if (no) {
		assistant_post(turn, refused, turn->assistant->config.recorders);
		assistant_turn_release(&recorded);
	}
	assistant_turn_release(&turn);
}

/* Unless its turn has come meanwhile. */
static void wait_for_turn(struct assistant_turn *turn, struct store *store, const char *sentence)
{
	AUTO_FREE char *text = buf_format("Waiting. %s", sentence);
	bool stopped;

	assistant_tell(turn, "wait", json_pack("{s:s}", "text", text));
	pthread_mutex_lock(&turn->lock);
	turn->waits = !turn->turned;
	stopped = turn->stopped;
	pthread_mutex_unlock(&turn->lock);
	if (stopped)
		assistant_give_up(turn, store);
}

static void ask_desk(struct assistant_turn *turn, struct store *store)
{
	const struct ai_ask ask = {
		.wire = turn->wire, .request = &turn->now.request, .body_len = turn->now.body.len,
		.client = "tali", .retry = turn->tries - 1, .own = &turn->now.own,
		.turn = told_turn, .recorded = told_recorded, .stop = told_stop,
		.arg = turn,
	};
	struct assistant_turn *for_turn = turn, *for_record = turn;
	struct ai_no no;
	int result;

	assistant_keep(turn);
	assistant_keep(turn);
	turn->turned = false;
	result = ai_desk_ask(turn->desk, store, &ask, &turn->now.exchange, &no);
	if (result == 0)
		wait_for_turn(turn, store, no.sentence);
	if (result < 0) {
		turn->no = no;
		refused(turn, store);
		assistant_turn_release(&for_record);
		assistant_turn_release(&for_turn);
	}
}

void assistant_turn_ask(struct assistant_turn *turn, struct store *store)
{
	struct err err = ERR_INIT;

	if (assistant_is_stopped(turn)) {
		end_stopped(turn, store);
		return;
	}
	if (turn->tries++ == 0)
		turn->deadline = assistant_steady_ms() + CALL_MS;
	if (prepare(turn, &err) < 0)
		assistant_fail(turn, store, "provider", assistant_fault_sentence(413));
	else
		ask_desk(turn, store);
}

/* --- the tools of an answer, on a thread of `jobs` */

static void run_tool(struct assistant_turn *turn, struct store *store, const json_t *use)
{
	struct assistant *assistant = turn->assistant;
	const char *id = json_str(use, "id", ""), *tool = json_str(use, "name", "");
	const struct assistant_call call = {
		.assessment_id = turn->assessment_id, .conversation = turn->conversation,
		.exchange = turn->exchange_id, .id = id, .tool = tool,
		.input = json_object_get(use, "input"), .bench = turn->bench,
		.writer = assistant->config.writer,
	};
	struct assistant_result result = { .text = NULL };
	int64_t began = assistant_steady_ms();

	assistant_tell(turn, "step", json_pack("{s:s, s:s, s:O}", "call", id, "tool", tool,
					       "input", call.input));
	assistant->config.tools->run(&call, store, &result);
	assistant_tell(turn, "result", json_pack("{s:s, s:b, s:s, s:I}", "call", id, "ok",
			result.ok, "text", result.text ? result.text : "", "ms",
			(json_int_t)(assistant_steady_ms() - began)));
	ai_blocks_add(turn->messages, "user", ai_blocks_tool_result(id, result.text, !result.ok));
	free(result.text);
}

/* Each that was asked for needs a result. */
static void leave_tool(struct assistant_turn *turn, const json_t *use)
{
	ai_blocks_add(turn->messages, "user",
		      ai_blocks_tool_result(json_str(use, "id", ""),
					    "This was not done: too much at once.", true));
}

static void run_tools(struct assistant_turn *turn, struct store *store)
{
	const json_t *use;
	size_t i;

	json_array_foreach(turn->uses, i, use) {
		if (assistant_is_stopped(turn))
			break;
		if (i < ASSISTANT_TOOLS_MAX)
			run_tool(turn, store, use);
		else
			leave_tool(turn, use);
	}
	json_array_clear(turn->uses);
	if (assistant_is_stopped(turn))
		end_stopped(turn, store);
	else if (turn->calls >= ASSISTANT_CALLS_MAX)
		assistant_finish(turn, store, "turns");
	else
		assistant_post(turn, assistant_turn_ask, turn->assistant->config.recorders);
}

/* --- the answer */

static enum ai_cut cut_of(struct assistant_turn *turn)
{
	switch (turn->now.result) {
	case HTTP_CALL_DONE:
		return AI_CUT_NONE;
	case HTTP_CALL_ABORTED:
		return assistant_is_stopped(turn) && !is_over(turn) ? AI_CUT_CLIENT :
								      AI_CUT_SERVER;
	case HTTP_CALL_SILENT:
		return AI_CUT_IDLE;
	default:
		return turn->now.status ? AI_CUT_PROVIDER : AI_CUT_NONE;
	}
}

/* What stands in the record is what was shown: the rest of the answer is kept back everywhere. */
static void keep_back(struct assistant_turn *turn, struct ai_answer *answer)
{
	json_array_clear(answer->blocks);
	json_array_append_new(answer->blocks, ai_blocks_text(buf_str(&turn->now.shown)));
}

static bool has_failed(const struct assistant_turn *turn, const struct ai_answer *answer)
{
	return turn->now.result != HTTP_CALL_DONE || turn->now.status != 200 || answer->error ||
	       !answer->complete;
}

static void record_answer(struct assistant_turn *turn, struct store *store,
			  const struct ai_answer *answer, bool failed)
{
	struct assistant_exchange *now = &turn->now;
	bool code = assistant_history_has_code(answer->blocks, !failed);
	const struct ai_outcome outcome = {
		.answer = answer, .status = now->status, .sent = now->sent, .cut = cut_of(turn),
		.first_ms = now->first_ms, .wall_ms = now->ended - now->began,
		.guarded = now->hit, .planted = turn->planting && code && !now->hit,
	};

	turn->planted |= outcome.planted;
	turn->code_answers += code;
	ai_exchange_end(&now->exchange, store, &outcome);
}

/* The wait before the next try; -1: there is none. */
static int64_t wait_of(struct assistant_turn *turn, const struct ai_answer *answer)
{
	const struct assistant_exchange *now = &turn->now;
	struct ai_retry retry = {
		.fault = provider_call_fault(now->result, now->status), .status = now->status,
		.code = answer->error_code,
		.retry_after = *now->retry_after ? now->retry_after : NULL,
		.retry_after_ms = *now->retry_after_ms ? now->retry_after_ms : NULL,
		.tries = turn->tries, .now = now->ended, .deadline = turn->deadline,
	};
	int64_t wait = -1;

	rand_bytes(&retry.random, sizeof(retry.random));
	if (now->shown.len == 0 && turn->provider.kind != PROVIDER_SCRIPT)
		wait = ai_retry_wait(&retry);
	return wait >= 0 && assistant_gate_again(turn) ? wait : -1;
}

static void try_again(struct assistant_turn *turn, struct store *store,
		      const struct ai_answer *answer)
{
	int64_t wait = wait_of(turn, answer);
	int status = turn->now.status == 200 ? 502 : turn->now.status;
	AUTO_FREE char *sentence = buf_format("The model did not answer; it is asked again in "
					      "%lld s.", (long long)(wait + 999) / 1000);

	if (wait < 0) {
		assistant_fail(turn, store, assistant_fault_code(status),
			       assistant_fault_sentence(status));
		return;
	}
	assistant_tell(turn, "wait", json_pack("{s:s}", "text", sentence));
	assistant_post_later(turn, assistant_turn_ask, wait);
}

static const char *stop_of(const struct assistant_turn *turn, const struct ai_answer *answer)
{
	const char *stop = answer->stop ? answer->stop : "";

	if (turn->now.hit || !strcmp(stop, "refusal") || !strcmp(stop, "content_filter"))
		return "refused";
	if (!strcmp(stop, "max_tokens") || !strcmp(stop, "length"))
		return "length";
	return "end";
}

/* A whole answer: it goes into the conversation, and what it wants is done. */
static void take_answer(struct assistant_turn *turn, struct store *store,
			const struct ai_answer *answer)
{
	const json_t *block;
	size_t i;

	turn->calls++;
	turn->tries = 0;
	json_array_foreach(answer->blocks, i, block) {
		ai_blocks_add(turn->messages, "assistant", json_incref((json_t *)block));
		if (turn->agent && ai_blocks_is(block, "tool_use"))
			json_array_append(turn->uses, (json_t *)block);
	}
	turn->recorded = json_array_size(turn->messages);
	if (json_array_size(turn->uses))
		assistant_post(turn, run_tools, turn->assistant->config.jobs);
	else
		assistant_finish(turn, store, stop_of(turn, answer));
}

void assistant_turn_conclude(struct assistant_turn *turn, struct store *store)
{
	struct assistant_exchange *now = &turn->now;
	AUTO(ai_answer_release) struct ai_answer answer = AI_ANSWER_INIT;
	AUTO(buf_release) struct buf whole = BUF_INIT(ASSISTANT_COPY_MAX);
	bool failed;

	turn->wire->read_answer(buf_str(&now->copy), now->copy.len, now->stream, &answer);
	failed = has_failed(turn, &answer);
	if (!now->stream && !failed) {
		ai_blocks_join(answer.blocks, "text", &whole);
		assistant_send_show(turn, buf_str(&whole), whole.len);
	}
	assistant_send_rest(turn);
	assistant_send_check(turn, answer.blocks);
	if (now->hit)
		keep_back(turn, &answer);
	record_answer(turn, store, &answer, failed);
	assistant_leave_gate(turn, now->result == HTTP_CALL_ABORTED ||
				   provider_call_well(failed, now->status));
	if (assistant_is_stopped(turn))
		end_stopped(turn, store);
	else if (failed)
		try_again(turn, store, &answer);
	else
		take_answer(turn, store, &answer);
}
