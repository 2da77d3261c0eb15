/* talk.c - see talk.h */
#include "talk_internal.h"
#include "step_print.h"

#include "base/json.h"
#include "base/term.h"

#include <inttypes.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>

#define LOOK_MS 20
#define STOPPED 130	/* as a shell says of a program that SIGINT ended */

/* --- what a turn tells; on any thread, one at a time */

/* An empty line between what is said and what is done. */
static void print_gap(struct talk *talk, enum talk_printed next)
{
	if (talk->printed == TALK_PRINTED_TEXT && next == TALK_PRINTED_STEP)
		fputs(talk->text.len && buf_str(&talk->text)[talk->text.len - 1] == '\n'
			      ? "\n" : "\n\n", talk->ctx->out);
	else if (talk->printed == TALK_PRINTED_STEP && next == TALK_PRINTED_TEXT)
		putc('\n', talk->ctx->out);
	talk->printed = next;
}

/* Between two answers of a turn the assistant puts an empty line itself. */
static void print_text(struct talk *talk, const char *text)
{
	if (talk->printed == TALK_PRINTED_STEP)
		text += strspn(text, "\n");
	if (!*text)
		return;
	print_gap(talk, TALK_PRINTED_TEXT);
	term_print_safe(talk->ctx->out, text);
}

static void print_event(struct talk *talk, const char *event, const json_t *data)
{
	if (!strcmp(event, "text")) {
		print_text(talk, json_str(data, "text", ""));
	} else if (!strcmp(event, "step")) {
		print_gap(talk, TALK_PRINTED_STEP);
		step_print_begin(talk->ctx->out, data);
	} else if (!strcmp(event, "result")) {
		step_print_end(talk->ctx->out, data);
	}
	fflush(talk->ctx->out);
}

/* The step that it was, with how it ended. */
static void keep_result(struct talk *talk, const json_t *data)
{
	json_t *step = json_array_get(talk->steps, json_array_size(talk->steps) - 1);

	json_object_set(step, "ok", json_object_get(data, "ok"));
	json_object_set(step, "ms", json_object_get(data, "ms"));
}

/* What was said since the last part is the next one. */
static void end_part(struct talk *talk)
{
	if (talk->text.len > talk->part_at)
		json_array_append_new(talk->parts, json_pack("{s:s}", "text",
							     buf_str(&talk->text) + talk->part_at));
	talk->part_at = talk->text.len;
}

static void keep_step(struct talk *talk, const json_t *data)
{
	end_part(talk);
	json_array_append_new(talk->steps, json_deep_copy(data));
	json_array_append_new(talk->parts,
			      json_pack("{s:s}", "call", json_str(data, "call", "")));
}

static void keep_event(struct talk *talk, const char *event, const json_t *data)
{
	if (!strcmp(event, "begin") && !talk->begin)
		talk->begin = json_deep_copy(data);
	else if (!strcmp(event, "text"))
		buf_add_str(&talk->text, json_str(data, "text", ""));
	else if (!strcmp(event, "step"))
		keep_step(talk, data);
	else if (!strcmp(event, "result"))
		keep_result(talk, data);
	else if ((!strcmp(event, "end") || !strcmp(event, "error")) && !talk->last)
		talk->last = json_deep_copy(data);
	if (strcmp(event, "end") != 0 && strcmp(event, "error") != 0)
		return;
	end_part(talk);
	talk->over = true;
}

void talk_take(void *arg, const char *event, const json_t *data)
{
	struct talk *talk = arg;

	/* ahead of keep_event, after which the turn is over */
	if (!strcmp(event, "wait"))
		cmd_say(talk->ctx, "%s", json_str(data, "text", ""));
	else if (!talk->ctx->json)
		print_event(talk, event, data);
	pthread_mutex_lock(&talk->lock);
	keep_event(talk, event, data);
	pthread_mutex_unlock(&talk->lock);
}

static void forget_turn(struct talk *talk)
{
	json_decref(TAKE(talk->begin));
	json_decref(TAKE(talk->last));
	json_decref(TAKE(talk->steps));
	json_decref(TAKE(talk->parts));
	buf_clear(&talk->text);
	talk->part_at = 0;
	talk->steps = json_array();
	talk->parts = json_array();
	talk->over = false;
	talk->printed = TALK_PRINTED_NOTHING;
}

/* --- from the first to the last */

void talk_begin(struct talk *talk, const struct talk_way *way, const struct cmd_ctx *ctx)
{
	talk->way = way;
	talk->ctx = ctx;
	talk->text = (struct buf)BUF_INIT((size_t)64 << 20);
	pthread_mutex_init(&talk->lock, NULL);
	sigemptyset(&talk->interrupt);
	sigaddset(&talk->interrupt, SIGINT);
	pthread_sigmask(SIG_BLOCK, &talk->interrupt, &talk->before);	/* in all threads to come */
}

struct talk *talk_open(const struct cmd_ctx *ctx, const struct assistant_tools *tools,
		       struct err *err)
{
	return ctx->session.server ? talk_remote_open(ctx) : talk_local_open(ctx, tools, err);
}

