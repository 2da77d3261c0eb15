/* run_event.c - see run_event.h */
#include "work/run_event.h"

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
	if (told->tree)
		json_object_set_new(data, "tree", json_string(told->tree));
	if (told->where)
		json_object_set_new(data, "where", json_string(told->where));
	return event_list_add(list, told->actor, "run", data, 0, err);
}
