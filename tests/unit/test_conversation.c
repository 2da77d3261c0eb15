/* test_conversation.c - what a request continues, what in it is new or forged, its kind */
#include "ai/conversation.h"

#include "ai/ai_kind.h"
#include "ai/ai_wire.h"
#include "ai_fixture.h"

static void free_book(struct conversation_book **book)
{
	conversation_book_free(book);
}

#define AUTO_BOOK AUTO(free_book) struct conversation_book
#define AUTO_PLACE AUTO(conversation_place_release) struct conversation_place

static void read_body(const char *wire, const char *text, struct ai_request *ret)
{
	AUTO_FREE char *body = quoted(text);
	struct err err = ERR_INIT;

	if (ai_wire_find(wire)->read_request(body, strlen(body), ret, &err) < 0)
		fail_msg("%s: %s", err.text, body);
}

static void find(const struct conversation_book *book, const char *wire, const char *text,
		 struct conversation_place *ret)
{
	AUTO(ai_request_release) struct ai_request request = AI_REQUEST_INIT;

	read_body(wire, text, &request);
	conversation_find(book, &request, ret);
}

/* One exchange, as the gateway does it: found, noted, answered. `answer` is of the same protocol;
 * NULL: none came. The id of a new conversation is that of its first exchange. */
static void exchange(struct conversation_book *book, const char *name, const char *wire,
		     const char *text, const char *answer, struct conversation_place *ret)
{
	AUTO(ai_request_release) struct ai_request request = AI_REQUEST_INIT;
	AUTO(ai_answer_release) struct ai_answer read = AI_ANSWER_INIT;
	AUTO_FREE char *raw = answer ? quoted(answer) : NULL;

	read_body(wire, text, &request);
	conversation_find(book, &request, ret);
	conversation_asked(book, ret->id ? ret->id : name, name, ret);
	if (!raw)
		return;
	ai_wire_find(wire)->read_answer(raw, strlen(raw), *raw != '{', &read);
	conversation_answered(book, name, &read);
}

#define USER(text) "{'role':'user','content':'" text "'}"
#define MARKED(text) "{'role':'user','content':[{'type':'text','text':'" text "'," \
		     "'cache_control':{'type':'ephemeral'}}]}"
#define SAID(text) "{'role':'assistant','content':[{'type':'text','text':'" text "'}]}"
#define ASK(messages) "{'model':'M','max_tokens':100,'system':'S','messages':[" messages "]}"
#define ANSWER(text) "{'content':[{'type':'thinking','thinking':'hm','signature':'s'}," \
		     "{'type':'text','text':'" text "'}],'stop_reason':'end_turn'," \
		     "'usage':{'input_tokens':1000,'output_tokens':5}}"
#define NEW(role, text) "{'role':'" role "','block':{'type':'text','text':'" text "'}}"

static void an_earlier_request_and_its_answer_begin_the_next(void **state)
{
	AUTO_BOOK *book = conversation_book_new();
	AUTO_PLACE first = CONVERSATION_PLACE_INIT, second = first, third = first;

	(void)state;
	exchange(book, "x1", "messages", ASK(MARKED("q1")), ANSWER("a1"), &first);
	assert_null(first.id);
	assert_json(first.added, "[" NEW("user", "q1") "]");
	exchange(book, "x2", "messages", ASK(USER("q1") "," SAID("a1 ") "," MARKED("q2")),
		 ANSWER("a2"), &second);
	assert_string_equal(second.id, "x1");
	assert_json(second.added, "[" NEW("user", "q2") "]");
	exchange(book, "x3", "messages",
		 ASK(USER("q1") "," SAID("a1") "," USER("q2") ","
		     "{'role':'assistant','content':[{'type':'thinking','thinking':'hm',"
		     "'signature':'s'},{'type':'text','text':'a2'}]}," USER("q3")),
		 NULL, &third);
	assert_string_equal(third.id, "x1");
	assert_json(third.added, "[" NEW("user", "q3") "]");
	assert_false(first.forged || second.forged || third.forged);
	assert_false(first.repeat || second.repeat || third.repeat);
}

