/* talk.c - see talk.h */
#include "talk.h"
#include "step_print.h"

#include "assess/assistant_history.h"
#include "ai/ai_price.h"
#include "assess/deadline.h"
#include "base/json.h"
#include "base/term.h"

#include <errno.h>
#include <inttypes.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define RECORDERS 2
#define JOBS 1
#define QUEUE_MOST 64
#define TICK_MS 100
#define STOPPED 130	/* as a shell says of a program that SIGINT ended */

enum printed { PRINTED_NOTHING, PRINTED_TEXT, PRINTED_STEP };

struct talk {
	const struct cmd_ctx *ctx;
	struct journal_writer *writer;
	json_t *prices;
	struct ai_desk_table *desks;
	struct worker_pool *recorders, *jobs;
	struct http_client *client;
	struct assistant *assistant;
	struct assessment assessment;
	char conversation[RAND_ID_LEN + 1];
	sigset_t before, interrupt;

	enum printed printed;	/* last; used by whoever tells, one at a time */
	pthread_mutex_t lock;	/* of all below: what the turn tells */
	bool over;
	json_t *last;		/* of `end` or `error` */
	json_t *begin, *steps;
	json_t *parts;		/* texts and steps in the order in which they came */
	struct buf text;
};

/* --- what a turn tells; on any thread, one at a time */

/* An empty line between what is said and what is done. */
static void print_gap(struct talk *talk, enum printed next)
{
	if (talk->printed == PRINTED_TEXT && next == PRINTED_STEP)
		fputs(talk->text.len && buf_str(&talk->text)[talk->text.len - 1] == '\n'
			      ? "\n" : "\n\n", talk->ctx->out);
	else if (talk->printed == PRINTED_STEP && next == PRINTED_TEXT)
		putc('\n', talk->ctx->out);
	talk->printed = next;
}

/* Between two answers of a turn the assistant puts an empty line itself. */
static void print_text(struct talk *talk, const char *text)
{
	if (talk->printed == PRINTED_STEP)
		text += strspn(text, "\n");
	if (!*text)
		return;
	print_gap(talk, PRINTED_TEXT);
	term_print_safe(talk->ctx->out, text);
}

