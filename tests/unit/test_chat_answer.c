/* test_chat_answer.c - answers of the Chat Completions API and of compatible servers */
#include "answer_fixture.h"

#define CHUNK(choices) "data: {'id':'c1','object':'chat.completion.chunk','created':0," \
		       "'model':'M','choices':[" choices "],'usage':null}\n\n"
#define CHOICE(index, delta) "{'index':" #index ",'delta':" delta ",'finish_reason':null}"
#define DELTA(delta) CHUNK(CHOICE(0, delta))
#define FINISH(reason) CHUNK("{'index':0,'delta':{},'finish_reason':'" reason "'}")
#define USAGE "data: {'id':'c1','model':'M','choices':[],'usage':{'prompt_tokens':8," \
	      "'completion_tokens':20,'total_tokens':28}}\n\n"
#define DONE "data: [DONE]\n\n"
#define CALL(index, rest) "{'tool_calls':[{'index':" #index "," rest "}]}"

#define TEXT_BLOCK(text) "{'type':'text','text':'" text "'}"
#define TOOL(id, name, input) \
	"{'type':'tool_use','id':'" id "','name':'" name "','input':" input "}"

static void a_whole_answer_is_read(void **state)
{
	(void)state;
	assert_answer("chat", false,
		      "{'id':'c1','object':'chat.completion','model':'M','choices':[{'index':0,"
		      "'message':{'role':'assistant','content':'Hi','refusal':null,"
		      "'reasoning_content':'hm','tool_calls':[{'id':'call_1','type':'function',"
		      "'function':{'name':'f','arguments':'{\\'a\\':1}'}},{'id':'call_2',"
		      "'type':'custom','custom':{'name':'g','input':'free'}}]},"
		      "'finish_reason':'tool_calls'}],'error':null,'usage':{'prompt_tokens':8,"
		      "'completion_tokens':2,'prompt_tokens_details':{'cached_tokens':5}}}",
		      "{'id':'c1','model':'M','stop':'tool_calls','complete':true,"
		      "'usage':[3,0,0,5,2,0],'blocks':[{'type':'thinking','text':'hm'},"
		      TEXT_BLOCK("Hi") "," TOOL("call_1", "f", "{'a':1}") ","
		      TOOL("call_2", "g", "'free'") "]}");
}

static void every_piece_of_a_stream_is_read(void **state)
{
	(void)state;
	assert_answer("chat", true,
		      DELTA("{'role':'assistant','content':''}")
		      DELTA("{'reasoning_content':'h'}") DELTA("{'reasoning_content':'m'}")
		      DELTA("{'content':'H'}") ": comment\n\n" DELTA("{'content':'i'}")
		      DELTA(CALL(0, "'id':'call_1','type':'function','function':"
				    "{'name':'f','arguments':''}"))
		      DELTA(CALL(1, "'id':'call_2','type':'function','function':"
				    "{'name':'g','arguments':'{'}"))
		      DELTA(CALL(0, "'function':{'arguments':'{\\'a\\':'}"))
		      DELTA(CALL(1, "'function':{'arguments':'}'}"))
		      DELTA(CALL(0, "'function':{'arguments':'1}'}"))
		      FINISH("tool_calls") USAGE DONE,
		      "{'id':'c1','model':'M','stop':'tool_calls','complete':true,"
		      "'usage':[8,0,0,0,20,0],'blocks':[{'type':'thinking','text':'hm'},"
		      TEXT_BLOCK("Hi") "," TOOL("call_1", "f", "{'a':1}") ","
		      TOOL("call_2", "g", "{}") "]}");
}

static void several_choices_stay_apart(void **state)
{
	(void)state;
	assert_answer("chat", true,
		      CHUNK(CHOICE(1, "{'content':'b1'}") "," CHOICE(0, "{'content':'a1'}"))
		      CHUNK(CHOICE(0, "{'content':'a2'}")) CHUNK(CHOICE(1, "{'content':'b2'}"))
		      FINISH("stop") USAGE,
		      "{'id':'c1','model':'M','stop':'stop','blocks':[" TEXT_BLOCK("a1a2") ","
		      TEXT_BLOCK("b1b2") "],'error':'the stream ended before the answer did'}");
}

static void the_end_may_go_unmarked(void **state)
{
	(void)state;
	assert_answer("chat", true, DELTA("{'content':'a'}") FINISH("stop"),
		      "{'id':'c1','model':'M','stop':'stop','complete':true,"
		      "'blocks':[" TEXT_BLOCK("a") "]}");
}

static void usage_may_be_in_the_last_choice_or_in_every_chunk(void **state)
{
	(void)state;
	assert_answer("chat", true,
		      "data: {'choices':[{'index':0,'delta':{'content':'a'},'finish_reason':null}],"
		      "'usage':{'prompt_tokens':8,'completion_tokens':1}}\n\n"
		      "data: {'choices':[{'index':0,'delta':{},'finish_reason':'stop'}],"
		      "'usage':{'prompt_tokens':8,'completion_tokens':2}}\n\n",
		      "{'stop':'stop','complete':true,'usage':[8,0,0,0,2,0],"
		      "'blocks':[" TEXT_BLOCK("a") "]}");
	assert_answer("chat", true,
		      "data: {'choices':[{'index':0,'delta':{'content':'a'},'finish_reason':null}],"
		      "'usage':{'prompt_tokens':8,'completion_tokens':1}}\n\n",
		      "{'blocks':[" TEXT_BLOCK("a") "],"
		      "'error':'the stream ended before the answer did'}");
}

