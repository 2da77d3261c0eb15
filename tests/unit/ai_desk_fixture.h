/* ai_desk_fixture.h - a session whose models are asked at a desk, and those that ask there */
#ifndef TALI_AI_DESK_FIXTURE_H
#define TALI_AI_DESK_FIXTURE_H

#include "ingest_fixture.h"

#include "assess/ai_desk.h"
#include "base/json.h"
#include "store/event.h"

#include <pthread.h>

#define BODY "{\"model\":\"m\",\"max_tokens\":50,\"messages\":[" \
	     "{\"role\":\"user\",\"content\":\"why?\"}]}"
#define ANSWER "{\"type\":\"message\",\"model\":\"m\",\"content\":[{\"type\":\"text\"," \
	       "\"text\":\"so\"}],\"stop_reason\":\"end_turn\"," \
	       "\"usage\":{\"input_tokens\":20,\"output_tokens\":10}}"
#define POLICY(more) "{\"ai\":{\"policy\":\"full\"" more "}}"

struct session {
	struct fixture *f;
	struct active active;
	struct journal_writer *writer;
	struct ai_desk_table *table;
	struct ai_desk *desk;
};

/* One that asks, and waits for what it is told. */
struct asker {
	struct ai_request request;
	struct ai_ask ask;
	struct ai_exchange *exchange;
	pthread_mutex_t lock;		/* of all below */
	pthread_cond_t changed;
	int recorded, turned, stopped;
	struct ai_no no;
};

static void take_desk(struct session *s)
{
	struct err err = ERR_INIT;

	s->writer = journal_writer_open(s->f->folder, &s->f->clock, &err);
	must(s->writer ? 0 : -1, &err);
	s->table = ai_desk_table_new(s->writer, NULL);
	s->desk = ai_desk_take(s->table, s->f->store, &s->active.row, &err);
	must(s->desk ? 0 : -1, &err);
}

static void give_desk(struct session *s)
{
	ai_desk_give(&s->desk);
	journal_writer_close(&s->writer);
	ai_desk_table_free(&s->table);
}

static void begin(struct session *s, void **state, const char *manifest)
{
	AUTO(task_version_release) struct task_version version = TASK_VERSION_INIT;
	static unsigned versions;
	char number[9];
	struct err err = ERR_INIT;

	*s = (struct session){ .f = *state };
	s->active = active_make(s->f);
	memcpy(version.version, VERSION_ID, sizeof(VERSION_ID));
	snprintf(number, sizeof(number), "%08x", ++versions);
	memcpy(version.version, number, 8);
	memcpy(version.start_tree, VERSION_ID, sizeof(VERSION_ID));
	version.manifest = buf_strdup(manifest);
	version.proof = buf_strdup("");
	must(store_begin(s->f->store, &err), &err);
	must(task_version_add(s->f->store, s->f->task, &version, &err), &err);
	must(store_commit(s->f->store, &err), &err);
	memcpy(s->active.row.task_version, version.version, sizeof(version.version));
	take_desk(s);
}

static void finish(struct session *s)
{
	give_desk(s);
	active_check(s->f, &s->active);
	active_release(&s->active);
}

static void told_recorded(void *arg, bool stored)
{
	struct asker *asker = arg;

	pthread_mutex_lock(&asker->lock);
	asker->recorded = stored ? 1 : -1;
	pthread_cond_broadcast(&asker->changed);
	pthread_mutex_unlock(&asker->lock);
}

static void told_turn(void *arg, const struct ai_no *no)
{
	struct asker *asker = arg;

	pthread_mutex_lock(&asker->lock);
	asker->turned = no ? -1 : 1;
	if (no)
		asker->no = *no;
	pthread_cond_broadcast(&asker->changed);
	pthread_mutex_unlock(&asker->lock);
}

static void told_stop(void *arg)
{
	struct asker *asker = arg;

	pthread_mutex_lock(&asker->lock);
	asker->stopped = 1;
	pthread_cond_broadcast(&asker->changed);
	pthread_mutex_unlock(&asker->lock);
}

static int ask(struct session *s, struct asker *asker)
{
	const struct ai_wire *wire = ai_wire_find("messages");
	struct err err = ERR_INIT;

	*asker = (struct asker){ .request = AI_REQUEST_INIT };
	pthread_mutex_init(&asker->lock, NULL);
	pthread_cond_init(&asker->changed, NULL);
	must(wire->read_request(BODY, sizeof(BODY) - 1, &asker->request, &err), &err);
	asker->ask = (struct ai_ask){ .wire = wire, .request = &asker->request,
				      .body_len = sizeof(BODY) - 1, .turn = told_turn,
				      .recorded = told_recorded, .stop = told_stop,
				      .arg = asker };
	return ai_desk_ask(s->desk, s->f->store, &asker->ask, &asker->exchange, &asker->no);
}

static void await(struct asker *asker, const int *what)
{
	pthread_mutex_lock(&asker->lock);
	while (!*what)
		pthread_cond_wait(&asker->changed, &asker->lock);
	pthread_mutex_unlock(&asker->lock);
}

static void answer(struct session *s, struct asker *asker, const char *raw, int status)
{
	struct ai_answer answer = AI_ANSWER_INIT;
	const struct ai_outcome outcome = { .answer = &answer, .status = status, .wall_ms = 3 };

	ai_wire_find("messages")->read_answer(raw, strlen(raw), false, &answer);
	ai_exchange_end(&asker->exchange, s->f->store, &outcome);
	ai_answer_release(&answer);
	ai_request_release(&asker->request);
}

struct counts {
	int prompts, responses;
	int64_t tokens;
};

static int count_event(void *arg, const struct event *event, struct err *err)
{
	struct counts *counts = arg;
	AUTO_JSON json_t *data = json_parse(event->data, strlen(event->data), "data", err);

	counts->prompts += strcmp(event->kind, "ai_prompt") == 0;
	if (strcmp(event->kind, "ai_response") == 0) {
		counts->responses++;
		counts->tokens += json_int(data, "input_tokens", 0) +
				  json_int(data, "output_tokens", 0);
	}
	return 0;
}

static struct counts count(struct session *s)
{
	struct counts counts = { 0 };
	struct err err = ERR_INIT;

	must(event_each(s->f->store, s->active.id, 0, count_event, &counts, &err), &err);
	return counts;
}

#endif