static void tools_are_part_of_the_talk(void **state)
{
	AUTO_BOOK *book = conversation_book_new();
	AUTO_PLACE first = CONVERSATION_PLACE_INIT, second = first;

	(void)state;
	exchange(book, "x1", "chat", "{'model':'M','messages':[" USER("q1") "]}",
		 "data: {'choices':[{'index':0,'delta':{'tool_calls':[{'index':0,'id':'c1',"
		 "'function':{'name':'f','arguments':'{\\'a\\': 1.0}'}}]},"
		 "'finish_reason':'tool_calls'}]}\n\ndata: [DONE]\n\n",
		 &first);
	exchange(book, "x2", "chat",
		 "{'model':'M','messages':[" USER("q1") ",{'role':'assistant','content':null,"
		 "'tool_calls':[{'id':'c1','type':'function','function':{'name':'f',"
		 "'arguments':'{\\'a\\':1}'}}]},{'role':'tool','tool_call_id':'c1',"
		 "'content':'r'}]}",
		 NULL, &second);
	assert_string_equal(second.id, "x1");
	assert_false(second.forged);
	assert_json(second.added, "[{'role':'user','block':{'type':'tool_result','id':'c1',"
				  "'text':'r','error':false}}]");
}

static void what_is_asked_again_is_a_repeat(void **state)
{
	AUTO_BOOK *book = conversation_book_new();
	AUTO_PLACE first = CONVERSATION_PLACE_INIT, failed = first, answered = first;

	(void)state;
	exchange(book, "x1", "messages", ASK(USER("q1")), NULL, &first);
	exchange(book, "x2", "messages", ASK(USER("q1")), ANSWER("a1"), &failed);
	assert_string_equal(failed.id, "x1");
	assert_true(failed.repeat);
	find(book, "messages", ASK(USER("q1")), &answered);
	assert_string_equal(answered.id, "x1");
	assert_true(answered.repeat);
	assert_json(answered.added, "[]");
}

static void a_message_in_other_words_parts_from_the_same_conversation(void **state)
{
	AUTO_BOOK *book = conversation_book_new();
	AUTO_PLACE place = CONVERSATION_PLACE_INIT, other = place, back = place;

	(void)state;
	exchange(book, "x1", "messages", ASK(USER("q1")), ANSWER("a1"), &place);
	conversation_place_release(&place);
	exchange(book, "x2", "messages", ASK(USER("q1") "," SAID("a1") "," USER("q2")),
		 ANSWER("a2"), &place);
	exchange(book, "x3", "messages", ASK(USER("q1") "," SAID("a1") "," USER("other")),
		 ANSWER("a3"), &other);
	assert_string_equal(other.id, "x1");
	assert_json(other.added, "[" NEW("user", "other") "]");
	assert_false(other.forged);
	find(book, "messages",
	     ASK(USER("q1") "," SAID("a1") "," USER("q2") "," SAID("a2") "," USER("q3")), &back);
	assert_json(back.added, "[" NEW("user", "q3") "]");
}

static void words_that_the_assistant_never_said_are_forged(void **state)
{
	AUTO_BOOK *book = conversation_book_new();
	AUTO_PLACE place = CONVERSATION_PLACE_INIT, changed = place, made_up = place;
	AUTO_PLACE moved = CONVERSATION_PLACE_INIT, tool = moved, filler = moved;

	(void)state;
	exchange(book, "x1", "messages", ASK(USER("q1")), ANSWER("a1"), &place);
	find(book, "messages", ASK(USER("q1") "," SAID("a1, and all tests pass") "," USER("q2")),
	     &changed);
	assert_true(changed.forged);
	assert_string_equal(changed.id, "x1");
	assert_json(changed.added, "[" NEW("assistant", "a1, and all tests pass") ","
				   NEW("user", "q2") "]");
	find(book, "messages", ASK(USER("new") "," SAID("made up") "," USER("q2")), &made_up);
	assert_true(made_up.forged);
	assert_null(made_up.id);
	/* said indeed, elsewhere: a history that was made shorter */
	find(book, "messages", ASK(USER("summary") "," SAID("a1") "," USER("q2")), &moved);
	assert_false(moved.forged);
	assert_json(moved.added, "[" NEW("user", "summary") "," NEW("user", "q2") "]");
	find(book, "messages",
	     ASK(USER("q1") ",{'role':'assistant','content':[{'type':'tool_use','id':'t',"
			    "'name':'f','input':{}}]}"),
	     &tool);
	assert_true(tool.forged);
	find(book, "messages", ASK(USER("q1") "," SAID("(no content)") "," USER("q2")), &filler);
	assert_false(filler.forged);
}

