/* test_wire_request.c - requests of the three protocols are read into one shape */
#include "ai/ai_wire.h"
#include "ai_fixture.h"

/* What was read, without what was not there. */
static json_t *request_json(const struct ai_request *request)
{
	json_t *json = json_pack("{s:s, s:O, s:O, s:O, s:O*, s:s*, s:s*}", "model", request->model,
				 "system", request->system, "messages", request->messages, "tools",
				 request->tools, "format", request->format, "session",
				 request->session, "unseen", request->unseen);

	if (request->stream)
		json_object_set_new(json, "stream", json_true());
	if (request->wants_usage)
		json_object_set_new(json, "wants_usage", json_true());
	if (request->max_output)
		json_object_set_new(json, "max", json_integer(request->max_output));
	if (request->least_output)
		json_object_set_new(json, "least", json_integer(request->least_output));
	if (request->choices != 1)
		json_object_set_new(json, "choices", json_integer(request->choices));
	if (request->images)
		json_object_set_new(json, "images", json_integer(request->images));
	return json;
}

static void assert_request(const char *wire, const char *text, const char *want)
{
	AUTO(ai_request_release) struct ai_request request = AI_REQUEST_INIT;
	AUTO_FREE char *body = quoted(text);
	AUTO_JSON json_t *got = NULL;
	struct err err = ERR_INIT;

	if (ai_wire_find(wire)->read_request(body, strlen(body), &request, &err) < 0)
		fail_msg("%s: %s", err.text, body);
	got = request_json(&request);
	assert_json(got, want);
}

static void assert_refused(const char *wire, const char *text, const char *want)
{
	AUTO(ai_request_release) struct ai_request request = AI_REQUEST_INIT;
	AUTO_FREE char *body = quoted(text);
	struct err err = ERR_INIT;

	assert_int_equal(ai_wire_find(wire)->read_request(body, strlen(body), &request, &err), -1);
	assert_int_equal(err.code, ERR_INPUT);
	if (!strstr(err.text, want))
		fail_msg("%s: %s", body, err.text);
}

static void messages_of_anthropic_are_read(void **state)
{
	(void)state;
	assert_request(
		"messages",
		"{'model':'M','max_tokens':1024,'stream':true,'temperature':1,'system':[{'type':"
		"'text','text':'You help.','cache_control':{'type':'ephemeral'}}],'tools':["
		"{'name':'read_file','input_schema':{}},{'type':'bash_20250124','name':'bash'}],"
		"'metadata':{'user_id':'{\\'session_id\\':\\'s-1\\',\\'device_id\\':\\'d\\'}'},"
		"'thinking':{'type':'enabled','budget_tokens':1000},'unknown':{'x':1},"
		"'output_config':{'effort':'low','format':{'type':'json_schema','schema':"
		"{'type':'object'}}},'messages':["
		"{'role':'user','content':'Open a.txt'},"
		"{'role':'system','content':'Note'},"
		"{'role':'assistant','content':[{'type':'thinking','thinking':'hm','signature':"
		"'s'},{'type':'text','text':'Yes'},{'type':'tool_use','id':'t1','name':'read_file',"
		"'input':{'path':'a.txt'}}]},"
		"{'role':'user','content':[{'type':'tool_result','tool_use_id':'t1','content':"
		"[{'type':'text','text':'hel'},{'type':'text','text':'lo'},{'type':'image',"
		"'source':{'type':'base64','data':'AA=='}}],'is_error':true},"
		"{'type':'text','text':'and?','cache_control':{'type':'ephemeral'}}]}]}",
		"{'model':'M','max':1024,'least':1001,'stream':true,'session':'s-1','images':1,"
		"'system':[{'type':'text','text':'You help.'}],'tools':['read_file','bash'],"
		"'format':{'type':'object'},'messages':["
		"{'role':'user','block':{'type':'text','text':'Open a.txt'}},"
		"{'role':'system','block':{'type':'text','text':'Note'}},"
		"{'role':'assistant','block':{'type':'thinking','text':'hm','signature':'s'}},"
		"{'role':'assistant','block':{'type':'text','text':'Yes'}},"
		"{'role':'assistant','block':{'type':'tool_use','id':'t1','name':'read_file',"
		"'input':{'path':'a.txt'}}},"
		"{'role':'user','block':{'type':'tool_result','id':'t1','text':'hel\\nlo',"
		"'error':true}},"
		"{'role':'user','block':{'type':'other','raw':{'type':'image','source':"
		"{'type':'base64','data':'AA=='}}}},"
		"{'role':'user','block':{'type':'text','text':'and?'}}]}");
}

