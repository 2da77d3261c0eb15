/* test_assistant_history.c - conversations read back from the journal */
#include "ai_fixture.h"
#include "ingest_fixture.h"

#include "assess/assistant_history.h"
#include "journal/journal_writer.h"

struct session {
	struct fixture *f;
	struct active active;
	struct event_list list;
	struct assistant_history history;
};

static void begin(struct session *s, void **state)
{
	*s = (struct session){ .f = *state };
	s->active = active_make(s->f);
}

static void add(struct session *s, const char *actor, const char *kind, const char *data)
{
	struct err err = ERR_INIT;

	must(event_list_add(&s->list, actor, kind, parsed(data), 0, &err), &err);
}

/* Blocks are JSON text in the event: " for each `, whatever stands around them. */
static char *with_blocks(const char *format, const char *exchange, const char *blocks,
			 const char *more)
{
	AUTO_FREE char *inner = quoted(blocks);
	AUTO_JSON json_t *text = json_string(inner);
	AUTO_FREE char *escaped = json_dumps(text, JSON_ENCODE_ANY);

	return buf_format(format, exchange, escaped, more);
}

static void add_prompt(struct session *s, const char *exchange, const char *blocks,
		       const char *more)
{
	AUTO_FREE char *data = with_blocks(
		"{'conversation':'talk','exchange':'%s','own':true,'blocks':%s,'model':'m',%s}",
		exchange, blocks, more);

	add(s, "candidate", "ai_prompt", data);
}

static void add_response(struct session *s, const char *exchange, const char *blocks,
			 const char *more)
{
	AUTO_FREE char *data = with_blocks(
		"{'conversation':'talk','exchange':'%s','text':'','blocks':%s,'model':'m-1',%s}",
		exchange, blocks, more);

	add(s, "ai", "ai_response", data);
}

static void read_back(struct session *s, const char *conversation)
{
	struct err err = ERR_INIT;
	struct journal_writer *writer = journal_writer_open(s->f->folder, &s->f->clock, &err);

	must(writer ? 0 : -1, &err);
	if (s->list.count)
		must(journal_writer_append(writer, s->active.id, &s->list, NULL, &err), &err);
	journal_writer_close(&writer);
	assistant_history_release(&s->history);
	must(assistant_history_read(s->f->store, s->active.id, conversation, &s->history, &err),
	     &err);
}

static void finish(struct session *s)
{
	active_check(s->f, &s->active);
	active_release(&s->active);
	assistant_history_release(&s->history);
	event_list_release(&s->list);
}

#define USER(text) "{'role':'user','block':{'type':'text','text':'" text "'}}"
#define SAID(text) "{'type':'text','text':'" text "'}"
#define GOOD "'status':200,'stop':'end_turn'"

static void a_talk_is_what_was_asked_and_answered(void **state)
{
	struct session s;

	begin(&s, state);
	add_prompt(&s, "x-1", "[" USER("a") "]", "'text':'a','files':['f.c']");
	add_response(&s, "x-1", "[" SAID("b") "]", GOOD);
	add_prompt(&s, "x-2", "[" USER("c") "]", "'text':'c'");
	add_response(&s, "x-2", "[" SAID("d") "," SAID("e") "]", GOOD);
	read_back(&s, NULL);
	assert_string_equal(s.history.conversation, "talk");
	assert_string_equal(s.history.model, "m");
	assert_json(s.history.messages, "[" USER("a") ",{'role':'assistant','block':" SAID("b")
		    "}," USER("c") ",{'role':'assistant','block':" SAID("d") "},{'role':"
		    "'assistant','block':" SAID("e") "}]");
	assert_json(s.history.turns,
		    "[{'role':'user','text':'a','files':['f.c']},{'role':'assistant','text':'b',"
		    "'model':'m-1','exchange':'x-1','stop':'end_turn','steps':[]},{'role':'user',"
		    "'text':'c'},{'role':'assistant','text':'d\\n\\ne','model':'m-1','exchange':"
		    "'x-2','stop':'end_turn','steps':[]}]");
	finish(&s);
}

