/* test_ai_record.c - exchanges as events that the journal takes, and what they say was spent */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "ai/ai_policy.h"
#include "assess/ai_record.h"
#include "base/auto.h"
#include "base/json.h"

#include <stdlib.h>
#include <string.h>

#define BODY "{\"model\":\"m\",\"max_tokens\":100,\"messages\":[" \
	     "{\"role\":\"user\",\"content\":\"why \\u20ac?\"}]}"
#define ANSWER "{\"id\":\"msg_1\",\"type\":\"message\",\"role\":\"assistant\",\"model\":\"m-1\"," \
	       "\"content\":[{\"type\":\"text\",\"text\":\"so\"},{\"type\":\"tool_use\"," \
	       "\"id\":\"t\",\"name\":\"f\",\"input\":{\"a\":0.5}}],\"stop_reason\":\"tool_use\"," \
	       "\"usage\":{\"input_tokens\":12,\"cache_read_input_tokens\":5," \
	       "\"cache_creation_input_tokens\":3,\"output_tokens\":7}}"

struct exchange {
	struct ai_request request;
	struct ai_answer answer;
	struct conversation_place place;
	struct event_list list;
};

static void ask(struct exchange *e, struct conversation_book *book, const char *id)
{
	const struct ai_wire *wire = ai_wire_find("messages");
	struct ai_asked asked = { .exchange = id, .wire = wire, .request = &e->request,
				  .place = &e->place, .client = "curl/8 \x01",
				  .bytes = sizeof(BODY) - 1, .instant = 1000 };
	struct err err = ERR_INIT;

	*e = (struct exchange){ .request = AI_REQUEST_INIT, .answer = AI_ANSWER_INIT,
				.place = CONVERSATION_PLACE_INIT, .list = EVENT_LIST_INIT };
	if (wire->read_request(BODY, sizeof(BODY) - 1, &e->request, &err) < 0)
		fail_msg("%s", err.text);
	conversation_find(book, &e->request, &e->place);
	asked.conversation = e->place.id ? e->place.id : "c1";
	asked.kind = ai_kind_of(&e->request, e->place.added, &(struct ai_kind_signs){ 0 });
	if (ai_record_asked(&e->list, &asked, &err) < 0)
		fail_msg("%s", err.text);
	conversation_asked(book, asked.conversation, id, &e->place);
}

static void answer(struct exchange *e, const char *id, const char *raw, int status, enum ai_cut cut)
{
	struct ai_answered answered = { .exchange = id, .conversation = "c1", .answer = &e->answer,
					.cost = 33, .status = status, .cut = cut, .first_ms = 5,
					.wall_ms = 9 };
	struct err err = ERR_INIT;

	ai_wire_find("messages")->read_answer(raw, strlen(raw), false, &e->answer);
	if (ai_record_answered(&e->list, &answered, &err) < 0)
		fail_msg("%s", err.text);
}

static void release(struct exchange *e)
{
	ai_request_release(&e->request);
	ai_answer_release(&e->answer);
	conversation_place_release(&e->place);
	event_list_release(&e->list);
}

static json_t *data_of(const struct exchange *e, size_t at)
{
	struct err err = ERR_INIT;
	json_t *data = json_parse(e->list.events[at].data, strlen(e->list.events[at].data), "data",
				  &err);

	assert_non_null(data);
	return data;
}

static void both_events_say_it_all(void **state)
{
	struct conversation_book *book = conversation_book_new();
	struct exchange e;
	json_t *asked, *answered;

	(void)state;
	ask(&e, book, "x1");
	answer(&e, "x1", ANSWER, 200, AI_CUT_NONE);
	assert_int_equal(e.list.count, 2);
	asked = data_of(&e, 0);
	answered = data_of(&e, 1);
	assert_string_equal(json_str(asked, "text", ""), "why €?");
	assert_string_equal(json_str(asked, "about", ""), "chat");
	assert_string_equal(json_str(asked, "model", ""), "m");
	assert_string_equal(json_str(asked, "exchange", ""), "x1");
	assert_string_equal(json_str(answered, "text", ""), "so");
	assert_string_equal(json_str(answered, "model", ""), "m-1");
	assert_string_equal(json_str(answered, "stop", ""), "tool_use");
	assert_non_null(strstr(json_str(answered, "blocks", ""), "0.5"));
	assert_int_equal(json_int(answered, "input_tokens", 0), 20);
	assert_int_equal(json_int(answered, "cached_tokens", 0), 5);
	assert_int_equal(json_int(answered, "cache_write_tokens", 0), 3);
	assert_int_equal(json_int(answered, "output_tokens", 0), 7);
	assert_int_equal(json_int(answered, "cost_microusd", 0), 33);
	assert_int_equal(json_int(answered, "status", 0), 200);
	assert_null(json_object_get(answered, "cut"));
	json_decref(asked);
	json_decref(answered);
	release(&e);
	conversation_book_free(&book);
}