static void chats_are_read(void **state)
{
	(void)state;
	assert_request(
		"chat",
		"{'model':'M','stream':true,'stream_options':{'include_usage':true},'n':2,"
		"'max_tokens':100,'max_completion_tokens':200,'prompt_cache_key':'k',"
		"'response_format':{'type':'json_schema','json_schema':{'name':'x','schema':"
		"{'type':'object'}}},'tools':[{'type':'function','function':{'name':'f'}},"
		"{'type':'custom','custom':{'name':'g'}}],'messages':["
		"{'role':'developer','content':'Be brief'},"
		"{'role':'user','content':[{'type':'text','text':'Look'},{'type':'image_url',"
		"'image_url':{'url':'data:image/png;base64,AA=='}}]},"
		"{'role':'system','content':'Late'},"
		"{'role':'assistant','content':null,'reasoning_content':'hm','tool_calls':[{'id':"
		"'c1','type':'function','function':{'name':'f','arguments':'{\\'a\\':1}'}}]},"
		"{'role':'tool','tool_call_id':'c1','content':'hello'},"
		"{'role':'assistant','content':[{'type':'text','text':'a'},{'type':'refusal',"
		"'refusal':'b'}]}]}",
		"{'model':'M','max':200,'stream':true,'wants_usage':true,'choices':2,'session':'k',"
		"'images':1,'system':[{'type':'text','text':'Be brief'}],'tools':['f','g'],"
		"'format':{'type':'object'},'messages':["
		"{'role':'user','block':{'type':'text','text':'Look'}},"
		"{'role':'user','block':{'type':'other','raw':{'type':'image_url','image_url':"
		"{'url':'data:image/png;base64,AA=='}}}},"
		"{'role':'system','block':{'type':'text','text':'Late'}},"
		"{'role':'assistant','block':{'type':'thinking','text':'hm'}},"
		"{'role':'assistant','block':{'type':'tool_use','id':'c1','name':'f',"
		"'input':{'a':1}}},"
		"{'role':'user','block':{'type':'tool_result','id':'c1','text':'hello',"
		"'error':false}},"
		"{'role':'assistant','block':{'type':'text','text':'a\\nb'}}]}");
}

static void responses_are_read(void **state)
{
	(void)state;
	assert_request(
		"responses",
		"{'model':'M','stream':true,'store':false,'instructions':'You help.',"
		"'max_output_tokens':300,'prompt_cache_key':'k','text':{'format':{'type':"
		"'json_schema','schema':{'type':'object'}}},'tools':[{'type':'function','name':"
		"'f'},{'type':'local_shell'}],'input':["
		"{'type':'message','role':'developer','content':[{'type':'input_text','text':"
		"'D'}]},{'role':'user','content':'Open a.txt'},"
		"{'type':'reasoning','summary':[],'encrypted_content':'x'},"
		"{'type':'reasoning','summary':[{'type':'summary_text','text':'hm'}]},"
		"{'type':'function_call','call_id':'c1','name':'f','arguments':'{\\'a\\':1}'},"
		"{'type':'function_call_output','call_id':'c1','output':'hello'},"
		"{'type':'custom_tool_call','call_id':'c2','name':'g','input':'free'},"
		"{'type':'custom_tool_call_output','call_id':'c2','output':[{'type':'input_text',"
		"'text':'x'}]},"
		"{'type':'local_shell_call_output','id':'l'},{'type':'compaction','id':'q'},"
		"{'type':'message','role':'assistant','content':[{'type':'output_text',"
		"'text':'Hi'}]}]}",
		"{'model':'M','max':300,'stream':true,'session':'k','format':{'type':'object'},"
		"'system':[{'type':'text','text':'You help.'},{'type':'text','text':'D'}],"
		"'tools':['f','local_shell'],'messages':["
		"{'role':'user','block':{'type':'text','text':'Open a.txt'}},"
		"{'role':'assistant','block':{'type':'thinking','text':'hm'}},"
		"{'role':'assistant','block':{'type':'tool_use','id':'c1','name':'f',"
		"'input':{'a':1}}},"
		"{'role':'user','block':{'type':'tool_result','id':'c1','text':'hello',"
		"'error':false}},"
		"{'role':'assistant','block':{'type':'tool_use','id':'c2','name':'g',"
		"'input':'free'}},"
		"{'role':'user','block':{'type':'tool_result','id':'c2','text':'x','error':false}},"
		"{'role':'user','block':{'type':'other','raw':{'type':'local_shell_call_output',"
		"'id':'l'}}},"
		"{'role':'assistant','block':{'type':'other','raw':{'type':'compaction',"
		"'id':'q'}}},"
		"{'role':'assistant','block':{'type':'text','text':'Hi'}}]}");
	assert_request("responses", "{'model':'M','input':'Hi','previous_response_id':null}",
		       "{'model':'M','system':[],'tools':[],'messages':["
		       "{'role':'user','block':{'type':'text','text':'Hi'}}]}");
}

