/* test_messages_answer.c - answers of the Messages API: every event, every fault */
#include "answer_fixture.h"

#define START "event: message_start\ndata: {'type':'message_start','message':{'id':'msg_1'," \
	      "'type':'message','role':'assistant','model':'M','content':[]," \
	      "'stop_reason':null,'usage':{'input_tokens':12,'cache_creation_input_tokens':4," \
	      "'cache_read_input_tokens':3,'output_tokens':1}}}\n\n"
#define TEXT_START(index) "event: content_block_start\ndata: {'type':'content_block_start'," \
	"'index':" #index ",'content_block':{'type':'text','text':''}}\n\n"
#define DELTA(index, delta) "event: content_block_delta\ndata: {'type':'content_block_delta'," \
	"'index':" #index ",'delta':" delta "}\n\n"
#define TEXT(index, text) DELTA(index, "{'type':'text_delta','text':'" text "'}")
#define STOP(index) "event: content_block_stop\ndata: {'type':'content_block_stop'," \
	"'index':" #index "}\n\n"
#define END(reason, usage) "event: message_delta\ndata: {'type':'message_delta','delta':" \
	"{'stop_reason':'" reason "','stop_sequence':null}" usage "}\n\n"
#define LAST "event: message_stop\ndata: {'type':'message_stop'}\n\n"
#define PING "event: ping\ndata: {'type':'ping'}\n\n"

#define TEXT_BLOCK(text) "{'type':'text','text':'" text "'}"

static void a_whole_answer_is_read(void **state)
{
	(void)state;
	assert_answer("messages", false,
		      "{'id':'msg_1','type':'message','role':'assistant','model':'M','content':["
		      "{'type':'thinking','thinking':'hm','signature':'sig'},"
		      "{'type':'text','text':'Hi','citations':null},"
		      "{'type':'tool_use','id':'toolu_1','name':'f','input':{'a':1}},"
		      "{'type':'web_search_tool_result','tool_use_id':'x'}],"
		      "'stop_reason':'tool_use','usage':{'input_tokens':12,"
		      "'cache_creation_input_tokens':30,'cache_creation':"
		      "{'ephemeral_1h_input_tokens':20},'cache_read_input_tokens':0,"
		      "'output_tokens':3,'output_tokens_details':{'thinking_tokens':1}}}",
		      "{'id':'msg_1','model':'M','stop':'tool_use','complete':true,"
		      "'usage':[12,10,20,0,3,1],'blocks':["
		      "{'type':'thinking','text':'hm','signature':'sig'}," TEXT_BLOCK("Hi") ","
		      "{'type':'tool_use','id':'toolu_1','name':'f','input':{'a':1}},"
		      "{'type':'other','raw':{'type':'web_search_tool_result',"
		      "'tool_use_id':'x'}}]}");
}

static void every_event_of_a_stream_is_read(void **state)
{
	(void)state;
	assert_answer(
		"messages", true,
		START PING
		"event: content_block_start\ndata: {'type':'content_block_start','index':0,"
		"'content_block':{'type':'thinking','thinking':'','signature':''}}\n\n"
		DELTA(0, "{'type':'thinking_delta','thinking':'h'}")
		DELTA(0, "{'type':'thinking_delta','thinking':'m'}")
		DELTA(0, "{'type':'signature_delta','signature':'sig'}") STOP(0)
		TEXT_START(1) TEXT(1, "H")
		DELTA(1, "{'type':'citations_delta','citation':{}}") PING TEXT(1, "i") STOP(1)
		"event: content_block_start\ndata: {'type':'content_block_start','index':2,"
		"'content_block':{'type':'tool_use','id':'toolu_1','name':'f','input':{}}}\n\n"
		DELTA(2, "{'type':'input_json_delta','partial_json':''}")
		DELTA(2, "{'type':'input_json_delta','partial_json':'{\\'path\\':\\'a.t'}")
		DELTA(2, "{'type':'input_json_delta','partial_json':'xt\\'}'}") STOP(2)
		"event: content_block_start\ndata: {'type':'content_block_start','index':3,"
		"'content_block':{'type':'tool_use','id':'toolu_2','name':'g','input':{}}}\n\n"
		STOP(3)
		"event: content_block_start\ndata: {'type':'content_block_start','index':4,"
		"'content_block':{'type':'server_tool_use','id':'s','name':'web','input':{}}}\n\n"
		DELTA(4, "{'type':'input_json_delta','partial_json':'{\\'q\\':1}'}") STOP(4)
		"event: later_invention\ndata: {'type':'later_invention','x':1}\n\n"
		END("tool_use", ",'usage':{'output_tokens':20}")
		END("tool_use", ",'usage':{'output_tokens':25,'input_tokens':null}") LAST,
		"{'id':'msg_1','model':'M','stop':'tool_use','complete':true,"
		"'usage':[12,4,0,3,25,0],'blocks':["
		"{'type':'thinking','text':'hm','signature':'sig'}," TEXT_BLOCK("Hi") ","
		"{'type':'tool_use','id':'toolu_1','name':'f','input':{'path':'a.txt'}},"
		"{'type':'tool_use','id':'toolu_2','name':'g','input':{}},"
		"{'type':'other','raw':{'type':'server_tool_use','id':'s','name':'web',"
		"'input':{'q':1}}}]}");
}