static void a_refusal_is_text_and_the_reason_to_stop(void **state)
{
	(void)state;
	assert_answer("chat", true,
		      DELTA("{'refusal':'I ca'}") DELTA("{'refusal':'nnot'}") FINISH("stop") DONE,
		      "{'id':'c1','model':'M','stop':'refusal','complete':true,"
		      "'blocks':[" TEXT_BLOCK("I cannot") "]}");
	assert_answer("chat", false,
		      "{'choices':[{'message':{'content':null,'refusal':'No'},"
		      "'finish_reason':'stop'}]}",
		      "{'stop':'refusal','complete':true,'blocks':[" TEXT_BLOCK("No") "]}");
}

static void calls_of_other_servers_are_read(void **state)
{
	(void)state;
	/* no index; the whole call at once; names again and again; arguments as an object */
	assert_answer("chat", true,
		      DELTA("{'tool_calls':[{'id':'1','function':{'name':'f','arguments':'{}'}},"
			    "{'id':'2','function':{'name':'g','arguments':{'b':2}}}]}")
		      FINISH("tool_calls"),
		      "{'id':'c1','model':'M','stop':'tool_calls','complete':true,"
		      "'blocks':[" TOOL("1", "f", "{}") "," TOOL("2", "g", "{'b':2}") "]}");
	assert_answer("chat", true,
		      DELTA(CALL(0, "'id':'1','function':{'name':'f','arguments':'{'}"))
		      DELTA(CALL(0, "'id':'1','function':{'name':'f','arguments':'}'}"))
		      FINISH("tool_calls"),
		      "{'id':'c1','model':'M','stop':'tool_calls','complete':true,"
		      "'blocks':[" TOOL("1", "f", "{}") "]}");
	assert_answer("chat", true,
		      DELTA("{'function_call':{'name':'f','arguments':'{\\'a\\':'}}")
		      DELTA("{'function_call':{'arguments':'1}'}}") FINISH("function_call"),
		      "{'id':'c1','model':'M','stop':'function_call','complete':true,"
		      "'blocks':[" TOOL("", "f", "{'a':1}") "]}");
}

static void arguments_that_are_no_json_stay_text(void **state)
{
	(void)state;
	assert_answer("chat", true,
		      DELTA(CALL(0, "'id':'1','function':{'name':'f','arguments':'{oops'}"))
		      FINISH("length"),
		      "{'id':'c1','model':'M','stop':'length','complete':true,"
		      "'blocks':[" TOOL("1", "f", "'{oops'") "]}");
}

static void faults_are_named(void **state)
{
	(void)state;
	assert_answer("chat", true,
		      DELTA("{'content':'a'}")
		      "data: {'error':{'message':'Out','type':'server_error',"
		      "'code':'server_is_overloaded'}}\n\n",
		      "{'id':'c1','model':'M','blocks':[" TEXT_BLOCK("a") "],"
		      "'error':'server_is_overloaded: Out','code':'server_is_overloaded'}");
	assert_answer("chat", true, DELTA("{'content':'a'}") "data: {oops\n\n" FINISH("stop"),
		      "{'id':'c1','model':'M','stop':'stop','complete':true,"
		      "'blocks':[" TEXT_BLOCK("a") "],'code':'garbled',"
		      "'error':'garbled: an event of the stream is no JSON'}");
	assert_answer("chat", false,
		      "{'error':{'code':503,'message':'Loading model','type':'unavailable_error'}}",
		      "{'blocks':[],'error':'unavailable_error: Loading model',"
		      "'code':'unavailable_error'}");
	assert_answer("chat", false, "{'error':'no such model'}",
		      "{'blocks':[],'error':'no such model'}");
	assert_answer("chat", false, "{'object':'list'}",
		      "{'blocks':[],'error':'the provider\\u0027s answer is no completion'}");
	assert_answer("chat", false, "<html>",
		      "{'blocks':[],'error':'the provider\\u0027s answer is no JSON'}");
	assert_answer("chat", true, DELTA("{'content':7,'tool_calls':{}}") CHUNK("3")
		      CHUNK(CHOICE(-1, "{'content':'x'}")) DONE,
		      "{'id':'c1','model':'M','complete':true,'blocks':[]}");
}

static void a_whole_completion_in_place_of_a_stream_is_read(void **state)
{
	(void)state;
	assert_answer("chat", true,
		      "{'id':'c1','choices':[{'index':0,'message':{'content':'Hi','tool_calls':["
		      "{'id':'1','function':{'name':'f','arguments':'{}'}}]},"
		      "'finish_reason':'tool_calls'}],"
		      "'usage':{'prompt_tokens':1,'completion_tokens':2}}",
		      "{'id':'c1','stop':'tool_calls','complete':true,'usage':[1,0,0,0,2,0],"
		      "'blocks':[" TEXT_BLOCK("Hi") "," TOOL("1", "f", "{}") "]}");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_whole_answer_is_read),
		cmocka_unit_test(every_piece_of_a_stream_is_read),
		cmocka_unit_test(several_choices_stay_apart),
		cmocka_unit_test(the_end_may_go_unmarked),
		cmocka_unit_test(usage_may_be_in_the_last_choice_or_in_every_chunk),
		cmocka_unit_test(a_refusal_is_text_and_the_reason_to_stop),
		cmocka_unit_test(calls_of_other_servers_are_read),
		cmocka_unit_test(arguments_that_are_no_json_stay_text),
		cmocka_unit_test(faults_are_named),
		cmocka_unit_test(a_whole_completion_in_place_of_a_stream_is_read),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
