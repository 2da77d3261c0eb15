/* ai_desk.c - see ai_desk.h */
#include "assess/ai_desk.h"

#include "ai/ai_policy.h"
#include "base/auto.h"
#include "base/fs.h"
#include "base/json.h"
#include "journal/journal.h"
#include "store/event.h"
#include "store/task.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <time.h>

#define TAG_LEN 8	/* of the desk, in the ids of its exchanges */

enum exchange_state { WAITING, RUNNING };

struct ai_exchange {
	struct ai_desk *desk;
	struct ai_exchange *next;	/* in the list of its state, the oldest first */
	enum exchange_state state;
	bool ended;			/* only the write of its prompt still knows it */
	bool writes;			/* its prompt is on its way to the disk */
	struct ai_ask ask;
	int64_t until;			/* WAITING: then it is refused */
	struct ai_price price;
	struct ai_grant grant;
	enum ai_kind kind;
	char id[TAG_LEN + 20];
	char conversation[RAND_ID_LEN + 1];
};

struct ai_desk {
	struct ai_desk_table *table;
	struct ai_desk *next;
	unsigned users;			/* under the table's lock */
	char assessment_id[RAND_ID_LEN + 1];
	char tag[TAG_LEN + 1];		/* tells its own events from those of others */
	atomic_int_least64_t deadline;	/* 0: the session does not run */

	pthread_mutex_t lock;		/* of all below */
	json_t *manifest;
	struct ai_policy policy;
	struct ai_budget budget;
	struct conversation_book *book;
	int64_t seen;			/* the first event that was not looked at */
	int64_t made;			/* exchanges so far */
	int lock_fd;			/* of the file that keeps other processes out; -1 */
	int writes;			/* events on their way to the disk */
	struct ai_exchange *waiting, *running;
};

struct ai_desk_table {
	struct journal_writer *writer;
	const json_t *prices;
	pthread_mutex_t lock;		/* of all below */
	struct ai_desk *desks;
};

static int64_t steady_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* --- the table */

struct ai_desk_table *ai_desk_table_new(struct journal_writer *writer, const json_t *prices)
{
	struct ai_desk_table *table = buf_alloc(sizeof(*table));

	table->writer = writer;
	table->prices = prices;
	pthread_mutex_init(&table->lock, NULL);
	return table;
}

static void free_desk(struct ai_desk *desk)
{
	json_decref(desk->manifest);
	conversation_book_free(&desk->book);
	auto_close(&desk->lock_fd);
	pthread_mutex_destroy(&desk->lock);
	free(desk);
}

void ai_desk_table_free(struct ai_desk_table **table)
{
	struct ai_desk_table *old = TAKE(*table);

	while (old && old->desks) {
		struct ai_desk *desk = old->desks;

		old->desks = desk->next;
		free_desk(desk);
	}
	if (old)
		pthread_mutex_destroy(&old->lock);
	free(old);
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
	snprintf(desk->tag, sizeof(desk->tag), "%.*s", TAG_LEN, tag);
	pthread_mutex_init(&desk->lock, NULL);
	table->desks = desk;
	return desk;
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
		atomic_store(&desk->deadline, assessment->status == STATUS_ACTIVE
						      ? assessment->deadline : 0);
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
	pthread_mutex_unlock(&given->table->lock);
}

/* --- what other processes recorded */

struct reading {
	struct ai_desk *desk;
	struct store *store;
	struct ai_recall *recall;
};

static bool is_own(const struct ai_desk *desk, const json_t *data)
{
	return strncmp(json_str(data, "exchange", ""), desk->tag, TAG_LEN) == 0;
}

static int read_event(void *arg, const struct event *event, struct err *err)
{
	struct reading *reading = arg;
	AUTO_JSON json_t *data = NULL;
	AUTO_FREE char *payload = NULL;
	const json_t *blocks;

	reading->desk->seen = event->seq + 1;
	if (strncmp(event->kind, "ai_", 3) != 0)
		return 0;
	data = json_parse(event->data, strlen(event->data), "event", err);
	if (!data)
		return -1;
	if (is_own(reading->desk, data))
		return 0;
	blocks = json_object_get(data, "blocks");
	if (json_is_object(blocks)) {
		payload = event_blob_get(reading->store, json_str(blocks, "blob", ""), NULL, err);
		if (!payload)
			return -1;
	}
	ai_recall_event(reading->recall, event->kind, data,
			payload ? payload : json_string_value(blocks));
	return 0;
}

static int read_others(struct ai_desk *desk, struct store *store, struct err *err)
{
	struct reading reading = { desk, store, ai_recall_new(desk->book) };
	int result = event_each(store, desk->assessment_id, desk->seen, read_event, &reading, err);
	struct ai_amount spent = ai_recall_spent(reading.recall);

	ai_recall_free(&reading.recall);
	desk->budget.spent.tokens += spent.tokens;
	desk->budget.spent.cost += spent.cost;
	desk->budget.spent.messages += spent.messages;
	return result;
}