static void blocks_may_interleave(void **state)
{
	(void)state;
	assert_answer("messages", true,
		      START TEXT_START(1) TEXT_START(0) TEXT(1, "b1") TEXT(0, "a1") TEXT(1, "b2")
		      TEXT(0, "a2") TEXT(2, "no start")
		      END("end_turn", ",'usage':{'output_tokens':2}") LAST,
		      "{'id':'msg_1','model':'M','stop':'end_turn','complete':true,"
		      "'usage':[12,4,0,3,2,0],'blocks':[" TEXT_BLOCK("a1a2") "," TEXT_BLOCK("b1b2")
		      "," TEXT_BLOCK("no start") "]}");
}

static void a_cut_stream_gives_what_came_and_no_usage(void **state)
{
	(void)state;
	assert_answer("messages", true, START TEXT_START(0) TEXT(0, "par"),
		      "{'id':'msg_1','model':'M','blocks':[" TEXT_BLOCK("par") "],"
		      "'error':'the stream ended before the message did'}");
	assert_answer("messages", true,
		      START TEXT_START(0) TEXT(0, "par") "event: content_block_delta\ndata: {'ty",
		      "{'id':'msg_1','model':'M','blocks':[" TEXT_BLOCK("par") "],"
		      "'error':'the stream ended before the message did'}");
	assert_answer("messages", true, "",
		      "{'blocks':[],'error':'the stream ended before the message did'}");
}

static void usage_may_be_missing(void **state)
{
	(void)state;
	assert_answer("messages", true, START TEXT_START(0) TEXT(0, "a") END("end_turn", "") LAST,
		      "{'id':'msg_1','model':'M','stop':'end_turn','complete':true,"
		      "'blocks':[" TEXT_BLOCK("a") "]}");
	assert_answer("messages", false, "{'content':[]}", "{'complete':true,'blocks':[]}");
}

static void what_is_known_of_the_usage_is_kept(void **state)
{
	AUTO(ai_answer_release) struct ai_answer answer = AI_ANSWER_INIT;
	AUTO_FREE char *raw = quoted(START TEXT(0, "a"));

	(void)state;
	ai_wire_find("messages")->read_answer(raw, strlen(raw), true, &answer);
	assert_false(answer.usage_known);
	assert_int_equal(answer.usage.input, 12);
	assert_json(answer.usage_raw, "{'input_tokens':12,'cache_creation_input_tokens':4,"
				      "'cache_read_input_tokens':3,'output_tokens':1}");
}

static void what_is_not_known_of_the_usage_is_estimated(void **state)
{
	AUTO(ai_answer_release) struct ai_answer cut = AI_ANSWER_INIT;
	AUTO(ai_answer_release) struct ai_answer nothing = AI_ANSWER_INIT;
	AUTO(ai_answer_release) struct ai_answer known = AI_ANSWER_INIT;
	AUTO_FREE char *raw = quoted(START TEXT(0, "12345678901234567890")
				     DELTA(1, "{'type':'input_json_delta','partial_json':'7'}"));
	AUTO_FREE char *whole = quoted("{'content':[],'usage':{'input_tokens':1,"
				       "'output_tokens':2}}");
	struct ai_usage usage;

	(void)state;
	ai_wire_find("messages")->read_answer(raw, strlen(raw), true, &cut);
	usage = ai_answer_estimate(&cut, 4000);
	assert_int_equal(usage.input, 12);
	assert_int_equal(usage.output, 6);
	ai_wire_find("messages")->read_answer("", 0, true, &nothing);
	usage = ai_answer_estimate(&nothing, 4001);
	assert_int_equal(usage.input, 1001);
	assert_int_equal(usage.output, 0);
	ai_wire_find("messages")->read_answer(whole, strlen(whole), false, &known);
	assert_int_equal(ai_usage_all(&known.usage), 3);
	usage = ai_answer_estimate(&known, 4000);
	assert_int_equal(ai_usage_all(&usage), 3);
}