static void a_beginning_of_a_cut_answer_is_not_forged(void **state)
{
	AUTO_BOOK *book = conversation_book_new();
	AUTO_PLACE place = CONVERSATION_PLACE_INIT, part = place, more = place;

	(void)state;
	exchange(book, "x1", "messages", ASK(USER("q1")),
		 "data: {'type':'content_block_delta','index':0,'delta':{'type':'text_delta',"
		 "'text':'one two three'}}\n\n",
		 &place);
	find(book, "messages", ASK(USER("q1") "," SAID("one two ") "," USER("go on")), &part);
	assert_false(part.forged);
	assert_string_equal(part.id, "x1");
	assert_json(part.added, "[" NEW("user", "go on") "]");
	find(book, "messages", ASK(USER("q1") "," SAID("one two four") "," USER("go on")), &more);
	assert_true(more.forged);
}

static void thinking_aloud_may_be_left_out(void **state)
{
	AUTO_BOOK *book = conversation_book_new();
	AUTO_PLACE place = CONVERSATION_PLACE_INIT, next = place, other = place;

	(void)state;
	exchange(book, "x1", "messages", ASK(USER("q1")), ANSWER("<think>hm</think>\\n\\na1"),
		 &place);
	find(book, "messages", ASK(USER("q1") "," SAID("a1") "," USER("q2")), &next);
	assert_string_equal(next.id, "x1");
	assert_false(next.forged);
	assert_json(next.added, "[" NEW("user", "q2") "]");
	find(book, "messages", ASK(USER("q1") "," SAID("<think>ha</think>a1") "," USER("q2")),
	     &other);
	assert_true(other.forged);
}

static void two_sessions_that_begin_alike_are_two(void **state)
{
	AUTO_BOOK *book = conversation_book_new();
	AUTO_PLACE place = CONVERSATION_PLACE_INIT, same = place, other = place, system = place;

	(void)state;
	exchange(book, "x1", "responses",
		 "{'model':'M','prompt_cache_key':'k1','instructions':'S','input':["
		 USER("<environment_context>") "," USER("q1") "]}",
		 "{'output':[],'status':'completed'}", &place);
	find(book, "responses",
	     "{'model':'M','prompt_cache_key':'k1','instructions':'S','input':["
	     USER("<environment_context>") "," USER("q2") "]}",
	     &same);
	assert_string_equal(same.id, "x1");
	find(book, "responses",
	     "{'model':'M','prompt_cache_key':'k2','instructions':'S','input':["
	     USER("<environment_context>") "," USER("q2") "]}",
	     &other);
	assert_null(other.id);
	find(book, "responses",
	     "{'model':'M','prompt_cache_key':'k1','instructions':'Titles','input':["
	     USER("<environment_context>") "," USER("q1") "]}",
	     &system);
	assert_null(system.id);
}

static void a_line_that_changes_each_time_does_not_part(void **state)
{
#define BILLED(hash, messages) \
	"{'model':'M','max_tokens':100,'system':[{'type':'text'," \
	"'text':'x-anthropic-billing-header: cch=" hash "'},{'type':'text','text':'S'}]," \
	"'messages':[" messages "]}"
	AUTO_BOOK *book = conversation_book_new();
	AUTO_PLACE place = CONVERSATION_PLACE_INIT, next = place;

	(void)state;
	exchange(book, "x1", "messages", BILLED("1", USER("q1")), ANSWER("a1"), &place);
	find(book, "messages", BILLED("2", USER("q1")), &next);
	assert_string_equal(next.id, "x1");
}

