/* ai_desk.c - see ai_desk.h */
#include "assess/ai_desk.h"

#include "assess/ai_desk_internal.h"
#include "assess/ai_desk_lock.h"
#include "base/auto.h"
#include "base/json.h"
#include "store/task.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

int64_t ai_desk_now(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* --- life */

static void init_quiet(struct ai_desk *desk)
{
	pthread_condattr_t attributes;

	pthread_condattr_init(&attributes);
	pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
	pthread_cond_init(&desk->quiet, &attributes);
	pthread_condattr_destroy(&attributes);
}

static struct ai_desk *new_desk(struct ai_desk_table *table, struct store *store,
				const struct assessment *assessment, struct err *err)
{
	AUTO(task_version_release) struct task_version version = TASK_VERSION_INIT;
	char tag[RAND_ID_LEN + 1];
	struct ai_desk *desk;
	json_t *manifest;

	if (task_version_get(store, assessment->task_id, assessment->task_version, &version,
			     err) < 0)
		return NULL;
	manifest = json_parse(version.manifest, strlen(version.manifest), "task.json", err);
	if (!manifest)
		return NULL;
	desk = buf_alloc(sizeof(*desk));
	rand_id(tag);
	*desk = (struct ai_desk){ .table = table, .next = table->desks, .manifest = manifest,
				  .policy = ai_policy_of(json_object_get(manifest, "ai")),
				  .book = conversation_book_new(), .lock_fd = -1 };
	desk->budget.limits = desk->policy.limits;
	memcpy(desk->assessment_id, assessment->id, sizeof(desk->assessment_id));
	snprintf(desk->tag, sizeof(desk->tag), "%.*s", AI_DESK_TAG_LEN, tag);
	pthread_mutex_init(&desk->lock, NULL);
	init_quiet(desk);
	table->desks = desk;
	return desk;
}

void ai_desk_free(struct ai_desk *desk)
{
	json_decref(desk->manifest);
	conversation_book_free(&desk->book);
	auto_close(&desk->lock_fd);
	pthread_cond_destroy(&desk->quiet);
	pthread_mutex_destroy(&desk->lock);
	free(desk);
}

void ai_desk_see(struct ai_desk *desk, const struct assessment *assessment)
{
	atomic_store(&desk->deadline,
		     assessment->status == STATUS_ACTIVE ? assessment->deadline : 0);
}

struct ai_desk *ai_desk_take(struct ai_desk_table *table, struct store *store,
			     const struct assessment *assessment, struct err *err)
{
	struct ai_desk *desk;

	pthread_mutex_lock(&table->lock);
	for (desk = table->desks; desk && strcmp(desk->assessment_id, assessment->id) != 0;
	     desk = desk->next)
		;
	if (!desk)
		desk = new_desk(table, store, assessment, err);
	if (desk) {
		desk->users++;
		desk->used = ai_desk_now();
		ai_desk_see(desk, assessment);
	}
	pthread_mutex_unlock(&table->lock);
	return desk;
}

void ai_desk_give(struct ai_desk **desk)
{
	struct ai_desk *given = TAKE(*desk);

	if (!given)
		return;
	pthread_mutex_lock(&given->table->lock);
	given->users--;
	given->used = ai_desk_now();
	pthread_mutex_unlock(&given->table->lock);
}

/* --- asking */

/* Under the lock: events of our own need not be read when the lock is taken the next time. */
static void see_own(struct ai_desk *desk, const struct ingest_answer *answer, const struct err *err)
{
	if (!err && answer->first_seq == desk->seen)
		desk->seen += answer->stored;
}

static void stored_prompt(void *arg, const struct ingest_answer *answer, const struct err *err)
{
	struct ai_exchange *exchange = arg;
	struct ai_desk *desk = exchange->desk;

	pthread_mutex_lock(&desk->lock);
	see_own(desk, answer, err);
	desk->writes--;
	exchange->writes = false;
	exchange->lost = err != NULL;
	if (exchange->ended)
		free(exchange);
	else
		exchange->ask.recorded(exchange->ask.arg, err == NULL);
	ai_desk_lock_leave(desk);
	pthread_mutex_unlock(&desk->lock);
}

/* The bytes that its input is estimated by. */
static size_t weight_of(const struct ai_exchange *exchange)
{
	return ai_request_weight(exchange->ask.request, exchange->ask.body_len);
}

/* Under the lock, after the budget let it in. */
static void record_prompt(struct ai_exchange *exchange, struct conversation_place *place,
			  int64_t now)
{
	struct ai_desk *desk = exchange->desk;
	AUTO(event_list_release) struct event_list list = EVENT_LIST_INIT;
	const struct ai_asked asked = {
		.exchange = exchange->id, .conversation = exchange->conversation,
		.wire = exchange->ask.wire, .request = exchange->ask.request, .place = place,
		.kind = exchange->kind, .client = exchange->ask.client,
		.retry = exchange->ask.retry, .bytes = (int64_t)weight_of(exchange),
		.own = exchange->ask.own,
		.instant = now,
	};
	struct err err = ERR_INIT;

	if (ai_record_asked(&list, &asked, &err) < 0 ||
	    journal_writer_append_later(desk->table->writer, desk->assessment_id, &list,
					stored_prompt, exchange, &err) < 0) {
		exchange->lost = true;
		exchange->ask.recorded(exchange->ask.arg, false);
		return;
	}
	desk->writes++;
	exchange->writes = true;
	conversation_asked(desk->book, exchange->conversation, exchange->id, place);
}

static void name_exchange(struct ai_exchange *exchange, const struct conversation_place *place)
{
	const char *id = exchange->ask.own ? exchange->ask.own->conversation : place->id;

	snprintf(exchange->id, sizeof(exchange->id), "%s-%llx", exchange->desk->tag,
		 (unsigned long long)++exchange->desk->made);
	if (id && strlen(id) < sizeof(exchange->conversation))
		snprintf(exchange->conversation, sizeof(exchange->conversation), "%s", id);
	else
		rand_id(exchange->conversation);
}

/* Under the lock, with that of the assessment: 1 let in, 0 not now, -1 refused. */
static int try_budget(struct ai_exchange *exchange, struct store *store, struct ai_no *no)
{
	struct ai_desk *desk = exchange->desk;
	const struct ai_ask *ask = &exchange->ask;
	AUTO(conversation_place_release) struct conversation_place place = CONVERSATION_PLACE_INIT;
	struct ai_claim claim = { .price = &exchange->price, .output = ask->request->max_output,
				  .least_output = ask->request->least_output,
				  .choices = ask->request->choices };
	int64_t now = store_now(store), bound;
	enum ai_verdict verdict;

	conversation_find(desk->book, ask->request, &place);
	exchange->kind = !ask->own ? ai_kind_of(ask->request, place.added, &ask->signs) :
			 ask->own->text ? AI_KIND_CHAT : AI_KIND_TOOL_RESULT;
	bound = ai_request_input_bound(ask->request, ask->body_len);
	claim.input = place.input_bound >= 0 && place.input_bound < bound ? place.input_bound
									  : bound;
	claim.is_prompt = ai_kind_is_person(exchange->kind);
	claim.is_free = exchange->kind == AI_KIND_COUNT;
	verdict = ai_budget_ask(&desk->budget, &claim, ai_desk_now(), &exchange->grant);
	if (verdict == AI_BUDGET_WAIT)
		return 0;
	if (verdict != AI_BUDGET_GRANTED)
		return ai_no_by_budget(no, verdict, &desk->budget.limits, &exchange->grant);
	name_exchange(exchange, &place);
	ask->turn(ask->arg, NULL);	/* first: what is written is waited for anyway */
	if (exchange->kind != AI_KIND_COUNT)
		record_prompt(exchange, &place, now);
	return 1;
}

static bool is_running(const struct ai_desk *desk, struct store *store)
{
	return !desk->pauses && store_now(store) < atomic_load(&desk->deadline);
}

int ai_desk_look(struct ai_desk *desk, struct store *store, struct ai_no *ret_no)
{
	const struct ai_claim claim = { .is_free = true };
	enum ai_verdict verdict;
	struct ai_grant grant;
	int result;

	pthread_mutex_lock(&desk->lock);
	result = ai_no_by_session(ret_no, &desk->policy, false, is_running(desk, store));
	if (result == 0) {
		verdict = ai_budget_ask(&desk->budget, &claim, ai_desk_now(), &grant);
		if (verdict == AI_BUDGET_GRANTED)
			ai_budget_settle(&desk->budget, &grant, &(struct ai_amount){ 0 });
		else
			result = ai_no_by_budget(ret_no, verdict, &desk->budget.limits, &grant);
	}
	pthread_mutex_unlock(&desk->lock);
	return result;
}

/* Under the lock: 1 let in, 0 not now, -1 refused. */
static int try_exchange(struct ai_exchange *exchange, struct store *store, struct ai_no *no)
{
	struct ai_desk *desk = exchange->desk;
	const struct ai_ask *ask = &exchange->ask;
	struct err err = ERR_INIT;
	int held;

	if (ai_no_by_policy(no, &desk->policy, ask->request, ask->own != NULL,
			    is_running(desk, store)))
		return -1;
	if (journal_writer_check(desk->table->writer, desk->assessment_id, &err) < 0)
		return ai_no_set(no, AI_REFUSAL_UPSTREAM,
				 "The server cannot record this just now. Please try again.");
	held = ai_desk_lock_take(desk, store, &err);
	exchange->locked_out = held == 0;
	if (held < 0)
		return ai_no_set(no, AI_REFUSAL_UPSTREAM,
				 "The server cannot read the record just now. Please try again.");
	return held ? try_budget(exchange, store, no) : 0;
}

/* What it waits for, or waited for in vain. */
static int say_wait(const struct ai_exchange *exchange, struct ai_no *no)
{
	return ai_no_set(no, AI_REFUSAL_RATE, "%s", exchange->locked_out ?
			 "Another program of this session is asking a model just now." :
			 "Other requests use what is left of the budget just now.");
}

static void append(struct ai_exchange **list, struct ai_exchange *exchange)
{
	while (*list)
		list = &(*list)->next;
	exchange->next = NULL;
	*list = exchange;
}

static void unlink_exchange(struct ai_exchange **list, struct ai_exchange *exchange)
{
	while (*list && *list != exchange)
		list = &(*list)->next;
	if (*list)
		*list = exchange->next;
}

/* Under the lock. */
static int begin(struct ai_exchange *exchange, struct store *store, struct ai_no *no)
{
	struct ai_desk *desk = exchange->desk;
	/* who came first goes first */
	int result = desk->waiting ? 0 : try_exchange(exchange, store, no);

	if (result == 0) {
		say_wait(exchange, no);
		exchange->state = WAITING;
		exchange->until = ai_desk_now() + AI_DESK_WAIT_MS;
		append(&desk->waiting, exchange);
	} else if (result == 1) {
		exchange->state = RUNNING;
		append(&desk->running, exchange);
	}
	return result;
}

int ai_desk_ask(struct ai_desk *desk, struct store *store, const struct ai_ask *ask,
		struct ai_exchange **ret, struct ai_no *ret_no)
{
	struct ai_exchange *exchange = buf_alloc(sizeof(*exchange));
	int result;

	exchange->desk = desk;
	exchange->ask = *ask;
	exchange->price = ai_price_of(desk->table->prices, ask->request->model);
	pthread_mutex_lock(&desk->lock);
	*ret = exchange;	/* before anybody can be told of it */
	result = begin(exchange, store, ret_no);
	if (result < 0)
		ai_desk_lock_leave(desk);
	pthread_mutex_unlock(&desk->lock);
	if (result < 0)
		*ret = NULL;
	if (result < 0)
		free(exchange);
	return result;
}

bool ai_exchange_is_recorded(const struct ai_exchange *exchange)
{
	return exchange->kind != AI_KIND_COUNT;
}

void ai_exchange_hurry(const struct ai_exchange *exchange)
{
	journal_writer_hurry(exchange->desk->table->writer);
}

const char *ai_exchange_id(const struct ai_exchange *exchange)
{
	return exchange->id;
}

int64_t ai_exchange_most(const struct ai_exchange *exchange)
{
	return exchange->grant.lowered ? exchange->grant.output : 0;
}

/* --- those that wait */

/* Under the lock: lets in who can go on; the first that must give up, or NULL. */
static struct ai_exchange *take_turns(struct ai_desk *desk, struct store *store,
				      struct ai_no *no)
{
	struct ai_exchange *exchange;

	while ((exchange = desk->waiting)) {
		int result = try_exchange(exchange, store, no);

		if (result == 0 && ai_desk_now() >= exchange->until)
			result = say_wait(exchange, no);
		if (result == 0)
			return NULL;
		desk->waiting = exchange->next;
		if (result < 0)
			return exchange;
		exchange->state = RUNNING;
		append(&desk->running, exchange);
	}
	return NULL;
}

void ai_desk_serve_waiting(struct ai_desk *desk, struct store *store)
{
	struct ai_exchange *refused;
	struct ai_no no;

	do {
		pthread_mutex_lock(&desk->lock);
		refused = take_turns(desk, store, &no);
		pthread_mutex_unlock(&desk->lock);
		if (refused)
			refused->ask.turn(refused->ask.arg, &no);
		free(refused);
	} while (refused);
}

/* --- stopping */

void ai_desk_stop_running(struct ai_desk *desk)
{
	for (struct ai_exchange *exchange = desk->running; exchange; exchange = exchange->next)
		if (exchange->ask.stop)
			exchange->ask.stop(exchange->ask.arg);
}

void ai_desk_wait_quiet(struct ai_desk *desk, int64_t until)
{
	const struct timespec end = { .tv_sec = until / 1000,
				      .tv_nsec = until % 1000 * 1000000 };

	pthread_mutex_lock(&desk->lock);
	while ((desk->running || desk->waiting || desk->writes) &&
	       pthread_cond_timedwait(&desk->quiet, &desk->lock, &end) == 0)
		;
	pthread_mutex_unlock(&desk->lock);
}

void ai_desk_pause(struct ai_desk *desk, struct store *store)
{
	pthread_mutex_lock(&desk->lock);
	desk->pauses++;
	ai_desk_stop_running(desk);
	pthread_mutex_unlock(&desk->lock);
	ai_desk_serve_waiting(desk, store);
	journal_writer_hurry(desk->table->writer);
	ai_desk_wait_quiet(desk, ai_desk_now() + AI_DESK_END_MS);
}

void ai_desk_resume(struct ai_desk *desk)
{
	pthread_mutex_lock(&desk->lock);
	desk->pauses--;
	pthread_mutex_unlock(&desk->lock);
}

/* --- the end */

/* The event that is on its way; the exchange is gone by then. */
static void stored_response(void *arg, const struct ingest_answer *answer, const struct err *err)
{
	struct ai_desk *desk = arg;

	pthread_mutex_lock(&desk->lock);
	see_own(desk, answer, err);
	desk->writes--;
	ai_desk_lock_leave(desk);
	pthread_mutex_unlock(&desk->lock);
}

/* Under the lock. What cannot be stored is spent nevertheless. No answer without its prompt. */
static void record_response(struct ai_exchange *exchange, const struct ai_answered *answered)
{
	struct ai_desk *desk = exchange->desk;
	AUTO(event_list_release) struct event_list list = EVENT_LIST_INIT;
	struct err ignored = ERR_INIT;

	if (!exchange->lost && ai_record_answered(&list, answered, &ignored) == 0 &&
	    journal_writer_append_later(desk->table->writer, desk->assessment_id, &list,
					stored_response, desk, &ignored) == 0)
		desk->writes++;
	conversation_answered(desk->book, exchange->id, answered->answer);
}

/* A provider bills what it was asked also when its answer was not waited for. */
static bool is_billed(const struct ai_outcome *outcome)
{
	return outcome->status ? outcome->status / 100 == 2 : outcome->sent && outcome->cut;
}

static void settle(struct ai_exchange *exchange, const struct ai_outcome *outcome)
{
	struct ai_answer answer = *outcome->answer;
	bool billed = is_billed(outcome);
	struct ai_answered answered = {
		.exchange = exchange->id, .conversation = exchange->conversation,
		.answer = &answer, .status = outcome->status, .cut = outcome->cut,
		.first_ms = outcome->first_ms, .wall_ms = outcome->wall_ms,
		.guarded = outcome->guarded, .planted = outcome->planted,
	};
	struct ai_amount used = { .messages = 0 };

	if (billed && (outcome->status || outcome->cut != AI_CUT_IDLE))
		used.messages = exchange->grant.aside.messages;
	if (billed && !answer.usage_known) {
		answer.usage = ai_answer_estimate(&answer, weight_of(exchange));
		answered.estimated = true;
	}
	if (exchange->kind != AI_KIND_COUNT) {
		answered.cost = ai_price_cost(&exchange->price, &answer.usage);
		used.tokens = ai_usage_all(&answer.usage);
		used.cost = answered.cost;
		record_response(exchange, &answered);
	}
	ai_budget_settle(&exchange->desk->budget, &exchange->grant, &used);
}

void ai_exchange_end(struct ai_exchange **exchange, struct store *store,
		     const struct ai_outcome *outcome)
{
	struct ai_exchange *ended = TAKE(*exchange);
	struct ai_desk *desk = ended ? ended->desk : NULL;

	if (!ended)
		return;
	pthread_mutex_lock(&desk->lock);
	unlink_exchange(ended->state == RUNNING ? &desk->running : &desk->waiting, ended);
	if (ended->state == RUNNING)
		settle(ended, outcome);
	ended->ended = true;
	if (!ended->writes)
		free(ended);
	pthread_mutex_unlock(&desk->lock);
	ai_desk_serve_waiting(desk, store);
	pthread_mutex_lock(&desk->lock);
	ai_desk_lock_leave(desk);
	pthread_mutex_unlock(&desk->lock);
}

void ai_desk_give_up(struct ai_desk *desk, const void *arg)
{
	struct ai_exchange *exchange;
	struct ai_ask ask;
	struct ai_no no;

	pthread_mutex_lock(&desk->lock);
	exchange = desk->waiting;
	while (exchange && exchange->ask.arg != arg)
		exchange = exchange->next;
	if (exchange) {
		unlink_exchange(&desk->waiting, exchange);
		ask = exchange->ask;
		free(exchange);
	}
	pthread_mutex_unlock(&desk->lock);
	if (!exchange)
		return;
	ai_no_set(&no, AI_REFUSAL_RATE, "Nobody waits for it any more.");
	ask.turn(ask.arg, &no);
}

/* While another process has the lock, what was known before it. */
static int look_at_budget(struct ai_desk *desk, struct store *store, struct ai_budget *ret,
			  struct err *err)
{
	int taken;

	pthread_mutex_lock(&desk->lock);
	taken = ai_desk_lock_take(desk, store, err);
	*ret = desk->budget;
	ai_desk_lock_leave(desk);
	pthread_mutex_unlock(&desk->lock);
	return taken < 0 ? -1 : 0;
}

int ai_desk_spent(struct ai_desk *desk, struct store *store, struct ai_amount *ret,
		  struct err *err)
{
	struct ai_budget budget;

	if (look_at_budget(desk, store, &budget, err) < 0)
		return -1;
	*ret = budget.spent;
	return 0;
}

struct ai_amount ai_desk_left(struct ai_desk *desk, struct store *store, struct err *err)
{
	struct ai_budget budget;

	if (look_at_budget(desk, store, &budget, err) < 0)
		return (struct ai_amount){ -1, -1, -1 };
	return ai_budget_left(&budget);
}
