/* test_event.c - see test_event.h */
#include "assess/test_event.h"

#include "work/run_event.h"

int test_stopped_event_add(struct event_list *list, const char *actor, const char *tree,
			   struct err *err)
{
	return event_list_add(list, actor, "test",
			      json_pack("{s:s, s:s, s:i, s:i, s:{}, s:[]}", "tree", tree, "verdict",
					RUN_EVENT_STOPPED, "passed", 0, "total", 0, "cases",
					"weak"), 0, err);
}

int test_event_add(struct event_list *list, const char *actor, const char *tree,
		   const struct grade *grade, struct err *err)
{
	json_t *cases = json_object(), *weak = json_array();
	int passed = 0, total = 0, i, j;

	for (i = 0; i < grade->test_count; i++) {
		for (j = 0; j < grade->tests[i].case_count; j++) {
			const struct grade_case *one = &grade->tests[i].cases[j];

			total++;
			passed += one->verdict == VERDICT_OK && !one->skipped;
			json_object_set_new(cases, one->id,
					    json_string(one->skipped ? "skipped"
							: one->verdict == VERDICT_OK
								? "passed"
								: verdict_name(one->verdict)));
		}
	}
	for (i = 0; i < GUARD_COUNT; i++)
		if (grade->weak & 1u << i)
			json_array_append_new(weak, json_string(run_guard_name(1u << i)));
	return event_list_add(list, actor, "test",
			      json_pack("{s:s, s:s, s:i, s:i, s:o, s:o}", "tree", tree, "verdict",
					grade_verdict(grade), "passed", passed, "total", total,
					"cases", cases, "weak", weak), 0, err);
}
