/* test_agent.c - a turn of the agent in a live session, with a model that plays a script */
#include "assistant_fixture.h"
#include "assess/live_bench.h"
#include "assess/live_run.h"
#include "assess/live_save.h"
#include "live_fixture.h"
#include "tool_fixture.h"

#include <pthread.h>

struct agent {
	struct session s;
	struct ai_desk_table *desks;
	struct worker_pool *recorders, *jobs;
	struct http_client *client;
	struct assistant *assistant;
	struct tool_user user;		/* without a bench: for counting */
	struct assistant_turn *turn;

	pthread_mutex_t lock;
	pthread_cond_t changed;
	struct buf told;		/* "EVENT JSON\n" each */
	bool over;
};

static void open_agent(struct agent *a, void **state, const char *turns)
{
	struct err err = ERR_INIT;

	*a = (struct agent){ .told = BUF_INIT(8 << 20) };
	pthread_mutex_init(&a->lock, NULL);
	pthread_cond_init(&a->changed, NULL);
	begin(&a->s, state);
	add_script(a->s.f, turns);
	a->desks = ai_desk_table_new(a->s.writer, NULL);
	a->recorders = pool_of(a->s.f);
	a->jobs = pool_of(a->s.f);
	a->client = http_client_open(&err);
	must(a->client ? 0 : -1, &err);
	a->assistant = assistant_new(&(struct assistant_config){
		.desks = a->desks, .writer = a->s.writer, .client = a->client,
		.recorders = a->recorders, .jobs = a->jobs, .store_of = store_of,
		.tools = &agent_tools });
	a->user = (struct tool_user){ a->s.f->store, a->s.writer, a->s.assessment.id, NULL };
}

static void close_agent(struct agent *a)
{
	assistant_turn_release(&a->turn);
	assistant_stop_all(a->assistant);
	assert_int_equal(assistant_running(a->assistant), 0);
	worker_stop(&a->jobs);
	http_client_close(&a->client);
	worker_stop(&a->recorders);
	assistant_free(&a->assistant);
	check(&a->s);
	finish(&a->s);
	ai_desk_table_free(&a->desks);	/* behind the writer, which may have something of it */
	buf_release(&a->told);
}

static void take(void *arg, const char *event, const json_t *data)
{
	struct agent *a = arg;
	AUTO_FREE char *text = json_canonical(data);

	pthread_mutex_lock(&a->lock);
	buf_add_format(&a->told, "%s %s\n", event, text);
	a->over |= !strcmp(event, "end") || !strcmp(event, "error");
	pthread_cond_broadcast(&a->changed);
	pthread_mutex_unlock(&a->lock);
}

static void wait_until(struct agent *a, const char *words)
{
	struct timespec until;

	clock_gettime(CLOCK_REALTIME, &until);
	until.tv_sec += 60;
	pthread_mutex_lock(&a->lock);
	while (words ? !strstr(buf_str(&a->told), words) : !a->over)
		if (pthread_cond_timedwait(&a->changed, &a->lock, &until) != 0)
			fail_msg("not told: %s\nbut: %s", words ? words : "the end",
				 buf_str(&a->told));
	pthread_mutex_unlock(&a->lock);
}

static void ask(struct agent *a, const char *text)
{
	struct assessment before = a->s.assessment;
	struct err err = ERR_INIT;
	struct assistant_turn_config config = {
		.assessment = &a->s.assessment, .text = text, .agent = true, .tell = take,
		.arg = a, .bench = live_bench_new(a->s.live, &err),
	};

	must(assessment_get(a->s.f->store, before.id, &a->s.assessment, &err), &err);
	assessment_release(&before);
	must(config.bench ? 0 : -1, &err);
	must(assistant_begin(a->assistant, a->s.f->store, &config, &a->turn, &err), &err);
}

static void assert_told(const struct agent *a, const char *words)
{
	if (!strstr(buf_str(&a->told), words))
		fail_msg("not told: %s\nbut: %s", words, buf_str(&a->told));
}

static void a_turn_reads_writes_runs_and_tests(void **state)
{
	struct agent a;

	open_agent(&a, state,
		   "[{'answer':[{'type':'text','text':'I look.'},"
		   "{'type':'tool_use','name':'list_files','input':{}},"
		   "{'type':'tool_use','name':'read_file','input':{'path':'answer'}}]},"
		   "{'answer':[{'type':'tool_use','name':'write_file','input':"
		   "{'path':'answer','content':'42\\n'}}]},"
		   "{'answer':[{'type':'tool_use','name':'execute_bash','input':"
		   "{'command':'sh main.sh'}},"
		   "{'type':'tool_use','name':'run_tests','input':{}}]},"
		   "{'answer':'The tests pass.'}]");
	ask(&a, "fix the counting");
	wait_until(&a, NULL);
	assert_told(&a, "begin {\"agent\":true,\"conversation\":\"");
	assert_told(&a, "\"tool\":\"list_files\"}\nresult {");
	assert_told(&a, "\"text\":\"7\\n\"}\n");
	assert_told(&a, "now 42\"}\n");
	assert_told(&a, "1 of 1 passed (passed)");
	assert_told(&a, "text {\"text\":\"The tests pass.\"}");
	assert_told(&a, "\"stop\":\"end\"}\n");
	assert_null(strstr(buf_str(&a.told), "judge"));
	assert_heard(&a.s, "file {\"client\":\"\",\"path\":\"answer\"");
	assert_text(&a.s, "answer", "42\n");
	assert_text(&a.s, "made", "made\n");
	assert_int_equal(events_with(&a.user, "ai_prompt", ""), 4);
	while (events_with(&a.user, "ai_response", "") < 4)
		;		/* the last is stored a moment later */
	assert_int_equal(events_with(&a.user, "ai_tool", "\"ok\":true"), 5);
	assert_int_equal(events_with(&a.user, "file", "\"origin\":\"ai\""), 2);
	assert_int_equal(events_with(&a.user, "run", ""), 1);
	assert_int_equal(events_with(&a.user, "test", ""), 1);
	close_agent(&a);
}

