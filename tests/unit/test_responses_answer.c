/* test_responses_answer.c - answers of the Responses API: said three times, read once */
#include "answer_fixture.h"

#define EVENT(type, rest) "event: " type "\ndata: {'type':'" type "'," rest "}\n\n"
#define CREATED EVENT("response.created", "'response':{'id':'r1','model':'M'," \
		      "'status':'in_progress','output':[]}")
#define TEXT(item, text) EVENT("response.output_text.delta", "'output_index':" #item \
			       ",'content_index':0,'delta':'" text "'")
#define MESSAGE(text) "{'type':'message','role':'assistant','content':[{'type':'output_text'," \
		      "'text':'" text "','annotations':[]}]}"
#define CALL(arguments) "{'type':'function_call','id':'fc_1','call_id':'call_1','name':'f'," \
			"'arguments':'" arguments "'}"
#define ADDED(item, what) \
	EVENT("response.output_item.added", "'output_index':" #item ",'item':" what)
#define FINISHED(item, what) \
	EVENT("response.output_item.done", "'output_index':" #item ",'item':" what)
#define USAGE "'usage':{'input_tokens':100,'input_tokens_details':{'cached_tokens':60}," \
	      "'output_tokens':20,'output_tokens_details':{'reasoning_tokens':5}}"
#define COMPLETED(output) EVENT("response.completed", "'response':{'id':'r1','model':'M'," \
				"'status':'completed','output':[" output "]," USAGE "}")

#define TEXT_BLOCK(text) "{'type':'text','text':'" text "'}"
#define TOOL(input) "{'type':'tool_use','id':'call_1','name':'f','input':" input "}"
#define WHOLE "'id':'r1','model':'M','stop':'completed','complete':true,'usage':[40,0,0,60,20,5]"

static void a_whole_answer_is_read(void **state)
{
	(void)state;
	assert_answer("responses", false,
		      "{'id':'r1','object':'response','model':'M','status':'completed',"
		      "'error':null,'output':[{'type':'reasoning','summary':[{'type':"
		      "'summary_text','text':'hm'}],'encrypted_content':'x'},"
		      "{'type':'reasoning','summary':[]}," MESSAGE("Hi") ","
		      CALL("{\\'a\\':1}") ",{'type':'custom_tool_call','call_id':'c2',"
		      "'name':'g','input':'free'},{'type':'web_search_call','id':'w'}]," USAGE "}",
		      "{" WHOLE ",'blocks':[{'type':'thinking','text':'hm'}," TEXT_BLOCK("Hi") ","
		      TOOL("{'a':1}") ",{'type':'tool_use','id':'c2','name':'g','input':'free'},"
		      "{'type':'other','raw':{'type':'web_search_call','id':'w'}}]}");
}

static void the_response_at_the_end_counts(void **state)
{
	(void)state;
	assert_answer("responses", true,
		      CREATED EVENT("response.in_progress", "'response':{}")
		      ADDED(0, "{'type':'message'}") TEXT(0, "H") TEXT(0, "i")
		      EVENT("response.output_text.done", "'output_index':0,'text':'Hi'")
		      FINISHED(0, MESSAGE("Hi")) ADDED(1, CALL(""))
		      EVENT("response.function_call_arguments.delta",
			    "'output_index':1,'delta':'{\\'a'")
		      EVENT("response.function_call_arguments.done",
			    "'output_index':1,'arguments':'{\\'a\\':1}'")
		      FINISHED(1, CALL("{\\'a\\':1}"))
		      COMPLETED(MESSAGE("Hi") "," CALL("{\\'a\\':1}")),
		      "{" WHOLE ",'blocks':[" TEXT_BLOCK("Hi") "," TOOL("{'a':1}") "]}");
}

static void items_count_when_the_end_has_no_output(void **state)
{
	(void)state;
	assert_answer("responses", true,
		      CREATED ADDED(0, "{'type':'message'}") TEXT(0, "lost") FINISHED(1, CALL("{}"))
		      FINISHED(0, MESSAGE("Hi")) COMPLETED(""),
		      "{" WHOLE ",'blocks':[" TEXT_BLOCK("Hi") "," TOOL("{}") "]}");
}

static void what_is_done_counts_without_pieces(void **state)
{
	(void)state;
	assert_answer("responses", true,
		      CREATED ADDED(0, CALL(""))
		      EVENT("response.function_call_arguments.done",
			    "'output_index':0,'arguments':'{\\'a\\':1}'")
		      EVENT("response.output_text.done", "'output_index':1,'text':'Hi'")
		      COMPLETED(""),
		      "{" WHOLE ",'blocks':[" TOOL("{'a':1}") "," TEXT_BLOCK("Hi") "]}");
}

static void a_cut_stream_gives_its_pieces(void **state)
{
	(void)state;
	assert_answer("responses", true,
		      CREATED
		      EVENT("response.reasoning_summary_text.delta",
			    "'output_index':0,'summary_index':0,'delta':'h'")
		      EVENT("response.reasoning_summary_text.delta",
			    "'output_index':0,'summary_index':0,'delta':'m'")
		      FINISHED(1, MESSAGE("one")) TEXT(2, "t") TEXT(2, "wo")
		      ADDED(3, CALL(""))
		      EVENT("response.function_call_arguments.delta",
			    "'output_index':3,'delta':'{\\'a'")
		      EVENT("response.refusal.delta", "'output_index':4,'delta':'No'")
		      EVENT("response.custom_tool_call_input.delta",
			    "'output_index':5,'delta':'free'")
		      "event: response.output_text.delta\ndata: {'type':'res",
		      "{'id':'r1','model':'M','error':'the stream ended before the response did',"
		      "'blocks':[{'type':'thinking','text':'hm'}," TEXT_BLOCK("one") ","
		      TEXT_BLOCK("two") "," TOOL("'{\\'a'") "," TEXT_BLOCK("No") ","
		      "{'type':'tool_use','id':'','name':'','input':'free'}]}");
}

static void ends_that_are_no_success_say_why(void **state)
{
	(void)state;
	assert_answer("responses", true,
		      CREATED TEXT(0, "par")
		      EVENT("response.incomplete", "'response':{'id':'r1','model':'M',"
			    "'incomplete_details':{'reason':'max_output_tokens'},'output':["
			    MESSAGE("par") "]," USAGE "}"),
		      "{'id':'r1','model':'M','stop':'max_output_tokens','complete':true,"
		      "'usage':[40,0,0,60,20,5],'blocks':[" TEXT_BLOCK("par") "]}");
	assert_answer("responses", true,
		      CREATED EVENT("response.failed", "'response':{'id':'r1','status':'failed',"
				    "'error':{'code':'server_error','message':'Sorry'}}"),
		      "{'id':'r1','model':'M','stop':'failed','complete':true,'blocks':[],"
		      "'error':'server_error: Sorry','code':'server_error'}");
	assert_answer("responses", true,
		      CREATED EVENT("error", "'code':'rate_limit_exceeded','message':'Slow',"
				    "'param':null"),
		      "{'id':'r1','model':'M','blocks':[],'error':'rate_limit_exceeded: Slow',"
		      "'code':'rate_limit_exceeded'}");
	assert_answer("responses", true,
		      CREATED EVENT("error", "'error':{'code':'x','message':'Slow'}"),
		      "{'id':'r1','model':'M','blocks':[],'error':'x: Slow','code':'x'}");
}

static void unknown_and_wrong_events_are_passed_over(void **state)
{
	(void)state;
	assert_answer("responses", true,
		      CREATED EVENT("response.later", "'x':1") EVENT("other", "'response':7")
		      EVENT("response.output_text.delta", "'output_index':-1,'delta':'x'")
		      EVENT("response.output_text.delta", "'output_index':0,'delta':5")
		      EVENT("response.output_text.annotation.added", "'output_index':0")
		      EVENT("response.output_item.done", "'output_index':'x','item':3")
		      "data: [1]\n\n" COMPLETED(MESSAGE("Hi")),
		      "{" WHOLE ",'blocks':[" TEXT_BLOCK("Hi") "],'code':'garbled',"
		      "'error':'garbled: an event of the stream is no JSON'}");
}

static void bodies_that_are_no_response_are_errors(void **state)
{
	(void)state;
	assert_answer("responses", false,
		      "{'error':{'message':'M','type':'invalid_request_error','param':null,"
		      "'code':'model_not_found'}}",
		      "{'blocks':[],'error':'model_not_found: M','code':'model_not_found'}");
	assert_answer("responses", false, "{'output':[],'status':'in_progress'}",
		      "{'blocks':[],'stop':'in_progress','error':'the response has not ended'}");
	assert_answer("responses", false, "{'output':[" MESSAGE("Hi") "]}",
		      "{'blocks':[" TEXT_BLOCK("Hi") "],'complete':true}");
	assert_answer("responses", false, "{}",
		      "{'blocks':[],'error':'the provider\\u0027s answer is no response'}");
	assert_answer("responses", false, "upstream",
		      "{'blocks':[],'error':'the provider\\u0027s answer is no JSON'}");
	assert_answer("responses", true,
		      "{'object':'response','id':'r1','status':'completed','output':["
		      MESSAGE("Hi") "]}",
		      "{'id':'r1','stop':'completed','complete':true,"
		      "'blocks':[" TEXT_BLOCK("Hi") "]}");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_whole_answer_is_read),
		cmocka_unit_test(the_response_at_the_end_counts),
		cmocka_unit_test(items_count_when_the_end_has_no_output),
		cmocka_unit_test(what_is_done_counts_without_pieces),
		cmocka_unit_test(a_cut_stream_gives_its_pieces),
		cmocka_unit_test(ends_that_are_no_success_say_why),
		cmocka_unit_test(unknown_and_wrong_events_are_passed_over),
		cmocka_unit_test(bodies_that_are_no_response_are_errors),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