/* 1 this process has the assessment's models, 0 another one does. */
static int keep_others_out(struct ai_desk *desk, struct store *store, struct err *err)
{
	AUTO_FREE char *folder = fs_join(store_path(store), "locks");
	AUTO_FREE char *path = buf_format("%s/ai-%s", folder, desk->assessment_id);
	AUTO_FD int fd = -1;

	if (desk->lock_fd >= 0)
		return 1;
	if (fs_mkdirs(folder, 0700, err) < 0)
		return -1;
	fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (fd < 0)
		return err_sys(err, "%s", path);
	if (flock(fd, LOCK_EX | LOCK_NB) < 0)
		return errno == EWOULDBLOCK ? 0 : err_sys(err, "%s", path);
	if (read_others(desk, store, err) < 0)
		return -1;
	desk->lock_fd = TAKE_FD(fd);
	return 1;
}

static void let_others_in(struct ai_desk *desk)
{
	if (desk->running || desk->waiting || desk->writes)
		return;
	auto_close(&desk->lock_fd);
	desk->lock_fd = -1;
}

/* --- asking */

static void stored_prompt(void *arg, const struct ingest_answer *answer, const struct err *err)
{
	struct ai_exchange *exchange = arg;
	struct ai_desk *desk = exchange->desk;

	(void)answer;
	pthread_mutex_lock(&desk->lock);
	desk->writes--;
	exchange->writes = false;
	if (exchange->ended)
		free(exchange);
	else
		exchange->ask.recorded(exchange->ask.arg, err == NULL);
	let_others_in(desk);
	pthread_mutex_unlock(&desk->lock);
}

