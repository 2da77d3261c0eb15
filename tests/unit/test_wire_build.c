/* test_wire_build.c - bodies that tali makes or changes, and its refusals */
#include "ai/ai_edit.h"
#include "ai/ai_wire.h"
#include "ai/wire_chat.h"
#include "ai_fixture.h"

/* --- calls of our own */

#define TALK "[{'role':'user','block':{'type':'text','text':'Open a.txt'}}," \
	     "{'role':'assistant','block':{'type':'thinking','text':'hm','signature':'sig'}}," \
	     "{'role':'assistant','block':{'type':'thinking','text':'unsigned'}}," \
	     "{'role':'assistant','block':{'type':'text','text':'Yes'}}," \
	     "{'role':'assistant','block':{'type':'text','text':''}}," \
	     "{'role':'assistant','block':{'type':'tool_use','id':'t1','name':'f'," \
	     "'input':{'a':1}}}," \
	     "{'role':'assistant','block':{'type':'tool_use','id':'t2','name':'f'," \
	     "'input':{}}}," \
	     "{'role':'user','block':{'type':'text','text':'and?'}}," \
	     "{'role':'user','block':{'type':'tool_result','id':'t1','text':'hello'," \
	     "'error':false}}," \
	     "{'role':'user','block':{'type':'tool_result','id':'t2','text':'no'," \
	     "'error':true}}]"

static json_t *build(const char *wire, struct ai_call call, const char *messages,
		     const char *tools, const char *format)
{
	AUTO_JSON json_t *list = parsed(messages);
	AUTO_JSON json_t *offered = tools ? parsed(tools) : NULL;
	AUTO_JSON json_t *schema = format ? parsed(format) : NULL;

	call.model = "M";
	call.max_output = 100;
	call.messages = list;
	call.tools = offered;
	call.format = schema;
	return ai_wire_find(wire)->build(&call);
}

static void calls_to_anthropic_keep_its_rules(void **state)
{
	struct ai_call call = { .system = "S", .stream = true };
	AUTO_JSON json_t *body = build("messages", call, TALK,
				       "[{'name':'f','description':'d','schema':{'x':1}}]",
				       "{'type':'object'}");

	(void)state;
	assert_json(body,
		    "{'model':'M','max_tokens':100,'system':'S','stream':true,"
		    "'tools':[{'name':'f','description':'d','input_schema':{'x':1}}],"
		    "'output_config':{'format':{'type':'json_schema',"
		    "'schema':{'type':'object'}}},'messages':["
		    "{'role':'user','content':[{'type':'text','text':'Open a.txt'}]},"
		    "{'role':'assistant','content':[{'type':'thinking','thinking':'hm',"
		    "'signature':'sig'},{'type':'text','text':'Yes'},{'type':'tool_use','id':'t1',"
		    "'name':'f','input':{'a':1}},{'type':'tool_use','id':'t2','name':'f',"
		    "'input':{}}]},"
		    "{'role':'user','content':[{'type':'tool_result','tool_use_id':'t1',"
		    "'content':'hello','is_error':false},{'type':'tool_result','tool_use_id':'t2',"
		    "'content':'no','is_error':true},{'type':'text','text':'and?'}]}]}");
}

static void calls_to_openai_keep_its_rules(void **state)
{
	AUTO_JSON json_t *body = build("chat", (struct ai_call){ .system = "S", .stream = true },
				       TALK, "[{'name':'f','schema':{'x':1}}]",
				       "{'type':'object'}");

	(void)state;
	assert_json(body,
		    "{'model':'M','max_completion_tokens':100,'stream':true,"
		    "'stream_options':{'include_usage':true},"
		    "'tools':[{'type':'function','function':{'name':'f','parameters':{'x':1}}}],"
		    "'response_format':{'type':'json_schema','json_schema':{'name':'answer',"
		    "'strict':true,'schema':{'type':'object'}}},'messages':["
		    "{'role':'system','content':'S'},"
		    "{'role':'user','content':'Open a.txt'},"
		    "{'role':'assistant','content':'Yes','tool_calls':[{'id':'t1',"
		    "'type':'function','function':{'name':'f','arguments':'{\\'a\\':1}'}},"
		    "{'id':'t2','type':'function','function':{'name':'f','arguments':'{}'}}]},"
		    "{'role':'tool','tool_call_id':'t1','content':'hello'},"
		    "{'role':'tool','tool_call_id':'t2','content':'no'},"
		    "{'role':'user','content':'and?'}]}");
}