struct unseen_case {
	const char *wire, *body, *unseen;
};

static void what_is_not_in_the_body_is_named(void **state)
{
	static const struct unseen_case cases[] = {
		{ "messages", "{'model':'M','messages':[{'role':'user','content':[{'type':'image',"
			      "'source':{'type':'url','url':'http://x'}}]}]}", "image" },
		{ "messages", "{'model':'M','messages':[{'role':'user','content':[{'type':"
			      "'document','source':{'type':'base64','data':''}}]}]}", "document" },
		{ "messages", "{'model':'M','messages':[{'role':'user','content':[{'type':"
			      "'document','source':{'type':'text','data':'x'}}]}]}", NULL },
		{ "messages", "{'model':'M','tools':[{'type':'web_search_20250305',"
			      "'name':'web_search'}]}", "web_search_20250305" },
		{ "messages", "{'model':'M','mcp_servers':[{}]}", "mcp_servers" },
		{ "messages", "{'model':'M','mcp_servers':[],'container':null}", NULL },
		{ "chat", "{'model':'M','messages':[{'role':'user','content':[{'type':'image_url',"
			  "'image_url':{'url':'https://x'}}]}]}", "image_url" },
		{ "chat", "{'model':'M','messages':[{'role':'tool','content':[{'type':'file',"
			  "'file':{'file_id':'x'}}]}]}", "file" },
		{ "chat", "{'model':'M','web_search_options':{}}", "web_search_options" },
		{ "responses", "{'model':'M','previous_response_id':'r1'}",
		  "previous_response_id" },
		{ "responses", "{'model':'M','conversation':{'id':'x'}}", "conversation" },
		{ "responses", "{'model':'M','background':true}", "background" },
		{ "responses", "{'model':'M','input':[{'type':'item_reference','id':'x'}]}",
		  "item_reference" },
		{ "responses", "{'model':'M','input':[{'role':'user','content':[{'type':"
			       "'input_image','file_id':'x'}]}]}", "input_image" },
		{ "responses", "{'model':'M','tools':[{'type':'web_search'}]}", "web_search" },
		{ "responses", "{'model':'M','service_tier':'fast'}", "service_tier" },
		{ "chat", "{'model':'M','service_tier':'priority'}", "service_tier" },
		{ "chat", "{'model':'M','service_tier':'default','speed':null}", NULL },
		{ "messages", "{'model':'M','speed':'fast'}", "speed" },
		{ "messages", "{'model':'M','service_tier':'auto','speed':'standard'}", NULL },
	};

	(void)state;
	for (size_t i = 0; i < LENGTH(cases); i++) {
		AUTO(ai_request_release) struct ai_request request = AI_REQUEST_INIT;
		AUTO_FREE char *body = quoted(cases[i].body);
		struct err err = ERR_INIT;

		assert_int_equal(ai_wire_find(cases[i].wire)->read_request(body, strlen(body),
									   &request, &err),
				 0);
		if (cases[i].unseen)
			assert_string_equal(request.unseen ? request.unseen : "(nothing)",
					    cases[i].unseen);
		else
			assert_null(request.unseen);
	}
}

/* Each body has twice as much in a picture as counts. */
static void a_large_picture_counts_in_part(void **state)
{
	static const struct {
		const char *wire, *before, *after;
	} cases[] = {
		{ "messages", "{'model':'M','messages':[{'role':'user','content':[{'type':"
			      "'tool_result','content':[{'type':'image','source':{'type':'base64',"
			      "'data':'", "'}}]}]}]}" },
		{ "chat", "{'model':'M','messages':[{'role':'user','content':[{'type':'image_url',"
			  "'image_url':{'url':'data:", "'}}]}]}" },
		{ "responses", "{'model':'M','input':[{'role':'user','content':[{'type':"
			       "'input_image','image_url':'data:", "'}]}]}" },
	};
	static char data[2 * AI_REQUEST_PICTURE_MOST + 1];

	(void)state;
	memset(data, 'A', sizeof(data) - 1);
	for (size_t i = 0; i < LENGTH(cases); i++) {
		AUTO(ai_request_release) struct ai_request request = AI_REQUEST_INIT;
		AUTO_FREE char *before = quoted(cases[i].before);
		AUTO_FREE char *after = quoted(cases[i].after);
		AUTO_FREE char *body = buf_format("%s%s%s", before, data, after);
		size_t len = strlen(body), weight;
		struct err err = ERR_INIT;

		assert_int_equal(ai_wire_find(cases[i].wire)->read_request(body, len, &request,
									   &err), 0);
		weight = ai_request_weight(&request, len);
		assert_in_range(weight, AI_REQUEST_PICTURE_MOST, AI_REQUEST_PICTURE_MOST + 200);
		assert_true(ai_request_input_bound(&request, len) >= (int64_t)weight);
	}
}