static void print_event(struct talk *talk, const char *event, const json_t *data)
{
	if (!strcmp(event, "text")) {
		print_text(talk, json_str(data, "text", ""));
	} else if (!strcmp(event, "step")) {
		print_gap(talk, PRINTED_STEP);
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

/* Pieces that follow one another are one part. */
static void keep_text(struct talk *talk, const char *text)
{
	json_t *part = json_array_get(talk->parts, json_array_size(talk->parts) - 1);
	const char *before = json_str(part, "text", NULL);
	AUTO_FREE char *joined = buf_format("%s%s", before ? before : "", text);

	buf_add_str(&talk->text, text);
	if (before)
		json_object_set_new(part, "text", json_string(joined));
	else
		json_array_append_new(talk->parts, json_pack("{s:s}", "text", text));
}

static void keep_step(struct talk *talk, const json_t *data)
{
	json_array_append_new(talk->steps, json_deep_copy(data));
	json_array_append_new(talk->parts,
			      json_pack("{s:s}", "call", json_str(data, "call", "")));
}

static void keep_event(struct talk *talk, const char *event, const json_t *data)
{
	if (!strcmp(event, "begin"))
		talk->begin = json_deep_copy(data);
	else if (!strcmp(event, "text"))
		keep_text(talk, json_str(data, "text", ""));
	else if (!strcmp(event, "step"))
		keep_step(talk, data);
	else if (!strcmp(event, "result"))
		keep_result(talk, data);
	else if (!strcmp(event, "end") || !strcmp(event, "error"))
		talk->last = json_deep_copy(data);
	if (!strcmp(event, "end") || !strcmp(event, "error"))
		talk->over = true;
}

static void take_event(void *arg, const char *event, const json_t *data)
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
	talk->steps = json_array();
	talk->parts = json_array();
	talk->over = false;
	talk->printed = PRINTED_NOTHING;
}

/* --- opening */

static void *begin_thread(void *arg, struct err *err)
{
	const struct talk *talk = arg;

	return store_open(store_path(talk->ctx->store), STORE_WRITE, talk->ctx->clock, err);
}

static void end_thread(void *arg, void *context)
{
	struct store *store = context;

	(void)arg;
	store_close(&store);
}

static struct store *store_of(void *context)
{
	return context;
}

static struct worker_pool *start_pool(struct talk *talk, unsigned threads, struct err *err)
{
	return worker_start(&(struct worker_config){ .threads = threads, .queue_most = QUEUE_MOST,
						     .begin = begin_thread, .end = end_thread,
						     .arg = talk }, err);
}

static int open_parts(struct talk *talk, const struct assistant_tools *tools, struct err *err)
{
	const struct cmd_ctx *ctx = talk->ctx;

	talk->writer = journal_writer_open(store_path(ctx->store), ctx->clock, err);
	if (!talk->writer)
		return -1;
	if (ai_price_read(store_path(ctx->store), &talk->prices, err) < 0)
		return -1;
	talk->desks = ai_desk_table_new(talk->writer, talk->prices);
	talk->recorders = start_pool(talk, RECORDERS, err);
	talk->jobs = talk->recorders ? start_pool(talk, JOBS, err) : NULL;
	talk->client = talk->jobs ? http_client_open(err) : NULL;
	if (!talk->client)
		return -1;
	talk->assistant = assistant_new(&(struct assistant_config){
		.desks = talk->desks, .writer = talk->writer, .client = talk->client,
		.recorders = talk->recorders, .jobs = talk->jobs, .store_of = store_of,
		.tools = tools });
	return 0;
}

struct talk *talk_open(const struct cmd_ctx *ctx, const struct assistant_tools *tools,
		       struct err *err)
{
	struct talk *talk = buf_alloc(sizeof(*talk));

	*talk = (struct talk){ .ctx = ctx, .text = BUF_INIT((size_t)64 << 20) };
	pthread_mutex_init(&talk->lock, NULL);
	sigemptyset(&talk->interrupt);
	sigaddset(&talk->interrupt, SIGINT);
	pthread_sigmask(SIG_BLOCK, &talk->interrupt, &talk->before);	/* in all threads to come */
	if (open_parts(talk, tools, err) == 0)
		return talk;
	talk_close(&talk);
	return NULL;
}

void talk_close(struct talk **talk)
{
	struct talk *old = TAKE(*talk);

	if (!old)
		return;
	if (old->assistant)
		assistant_stop_all(old->assistant);
	worker_stop(&old->jobs);
	http_client_close(&old->client);
	worker_stop(&old->recorders);
	assistant_free(&old->assistant);
	journal_writer_close(&old->writer);
	ai_desk_table_free(&old->desks);
	json_decref(old->prices);
	assessment_release(&old->assessment);
	forget_turn(old);
	json_decref(old->steps);
	json_decref(old->parts);
	buf_release(&old->text);
	pthread_mutex_destroy(&old->lock);
	pthread_sigmask(SIG_SETMASK, &old->before, NULL);
	free(old);
}

struct assistant *talk_assistant(struct talk *talk)
{
	return talk->assistant;
}

const struct assessment *talk_assessment(struct talk *talk, struct err *err)
{
	assessment_release(&talk->assessment);
	talk->assessment = (struct assessment)ASSESSMENT_INIT;
	if (deadline_enforce(talk->ctx->store, err) < 0 ||
	    assessment_get(talk->ctx->store, talk->ctx->session.assessment_id, &talk->assessment,
			   err) < 0)
		return NULL;
	return &talk->assessment;
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

/* --- what it is about */

int talk_resume(struct talk *talk, struct err *err)
{
	AUTO(assistant_history_release) struct assistant_history history = ASSISTANT_HISTORY_INIT;

	if (assistant_history_read(talk->ctx->store, talk->ctx->session.assessment_id, NULL,
				   &history, err) < 0)
		return -1;
	talk_set_conversation(talk, history.conversation);
	return 0;
}

/* --- a turn */

static bool is_over(struct talk *talk)
{
	bool over;

	pthread_mutex_lock(&talk->lock);
	over = talk->over;
	pthread_mutex_unlock(&talk->lock);
	return over;
}

static bool was_interrupted(struct talk *talk, long ms)
{
	const struct timespec wait = { .tv_nsec = ms * 1000000 };

	return sigtimedwait(&talk->interrupt, NULL, &wait) == SIGINT;
}

static void wait_for_end(struct talk *talk, struct assistant_turn *turn)
{
	while (!is_over(talk)) {
		if (was_interrupted(talk, TICK_MS))
			assistant_stop(turn);
		ai_desk_table_look(talk->desks, talk->ctx->store);
		assistant_look(talk->assistant);
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
	return cmd_print_json(talk->ctx, json_pack("{s:s, s:O, s:O, s:O, s:O, s:s, s:O, s:O, s:O}",
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
	const struct assessment *assessment = talk_assessment(talk, err);
	struct assistant_turn_config config = {
		.assessment = assessment, .text = text, .model = model,
		.conversation = talk_conversation(talk), .bench = bench, .agent = agent,
		.tell = take_event, .arg = talk,
	};
	struct assistant_turn *turn = NULL;

	forget_turn(talk);
	while (was_interrupted(talk, 0))
		;		/* it was meant for the line that was being typed */
	if (!assessment) {
		if (bench)
			bench->ops->release(bench);
		return -1;
	}
	if (assistant_begin(talk->assistant, talk->ctx->store, &config, &turn, err) < 0)
		return -1;
	wait_for_end(talk, turn);
	assistant_turn_release(&turn);
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