static void a_plain_call_has_nothing_else(void **state)
{
	const char *talk = "[{'role':'user','block':{'type':'text','text':'Hi'}}]";
	AUTO_JSON json_t *messages = build("messages", (struct ai_call){ 0 }, talk, NULL, NULL);
	AUTO_JSON json_t *chat = build("chat", (struct ai_call){ .old_maximum = true }, talk, NULL,
				       NULL);

	(void)state;
	assert_json(messages, "{'model':'M','max_tokens':100,'messages':[{'role':'user','content':"
			      "[{'type':'text','text':'Hi'}]}]}");
	assert_json(chat, "{'model':'M','max_tokens':100,'messages':[{'role':'user',"
			  "'content':'Hi'}]}");
	assert_null(ai_wire_find("responses")->build);
	assert_null(ai_wire_find("other"));
}

static void the_input_of_a_call_that_was_cut_is_an_empty_object(void **state)
{
	const char *talk = "[{'role':'assistant','block':{'type':'tool_use','id':'t1','name':'f',"
			   "'input':'{a: [1'}}]";
	AUTO_JSON json_t *messages = build("messages", (struct ai_call){ 0 }, talk, NULL, NULL);
	AUTO_JSON json_t *chat = build("chat", (struct ai_call){ 0 }, talk, NULL, NULL);

	(void)state;
	assert_json(json_object_get(messages, "messages"),
		    "[{'role':'assistant','content':[{'type':'tool_use','id':'t1','name':'f',"
		    "'input':{}}]}]");
	assert_json(json_object_get(chat, "messages"),
		    "[{'role':'assistant','content':null,'tool_calls':[{'id':'t1','type':"
		    "'function','function':{'name':'f','arguments':'{}'}}]}]");
}

static void an_answer_without_words_is_not_sent(void **state)
{
	static const char *const wires[] = { "messages", "chat" };
	const char *talk = "[{'role':'user','block':{'type':'text','text':'Hi'}},"
			   "{'role':'assistant','block':{'type':'thinking','text':'Hm'}},"
			   "{'role':'assistant','block':{'type':'text','text':'\\n '}},"
			   "{'role':'user','block':{'type':'text','text':'So?'}}]";

	(void)state;
	for (size_t i = 0; i < LENGTH(wires); i++) {
		AUTO_JSON json_t *body = build(wires[i], (struct ai_call){ 0 }, talk, NULL, NULL);
		const json_t *messages = json_object_get(body, "messages"), *message;
		size_t j;

		assert_int_equal(json_array_size(messages), i + 1);
		json_array_foreach(messages, j, message)
			assert_string_equal(json_str(message, "role", ""), "user");
	}
}

static void what_is_built_is_read_back_the_same(void **state)
{
	static const char *const wires[] = { "messages", "chat" };
	const char *talk = "[{'role':'user','block':{'type':'text','text':'Hi'}},"
			   "{'role':'assistant','block':{'type':'text','text':'Yes'}},"
			   "{'role':'assistant','block':{'type':'tool_use','id':'t1','name':'f',"
			   "'input':{'a':1}}},"
			   "{'role':'user','block':{'type':'tool_result','id':'t1','text':'r',"
			   "'error':false}}]";

	(void)state;
	for (size_t i = 0; i < LENGTH(wires); i++) {
		AUTO_JSON json_t *body = build(wires[i], (struct ai_call){ 0 }, talk, NULL, NULL);
		AUTO_FREE char *text = json_dumps(body, 0);
		AUTO(ai_request_release) struct ai_request request = AI_REQUEST_INIT;
		struct err err = ERR_INIT;

		assert_int_equal(ai_wire_find(wires[i])->read_request(text, strlen(text), &request,
								      &err),
				 0);
		assert_json(request.messages, talk);
		assert_int_equal(request.max_output, 100);
	}
}

/* --- changes of a body */

struct edit {
	const char *wire, *body, *want;
};

static const struct edit lowered[] = {
	{ "messages", " {'max_tokens' :\t5000 , 'x':1.50 }", " {'max_tokens' :\t100 , 'x':1.50 }" },
	{ "messages", "{'a':{'max_tokens':5000},'max_tokens':99}",
	  "{'a':{'max_tokens':5000},'max_tokens':99}" },
	{ "messages", "{'max\\u005ftokens':5e3}", "{'max\\u005ftokens':100}" },
	{ "messages", "{'s':'\\'max_tokens\\':5000,','max_tokens':5000}",
	  "{'s':'\\'max_tokens\\':5000,','max_tokens':100}" },
	{ "messages", "{}", "{'max_tokens':100}" },
	{ "messages", "{ 'a':[1,{'b':']'}]}", "{'max_tokens':100, 'a':[1,{'b':']'}]}" },
	{ "chat", "{'max_tokens':500,'max_completion_tokens':null,'n_predict':50}",
	  "{'max_tokens':100,'max_completion_tokens':100,'n_predict':50}" },
	{ "chat", "{'model':'M'}", "{'max_completion_tokens':100,'model':'M'}" },
	{ "responses", "{'max_output_tokens':101}", "{'max_output_tokens':100}" },
};