/* Under the lock, after the budget let it in. */
static int record_prompt(struct ai_exchange *exchange, struct conversation_place *place,
			 int64_t now, struct err *err)
{
	struct ai_desk *desk = exchange->desk;
	AUTO(event_list_release) struct event_list list = EVENT_LIST_INIT;
	const struct ai_asked asked = {
		.exchange = exchange->id, .conversation = exchange->conversation,
		.wire = exchange->ask.wire, .request = exchange->ask.request, .place = place,
		.kind = exchange->kind, .client = exchange->ask.client,
		.retry = exchange->ask.retry, .bytes = (int64_t)exchange->ask.body_len,
		.own = exchange->ask.own,
		.instant = now,
	};

	if (ai_record_asked(&list, &asked, err) < 0 ||
	    journal_writer_append_later(desk->table->writer, desk->assessment_id, &list,
					stored_prompt, exchange, err) < 0)
		return -1;
	desk->writes++;
	exchange->writes = true;
	conversation_asked(desk->book, exchange->conversation, exchange->id, place);
	return 0;
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

/* Under the lock: 1 let in, 0 not now, -1 refused. */
static int try_exchange(struct ai_exchange *exchange, struct store *store, struct ai_no *no)
{
	struct ai_desk *desk = exchange->desk;
	const struct ai_ask *ask = &exchange->ask;
	AUTO(conversation_place_release) struct conversation_place place = CONVERSATION_PLACE_INIT;
	struct ai_claim claim = { .price = &exchange->price, .output = ask->request->max_output,
				  .least_output = ask->request->least_output,
				  .choices = ask->request->choices };
	int64_t now = store_now(store), bound;
	enum ai_verdict verdict;
	struct err err = ERR_INIT;

	if (ai_no_by_policy(no, &desk->policy, ask->request, ask->own != NULL,
			    now < atomic_load(&desk->deadline)))
		return -1;
	conversation_find(desk->book, ask->request, &place);
	exchange->kind = !ask->own ? ai_kind_of(ask->request, place.added, &ask->signs) :
			 ask->own->text ? AI_KIND_CHAT : AI_KIND_TOOL_RESULT;
	bound = ai_request_input_bound(ask->request, ask->body_len);
	claim.input = place.input_bound >= 0 && place.input_bound < bound ? place.input_bound
									  : bound;
	claim.is_prompt = ai_kind_is_person(exchange->kind);
	claim.is_free = exchange->kind == AI_KIND_COUNT;
	verdict = ai_budget_ask(&desk->budget, &claim, steady_ms(), &exchange->grant);
	if (verdict == AI_BUDGET_WAIT)
		return 0;
	if (verdict != AI_BUDGET_GRANTED)
		return ai_no_by_budget(no, verdict, &desk->budget.limits, &exchange->grant);
	name_exchange(exchange, &place);
	if (exchange->kind == AI_KIND_COUNT || record_prompt(exchange, &place, now, &err) == 0)
		return 1;
	ai_budget_settle(&desk->budget, &exchange->grant, &(struct ai_amount){ 0 });
	return ai_no_set(no, AI_REFUSAL_UPSTREAM,
			 "The server cannot record this just now. Please try again.");
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
	struct err err = ERR_INIT;
	int result = keep_others_out(desk, store, &err);

	if (result < 0)
		return ai_no_set(no, AI_REFUSAL_UPSTREAM,
				 "The server cannot read the record just now. Please try again.");
	if (result == 0)
		return ai_no_set(no, AI_REFUSAL_UPSTREAM,
				 "Another program of this session is asking a model just now. "
				 "Please try again.");
	/* who came first goes first */
	result = desk->waiting ? 0 : try_exchange(exchange, store, no);
	if (result == 0) {
		exchange->state = WAITING;
		exchange->until = steady_ms() + AI_DESK_WAIT_MS;
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
		let_others_in(desk);
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

const char *ai_exchange_id(const struct ai_exchange *exchange)
{
	return exchange->id;
}

const char *ai_exchange_conversation(const struct ai_exchange *exchange)
{
	return exchange->conversation;
}

int64_t ai_exchange_most(const struct ai_exchange *exchange)
{
	return exchange->grant.lowered ? exchange->grant.output : 0;
}

/* --- those that wait */

/* Under the lock: who can go on or must give up, in a list of its own. */
static struct ai_exchange *take_turns(struct ai_desk *desk, struct store *store,
				      struct ai_no *no)
{
	struct ai_exchange *exchange = desk->waiting;
	int result;

	if (!exchange)
		return NULL;
	result = try_exchange(exchange, store, no);
	if (result == 0 && steady_ms() >= exchange->until)
		result = ai_no_set(no, AI_REFUSAL_RATE,
				   "Other requests have taken what is left of the budget. Please "
				   "wait until they are done.");
	if (result == 0)
		return NULL;
	desk->waiting = exchange->next;
	if (result == 1) {
		no->sentence[0] = '\0';
		exchange->state = RUNNING;
		append(&desk->running, exchange);
	}
	return exchange;
}

static void serve_waiting(struct ai_desk *desk, struct store *store)
{
	struct ai_exchange *exchange;
	struct ai_no no;

	do {
		struct ai_ask ask;

		pthread_mutex_lock(&desk->lock);
		exchange = take_turns(desk, store, &no);
		if (exchange)
			ask = exchange->ask;
		if (exchange && no.sentence[0])
			free(exchange);
		pthread_mutex_unlock(&desk->lock);
		if (exchange)
			ask.turn(ask.arg, no.sentence[0] ? &no : NULL);
	} while (exchange);
}

void ai_desk_table_look(struct ai_desk_table *table, struct store *store)
{
	struct ai_desk *desk, *next;

	pthread_mutex_lock(&table->lock);
	for (desk = table->desks; desk; desk = desk->next)
		desk->users++;
	desk = table->desks;
	pthread_mutex_unlock(&table->lock);
	for (; desk; desk = next) {
		serve_waiting(desk, store);
		pthread_mutex_lock(&table->lock);
		next = desk->next;
		desk->users--;
		pthread_mutex_unlock(&table->lock);
	}
}

/* --- the end */

/* The event that is on its way; the exchange is gone by then. */
static void stored_response(void *arg, const struct ingest_answer *answer, const struct err *err)
{
	struct ai_desk *desk = arg;

	(void)answer, (void)err;
	pthread_mutex_lock(&desk->lock);
	desk->writes--;
	let_others_in(desk);
	pthread_mutex_unlock(&desk->lock);
}

/* Under the lock. What cannot be stored is spent nevertheless. */
static void record_response(struct ai_exchange *exchange, const struct ai_answered *answered)
{
	struct ai_desk *desk = exchange->desk;
	AUTO(event_list_release) struct event_list list = EVENT_LIST_INIT;
	struct err ignored = ERR_INIT;

	if (ai_record_answered(&list, answered, &ignored) == 0 &&
	    journal_writer_append_later(desk->table->writer, desk->assessment_id, &list,
					stored_response, desk, &ignored) == 0)
		desk->writes++;
	conversation_answered(desk->book, exchange->id, answered->answer);
}

static void settle(struct ai_exchange *exchange, const struct ai_outcome *outcome)
{
	struct ai_answer answer = *outcome->answer;
	bool reached = outcome->status / 100 == 2;
	struct ai_answered answered = {
		.exchange = exchange->id, .conversation = exchange->conversation,
		.answer = &answer, .status = outcome->status, .cut = outcome->cut,
		.first_ms = outcome->first_ms, .wall_ms = outcome->wall_ms,
		.guarded = outcome->guarded, .planted = outcome->planted,
	};
	struct ai_amount used = { .messages = reached && exchange->grant.aside.messages };

	if (reached && !answer.usage_known) {
		answer.usage = ai_answer_estimate(&answer, exchange->ask.body_len);
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
	serve_waiting(desk, store);
	pthread_mutex_lock(&desk->lock);
	let_others_in(desk);
	pthread_mutex_unlock(&desk->lock);
}

struct ai_amount ai_desk_left(struct ai_desk *desk, struct store *store, struct err *err)
{
	struct ai_amount left = { -1, -1, -1 };

	pthread_mutex_lock(&desk->lock);
	/* while another process has the lock, what was known before it */
	if (keep_others_out(desk, store, err) >= 0)
		left = ai_budget_left(&desk->budget);
	let_others_in(desk);
	pthread_mutex_unlock(&desk->lock);
	return left;
}