static void what_other_programs_asked_is_not_of_it(void **state)
{
	struct session s;

	begin(&s, state);
	add(&s, "candidate", "ai_prompt", "{'conversation':'other','exchange':'y-1','text':'z'}");
	add(&s, "ai", "ai_response", "{'conversation':'other','exchange':'y-1','text':'z'}");
	read_back(&s, NULL);
	assert_true(!*s.history.conversation && !s.history.model && !s.history.last_model);
	assert_int_equal(json_array_size(s.history.turns), 0);
	read_back(&s, "other");
	assert_true(!*s.history.conversation);
	finish(&s);
}

static void tries_that_failed_leave_only_the_last(void **state)
{
	struct session s;

	begin(&s, state);
	add_prompt(&s, "x-1", "[" USER("a") "]", "'text':'a'");
	add_response(&s, "x-1", "[]", "'status':529,'error':'overloaded: sk-1'");
	read_back(&s, "talk");
	assert_non_null(strstr(json_str(json_array_get(s.history.turns, 1), "error", ""),
			       "too much to do"));
	add_prompt(&s, "x-2", "[]", "'text':'','retry':1,'repeat':true");
	add_response(&s, "x-2", "[" SAID("b") "]", GOOD);
	read_back(&s, "talk");
	assert_json(s.history.messages,
		    "[" USER("a") ",{'role':'assistant','block':" SAID("b") "}]");
	assert_json(s.history.turns,
		    "[{'role':'user','text':'a'},{'role':'assistant','text':'b','model':'m-1',"
		    "'exchange':'x-2','stop':'end_turn','steps':[]}]");
	finish(&s);
}

#define USE(id) "{'type':'tool_use','id':'" id "','name':'run_tests','input':{}}"
#define RESULT(id, text, error) "{'role':'user','block':{'type':'tool_result','id':'" id "'," \
	"'text':'" text "','error':" error "}}"

static void each_tool_that_was_called_has_a_result(void **state)
{
	struct session s;

	begin(&s, state);
	add_prompt(&s, "x-1", "[" USER("a") "]", "'text':'a'");
	add_response(&s, "x-1", "[" USE("1") "," USE("2") "]", "'status':200,'stop':'tool_use'");
	add(&s, "ai", "ai_tool", "{'conversation':'talk','call':'1','tool':'run_tests',"
				 "'result':'all well','ok':true}");
	read_back(&s, "talk");
	assert_json(s.history.messages,
		    "[" USER("a") ",{'role':'assistant','block':" USE("1") "},{'role':'assistant',"
		    "'block':" USE("2") "}," RESULT("1", "all well", "false") ","
		    RESULT("2", "This was not done: the person stopped it.", "true") "]");
	assert_json(json_object_get(json_array_get(s.history.turns, 1), "steps"),
		    "[{'call':'1','tool':'run_tests','input':{},'ok':true,'text':'all well'},"
		    "{'call':'2','tool':'run_tests','input':{}}]");
	finish(&s);
}

/* Also when the talk went on: the prompt after it brings no results. */
static void a_tool_that_was_stopped_has_its_result_later_too(void **state)
{
	struct session s;

	begin(&s, state);
	add_prompt(&s, "x-1", "[" USER("a") "]", "'text':'a'");
	add_response(&s, "x-1", "[" USE("1") "," USE("2") "]", "'status':200,'stop':'tool_use'");
	add(&s, "ai", "ai_tool", "{'conversation':'talk','call':'1','tool':'run_tests',"
				 "'result':'all well','ok':true}");
	add_prompt(&s, "x-2", "[" USER("b") "]", "'text':'b'");
	add_response(&s, "x-2", "[" USE("3") "]", "'status':200,'stop':'tool_use'");
	add_prompt(&s, "x-3", "[" RESULT("3", "so", "false") "]", "'text':''");
	add_response(&s, "x-3", "[" SAID("c") "]", GOOD);
	read_back(&s, "talk");
	assert_json(s.history.messages,
		    "[" USER("a") ",{'role':'assistant','block':" USE("1") "},{'role':'assistant',"
		    "'block':" USE("2") "}," RESULT("1", "all well", "false") ","
		    RESULT("2", "This was not done: the person stopped it.", "true") ","
		    USER("b") ",{'role':'assistant','block':" USE("3") "},"
		    RESULT("3", "so", "false") ",{'role':'assistant','block':" SAID("c") "}]");
	finish(&s);
}