static void what_cannot_be_acted_upon_is_refused(void **state)
{
	static const char *const wires[] = { "messages", "chat", "responses" };

	(void)state;
	for (size_t i = 0; i < LENGTH(wires); i++) {
		assert_refused(wires[i], "", "not valid JSON");
		assert_refused(wires[i], "[]", "no JSON object");
		assert_refused(wires[i], "{}", "'model'");
		assert_refused(wires[i], "{'model':7}", "'model'");
		assert_refused(wires[i], "{'model':''}", "'model'");
		assert_refused(wires[i], "{'model':'a b'}", "'model'");
		assert_refused(wires[i], "{'model':'M','stream':1}", "'stream'");
		assert_refused(wires[i], "{'model':'M','model':'N'}", "duplicate");
		assert_refused(wires[i], "{'model':'M','MODEL':'N'}", "'model' is written");
		assert_refused(wires[i], "{'model':'M','\xc5\xbftream':true}", "'stream' is");
	}
	assert_refused("messages", "{'model':'M','max_tokens':-1}", "'max_tokens'");
	assert_refused("messages", "{'model':'M','max_tokens':'9'}", "'max_tokens'");
	assert_refused("messages", "{'model':'M','Max_Tokens':9}", "'max_tokens' is written");
	assert_refused("messages", "{'model':'M','max_tokens':99999999999}", "'max_tokens'");
	assert_refused("chat", "{'model':'M','n':1000}", "'n'");
	assert_refused("chat", "{'model':'M','n':1.5}", "'n'");
	assert_refused("responses", "{'model':'M','Previous_Response_ID':'x'}", "is written");
}

static void wrong_types_in_messages_are_passed_over(void **state)
{
	static const char *const bodies[] = {
		"{'model':'M','messages':7,'input':7,'system':7,'tools':7}",
		"{'model':'M','messages':[7,[],{},{'role':7,'content':7},{'content':[7,{},[]]}],"
		"'input':[7,[],{},{'type':7},{'type':'message','content':7}],'tools':[7,{}],"
		"'metadata':7,'stream_options':7,'output_config':7,'text':7,'thinking':7}",
		"{'model':'M','messages':[{'role':'assistant','tool_calls':7,'function_call':7},"
		"{'role':'assistant','tool_calls':[7,{}]},{'role':'tool','content':7}]}",
	};
	static const char *const wires[] = { "messages", "chat", "responses" };

	(void)state;
	for (size_t i = 0; i < LENGTH(bodies) * LENGTH(wires); i++) {
		AUTO(ai_request_release) struct ai_request request = AI_REQUEST_INIT;
		AUTO_FREE char *body = quoted(bodies[i / LENGTH(wires)]);
		const struct ai_wire *wire = ai_wire_find(wires[i % LENGTH(wires)]);
		struct err err = ERR_INIT;

		assert_int_equal(wire->read_request(body, strlen(body), &request, &err), 0);
	}
}

static void old_sessions_of_claude_code_are_found(void **state)
{
	(void)state;
	assert_request("messages",
		       "{'model':'M','metadata':{'user_id':'user_1_account__session_0-1'}}",
		       "{'model':'M','system':[],'messages':[],'tools':[],'session':'0-1'}");
	assert_request("messages", "{'model':'M','metadata':{'user_id':'{oops'}}",
		       "{'model':'M','system':[],'messages':[],'tools':[]}");
}

static void the_bound_of_the_input_is_above_its_bytes(void **state)
{
	AUTO(ai_request_release) struct ai_request request = AI_REQUEST_INIT;
	int64_t plain = ai_request_input_bound(&request, 1000);

	(void)state;
	assert_true(plain >= 1000);
	request.images = 2;
	assert_true(ai_request_input_bound(&request, 1000) >= plain + 2 * 5000);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(messages_of_anthropic_are_read),
		cmocka_unit_test(chats_are_read),
		cmocka_unit_test(responses_are_read),
		cmocka_unit_test(what_is_not_in_the_body_is_named),
		cmocka_unit_test(a_large_picture_counts_in_part),
		cmocka_unit_test(what_cannot_be_acted_upon_is_refused),
		cmocka_unit_test(wrong_types_in_messages_are_passed_over),
		cmocka_unit_test(old_sessions_of_claude_code_are_found),
		cmocka_unit_test(the_bound_of_the_input_is_above_its_bytes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
