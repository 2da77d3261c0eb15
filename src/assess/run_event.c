/* run_event.c - see run_event.h */
#include "assess/run_event.h"

#include "base/buf.h"

static json_t *strings(const char *const *items)
{
	json_t *array = json_array();

	for (; *items; items++) {
		json_t *item = json_string(*items);

		json_array_append_new(array, item ? item : json_string("(not UTF-8)"));
	}
	return array;
}

int run_event_add(struct event_list *list, const struct run_told *told, struct err *err)
{
	const char *const names[] = { "stdout", "stderr" };
	json_t *data = run_report_json(told->report);

	for (int i = 0; i < 2; i++)
		json_object_set_new(data, names[i],
				    event_list_payload(list, buf_str(&told->streams[i]),
						       told->streams[i].len));
	if (told->stopped)
		json_object_set_new(data, "verdict", json_string(RUN_EVENT_STOPPED));
	json_object_set_new(data, "argv", strings(told->argv));
	json_object_set_new(data, "cwd", json_string(told->cwd));
	json_object_set_new(data, "tree", json_string(told->tree));
	return event_list_add(list, told->actor, "run", data, 0, err);
}

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
