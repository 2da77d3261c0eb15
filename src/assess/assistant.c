/* assistant.c - see assistant.h; here turns are kept, wait, are stopped, and end */
#include "assess/assistant.h"

#include "assess/assistant_begin.h"
#include "assess/assistant_send.h"
#include "assess/assistant_turn.h"
#include "base/auto.h"

#include <string.h>
#include <time.h>

#define STOP_ALL_S 10
#define FULL_AGAIN_MS 250	/* when a pool takes nothing more */

int64_t assistant_steady_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* --- all of them */

struct assistant *assistant_new(const struct assistant_config *config)
{
	struct assistant *assistant = buf_alloc(sizeof(*assistant));

	assistant->config = *config;
	assistant->models = assistant_models_new(config->client);
	pthread_mutex_init(&assistant->lock, NULL);
	pthread_cond_init(&assistant->fewer, NULL);
	return assistant;
}

void assistant_free(struct assistant **assistant)
{
	struct assistant *old = TAKE(*assistant);

	if (!old)
		return;
	assistant_models_free(&old->models);
	while (old->gates) {
		struct assistant_gate *gate = old->gates;

		old->gates = gate->next;
		free(gate);
	}
	pthread_cond_destroy(&old->fewer);
	pthread_mutex_destroy(&old->lock);
	free(old);
}

/* The turns at this moment, each kept once more; yours. */
static struct assistant_turn **all_turns(struct assistant *assistant, size_t *ret_count)
{
	struct assistant_turn **turns, *turn;
	size_t count = 0;

	pthread_mutex_lock(&assistant->lock);
	turns = buf_alloc(((size_t)assistant->running + 1) * sizeof(struct assistant_turn *));
	for (turn = assistant->turns; turn; turn = turn->next) {
		assistant_keep(turn);
		turns[count++] = turn;
	}
	pthread_mutex_unlock(&assistant->lock);
	*ret_count = count;
	return turns;
}

void assistant_stop_all(struct assistant *assistant)
{
	AUTO_FREE struct assistant_turn **turns = NULL;
	struct timespec until;
	size_t count;

	pthread_mutex_lock(&assistant->lock);
	assistant->stopping = true;
	pthread_mutex_unlock(&assistant->lock);
	turns = all_turns(assistant, &count);
	for (size_t i = 0; i < count; i++) {
		assistant_stop(turns[i]);
		assistant_turn_release(&turns[i]);
	}
	clock_gettime(CLOCK_REALTIME, &until);
	until.tv_sec += STOP_ALL_S;
	assistant_look(assistant);	/* those that wait for their time */
	pthread_mutex_lock(&assistant->lock);
	while (assistant->running &&
	       pthread_cond_timedwait(&assistant->fewer, &assistant->lock, &until) == 0)
		;
	pthread_mutex_unlock(&assistant->lock);
}

int assistant_running(struct assistant *assistant)
{
	int running;

	pthread_mutex_lock(&assistant->lock);
	running = assistant->running;
	pthread_mutex_unlock(&assistant->lock);
	return running;
}

/* --- steps */

struct posted {
	struct assistant_turn *turn;
	assistant_step *step;
};

static void make_step(void *arg, void *context)
{
	struct posted *posted = arg;

	posted->step(posted->turn, posted->turn->assistant->config.store_of(context));
	assistant_turn_release(&posted->turn);
	free(posted);
}

static void post_at(struct assistant_turn *turn, assistant_step *step, struct worker_pool *pool,
		    int64_t wait_ms)
{
	pthread_mutex_lock(&turn->lock);
	turn->later = step;
	turn->later_on = pool;
	turn->due = turn->stopped ? 0 : assistant_steady_ms() + wait_ms;
	pthread_mutex_unlock(&turn->lock);
}

