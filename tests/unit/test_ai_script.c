/* test_ai_script.c - the provider that plays a file, and the text of answers while they come */
#include "ai_fixture.h"

#include "ai/ai_blocks.h"
#include "ai/ai_delta.h"
#include "ai/ai_script.h"
#include "ai/ai_wire.h"

static json_t *script_of(const char *turns)
{
	AUTO_FREE char *text = buf_format("{'schema':'tali.script/1','models':['m','n'],"
					  "'turns':[%s]}", turns);
	AUTO_FREE char *json = quoted(text);
	struct err err = ERR_INIT;
	json_t *script = ai_script_parse(json, strlen(json), "s", &err);

	if (!script)
		fail_msg("%s", err.text);
	return script;
}

/* What a script answers to these messages. */
static struct ai_script_play answer_to(const json_t *script, const char *messages)
{
	struct ai_request request = AI_REQUEST_INIT;
	struct ai_script_play play;

	request.model = buf_strdup("m");
	request.messages = parsed(messages);
	ai_script_answer(script, &request, &play);
	ai_request_release(&request);
	return play;
}

static void read_play(struct ai_script_play *play, struct ai_answer *ret)
{
	ai_wire_find("messages")->read_answer(buf_str(&play->bytes), play->bytes.len, play->stream,
					      ret);
}

static void assert_said(const json_t *script, const char *messages, const char *want)
{
	AUTO(ai_script_play_release) struct ai_script_play play = answer_to(script, messages);
	AUTO(ai_answer_release) struct ai_answer answer = AI_ANSWER_INIT;
	AUTO(buf_release) struct buf text = BUF_INIT(4096);

	read_play(&play, &answer);
	ai_blocks_join(answer.blocks, "text", &text);
	assert_string_equal(buf_str(&text), want);
}

#define USER(text) "{'role':'user','block':{'type':'text','text':'" text "'}}"
#define SAID(text) "{'role':'assistant','block':{'type':'text','text':'" text "'}}"

static void answers_come_in_the_order_of_the_turns(void **state)
{
	AUTO_JSON json_t *script = script_of("{'answer':'one'},{'answer':'two'}");

	(void)state;
	assert_said(script, "[" USER("a") "]", "one");
	assert_said(script, "[" USER("a") "," SAID("x") "," SAID("y") "," USER("b") "]", "two");
	assert_said(script, "[" USER("a") "," SAID("x") "," USER("b") "," SAID("y") "," USER("c")
		    "]", "two");
}

static void a_turn_whose_words_fit_goes_first(void **state)
{
	AUTO_JSON json_t *script = script_of("{'answer':'one'},{'when':'tea','answer':'two'},"
					     "{'answer':'three'}");

	(void)state;
	assert_said(script, "[" USER("some tea") "]", "two");
	assert_said(script, "[" USER("some tea") "," SAID("x") "," USER("b") "]", "three");
	assert_said(script, "[" USER("b") "," SAID("tea") "," "{'role':'user','block':{'type':"
		    "'tool_result','id':'1','text':'tea','error':false}}]", "two");
}

static void what_it_says_is_an_answer_of_the_protocol(void **state)
{
	AUTO_JSON json_t *script = script_of(
		"{'answer':[{'type':'text','text':'a \\u00e4\\u20ac long text of several pieces'},"
		"{'type':'tool_use','name':'run','input':{'x':[1.5,null]}}],"
		"'usage':{'input_tokens':7,'output_tokens':9}}");
	AUTO(ai_script_play_release)
	struct ai_script_play play = answer_to(script, "[" USER("a") "]");
	AUTO(ai_answer_release) struct ai_answer answer = AI_ANSWER_INIT;

	(void)state;
	read_play(&play, &answer);
	assert_true(play.status == 200 && play.stream && answer.complete && !answer.error);
	assert_json(answer.blocks, "[{'type':'text','text':'a \\u00e4\\u20ac long text of several "
		    "pieces'},{'type':'tool_use','id':'toolu_0_1','name':'run','input':"
		    "{'x':[1.5,null]}}]");
	assert_string_equal(answer.stop, "tool_use");
	assert_string_equal(answer.model, "m");
	assert_true(answer.usage_known && answer.usage.input == 7 && answer.usage.output == 9);
}

static void pieces_are_whole_events_and_all_of_it(void **state)
{
	AUTO_JSON json_t *script = script_of("{'answer':'some words of an answer','chunk_ms':5}");
	AUTO(ai_script_play_release)
	struct ai_script_play play = answer_to(script, "[" USER("a") "]");
	const char *piece;
	size_t len, all = 0, count = 0;

	(void)state;
	while (ai_script_next(&play, &piece, &len)) {
		assert_true(len > 2 && memcmp(piece + len - 2, "\n\n", 2) == 0);
		all += len;
		count++;
	}
	assert_true(all == play.bytes.len && count > 5 && play.chunk_ms == 5);
}