static void an_error_inside_of_a_stream_is_the_error(void **state)
{
	(void)state;
	assert_answer("messages", true,
		      START TEXT_START(0) TEXT(0, "par")
		      "event: error\ndata: {'type':'error','error':{'type':'overloaded_error',"
		      "'message':'Overloaded'}}\n\n",
		      "{'id':'msg_1','model':'M','blocks':[" TEXT_BLOCK("par") "],"
		      "'error':'overloaded_error: Overloaded','code':'overloaded_error'}");
}

static void a_garbled_event_is_noted_and_passed_over(void **state)
{
	(void)state;
	assert_answer("messages", true,
		      START TEXT(0, "a") "data: {'type':'content_block_del\n\n" TEXT(0, "b")
		      END("end_turn", ",'usage':{'output_tokens':2}") LAST,
		      "{'id':'msg_1','model':'M','stop':'end_turn','complete':true,"
		      "'usage':[12,4,0,3,2,0],'blocks':[" TEXT_BLOCK("ab") "],"
		      "'error':'garbled: an event of the stream is no JSON','code':'garbled'}");
}

static void wrong_types_are_passed_over(void **state)
{
	(void)state;
	assert_answer("messages", true,
		      "data: {'type':'message_start','message':[1]}\n\n"
		      "data: {'type':7}\n\n"
		      "data: {'type':'content_block_start','index':-1,'content_block':{}}\n\n"
		      "data: {'type':'content_block_start','index':'x','content_block':4}\n\n"
		      "data: {'type':'content_block_delta','index':0,'delta':"
		      "{'type':'text_delta','text':5}}\n\n"
		      "data: {'type':'message_delta','delta':null,'usage':[]}\n\n" LAST,
		      "{'complete':true,'blocks':[]}");
}

static void error_bodies_are_read(void **state)
{
	(void)state;
	assert_answer("messages", false,
		      "{'type':'error','error':{'type':'rate_limit_error','message':'Slow',"
		      "'details':"
		      "{'error_code':'enforced_spend_limit_reached'}},'request_id':'req_1'}",
		      "{'blocks':[],'error':'enforced_spend_limit_reached: Slow',"
		      "'code':'enforced_spend_limit_reached'}");
	assert_answer("messages", false, "{'error':'model not found'}",
		      "{'blocks':[],'error':'model not found'}");
	assert_answer("messages", false, "<html>502</html>",
		      "{'blocks':[],'error':'the provider\\u0027s answer is no JSON'}");
	assert_answer("messages", false, "[]",
		      "{'blocks':[],'error':'the provider\\u0027s answer is no message'}");
	assert_answer("messages", true, "{'error':{'type':'api_error','message':'No'}}",
		      "{'blocks':[],'error':'api_error: No','code':'api_error'}");
}

static void a_whole_message_in_place_of_a_stream_is_read(void **state)
{
	(void)state;
	assert_answer("messages", true,
		      "{'id':'m','type':'message','content':[{'type':'text','text':'Hi'}],"
		      "'stop_reason':'end_turn','usage':{'input_tokens':1,'output_tokens':2}}",
		      "{'id':'m','stop':'end_turn','complete':true,'usage':[1,0,0,0,2,0],"
		      "'blocks':[" TEXT_BLOCK("Hi") "]}");
}

static void stray_bytes_do_not_matter(void **state)
{
	AUTO_JSON json_t *got = NULL;
	AUTO_FREE char *raw = quoted(START TEXT(0, "a\xff") LAST);

	(void)state;
	got = read_answer("messages", true, raw, strlen(raw));
	assert_json(json_object_get(got, "blocks"), "[" TEXT_BLOCK("a\xef\xbf\xbd") "]");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_whole_answer_is_read),
		cmocka_unit_test(every_event_of_a_stream_is_read),
		cmocka_unit_test(blocks_may_interleave),
		cmocka_unit_test(a_cut_stream_gives_what_came_and_no_usage),
		cmocka_unit_test(usage_may_be_missing),
		cmocka_unit_test(what_is_known_of_the_usage_is_kept),
		cmocka_unit_test(what_is_not_known_of_the_usage_is_estimated),
		cmocka_unit_test(an_error_inside_of_a_stream_is_the_error),
		cmocka_unit_test(a_garbled_event_is_noted_and_passed_over),
		cmocka_unit_test(wrong_types_are_passed_over),
		cmocka_unit_test(error_bodies_are_read),
		cmocka_unit_test(a_whole_message_in_place_of_a_stream_is_read),
		cmocka_unit_test(stray_bytes_do_not_matter),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