void assistant_post(struct assistant_turn *turn, assistant_step *step, struct worker_pool *pool)
{
	struct posted *posted = buf_alloc(sizeof(*posted));

	*posted = (struct posted){ turn, step };
	assistant_keep(turn);
	if (worker_post(pool, make_step, posted) == 0)
		return;
	post_at(turn, step, pool, FULL_AGAIN_MS);
	assistant_turn_release(&posted->turn);
	free(posted);
}

void assistant_post_later(struct assistant_turn *turn, assistant_step *step, int64_t wait_ms)
{
	post_at(turn, step, turn->assistant->config.recorders, wait_ms);
}

void assistant_look(struct assistant *assistant)
{
	size_t count;
	AUTO_FREE struct assistant_turn **turns = all_turns(assistant, &count);

	for (size_t i = 0; i < count; i++) {
		struct assistant_turn *turn = turns[i];
		assistant_step *step = NULL;

		pthread_mutex_lock(&turn->lock);
		if (turn->later && turn->due <= assistant_steady_ms())
			step = TAKE(turn->later);
		pthread_mutex_unlock(&turn->lock);
		if (step)
			assistant_post(turn, step, turn->later_on);
		assistant_turn_release(&turns[i]);
	}
}

/* --- the gates of providers */

/* Under the assistant's lock. */
static struct ai_retry_gate *gate_of(struct assistant_turn *turn)
{
	struct assistant *assistant = turn->assistant;
	struct assistant_gate *gate = assistant->gates;

	while (gate && strcmp(gate->name, turn->provider.name) != 0)
		gate = gate->next;
	if (!gate) {
		gate = buf_alloc(sizeof(*gate));
		*gate = (struct assistant_gate){ .gate = AI_RETRY_GATE_INIT,
						 .next = assistant->gates };
		memcpy(gate->name, turn->provider.name, sizeof(gate->name));
		assistant->gates = gate;
	}
	return &gate->gate;
}

bool assistant_enter_gate(struct assistant_turn *turn)
{
	pthread_mutex_lock(&turn->assistant->lock);
	turn->now.entered = ai_retry_gate_enter(gate_of(turn), assistant_steady_ms());
	pthread_mutex_unlock(&turn->assistant->lock);
	return turn->now.entered;
}

void assistant_leave_gate(struct assistant_turn *turn, bool well)
{
	if (!turn->now.entered)
		return;
	pthread_mutex_lock(&turn->assistant->lock);
	ai_retry_gate_report(gate_of(turn), assistant_steady_ms(), well);
	pthread_mutex_unlock(&turn->assistant->lock);
	turn->now.entered = false;
}

bool assistant_gate_again(struct assistant_turn *turn)
{
	bool again;

	pthread_mutex_lock(&turn->assistant->lock);
	again = ai_retry_gate_again(gate_of(turn));
	pthread_mutex_unlock(&turn->assistant->lock);
	return again;
}

/* --- one turn: its life */

static void free_turn(struct assistant_turn *turn)
{
	free(turn->text);
	free(turn->model);
	free(turn->mark);
	json_decref(turn->files);
	json_decref(turn->messages);
	json_decref(turn->uses);
	provider_release(&turn->provider);
	assistant_send_release(&turn->now);
	assistant_task_release(&turn->task);
	ai_desk_give(&turn->desk);
	if (turn->bench)
		turn->bench->ops->release(turn->bench);
	pthread_mutex_destroy(&turn->telling);
	pthread_mutex_destroy(&turn->lock);
	pthread_cond_destroy(&turn->woken);
	free(turn);
}

void assistant_keep(struct assistant_turn *turn)
{
	atomic_fetch_add(&turn->users, 1);
}

void assistant_turn_release(struct assistant_turn **turn)
{
	struct assistant_turn *released = TAKE(*turn);

	if (released && atomic_fetch_sub(&released->users, 1) == 1)
		free_turn(released);
}

