/* test_integrity.c - what stands out in a session is told with its events, and what is usual */
#include "score/integrity.h"

#include "base/auto.h"
#include "base/json.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#define COUNT(list) (sizeof(list) / sizeof *(list))

static void check(const json_t *list, size_t index, const char *name, int number,
		  const char *events, const char *text)
{
	const json_t *o = json_array_get(list, index);
	AUTO_FREE char *cited = json_dumps(json_object_get(o, "events"), JSON_COMPACT);

	assert_string_equal(json_str(o, "name", ""), name);
	assert_string_equal(json_str(o, "text", ""), text);
	assert_string_equal(cited, events);
	if (number < 0)
		assert_true(json_is_null(json_object_get(o, "number")));
	else
		assert_int_equal(json_int(o, "number", -1), number);
}

static void test_nothing(void **state)
{
	struct facts facts = FACTS_INIT;
	AUTO_JSON json_t *list = integrity_observe(&facts);

	(void)state;
	assert_int_equal(json_array_size(list), 3);
	check(list, 0, "outside_pastes", -1, "[]",
	      "Not recorded: the work was done in an own editor.");
	check(list, 1, "unbroken_typing", -1, "[]", "Too little was typed to tell a rhythm.");
	check(list, 2, "focus_loss", -1, "[]",
	      "Not recorded: no page told whether it was looked at.");
}

static void test_quiet(void **state)
{
	struct fact_change changes[] = {
		{ .seq = 3, .origin = FACT_TYPED, .added = 300, .removed = 40 },
		{ .seq = 4, .origin = FACT_TYPED, .added = 190 },
		{ .seq = 5, .origin = FACT_AI_APPLIED, .added = 5000 },
	};
	struct fact_paste pastes[] = {
		{ .seq = 6, .size = 900, .origin = FACT_MOVED },
		{ .seq = 7, .size = 900, .origin = FACT_AI_PASTED },
	};
	struct facts facts = FACTS_INIT;
	AUTO_JSON json_t *list = NULL;

	(void)state;
	facts.changes = changes;
	facts.change_count = COUNT(changes);
	facts.pastes = pastes;
	facts.paste_count = COUNT(pastes);
	list = integrity_observe(&facts);
	check(list, 0, "outside_pastes", 0, "[]", "Nothing was pasted from outside.");
	check(list, 1, "unbroken_typing", 0, "[]",
	      "Nothing long was typed without taking anything back.");
	check(list, 2, "focus_loss", 0, "[]", "The page was never left for another window.");
	json_decref(list);
	facts.put[FACT_TYPED] = 490;
	facts.put[FACT_SAVED] = 9000;
	list = integrity_observe(&facts);
	check(list, 0, "outside_pastes", -1, "[]",
	      "Not recorded: the work was done in an own editor.");
}

static void test_loud(void **state)
{
	struct fact_change changes[] = {
		{ .seq = 3, .origin = FACT_TYPED, .added = 700, .removed = 14 },
		{ .seq = 4, .origin = FACT_TYPED, .added = 300, .removed = 7 },
	};
	struct fact_paste pastes[] = {
		{ .seq = 20, .instant = 35000, .size = 900, .origin = FACT_OUTSIDE },
		{ .seq = 30, .instant = 200000, .size = 30, .origin = FACT_OUTSIDE },
	};
	struct fact_focus focus[] = {
		{ 10, 1000, true }, { 11, 1001, true }, { 12, 31000, false },
		{ 13, 32000, false }, { 21, 100000, true }, { 22, 160000, false },
		{ 40, 300000, true },
	};
	struct facts facts = FACTS_INIT;
	AUTO_JSON json_t *list = NULL;

	(void)state;
	facts.ended = 310000;
	facts.changes = changes;
	facts.change_count = COUNT(changes);
	facts.pastes = pastes;
	facts.paste_count = COUNT(pastes);
	facts.focus = focus;
	facts.focus_count = COUNT(focus);
	list = integrity_observe(&facts);
	check(list, 0, "outside_pastes", 930, "[20,30]",
	      "2 pastes from outside brought 930 bytes, the largest 900.");
	check(list, 1, "unbroken_typing", 70, "[3]",
	      "70 % of what was typed came in 1 stretch of 200 bytes or more with hardly "
	      "anything taken back.");
	check(list, 2, "focus_loss", 3, "[10,21,40]",
	      "The page was left 3 times, for 100 s in all, the longest 60 s; a paste from "
	      "outside followed 1 time.");
}

static void test_many(void **state)
{
	struct fact_paste pastes[INTEGRITY_EVENTS + 5];
	struct facts facts = FACTS_INIT;
	AUTO_JSON json_t *list = NULL;
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(pastes); i++)
		pastes[i] = (struct fact_paste){ .seq = (int64_t)i, .size = 1,
						 .origin = FACT_OUTSIDE };
	facts.pastes = pastes;
	facts.paste_count = COUNT(pastes);
	list = integrity_observe(&facts);
	assert_int_equal(json_int(json_array_get(list, 0), "number", 0), COUNT(pastes));
	assert_int_equal(json_array_size(json_object_get(json_array_get(list, 0), "events")),
			 INTEGRITY_EVENTS);
}

static void test_base(void **state)
{
	AUTO_JSON json_t *own = json_pack("[{s:s, s:i}, {s:s, s:i}]", "name", "a", "number", 9,
					  "name", "b", "number", 1);
	AUTO_JSON json_t *others = json_pack(
		"[[{s:s, s:i}], [{s:s, s:i}], [{s:s, s:n}], [{s:s, s:i}], []]", "name", "a",
		"number", 7, "name", "a", "number", 2, "name", "a", "number", "name", "a",
		"number", 5);
	const json_t *base;

	(void)state;
	integrity_add_base(own, others);
	base = json_object_get(json_array_get(own, 0), "base");
	assert_int_equal(json_int(base, "submissions", 0), 3);
	assert_int_equal(json_int(base, "median", 0), 5);
	assert_true(json_is_null(json_object_get(json_array_get(own, 1), "base")));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		{ "what is not recorded is not told", test_nothing, NULL, NULL, NULL },
		{ "what is usual is told as nothing", test_quiet, NULL, NULL, NULL },
		{ "what stands out is told with its events", test_loud, NULL, NULL, NULL },
		{ "events are cited up to a limit", test_many, NULL, NULL, NULL },
		{ "the base rate is the median of the others", test_base, NULL, NULL, NULL },
	};

	return cmocka_run_group_tests_name("integrity", tests, NULL, NULL);
}
