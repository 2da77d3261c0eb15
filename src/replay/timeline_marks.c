/* timeline_marks.c - see timeline_marks.h */
#include "replay/timeline_marks.h"

#include "base/auto.h"
#include "base/json.h"
#include "replay/timeline_internal.h"
#include "report/view.h"

#include <stdlib.h>
#include <string.h>

void timeline_free_marks(struct timeline *timeline)
{
	size_t i;

	for (i = 0; i < timeline->mark_count; i++) {
		free((char *)timeline->marks[i].kind);
		free((char *)timeline->marks[i].actor);
		free((char *)timeline->marks[i].label);
	}
	free(timeline->marks);
	timeline->marks = NULL;
	timeline->mark_count = 0;
}

static int add_mark(void *arg, const struct event *event, struct err *err)
{
	struct timeline *timeline = arg;

	(void)err;
	if ((timeline->mark_count & (timeline->mark_count - 1)) == 0)
		timeline->marks =
			buf_realloc(timeline->marks,
				    timeline->mark_count ? timeline->mark_count * 2 : 1,
				    sizeof(*timeline->marks));
	timeline->marks[timeline->mark_count++] = (struct timeline_mark){
		.seq = event->seq, .instant = event_instant(event),
		.kind = buf_strdup(event->kind), .actor = buf_strdup(event->actor),
		.label = view_event_text(event),
	};
	return 0;
}

int timeline_marks(struct timeline *timeline, const struct timeline_mark **ret, size_t *ret_count,
		   struct err *err)
{
	if (!timeline->marks_read) {
		timeline_free_marks(timeline);
		if (event_each_mark(timeline->store, timeline->assessment_id, add_mark, timeline,
				    err) < 0)
			return -1;
		timeline->marks_read = true;
	}
	*ret = timeline->marks;
	*ret_count = timeline->mark_count;
	return 0;
}

/* The instant of the last part of an event, which the event after it may cut. */
static int end_of(struct timeline *timeline, int64_t seq, int64_t next, int64_t *ret,
		  struct err *err)
{
	const struct event *event = timeline_read(timeline, seq, err);
	AUTO_JSON json_t *data = NULL;
	const json_t *list, *part;
	size_t i;

	if (!event)
		return -1;
	data = json_parse(event->data, strlen(event->data), "data", err);
	if (!data)
		return -1;
	*ret = event_instant(event);
	list = json_object_get(data, !strcmp(event->kind, "edit") ? "edits" : "chunks");
	json_array_foreach(list, i, part) {
		int64_t ms = json_int(part, "ms", 0), most = event->time - event_instant(event);

		ms = ms > most ? most : ms;
		if (*ret < event_instant(event) + ms)
			*ret = event_instant(event) + ms;
	}
	if (*ret > next)
		*ret = next;
	return 0;
}

struct gaps {
	struct timeline *timeline;
	int64_t least_ms;
	struct timeline_gap *list;
	size_t count;
};

static int add_gap(struct gaps *gaps, int64_t seq, int64_t next, struct err *err)
{
	int64_t from;

	if (end_of(gaps->timeline, seq, next, &from, err) < 0)
		return -1;
	if (next - from < gaps->least_ms)
		return 0;
	gaps->list = buf_realloc(gaps->list, gaps->count + 1, sizeof(*gaps->list));
	gaps->list[gaps->count++] = (struct timeline_gap){ from, next };
	return 0;
}

/* What is shorter than a gap as a whole has none in it: so few events are looked at. */
static int find_gaps(struct gaps *gaps, int64_t first, int64_t first_at, int64_t last,
		     int64_t last_at, struct err *err)
{
	int64_t middle = first + (last - first) / 2, at;

	if (first == last || last_at - first_at < gaps->least_ms)
		return 0;
	if (last == first + 1)
		return add_gap(gaps, first, last_at, err);
	if (timeline_instant_of(gaps->timeline, middle, &at, err) < 0 ||
	    find_gaps(gaps, first, first_at, middle, at, err) < 0)
		return -1;
	return find_gaps(gaps, middle, at, last, last_at, err);
}

int timeline_gaps(struct timeline *timeline, int64_t least_ms, struct timeline_gap **ret,
		  size_t *ret_count, struct err *err)
{
	struct gaps gaps = { .timeline = timeline, .least_ms = least_ms < 1 ? 1 : least_ms };
	int64_t last_at;

	if (timeline_instant_of(timeline, timeline->last_seq, &last_at, err) < 0 ||
	    find_gaps(&gaps, 0, timeline->start, timeline->last_seq, last_at, err) < 0) {
		free(gaps.list);
		return -1;
	}
	*ret = gaps.list;
	*ret_count = gaps.count;
	return 0;
}