void assistant_tell(struct assistant_turn *turn, const char *event, json_t *data)
{
	pthread_mutex_lock(&turn->telling);
	if (!turn->ended)
		turn->tell(turn->arg, event, data);
	turn->ended |= !strcmp(event, "end") || !strcmp(event, "error");
	pthread_mutex_unlock(&turn->telling);
	json_decref(data);
}

static json_t *amount_json(const struct ai_amount *left)
{
	return json_pack("{s:I, s:I, s:I}", "tokens", (json_int_t)left->tokens, "cost_microusd",
			 (json_int_t)left->cost, "messages", (json_int_t)left->messages);
}

static json_t *end_json(struct assistant_turn *turn, struct store *store, const char *stop)
{
	struct err ignored = ERR_INIT;
	struct ai_amount left = ai_desk_left(turn->desk, store, &ignored);

	return json_pack("{s:s, s:s, s:s, s:o}", "conversation", turn->conversation, "exchange",
			 turn->exchange_id, "stop", stop, "left", amount_json(&left));
}

void assistant_give_up(struct assistant_turn *turn, struct store *store)
{
	struct ai_desk *desk;

	(void)store;
	pthread_mutex_lock(&turn->lock);
	desk = turn->waits ? turn->desk : NULL;
	pthread_mutex_unlock(&turn->lock);
	if (desk)
		ai_desk_give_up(desk, turn);
}

/* Another may begin before this one's end is told: who hears of it may ask at once. */
static void end_turn(struct assistant_turn *turn, const char *event, json_t *data)
{
	struct assistant *assistant = turn->assistant;
	struct assistant_turn **at = &assistant->turns;
	struct workbench *bench;
	struct ai_desk *desk;

	pthread_mutex_lock(&turn->lock);
	bench = TAKE(turn->bench);
	desk = TAKE(turn->desk);
	pthread_mutex_unlock(&turn->lock);
	if (bench)
		bench->ops->release(bench);
	ai_desk_give(&desk);
	pthread_mutex_lock(&assistant->lock);
	while (*at != turn)
		at = &(*at)->next;
	*at = turn->next;
	pthread_mutex_unlock(&assistant->lock);
	assistant_tell(turn, event, data);
	pthread_mutex_lock(&assistant->lock);
	assistant->running--;
	pthread_cond_broadcast(&assistant->fewer);
	pthread_mutex_unlock(&assistant->lock);
	assistant_turn_release(&turn);
}

/* Who hears of the end may ask at once, and finds the answer on the record. */
static void wait_for_record(struct assistant_turn *turn)
{
	AUTO(event_list_release) struct event_list nothing = EVENT_LIST_INIT;
	struct err ignored = ERR_INIT;

	journal_writer_append(turn->assistant->config.writer, turn->assessment_id, &nothing, NULL,
			      &ignored);
}

void assistant_finish(struct assistant_turn *turn, struct store *store, const char *stop)
{
	wait_for_record(turn);
	end_turn(turn, "end", end_json(turn, store, stop));
}

void assistant_fail(struct assistant_turn *turn, struct store *store, const char *code,
		    const char *message)
{
	(void)store;
	wait_for_record(turn);
	end_turn(turn, "error", json_pack("{s:s, s:s}", "code", code, "message", message));
}

bool assistant_is_stopped(struct assistant_turn *turn)
{
	bool stopped;

	pthread_mutex_lock(&turn->lock);
	stopped = turn->stopped;
	pthread_mutex_unlock(&turn->lock);
	return stopped;
}

void assistant_stop(struct assistant_turn *turn)
{
	bool waits;

	pthread_mutex_lock(&turn->lock);
	turn->stopped = true;
	turn->due = 0;
	waits = turn->waits;
	if (turn->call)
		http_call_abort(turn->call);
	if (turn->bench)
		turn->bench->ops->stop(turn->bench);
	pthread_cond_broadcast(&turn->woken);
	pthread_mutex_unlock(&turn->lock);
	if (waits)
		assistant_post(turn, assistant_give_up, turn->assistant->config.recorders);
}

