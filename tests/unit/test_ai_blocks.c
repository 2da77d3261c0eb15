/* test_ai_blocks.c - blocks that say the same are the same, in whatever form they came */
#include "ai/ai_blocks.h"

#include "ai_fixture.h"

struct pair {
	const char *a, *b;
	bool same;
};

static const struct pair pairs[] = {
	{ "{'type':'text','text':'a'}", "{'type':'text','text':'a'}", true },
	{ "{'type':'text','text':'a'}", "{'type':'text','text':' a\\n'}", true },
	{ "{'type':'text','text':'a'}", "{'type':'text','text':'b'}", false },
	{ "{'type':'text','text':'a b'}", "{'type':'text','text':'a  b'}", false },
	{ "{'type':'text','text':''}", "{'type':'text','text':' '}", true },
	{ "{'type':'text','text':''}", "{'type':'thinking','text':'x'}", true },
	{ "{'type':'text','text':'a'}", "{'type':'thinking','text':'a'}", false },
	{ "{'type':'tool_use','id':'1','name':'f','input':{'a':1,'b':[2.0]}}",
	  "{'input':{'b':[2],'a':1.0},'name':'f','id':'1','type':'tool_use'}", true },
	{ "{'type':'tool_use','id':'1','name':'f','input':{'a':-1.0}}",
	  "{'type':'tool_use','id':'1','name':'f','input':{'a':-1}}", true },
	{ "{'type':'tool_use','id':'1','name':'f','input':{'a':1}}",
	  "{'type':'tool_use','id':'1','name':'f','input':{'a':1.5}}", false },
	{ "{'type':'tool_use','id':'1','name':'f','input':{}}",
	  "{'type':'tool_use','id':'2','name':'f','input':{}}", false },
	{ "{'type':'tool_result','id':'1','text':'a','error':false}",
	  "{'type':'tool_result','id':'1','text':'a','error':true}", false },
	{ "{'type':'other','raw':{'type':'redacted_thinking'}}", "{'type':'text','text':''}",
	  true },
};

static void blocks_are_compared_by_what_they_say(void **state)
{
	(void)state;
	for (size_t i = 0; i < LENGTH(pairs); i++) {
		AUTO_JSON json_t *a = parsed(pairs[i].a), *b = parsed(pairs[i].b);
		AUTO_FREE char *of_a = ai_blocks_canonical(a), *of_b = ai_blocks_canonical(b);
		bool same = of_a && of_b ? strcmp(of_a, of_b) == 0 : of_a == of_b;

		if (same != pairs[i].same)
			fail_msg("%s %s", pairs[i].a, pairs[i].b);
	}
}

static void blocks_are_made_in_one_shape(void **state)
{
	AUTO_JSON json_t *list = json_array();

	(void)state;
	json_array_append_new(list, ai_blocks_text(NULL));
	json_array_append_new(list, ai_blocks_thinking("t", NULL));
	json_array_append_new(list, ai_blocks_thinking("t", "s"));
	json_array_append_new(list, ai_blocks_tool_use("1", "f", NULL));
	json_array_append_new(list, ai_blocks_tool_use("1", "f", ai_blocks_input("", 0)));
	json_array_append_new(list, ai_blocks_tool_use("1", "f", ai_blocks_input("{\"a\":1}", 7)));
	json_array_append_new(list, ai_blocks_tool_use("1", "f", ai_blocks_input("{\"a", 3)));
	json_array_append_new(list, ai_blocks_tool_result("1", "r", true));
	assert_json(list, "[{'type':'text','text':''},{'type':'thinking','text':'t'},"
			  "{'type':'thinking','text':'t','signature':'s'},"
			  "{'type':'tool_use','id':'1','name':'f','input':{}},"
			  "{'type':'tool_use','id':'1','name':'f','input':{}},"
			  "{'type':'tool_use','id':'1','name':'f','input':{'a':1}},"
			  "{'type':'tool_use','id':'1','name':'f','input':'{\\\"a'},"
			  "{'type':'tool_result','id':'1','text':'r','error':true}]");
}

static void unknown_blocks_are_kept_but_for_cache_marks_and_long_strings(void **state)
{
	AUTO_JSON json_t *raw = parsed("{'type':'image','cache_control':{'type':'ephemeral'},"
				       "'source':{'type':'base64','n':[1,2.5,null,true],"
				       "'cache_control':1}}");
	AUTO_FREE char *data = buf_alloc(AI_BLOCKS_RAW_MAX + 2);
	AUTO_JSON json_t *block = NULL, *longer = NULL;
	const char *short_form;

	(void)state;
	block = ai_blocks_other(raw);
	assert_json(block, "{'type':'other','raw':{'type':'image','source':{'type':'base64',"
			   "'n':[1,2.5,null,true]}}}");
	memset(data, 'A', AI_BLOCKS_RAW_MAX + 1);
	json_object_set_new(raw, "data", json_string(data));
	longer = ai_blocks_other(raw);
	short_form = json_str(json_object_get(longer, "raw"), "data", "");
	assert_int_equal(strncmp(short_form, "sha256:", 7), 0);
	assert_string_equal(short_form + 7 + 64, ":16385");
}

static void texts_are_joined(void **state)
{
	AUTO_JSON json_t *blocks = parsed("[{'type':'text','text':'a'},{'type':'text','text':''},"
					  "{'type':'thinking','text':'h'},"
					  "{'type':'text','text':'b'}]");
	AUTO(buf_release) struct buf text = BUF_INIT(100);

	(void)state;
	ai_blocks_join(blocks, "text", &text);
	assert_string_equal(buf_str(&text), "a\n\nb");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(blocks_are_compared_by_what_they_say),
		cmocka_unit_test(blocks_are_made_in_one_shape),
		cmocka_unit_test(unknown_blocks_are_kept_but_for_cache_marks_and_long_strings),
		cmocka_unit_test(texts_are_joined),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
