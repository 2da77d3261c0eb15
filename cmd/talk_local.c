/* talk_local.c - a talk with tali's own assistant, over the store */
#include "talk_internal.h"

#include "assess/assistant_history.h"
#include "ai/ai_price.h"
#include "assess/deadline.h"

#include <stdlib.h>

#define RECORDERS 2
#define JOBS 1
#define QUEUE_MOST 64
#define TICK_MS 100

struct talk_local {
	struct talk talk;
	struct journal_writer *writer;
	json_t *prices;
	struct ai_desk_table *desks;
	struct worker_pool *recorders, *jobs;
	struct http_client *client;
	struct assistant *assistant;
	struct assessment assessment;
};

/* --- opening */

static void *begin_thread(void *arg, struct err *err)
{
	const struct talk_local *local = arg;
	const struct cmd_ctx *ctx = local->talk.ctx;

	return store_open(store_path(ctx->store), STORE_WRITE, ctx->clock, err);
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

static struct worker_pool *start_pool(struct talk_local *local, unsigned threads, struct err *err)
{
	return worker_start(&(struct worker_config){ .threads = threads, .queue_most = QUEUE_MOST,
						     .begin = begin_thread, .end = end_thread,
						     .arg = local }, err);
}

static int open_parts(struct talk_local *local, const struct assistant_tools *tools,
		      struct err *err)
{
	const struct cmd_ctx *ctx = local->talk.ctx;

	local->writer = journal_writer_open(store_path(ctx->store), ctx->clock, err);
	if (!local->writer)
		return -1;
	if (ai_price_read(store_path(ctx->store), &local->prices, err) < 0)
		return -1;
	local->desks = ai_desk_table_new(local->writer, local->prices);
	local->recorders = start_pool(local, RECORDERS, err);
	local->jobs = local->recorders ? start_pool(local, JOBS, err) : NULL;
	local->client = local->jobs ? http_client_open(err) : NULL;
	if (!local->client)
		return -1;
	local->assistant = assistant_new(&(struct assistant_config){
		.desks = local->desks, .writer = local->writer, .client = local->client,
		.recorders = local->recorders, .jobs = local->jobs, .store_of = store_of,
		.tools = tools });
	return 0;
}

static void close_parts(struct talk *talk)
{
	struct talk_local *local = (struct talk_local *)talk;

	if (local->assistant)
		assistant_stop_all(local->assistant);
	worker_stop(&local->jobs);
	http_client_close(&local->client);
	worker_stop(&local->recorders);
	assistant_free(&local->assistant);
	journal_writer_close(&local->writer);
	ai_desk_table_free(&local->desks);
	json_decref(local->prices);
	assessment_release(&local->assessment);
}

/* --- what it is about */

/* As it is now; borrowed until the next call. */
static const struct assessment *look(struct talk_local *local, struct err *err)
{
	const struct cmd_ctx *ctx = local->talk.ctx;

	assessment_release(&local->assessment);
	local->assessment = (struct assessment)ASSESSMENT_INIT;
	if (deadline_enforce(ctx->store, err) < 0 ||
	    assessment_get(ctx->store, ctx->session.assessment_id, &local->assessment, err) < 0)
		return NULL;
	return &local->assessment;
}

static int resume(struct talk *talk, struct err *err)
{
	AUTO(assistant_history_release) struct assistant_history history = ASSISTANT_HISTORY_INIT;

	if (assistant_history_read(talk->ctx->store, talk->ctx->session.assessment_id, NULL,
				   &history, err) < 0)
		return -1;
	talk_set_conversation(talk, history.conversation);
	return 0;
}

static json_t *offer(struct talk *talk, struct err *err)
{
	struct talk_local *local = (struct talk_local *)talk;
	const struct assessment *assessment = look(local, err);

	return assessment ? assistant_offer(local->assistant, talk->ctx->store, assessment, err)
			  : NULL;
}

/* --- a turn */

static void wait_for_end(struct talk_local *local, struct assistant_turn *turn)
{
	while (!talk_is_over(&local->talk)) {
		if (talk_was_interrupted(&local->talk, TICK_MS))
			assistant_stop(turn);
		ai_desk_table_look(local->desks, local->talk.ctx->store);
		assistant_look(local->assistant);
	}
}

static int ask(struct talk *talk, const struct talk_question *question, struct err *err)
{
	struct talk_local *local = (struct talk_local *)talk;
	const struct assessment *assessment = look(local, err);
	struct assistant_turn_config config = {
		.assessment = assessment, .text = question->text, .model = question->model,
		.conversation = talk_conversation(talk), .bench = question->bench,
		.agent = question->agent, .tell = talk_take, .arg = talk,
	};
	struct assistant_turn *turn = NULL;

	if (!assessment) {
		if (question->bench)
			question->bench->ops->release(question->bench);
		return -1;
	}
	if (assistant_begin(local->assistant, talk->ctx->store, &config, &turn, err) < 0)
		return -1;
	wait_for_end(local, turn);
	assistant_turn_release(&turn);
	return 0;
}

static const struct talk_way way = { close_parts, resume, offer, ask };

struct talk *talk_local_open(const struct cmd_ctx *ctx, const struct assistant_tools *tools,
			     struct err *err)
{
	struct talk_local *local = buf_alloc(sizeof(*local));
	struct talk *talk = &local->talk;

	talk_begin(talk, &way, ctx);
	if (open_parts(local, tools, err) == 0)
		return talk;
	talk_close(&talk);
	return NULL;
}
