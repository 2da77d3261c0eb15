/* file_event.c - see file_event.h */
#include "work/file_event.h"

#include "base/auto.h"
#include "workspace/text_diff.h"

#include <string.h>

#define INS_MOST 8192		/* bytes that are inserted; more is a payload */
#define EVENT_COST_MOST (56 * 1024)

struct edits {
	struct event_list *list;
	const char *path;
	json_t *array;
	size_t cost;
};

static int add_edits(struct edits *edits, struct err *err)
{
	json_t *array = TAKE(edits->array);

	edits->cost = 0;
	if (!array)
		return 0;
	return event_list_add(edits->list, "candidate", "edit", json_pack("{s:o}", "edits", array),
			      0, err);
}

static int add_edit(void *arg, const struct text_delta *delta, struct err *err)
{
	struct edits *edits = arg;
	json_t *ins = delta->len > INS_MOST
			      ? event_list_payload(edits->list, delta->ins, delta->len)
			      : json_stringn(delta->ins, delta->len);
	/* a byte may take six in JSON */
	size_t cost = 2 * strlen(edits->path) + 128 + (delta->len > INS_MOST ? 0 : 6 * delta->len);

	if (edits->cost + cost > EVENT_COST_MOST && add_edits(edits, err) < 0) {
		json_decref(ins);
		return -1;
	}
	if (!edits->array)
		edits->array = json_array();
	edits->cost += cost;
	json_array_append_new(edits->array,
			      json_pack("{s:s, s:I, s:I, s:o, s:s, s:i}", "file", edits->path,
					"at", (json_int_t)delta->at, "del",
					(json_int_t)delta->del, "ins", ins, "origin", "saved",
					"ms", 0));
	return 0;
}

int file_event_add_edits(struct event_list *list, const char *path, const struct buf *before,
			 const struct buf *after, struct err *err)
{
	struct edits edits = { .list = list, .path = path };

	if (text_diff(buf_str(before), before->len, buf_str(after), after->len, add_edit, &edits,
		      err) < 0) {
		json_decref(edits.array);
		return -1;
	}
	return add_edits(&edits, err);
}
