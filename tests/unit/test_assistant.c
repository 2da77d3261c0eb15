/* test_assistant.c - turns of tali's own assistant: one at a time, stopped, with files */
#include "assistant_fixture.h"
#include "live_fixture.h"

#include "assess/assistant.h"
#include "assess/assistant_history.h"

#include <pthread.h>
#include <time.h>

struct talk {
	struct session s;
	struct ai_desk_table *desks;
	struct worker_pool *pool;
	struct http_client *client;
	struct assistant *assistant;
	struct assistant_turn *turn;
	pthread_mutex_t lock;	/* of what follows */
	pthread_cond_t changed;
	struct buf told;	/* "EVENT JSON\n" each */
	int ends;
};

static void open_talk(struct talk *t, void **state, const char *turns)
{
	struct err err = ERR_INIT;

	*t = (struct talk){ .told = BUF_INIT(1 << 20) };
	pthread_mutex_init(&t->lock, NULL);
	pthread_cond_init(&t->changed, NULL);
	begin(&t->s, state);
	if (turns)
		add_script(t->s.f, turns);
	t->desks = ai_desk_table_new(t->s.writer, NULL);
	t->pool = pool_of(t->s.f);
	t->client = http_client_open(&err);
	must(t->client ? 0 : -1, &err);
	t->assistant = assistant_new(&(struct assistant_config){
		.desks = t->desks, .writer = t->s.writer, .client = t->client,
		.recorders = t->pool, .jobs = t->pool, .store_of = store_of });
}

static void close_talk(struct talk *t)
{
	assistant_turn_release(&t->turn);
	assistant_stop_all(t->assistant);
	assert_int_equal(assistant_running(t->assistant), 0);
	http_client_close(&t->client);
	worker_stop(&t->pool);
	assistant_free(&t->assistant);
	check(&t->s);
	finish(&t->s);
	ai_desk_table_free(&t->desks);	/* behind the writer, which may have something of it */
	buf_release(&t->told);
}

static void take(void *arg, const char *event, const json_t *data)
{
	struct talk *t = arg;
	AUTO_FREE char *text = json_canonical(data);

	pthread_mutex_lock(&t->lock);
	buf_add_format(&t->told, "%s %s\n", event, text);
	t->ends += !strcmp(event, "end") || !strcmp(event, "error");
	pthread_cond_broadcast(&t->changed);
	pthread_mutex_unlock(&t->lock);
}

/* Until these words were told. */
static void wait_for(struct talk *t, const char *words)
{
	struct timespec until;

	clock_gettime(CLOCK_REALTIME, &until);
	until.tv_sec += 60;
	pthread_mutex_lock(&t->lock);
	while (!strstr(buf_str(&t->told), words))
		if (pthread_cond_timedwait(&t->changed, &t->lock, &until) != 0)
			fail_msg("not told: %s\nbut: %s", words, buf_str(&t->told));
	pthread_mutex_unlock(&t->lock);
}

static void reread(struct talk *t)
{
	struct assessment before = t->s.assessment;
	struct err err = ERR_INIT;

	must(assessment_get(t->s.f->store, before.id, &t->s.assessment, &err), &err);
	assessment_release(&before);
}

static int try_ask(struct talk *t, struct assistant_turn_config config, struct err *err)
{
	assistant_turn_release(&t->turn);
	reread(t);
	config.assessment = &t->s.assessment;
	config.tell = take;
	config.arg = t;
	return assistant_begin(t->assistant, t->s.f->store, &config, &t->turn, err);
}

static void ask(struct talk *t, const char *text)
{
	struct err err = ERR_INIT;

	must(try_ask(t, (struct assistant_turn_config){ .text = text }, &err), &err);
}

static void assert_refused(struct talk *t, struct assistant_turn_config config,
			   enum err_code code, const char *words)
{
	struct err err = ERR_INIT;

	assert_int_equal(try_ask(t, config, &err), -1);
	if (err.code != code || !strstr(err.text, words))
		fail_msg("%d %s", err.code, err.text);
}

#define SLOW "[{'answer':'a long answer of many pieces, of which few will ever be seen'," \
	     "'chunk_ms':10000},{'when':'again','answer':'quick'}]"

static void an_answer_is_told_from_its_begin_to_its_end(void **state)
{
	struct talk t;

	open_talk(&t, state, "[{'answer':'so it is'}]");
	ask(&t, "why?");
	wait_for(&t, "\nend ");
	wait_for(&t, "begin {\"agent\":false,\"conversation\":\"");
	wait_for(&t, "text {\"text\":\"so it is\"}");
	wait_for(&t, "\"left\":{\"cost_microusd\":-1,\"messages\":-1,\"tokens\":-1},"
		     "\"stop\":\"end\"}");
	assert_int_equal(t.ends, 1);
	close_talk(&t);
}