static void only_the_maximum_is_changed(void **state)
{
	(void)state;
	for (size_t i = 0; i < LENGTH(lowered); i++) {
		AUTO_FREE char *body = quoted(lowered[i].body), *want = quoted(lowered[i].want);
		AUTO(buf_release) struct buf out = BUF_INIT(10000);
		struct err err = ERR_INIT;

		assert_int_equal(ai_wire_find(lowered[i].wire)->lower(body, strlen(body), 100, &out,
								      &err),
				 0);
		assert_string_equal(buf_str(&out), want);
	}
}

static void only_the_usage_is_asked_for(void **state)
{
	static const char *const cases[][2] = {
		{ "{'stream':true}", "{'stream_options':{'include_usage':true},'stream':true}" },
		{ "{'stream_options':{},'a':1}",
		  "{'stream_options':{'include_usage':true},'a':1}" },
		{ "{'a':1, 'stream_options': { 'include_obfuscation' : false } }",
		  "{'a':1, 'stream_options': {'include_usage':true, 'include_obfuscation' : "
		  "false } }" },
		{ "{'stream_options':{'x':1,'include_usage':false}}",
		  "{'stream_options':{'x':1,'include_usage':true}}" },
		{ "{'stream_options':null}", "{'stream_options':{'include_usage':true}}" },
	};

	(void)state;
	for (size_t i = 0; i < LENGTH(cases); i++) {
		AUTO_FREE char *body = quoted(cases[i][0]), *want = quoted(cases[i][1]);
		AUTO(buf_release) struct buf out = BUF_INIT(10000);
		struct err err = ERR_INIT;

		assert_int_equal(ai_edit_ask_usage(body, strlen(body), &out, &err), 0);
		assert_string_equal(buf_str(&out), want);
	}
}

static void what_is_no_object_is_not_changed(void **state)
{
	static const char *const bodies[] = { "", "[]", "{", "{'a'", "{'a':", "{'a':1", "{'a':1,",
					      "{'a' 1}", "{1:2}", "{'a':'", "{'a':[1}" };

	(void)state;
	for (size_t i = 0; i < LENGTH(bodies); i++) {
		AUTO_FREE char *body = quoted(bodies[i]);
		AUTO(buf_release) struct buf out = BUF_INIT(10000);
		struct err err = ERR_INIT;

		assert_int_equal(wire_chat_lower(body, strlen(body), 1, &out, &err), -1);
		assert_int_equal(ai_edit_ask_usage(body, strlen(body), &out, &err), -1);
		assert_int_equal(out.len, 0);
	}
}

static void the_chunk_of_the_usage_is_known(void **state)
{
	static const struct {
		const char *data;
		bool is;
	} cases[] = {
		{ "{'choices':[],'usage':{'prompt_tokens':1}}", true },
		{ "{'choices':[],'usage':null}", false },
		{ "{'choices':[{'delta':{}}],'usage':{'prompt_tokens':1}}", false },
		{ "{'usage':{'prompt_tokens':1}}", false },
		{ "{'choices':[]}", false },
		{ "[DONE]", false },
		{ "{'choices':[],'usage':{", false },
	};

	(void)state;
	for (size_t i = 0; i < LENGTH(cases); i++) {
		AUTO_FREE char *data = quoted(cases[i].data);

		assert_int_equal(wire_chat_is_usage(data, strlen(data)), cases[i].is);
	}
}

/* --- refusals */