struct assistant_turn *assistant_find(struct assistant *assistant, const char *assessment_id)
{
	struct assistant_turn *turn;

	pthread_mutex_lock(&assistant->lock);
	for (turn = assistant->turns; turn && strcmp(turn->assessment_id, assessment_id) != 0;
	     turn = turn->next)
		;
	if (turn)
		assistant_keep(turn);
	pthread_mutex_unlock(&assistant->lock);
	return turn;
}

/* --- beginning */

static int take_place(struct assistant_turn *turn, struct err *err)
{
	struct assistant *assistant = turn->assistant;
	struct assistant_turn *other;
	int result = 0;

	pthread_mutex_lock(&assistant->lock);
	for (other = assistant->turns; other; other = other->next)
		if (!strcmp(other->assessment_id, turn->assessment_id))
			result = err_set(err, ERR_STATE, "the assistant is still answering: wait "
							 "for it, or stop it");
	if (assistant->stopping)
		result = err_set(err, ERR_STATE, "the server is being stopped");
	if (result == 0) {
		turn->next = assistant->turns;
		assistant->turns = turn;
		assistant->running++;
		assistant_keep(turn);
	}
	pthread_mutex_unlock(&assistant->lock);
	return result;
}

/* Nobody was told of it. */
static void leave_place(struct assistant_turn *turn)
{
	turn->ended = true;
	end_turn(turn, "error", NULL);
}

static void begin_talk(struct assistant_turn *turn, struct store *store)
{
	AUTO_FREE char *unknown = NULL;

	if (*turn->provider.name) {
		assistant_tell(turn, "begin", json_pack("{s:s, s:s, s:b}", "conversation",
				turn->conversation, "model", turn->model, "agent", turn->agent));
		assistant_post(turn, assistant_turn_ask, turn->assistant->config.recorders);
		return;
	}
	unknown = turn->model ? buf_format("The model '%.100s' is not known here.", turn->model) :
				buf_strdup("No model can be asked just now. Your work is safe; try "
					   "again later, or go on without the assistant.");
	assistant_fail(turn, store, "model", unknown);
}

int assistant_begin(struct assistant *assistant, struct store *store,
		    const struct assistant_turn_config *config, struct assistant_turn **ret,
		    struct err *err)
{
	struct assistant_turn *turn = assistant_begin_new(assistant, config);

	if (assistant_begin_check(assistant, config, err) < 0 || take_place(turn, err) < 0) {
		assistant_turn_release(&turn);
		return -1;
	}
	if (assistant_begin_ready(turn, store, config, err) < 0) {
		leave_place(turn);
		assistant_turn_release(&turn);
		return -1;
	}
	*ret = turn;
	begin_talk(turn, store);
	return 0;
}

/* --- what there is to choose from */

json_t *assistant_offer(struct assistant *assistant, struct store *store,
			const struct assessment *assessment, struct err *err)
{
	struct ai_desk *desk = ai_desk_take(assistant->config.desks, store, assessment, err);
	AUTO(assistant_task_release) struct assistant_task task = ASSISTANT_TASK_INIT;
	AUTO_JSON json_t *models = NULL;
	struct ai_amount left;

	if (!desk)
		return NULL;
	left = ai_desk_left(desk, store, err);
	ai_desk_give(&desk);
	if (assistant_task_policy(store, assessment, &task, err) < 0)
		return NULL;
	models = assistant_models_list(assistant->models, store, &task.policy, err);
	if (!models)
		return NULL;
	return json_pack("{s:s, s:b, s:O, s:o}", "policy", ai_policy_told(&task.policy), "agent",
			 assistant->config.tools && task.policy.kind != AI_POLICY_OFF &&
			 task.policy.kind != AI_POLICY_GUARDED, "models", models, "left",
			 amount_json(&left));
}