static void one_turn_runs_at_a_time_until_it_is_stopped(void **state)
{
	struct assistant_turn *found;
	struct talk t;

	open_talk(&t, state, SLOW);
	ask(&t, "why?");
	wait_for(&t, "begin");
	found = assistant_find(t.assistant, t.s.assessment.id);
	assert_non_null(found);
	assert_refused(&t, (struct assistant_turn_config){ .text = "again" }, ERR_STATE,
		       "still answering");
	assistant_stop(found);
	wait_for(&t, "\"stop\":\"stopped\"");
	assistant_turn_release(&found);
	ask(&t, "again");
	wait_for(&t, "quick");
	wait_for(&t, "\"stop\":\"end\"");
	assert_int_equal(t.ends, 2);
	close_talk(&t);
}

static void at_the_end_of_the_server_all_are_stopped(void **state)
{
	struct talk t;

	open_talk(&t, state, SLOW);
	ask(&t, "why?");
	assistant_stop_all(t.assistant);
	wait_for(&t, "\"stop\":\"stopped\"");
	assert_refused(&t, (struct assistant_turn_config){ .text = "again" }, ERR_STATE,
		       "being stopped");
	close_talk(&t);
}

static void without_a_provider_it_is_told_in_one_sentence(void **state)
{
	struct talk t;

	open_talk(&t, state, NULL);
	ask(&t, "why?");
	wait_for(&t, "error {\"code\":\"model\",\"message\":\"No model can be asked just now.");
	assert_int_equal(t.ends, 1);
	close_talk(&t);
}

static void what_there_is_to_choose_from_is_known_before(void **state)
{
	struct talk t;
	struct err err = ERR_INIT;
	json_t *offer;

	open_talk(&t, state, SLOW);
	offer = assistant_offer(t.assistant, t.s.f->store, &t.s.assessment, &err);
	must(offer ? 0 : -1, &err);
	assert_json(offer, "{'policy':'full','agent':false,'models':[{'id':'demo','provider':"
			   "'script'}],'left':{'tokens':-1,'cost_microusd':-1,'messages':-1}}");
	json_decref(offer);
	close_talk(&t);
}

/* --- the budget */

#define LIMITED "{\"ai\":{\"policy\":\"full\",\"max_tokens\":40000}}"
#define GREEDY "{\"model\":\"demo\",\"max_tokens\":39000,\"messages\":[" \
	       "{\"role\":\"user\",\"content\":\"why?\"}]}"

/* Another request, which sets nearly all of the budget aside. */
struct holder {
	struct ai_request request;
	struct ai_desk *desk;
	struct ai_exchange *exchange;
};

static void ignore_turn(void *arg, const struct ai_no *no)
{
	(void)arg;
	assert_null(no);
}

static void ignore_recorded(void *arg, bool stored)
{
	(void)arg;
	assert_true(stored);
}

static void hold_budget(struct talk *t, struct holder *holder)
{
	const struct ai_wire *wire = ai_wire_find("messages");
	struct err err = ERR_INIT;
	struct ai_no no;
	struct ai_ask ask = { .wire = wire, .request = &holder->request,
			      .body_len = strlen(GREEDY), .turn = ignore_turn,
			      .recorded = ignore_recorded };

	must(sql_run(t->s.f->store, &err, "UPDATE task_version SET manifest = ?1", "t",
		     LIMITED), &err);
	*holder = (struct holder){ .request = AI_REQUEST_INIT };
	must(wire->read_request(GREEDY, strlen(GREEDY), &holder->request, &err), &err);
	reread(t);
	holder->desk = ai_desk_take(t->desks, t->s.f->store, &t->s.assessment, &err);
	must(holder->desk ? 0 : -1, &err);
	assert_int_equal(ai_desk_ask(holder->desk, t->s.f->store, &ask, &holder->exchange, &no), 1);
}

static void give_budget(struct talk *t, struct holder *holder)
{
	AUTO(ai_answer_release) struct ai_answer answer = AI_ANSWER_INIT;

	answer.blocks = json_array();
	ai_exchange_end(&holder->exchange, t->s.f->store,
			&(struct ai_outcome){ .answer = &answer, .status = 500 });
	ai_desk_give(&holder->desk);
	ai_request_release(&holder->request);
}

static void a_turn_waits_until_the_budget_has_room(void **state)
{
	struct holder holder;
	struct talk t;

	open_talk(&t, state, "[{'answer':'so it is'}]");
	hold_budget(&t, &holder);
	ask(&t, "why?");
	wait_for(&t, "wait {\"text\":\"Waiting");
	assert_null(strstr(buf_str(&t.told), "so it is"));
	give_budget(&t, &holder);
	wait_for(&t, "so it is");
	wait_for(&t, "\"stop\":\"end\"");
	close_talk(&t);
}