static void a_spent_budget_stops_each_client_at_once(void **state)
{
	AUTO(buf_release) struct buf messages = BUF_INIT(1000), chat = BUF_INIT(1000);
	AUTO_JSON json_t *of_messages = NULL, *of_chat = NULL;

	(void)state;
	ai_refusal_body(AI_DIALECT_MESSAGES, AI_REFUSAL_BUDGET, "It is \"spent\".", "req_1",
			&messages);
	of_messages = json_loads(buf_str(&messages), 0, NULL);
	assert_json(of_messages, "{'type':'error','error':{'type':'billing_error',"
				 "'message':'It is \\'spent\\'.'},'request_id':'req_1'}");
	ai_refusal_body(AI_DIALECT_CHAT, AI_REFUSAL_BUDGET, "Spent.", "req_1", &chat);
	of_chat = json_loads(buf_str(&chat), 0, NULL);
	assert_json(of_chat, "{'error':{'message':'Spent.','type':'insufficient_quota',"
			     "'param':null,'code':'insufficient_quota'}}");
	for (int i = 0; i < AI_DIALECTS; i++)
		assert_int_equal(ai_refusal_status((enum ai_dialect)i, AI_REFUSAL_BUDGET), 429);
	assert_true(ai_refusal_is_final(AI_REFUSAL_BUDGET));
}

static void each_refusal_has_a_status_and_words(void **state)
{
	(void)state;
	for (int i = 0; i < AI_DIALECTS * AI_REFUSALS; i++) {
		enum ai_dialect dialect = (enum ai_dialect)(i / AI_REFUSALS);
		enum ai_refusal why = (enum ai_refusal)(i % AI_REFUSALS);
		AUTO(buf_release) struct buf out = BUF_INIT(1000), event = BUF_INIT(1000);
		AUTO(ai_answer_release) struct ai_answer whole = AI_ANSWER_INIT;
		AUTO(ai_answer_release) struct ai_answer broken = AI_ANSWER_INIT;
		const struct ai_wire *wire = ai_wire_of(dialect);

		assert_true(ai_refusal_status(dialect, why) >= 400);
		ai_refusal_body(dialect, why, "So it is.", NULL, &out);
		wire->read_answer(buf_str(&out), out.len, false, &whole);
		assert_non_null(strstr(whole.error, ": So it is."));
		ai_refusal_event(dialect, why, "So it is.", &event);
		wire->read_answer(buf_str(&event), event.len, true, &broken);
		assert_non_null(strstr(broken.error, "So it is."));
		assert_false(broken.complete);
	}
}

static void what_will_not_change_is_a_400_where_codex_asks(void **state)
{
	static const enum ai_refusal final[] = { AI_REFUSAL_OVER, AI_REFUSAL_POLICY,
						 AI_REFUSAL_MODEL, AI_REFUSAL_TOO_LARGE };

	(void)state;
	for (size_t i = 0; i < LENGTH(final); i++) {
		assert_int_equal(ai_refusal_status(AI_DIALECT_RESPONSES, final[i]), 400);
		assert_true(ai_refusal_status(AI_DIALECT_CHAT, final[i]) > 400);
		assert_true(ai_refusal_is_final(final[i]));
	}
	assert_int_equal(ai_refusal_status(AI_DIALECT_RESPONSES, AI_REFUSAL_TOKEN), 401);
	assert_false(ai_refusal_is_final(AI_REFUSAL_RATE));
	assert_false(ai_refusal_is_final(AI_REFUSAL_UPSTREAM));
}

static void pings_are_whole_events_that_say_nothing(void **state)
{
	(void)state;
	for (int i = 0; i < AI_DIALECTS; i++) {
		const char *ping = ai_refusal_ping((enum ai_dialect)i);
		AUTO(ai_answer_release) struct ai_answer answer = AI_ANSWER_INIT;

		assert_string_equal(ping + strlen(ping) - 2, "\n\n");
		ai_wire_of((enum ai_dialect)i)->read_answer(ping, strlen(ping), true, &answer);
		assert_int_equal(json_array_size(answer.blocks), 0);
		assert_null(answer.error_code);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(calls_to_anthropic_keep_its_rules),
		cmocka_unit_test(calls_to_openai_keep_its_rules),
		cmocka_unit_test(a_plain_call_has_nothing_else),
		cmocka_unit_test(what_is_built_is_read_back_the_same),
		cmocka_unit_test(an_answer_without_words_is_not_sent),
		cmocka_unit_test(the_input_of_a_call_that_was_cut_is_an_empty_object),
		cmocka_unit_test(only_the_maximum_is_changed),
		cmocka_unit_test(only_the_usage_is_asked_for),
		cmocka_unit_test(what_is_no_object_is_not_changed),
		cmocka_unit_test(the_chunk_of_the_usage_is_known),
		cmocka_unit_test(a_spent_budget_stops_each_client_at_once),
		cmocka_unit_test(each_refusal_has_a_status_and_words),
		cmocka_unit_test(what_will_not_change_is_a_400_where_codex_asks),
		cmocka_unit_test(pings_are_whole_events_that_say_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