void talk_close(struct talk **talk)
{
	struct talk *old = TAKE(*talk);

	if (!old)
		return;
	old->way->close(old);
	forget_turn(old);
	json_decref(old->steps);
	json_decref(old->parts);
	buf_release(&old->text);
	pthread_mutex_destroy(&old->lock);
	pthread_sigmask(SIG_SETMASK, &old->before, NULL);
	free(old);
}

void talk_set_conversation(struct talk *talk, const char *conversation)
{
	snprintf(talk->conversation, sizeof(talk->conversation), "%s",
		 conversation ? conversation : "");
}

const char *talk_conversation(const struct talk *talk)
{
	return *talk->conversation ? talk->conversation : NULL;
}

int talk_resume(struct talk *talk, struct err *err)
{
	return talk->way->resume(talk, err);
}

json_t *talk_offer(struct talk *talk, struct err *err)
{
	return talk->way->offer(talk, err);
}

/* --- a turn */

bool talk_is_over(struct talk *talk)
{
	bool over;

	pthread_mutex_lock(&talk->lock);
	over = talk->over;
	pthread_mutex_unlock(&talk->lock);
	return over;
}

/* Looked for, not told by a thread that waits for it: what came before a question must be seen
 * before it is asked. */
bool talk_was_interrupted(struct talk *talk, int ms)
{
	for (int waited = 0;; waited += LOOK_MS) {
		sigset_t pending;
		int number;

		sigpending(&pending);
		if (sigismember(&pending, SIGINT))
			return sigwait(&talk->interrupt, &number) == 0;
		if (waited >= ms)
			return false;
		poll(NULL, 0, LOOK_MS);
	}
}

static enum err_code code_of(const char *word)
{
	if (!strcmp(word, "model"))
		return ERR_NOT_FOUND;
	return !strcmp(word, "provider") || !strcmp(word, "record") ? ERR_ENV : ERR_STATE;
}

static int print_json(struct talk *talk, struct err *err)
{
	return cmd_print_json(talk->ctx, json_pack(
			"{s:s, s:O?, s:O?, s:O?, s:O?, s:s, s:O?, s:O?, s:O?}",
			"schema", "tali.chat/1",
			"conversation", json_object_get(talk->last, "conversation"),
			"exchange", json_object_get(talk->last, "exchange"),
			"model", json_object_get(talk->begin, "model"),
			"stop", json_object_get(talk->last, "stop"),
			"text", buf_str(&talk->text), "steps", talk->steps, "parts", talk->parts,
			"left", json_object_get(talk->last, "left")), err);
}

static void say_stop(const struct talk *talk, const char *stop)
{
	if (!strcmp(stop, "stopped"))
		cmd_say(talk->ctx, "stopped");
	else if (!strcmp(stop, "turns"))
		cmd_say(talk->ctx, "the assistant stopped: it has asked the model %d times",
			ASSISTANT_CALLS_MAX);
	else if (!strcmp(stop, "tokens"))
		cmd_say(talk->ctx, "the assistant stopped: its budget is spent");
	else if (!strcmp(stop, "length"))
		cmd_say(talk->ctx, "the answer is cut: it is as long as answers may be");
}

static int end_turn(struct talk *talk, struct err *err)
{
	const char *message = json_str(talk->last, "message", NULL);
	const char *stop = json_str(talk->last, "stop", "");

	if (talk->text.len && !talk->ctx->json && buf_str(&talk->text)[talk->text.len - 1] != '\n')
		putc('\n', talk->ctx->out);
	if (talk->begin)
		talk_set_conversation(talk, json_str(talk->begin, "conversation", NULL));
	if (message)
		return err_set(err, code_of(json_str(talk->last, "code", "")), "%s", message);
	say_stop(talk, stop);
	if (talk->ctx->json && print_json(talk, err) < 0)
		return -1;
	return strcmp(stop, "stopped") == 0 ? STOPPED : 0;
}

int talk_turn(struct talk *talk, const char *text, const char *model, struct workbench *bench,
	      bool agent, struct err *err)
{
	const struct talk_question question = { text, model, bench, agent };

	forget_turn(talk);
	while (talk_was_interrupted(talk, 0))
		;		/* it was meant for the line that was being typed */
	if (talk->way->ask(talk, &question, err) < 0)
		return -1;
	return end_turn(talk, err);
}

/* --- what is left */

static void add_count(struct buf *out, const char *what, int64_t count)
{
	char digits[32], *at = digits;

	if (count < 0)
		return;
	snprintf(digits, sizeof(digits), "%" PRId64, count);
	if (out->len)
		buf_add_str(out, " · ");
	for (size_t left = strlen(digits); left; left--) {
		buf_add_byte(out, *at++);
		if (left > 1 && left % 3 == 1)
			buf_add_byte(out, ',');
	}
	buf_add_format(out, " %s", what);
}

char *talk_left(const json_t *left)
{
	struct buf out = BUF_INIT(256);
	int64_t cost = json_int(left, "cost_microusd", -1);

	add_count(&out, "tokens", json_int(left, "tokens", -1));
	add_count(&out, "messages", json_int(left, "messages", -1));
	if (cost >= 0)
		buf_add_format(&out, "%s$%" PRId64 ".%02" PRId64, out.len ? " · " : "",
			       cost / 1000000, cost % 1000000 / 10000);
	buf_add_str(&out, out.len ? " left" : "no limit");
	return buf_take(&out);
}