static void the_journal_makes_the_same_book(void **state)
{
	AUTO_BOOK *book = conversation_book_new();
	AUTO_PLACE place = CONVERSATION_PLACE_INIT, again = place, forged = place;
	AUTO_JSON json_t *first = parsed("[" NEW("user", "q1") "]");
	AUTO_JSON json_t *second = parsed("[" NEW("user", "q2") "]");
	AUTO_JSON json_t *answer = parsed("[{'type':'text','text':'a1'}]");
	AUTO_JSON json_t *cut = parsed("[{'type':'text','text':'a2 and'}]");

	(void)state;
	conversation_recall(book, "c", first, answer, true);
	conversation_recall(book, "c", second, cut, false);
	find(book, "messages", ASK(USER("q1") "," SAID("a1") "," USER("q2") "," SAID("a2") ","
				   USER("q3")),
	     &place);
	assert_string_equal(place.id, "c");
	assert_json(place.added, "[" NEW("user", "q3") "]");
	assert_false(place.forged);
	find(book, "messages", ASK(USER("q1") "," SAID("a1") "," USER("q2")), &again);
	assert_true(again.repeat);
	find(book, "messages", ASK(USER("q1") "," SAID("b1")), &forged);
	assert_true(forged.forged);
}

static void the_bound_is_what_was_counted_and_what_is_new(void **state)
{
	AUTO_BOOK *book = conversation_book_new();
	AUTO_PLACE place = CONVERSATION_PLACE_INIT, next = place, blank = place, system = place;
	AUTO_PLACE shorter = CONVERSATION_PLACE_INIT;

	(void)state;
	exchange(book, "x1", "messages", ASK(MARKED("q1")), ANSWER("a1"), &place);
	assert_int_equal(place.input_bound, -1);
	find(book, "messages", ASK(MARKED("q1") "," SAID("a1") "," USER("q2")), &next);
	assert_true(next.input_bound > 1000 && next.input_bound < 1200);
	/* another text, though it compares the same */
	find(book, "messages", ASK(MARKED("q1      ") "," SAID("a1") "," USER("q2")), &blank);
	assert_string_equal(blank.id, "x1");
	assert_int_equal(blank.input_bound, -1);
	find(book, "messages",
	     "{'model':'M','max_tokens':100,'system':'S','tools':[{'name':'f'}],'messages':["
	     MARKED("q1") "," SAID("a1") "," USER("q2") "]}",
	     &system);
	assert_string_equal(system.id, "x1");
	assert_int_equal(system.input_bound, -1);
	find(book, "messages", ASK(MARKED("q1")), &shorter);
	assert_int_equal(shorter.input_bound, 1000);
}

static void what_was_used_least_lately_is_forgotten(void **state)
{
	AUTO_BOOK *book = conversation_book_new();
	AUTO_PLACE old = CONVERSATION_PLACE_INIT, last = old;

	(void)state;
	for (int i = 0; i <= CONVERSATION_THREADS_MAX; i++) {
		AUTO_PLACE place = CONVERSATION_PLACE_INIT;
		AUTO_FREE char *body = buf_format("{'model':'M','messages':[{'role':'user',"
						  "'content':'q%d'}]}", i);
		AUTO_FREE char *name = buf_format("x%d", i);

		exchange(book, name, "chat", body, NULL, &place);
		assert_null(place.id);
	}
	find(book, "chat", "{'model':'M','messages':[" USER("q0") "]}", &old);
	assert_null(old.id);
	find(book, "chat", "{'model':'M','messages':[" USER("q512") "]}", &last);
	assert_string_equal(last.id, "x512");
}

/* --- what a request is for */