#define DONE(text) "{'conversation':'talk','call':'','tool':'run_tests','result':'" text "'," \
	"'ok':true}"
#define STEP(text) "{'call':'','tool':'run_tests','input':{},'ok':true,'text':'" text "'}"

/* Some servers give all calls of tools the same id, or none. */
static void calls_with_one_id_have_each_their_own_result(void **state)
{
	struct session s;
	const json_t *step;

	begin(&s, state);
	add_prompt(&s, "x-1", "[" USER("a") "]", "'text':'a'");
	add_response(&s, "x-1", "[" USE("") "," USE("") "]", "'status':200");
	add(&s, "ai", "ai_tool", DONE("one"));
	add(&s, "ai", "ai_tool", DONE("two"));
	add_prompt(&s, "x-2", "[" RESULT("", "one", "false") "," RESULT("", "two", "false") "]",
		   "'text':''");
	add_response(&s, "x-2", "[" USE("") "]", "'status':200");
	add(&s, "ai", "ai_tool", DONE("three"));
	add_prompt(&s, "x-3", "[" RESULT("", "three", "false") "]", "'text':''");
	add_response(&s, "x-3", "[" USE("") "]", "'status':200");
	read_back(&s, "talk");
	assert_json(json_object_get(json_array_get(s.history.turns, 1), "steps"),
		    "[" STEP("one") "," STEP("two") "," STEP("three") ","
		    "{'call':'','tool':'run_tests','input':{}}]");
	step = json_array_get(s.history.messages, json_array_size(s.history.messages) - 1);
	assert_json(step, RESULT("", "This was not done: the person stopped it.", "true"));
	finish(&s);
}

static void of_an_answer_that_broke_off_the_text_stays(void **state)
{
	struct session s;

	begin(&s, state);
	add_prompt(&s, "x-1", "[" USER("a") "]", "'text':'a'");
	add_response(&s, "x-1", "[{'type':'thinking','text':'h'}," SAID("half") "," USE("1") "]",
		     "'status':200,'cut':'client'");
	read_back(&s, "talk");
	assert_json(s.history.messages,
		    "[" USER("a") ",{'role':'assistant','block':" SAID("half") "}]");
	assert_json(json_array_get(s.history.turns, 1),
		    "{'role':'assistant','text':'half','model':'m-1','exchange':'x-1',"
		    "'stop':'stopped','steps':[]}");
	finish(&s);
}

static void answers_with_code_and_the_mistake_are_counted_in_all_talks(void **state)
{
	struct session s;

	begin(&s, state);
	add_prompt(&s, "x-1", "[" USER("a") "]", "'text':'a'");
	add_response(&s, "x-1", "[" SAID("```sh```") "]", GOOD ",'planted':true");
	add_prompt(&s, "x-2", "[" USER("b") "]", "'text':'b'");
	add_response(&s, "x-2", "[{'type':'tool_use','id':'1','name':'write_file','input':{}}]",
		     GOOD);
	read_back(&s, "");
	assert_true(!*s.history.conversation && s.history.planted);
	assert_int_equal(s.history.code_answers, 2);
	assert_string_equal(s.history.last_model, "m");
	finish(&s);
}

#define CASE(test) cmocka_unit_test_setup_teardown(test, fixture_make, fixture_remove)

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(a_talk_is_what_was_asked_and_answered),
		CASE(what_other_programs_asked_is_not_of_it),
		CASE(tries_that_failed_leave_only_the_last),
		CASE(each_tool_that_was_called_has_a_result),
		CASE(a_tool_that_was_stopped_has_its_result_later_too),
		CASE(calls_with_one_id_have_each_their_own_result),
		CASE(of_an_answer_that_broke_off_the_text_stays),
		CASE(answers_with_code_and_the_mistake_are_counted_in_all_talks),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