static void a_turn_that_is_stopped_kills_its_tool_and_can_be_followed(void **state)
{
	struct agent a;

	open_agent(&a, state, "[{'when':'wait','answer':[{'type':'tool_use','name':'execute_bash',"
			      "'input':{'command':'sleep 1000'}}]},"
			      "{'when':'again','answer':'Here.'}]");
	ask(&a, "wait");
	wait_until(&a, "step {");
	while (!live_is_running(a.s.live))
		;
	assistant_stop(a.turn);
	wait_until(&a, NULL);
	assert_told(&a, "\"ok\":false,\"text\":\"it was stopped\"}");
	assert_told(&a, "\"stop\":\"stopped\"}\n");
	assert_int_equal(events_with(&a.user, "ai_tool", "\"stopped\":true"), 1);
	assert_int_equal(events_with(&a.user, "run", "sleep 1000"), 1);
	assistant_turn_release(&a.turn);
	a.over = false;
	ask(&a, "again");
	wait_until(&a, NULL);
	assert_told(&a, "text {\"text\":\"Here.\"}");
	close_agent(&a);
}

static void a_model_that_never_ends_is_ended(void **state)
{
	struct agent a;

	open_agent(&a, state, "[{'answer':[{'type':'tool_use','name':'read_file',"
			      "'input':{'path':'../../etc/shadow'}},{'type':'tool_use','name':"
			      "'grow_wings','input':{'deep':[[[]]]}}]}]");
	ask(&a, "go on for ever");
	wait_until(&a, NULL);
	assert_told(&a, "\"stop\":\"turns\"}\n");
	assert_int_equal(events_with(&a.user, "ai_prompt", ""), ASSISTANT_CALLS_MAX);
	assert_int_equal(events_with(&a.user, "ai_tool", "\"ok\":false"), 2 * ASSISTANT_CALLS_MAX);
	assert_int_equal(events_with(&a.user, "ai_tool", "\"ok\":true"), 0);
	close_agent(&a);
}

static void an_answer_can_want_so_many_things_and_no_more(void **state)
{
	AUTO(buf_release) struct buf turns = BUF_INIT(1 << 20);
	struct agent a;

	buf_add_str(&turns, "[{'when':'all','answer':[");
	for (int i = 0; i < ASSISTANT_TOOLS_MAX + 8; i++)
		buf_add_str(&turns, "{'type':'tool_use','name':'list_files','input':{}},");
	buf_add_str(&turns, "{'type':'text','text':'so'}]},{'answer':'That was all.'}]");
	open_agent(&a, state, buf_str(&turns));
	ask(&a, "all");
	wait_until(&a, NULL);
	assert_told(&a, "That was all.");
	assert_int_equal(events_with(&a.user, "ai_tool", "\"ok\":true"), ASSISTANT_TOOLS_MAX);
	close_agent(&a);
}

static void a_session_that_ends_takes_no_more_of_a_turn(void **state)
{
	struct agent a;
	struct err err = ERR_INIT;
	AUTO_JSON json_t *receipt = NULL;

	open_agent(&a, state, "[{'answer':[{'type':'tool_use','name':'execute_bash',"
			      "'input':{'command':'sleep 1000'}},{'type':'tool_use','name':"
			      "'write_file','input':{'path':'answer','content':'42'}}]}]");
	ask(&a, "wait");
	while (!live_is_running(a.s.live))
		;
	receipt = live_submit(a.s.live, a.s.f->store, &err);
	must(receipt ? 0 : -1, &err);
	live_stop(a.s.live);
	wait_until(&a, NULL);
	assert_told(&a, "error {\"code\":\"over\"");
	assert_int_equal(events_with(&a.user, "ai_tool", ""), 0);
	assert_text(&a.s, "answer", "7\n");
	close_agent(&a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		IN_STORE(a_turn_reads_writes_runs_and_tests),
		IN_STORE(a_turn_that_is_stopped_kills_its_tool_and_can_be_followed),
		IN_STORE(a_model_that_never_ends_is_ended),
		IN_STORE(an_answer_can_want_so_many_things_and_no_more),
		IN_STORE(a_session_that_ends_takes_no_more_of_a_turn),
	};
	struct err err = ERR_INIT;
	int failed;

	sandbox = sandbox_start(&err);
	failed = cmocka_run_group_tests_name("agent", tests, NULL, NULL);
	sandbox_close(&sandbox);
	return failed;
}