static void what_is_large_is_a_payload(void **state)
{
	struct conversation_book *book = conversation_book_new();
	AUTO_FREE char *raw = buf_alloc(40000), *text = buf_alloc(30001);
	struct exchange e;
	json_t *answered;

	(void)state;
	memset(text, 'y', 30000);
	snprintf(raw, 40000, "{\"type\":\"message\",\"model\":\"m\",\"content\":[{\"type\":"
			     "\"text\",\"text\":\"%s\"}],\"stop_reason\":\"end_turn\"}", text);
	ask(&e, book, "x1");
	answer(&e, "x1", raw, 200, AI_CUT_CLIENT);
	answered = data_of(&e, 1);
	assert_int_equal(json_int(json_object_get(answered, "text"), "size", 0), 30000);
	assert_string_equal(json_str(answered, "cut", ""), "client");
	assert_int_equal(e.list.payload_count, 2);
	json_decref(answered);
	release(&e);
	conversation_book_free(&book);
}

static void recall(struct ai_recall *recall, const struct exchange *e)
{
	for (size_t i = 0; i < e->list.count; i++) {
		AUTO_JSON json_t *data = data_of(e, i);

		ai_recall_event(recall, e->list.events[i].kind, data,
				json_str(data, "blocks", NULL));
	}
}

static void what_was_spent_is_read_back(void **state)
{
	struct conversation_book *book = conversation_book_new(), *later = conversation_book_new();
	struct ai_recall *back = ai_recall_new(later);
	struct conversation_place place = CONVERSATION_PLACE_INIT;
	struct exchange one, failed, open;
	struct ai_amount spent;

	(void)state;
	ask(&one, book, "x1");
	answer(&one, "x1", ANSWER, 200, AI_CUT_NONE);
	ask(&failed, book, "x2");
	answer(&failed, "x2", "{\"type\":\"error\",\"error\":{\"type\":\"overloaded_error\","
			      "\"message\":\"Overloaded\"}}", 529, AI_CUT_NONE);
	ask(&open, book, "x3");
	recall(back, &one);
	recall(back, &failed);
	spent = ai_recall_spent(back);
	assert_int_equal(spent.tokens, 27);
	assert_int_equal(spent.cost, 66);
	assert_int_equal(spent.messages, 1);
	recall(back, &open);
	spent = ai_recall_spent(back);
	assert_int_equal(spent.tokens, 27 + (sizeof(BODY) + 2) / 4);
	assert_int_equal(spent.messages, 2);
	conversation_find(later, &one.request, &place);
	assert_string_equal(place.id, "c1");
	conversation_place_release(&place);
	release(&one);
	release(&failed);
	release(&open);
	ai_recall_free(&back);
	conversation_book_free(&book);
	conversation_book_free(&later);
}

static void the_policy_is_off_unless_said(void **state)
{
	json_t *ai = json_pack("{s:s, s:[s, s], s:i, s:i}", "policy", "full", "models", "claude-*",
			       "m?", "max_cost_cents", 5, "max_messages", 3);
	struct ai_policy policy = ai_policy_of(NULL);

	(void)state;
	assert_int_equal(policy.kind, AI_POLICY_OFF);
	assert_false(ai_policy_allows(&policy, "m"));
	assert_false(policy.tools);
	policy = ai_policy_of(ai);
	assert_true(policy.tools);
	assert_true(ai_policy_allows(&policy, "claude-x") && ai_policy_allows(&policy, "m1"));
	assert_false(ai_policy_allows(&policy, "gpt"));
	assert_int_equal(policy.limits.cost, 50000);
	assert_int_equal(policy.limits.messages, 3);
	assert_int_equal(policy.limits.tokens, 0);
	json_object_set_new(ai, "policy", json_string("guarded"));
	policy = ai_policy_of(ai);
	assert_false(policy.tools);
	assert_true(ai_policy_allows(&policy, "m1"));
	json_decref(ai);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(both_events_say_it_all),
		cmocka_unit_test(what_is_large_is_a_payload),
		cmocka_unit_test(what_was_spent_is_read_back),
		cmocka_unit_test(the_policy_is_off_unless_said),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