static void a_turn_that_waits_is_stopped_at_once(void **state)
{
	struct holder holder;
	struct talk t;

	open_talk(&t, state, "[{'answer':'so it is'}]");
	hold_budget(&t, &holder);
	ask(&t, "why?");
	wait_for(&t, "wait {\"text\":\"Waiting");
	assistant_stop(t.turn);
	wait_for(&t, "\"stop\":\"stopped\"");
	assert_null(strstr(buf_str(&t.told), "so it is"));
	assistant_turn_release(&t.turn);
	ask(&t, "again?");	/* its place is free */
	give_budget(&t, &holder);
	wait_for(&t, "so it is");
	wait_for(&t, "\"stop\":\"end\"");
	assert_int_equal(t.ends, 2);
	close_talk(&t);
}

/* --- files of the work */

struct files {
	struct workbench bench;
	const char *text;
	size_t len;
	int *released;
};

static int read_file(struct workbench *bench, struct store *store, const char *path,
		     struct buf *out, bool *ret_more, struct err *err)
{
	const struct files *files = (const struct files *)bench;

	(void)store;
	if (strcmp(path, "a.c") != 0)
		return err_set(err, ERR_NOT_FOUND, "there is no such file");
	*ret_more = !buf_add(out, files->text, files->len);
	return 0;
}

static void stop_files(struct workbench *bench)
{
	(void)bench;
}

static void release_files(struct workbench *bench)
{
	(*((struct files *)bench)->released)++;
}

static const struct workbench_ops file_ops = {
	.read = read_file, .stop = stop_files, .release = release_files,
};

static void files_of_the_work_go_with_the_text(void **state)
{
	static const char *const paths[] = { "a.c" };
	int released = 0;
	struct files files = { { .ops = &file_ops }, "int x;", 6, &released };
	AUTO(assistant_history_release) struct assistant_history history = ASSISTANT_HISTORY_INIT;
	const char *shown;
	struct talk t;
	struct err err = ERR_INIT;

	open_talk(&t, state, "[{'answer':'so'}]");
	must(try_ask(&t, (struct assistant_turn_config){ .text = "why?", .bench = &files.bench,
		     .files = paths, .file_count = 1 }, &err), &err);
	wait_for(&t, "\nend ");
	must(assistant_history_read(t.s.f->store, t.s.assessment.id, NULL, &history, &err), &err);
	shown = json_str(json_object_get(json_array_get(history.messages, 0), "block"), "text", "");
	assert_true(!strncmp(shown, "<tali-file \"a.c\">\n", 18) && strstr(shown, "\nint x;\n"));
	assert_json(json_array_get(history.turns, 0),
		    "{'role':'user','text':'why?','files':['a.c']}");
	assert_int_equal(released, 1);
	close_talk(&t);
}

static void a_file_that_is_no_text_is_refused(void **state)
{
	static const char *const paths[] = { "a.c", "b.c" };
	int released = 0;
	struct files files = { { .ops = &file_ops }, "a\0b", 3, &released };
	struct assistant_turn_config config = { .text = "why?", .bench = &files.bench,
						.files = paths, .file_count = 1 };
	struct talk t;

	open_talk(&t, state, "[{'answer':'so'}]");
	assert_refused(&t, config, ERR_INPUT, "a.c is no text");
	files.len = 1;
	config.file_count = 2;
	assert_refused(&t, config, ERR_NOT_FOUND, "b.c: there is no such file");
	assert_int_equal(released, 2);
	assert_refused(&t, (struct assistant_turn_config){ .text = "" }, ERR_INPUT, "no text");
	assert_refused(&t, (struct assistant_turn_config){ .text = "a", .conversation = "none" },
		       ERR_INPUT, "no conversation 'none'");
	assert_refused(&t, (struct assistant_turn_config){ .text = "a", .agent = true }, ERR_STATE,
		       "no agent");
	assert_int_equal(t.ends, 0);
	close_talk(&t);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		IN_STORE(an_answer_is_told_from_its_begin_to_its_end),
		IN_STORE(one_turn_runs_at_a_time_until_it_is_stopped),
		IN_STORE(at_the_end_of_the_server_all_are_stopped),
		IN_STORE(without_a_provider_it_is_told_in_one_sentence),
		IN_STORE(what_there_is_to_choose_from_is_known_before),
		IN_STORE(a_turn_waits_until_the_budget_has_room),
		IN_STORE(a_turn_that_waits_is_stopped_at_once),
		IN_STORE(files_of_the_work_go_with_the_text),
		IN_STORE(a_file_that_is_no_text_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