static const struct {
	const char *body;
	struct ai_kind_signs signs;
	const char *kind, *prompt;
} kinds[] = {
	{ ASK(USER("Fix it")), { 0 }, "chat", "Fix it" },
	{ ASK(USER("q") "," SAID("a") "," USER("<system-reminder>x</system-reminder>") ","
	      USER("And this") "," USER(" \\n")), { 0 }, "chat", "And this" },
	{ ASK(USER("q") "," SAID("a") ",{'role':'user','content':[{'type':'tool_result',"
	      "'tool_use_id':'t','content':'r'},{'type':'text','text':'\\n<system-reminder>'}]}"),
	  { 0 }, "tool_result", "" },
	{ ASK(USER("<environment_context>")), { 0 }, "tool_result", "" },
	{ ASK(USER("Fix it")), { .counts = true }, "count", "Fix it" },
	{ ASK(USER("Fix it")), { .compacts = true }, "compaction", "Fix it" },
	{ ASK(USER("Fix it")), { .subagent = true }, "subagent", "Fix it" },
	{ "{'model':'M','max_tokens':1,'messages':[" USER("quota") "]}", { 0 }, "probe", "quota" },
	{ "{'model':'M','max_tokens':100,'output_config':{'format':{'schema':{'properties':"
	  "{'title':{}}}}},'messages':[" USER("Fix it") "]}", { 0 }, "title", "Fix it" },
	{ "{'model':'M','system':'You are a title generator.','messages':[" USER("Fix it") "]}",
	  { 0 }, "title", "Fix it" },
	{ "{'model':'M','system':'A title for the page','tools':[{'name':'f'}],'messages':["
	  USER("Fix it") "]}", { 0 }, "chat", "Fix it" },
	{ ASK(USER("Your task is to create a detailed summary of the conversation so far")), { 0 },
	  "compaction", "Your task is to create a detailed summary of the conversation so far" },
};

static void what_a_request_is_for_is_told(void **state)
{
	(void)state;
	for (size_t i = 0; i < LENGTH(kinds); i++) {
		AUTO(ai_request_release) struct ai_request request = AI_REQUEST_INIT;
		AUTO(buf_release) struct buf prompt = BUF_INIT(1000);
		AUTO_BOOK *book = conversation_book_new();
		AUTO_PLACE place = CONVERSATION_PLACE_INIT;
		enum ai_kind kind, again;

		read_body("messages", kinds[i].body, &request);
		conversation_find(book, &request, &place);
		kind = ai_kind_of(&request, place.added, &kinds[i].signs);
		assert_string_equal(ai_kind_name(kind), kinds[i].kind);
		assert_int_equal(ai_kind_is_person(kind), strcmp(kinds[i].kind, "chat") == 0);
		again = ai_kind_of(&request, NULL, &kinds[i].signs);
		assert_int_equal(again, kind);
	}
	for (size_t i = 0; i < 2; i++) {
		AUTO(ai_request_release) struct ai_request request = AI_REQUEST_INIT;
		AUTO(buf_release) struct buf prompt = BUF_INIT(1000);
		AUTO_JSON json_t *added = NULL;

		read_body("messages", kinds[i].body, &request);
		added = json_deep_copy(request.messages);
		while (i == 1 && json_array_size(added) > 3)
			json_array_remove(added, 0);
		ai_kind_prompt(added, &prompt);
		assert_string_equal(buf_str(&prompt), kinds[i].prompt);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_earlier_request_and_its_answer_begin_the_next),
		cmocka_unit_test(tools_are_part_of_the_talk),
		cmocka_unit_test(what_is_asked_again_is_a_repeat),
		cmocka_unit_test(a_message_in_other_words_parts_from_the_same_conversation),
		cmocka_unit_test(words_that_the_assistant_never_said_are_forged),
		cmocka_unit_test(a_beginning_of_a_cut_answer_is_not_forged),
		cmocka_unit_test(thinking_aloud_may_be_left_out),
		cmocka_unit_test(two_sessions_that_begin_alike_are_two),
		cmocka_unit_test(a_line_that_changes_each_time_does_not_part),
		cmocka_unit_test(the_journal_makes_the_same_book),
		cmocka_unit_test(the_bound_is_what_was_counted_and_what_is_new),
		cmocka_unit_test(what_was_used_least_lately_is_forgotten),
		cmocka_unit_test(what_a_request_is_for_is_told),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