static void faults_are_those_of_a_provider(void **state)
{
	AUTO_JSON json_t *script = script_of("{'when':'a','status':529,'error':'too much'},"
					     "{'when':'b','answer':'half','cut':true}");
	AUTO(ai_script_play_release)
	struct ai_script_play error = answer_to(script, "[" USER("a") "]");
	AUTO(ai_script_play_release)
	struct ai_script_play cut = answer_to(script, "[" USER("b") "]");
	AUTO(ai_answer_release) struct ai_answer failed = AI_ANSWER_INIT;
	AUTO(ai_answer_release) struct ai_answer half = AI_ANSWER_INIT;

	(void)state;
	read_play(&error, &failed);
	assert_true(error.status == 529 && !error.stream && strstr(failed.error, "too much"));
	read_play(&cut, &half);
	assert_true(cut.cut && !half.complete && json_array_size(half.blocks) == 1);
}

static void what_is_no_script_is_refused_by_its_place(void **state)
{
	static const char *const wrong[][2] = {
		{ "{", "s:1" },
		{ "[]", "must be" },
		{ "{'schema':'tali.script/1','models':['m'],\n'turns':[{'answer':[{'type':'x'}]}]}",
		  "s:2: /turns/0/answer" },
		{ "{'schema':'tali.script/1','models':['m m'],'turns':[{}]}", "/models/0" },
		{ "{'schema':'tali.script/1','models':['m'],'turns':[{'chunk_ms':-1}]}",
		  "/turns/0/chunk_ms" },
	};
	struct err err = ERR_INIT;

	(void)state;
	for (size_t i = 0; i < LENGTH(wrong); i++) {
		AUTO_FREE char *text = quoted(wrong[i][0]);

		assert_null(ai_script_parse(text, strlen(text), "s", &err));
		if (err.code != ERR_INPUT || !strstr(err.text, wrong[i][1]))
			fail_msg("%s: %s", wrong[i][0], err.text);
	}
	assert_null(ai_script_read("/nowhere/script.json", &err));
	assert_int_equal(err.code, ERR_NOT_FOUND);
}

/* --- the text while it comes */

static void assert_shown(enum ai_dialect dialect, const char *stream, const char *want)
{
	AUTO_FREE char *raw = quoted(stream);
	size_t len = strlen(raw);

	for (size_t piece = 1; piece <= len; piece += piece < 8 ? 1 : len / 3) {
		AUTO(ai_delta_release) struct ai_delta delta = AI_DELTA_INIT(dialect);
		AUTO(buf_release) struct buf text = BUF_INIT(4096);

		for (size_t at = 0; at < len; at += piece)
			ai_delta_add(&delta, raw + at, len - at < piece ? len - at : piece, &text);
		assert_string_equal(buf_str(&text), want);
	}
}

static void text_is_shown_as_it_comes_in_each_protocol(void **state)
{
	(void)state;
	assert_shown(AI_DIALECT_MESSAGES,
		     "data: {'type':'content_block_start','index':0,'content_block':{'type':"
		     "'text','text':'A'}}\n\ndata: {'type':'content_block_delta','index':0,"
		     "'delta':{'type':'text_delta','text':'b'}}\n\ndata: {'type':"
		     "'content_block_delta','index':1,'delta':{'type':'input_json_delta','partial_json':'{'}}\n\ndata: {'type':"
		     "'content_block_delta','index':2,'delta':{'type':'text_delta','text':'c'}}"
		     "\n\n",
		     "Ab\n\nc");
	assert_shown(AI_DIALECT_CHAT,
		     "data: {'choices':[{'index':0,'delta':{'content':'A'}}]}\n\n: ping\n\ndata: "
		     "{'choices':[{'index':0,'delta':{'content':'b','tool_calls':[]}}]}\n\ndata: "
		     "{'choices':[],'usage':{}}\n\ndata: [DONE]\n\n", "Ab");
	assert_shown(AI_DIALECT_RESPONSES,
		     "event: response.output_text.delta\ndata: {'type':"
		     "'response.output_text.delta','output_index':1,'content_index':0,'delta':'A'}"
		     "\n\ndata: {'type':'response.output_text.delta','output_index':1,'content_index':1,'delta':'b'}"
		     "\n\n", "A\n\nb");
}

static void what_is_no_text_is_passed_over(void **state)
{
	(void)state;
	assert_shown(AI_DIALECT_MESSAGES, "data: nonsense\n\ndata: []\n\ndata: {'type':7}\n\ndata: "
		     "{'type':'content_block_delta','index':-1,'delta':{'type':'text_delta','text':"
		     "'x'}}\n\nevent: content_block_delta\ndata: {'index':0,'delta':{'type':"
		     "'text_delta','text':'y'}}\n\n", "y");
	assert_shown(AI_DIALECT_CHAT, "data: {'choices':{}}\n\ndata: {'choices':[{'index':1,"
		     "'delta':{'content':'x'}}]}\n\n", "");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(answers_come_in_the_order_of_the_turns),
		cmocka_unit_test(a_turn_whose_words_fit_goes_first),
		cmocka_unit_test(what_it_says_is_an_answer_of_the_protocol),
		cmocka_unit_test(pieces_are_whole_events_and_all_of_it),
		cmocka_unit_test(faults_are_those_of_a_provider),
		cmocka_unit_test(what_is_no_script_is_refused_by_its_place),
		cmocka_unit_test(text_is_shown_as_it_comes_in_each_protocol),
		cmocka_unit_test(what_is_no_text_is_passed_over),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
