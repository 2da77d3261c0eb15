/* page_data.c - see page_data.h */
#include "replay/page_data.h"

#include "base/auto.h"
#include "base/json.h"

#include <string.h>

struct walk {
	struct page_data *data;
	struct timeline *timeline;
	const struct timeline_mark *marks;
	size_t mark_count, mark; /* the next one */

	json_t *event; /* data of the event that the last part belongs to */
	int64_t seq;
	size_t part; /* number of the part in it */
};

static void walk_release(struct walk *walk)
{
	json_decref(walk->event);
}

void page_data_release(struct page_data *data)
{
	page_steps_release(&data->steps);
	page_files_release(&data->files);
	page_screens_release(&data->screens);
	page_talk_release(&data->talk);
}

/* --- parts */

static int begin_event(struct walk *walk, const struct event *event, struct err *err)
{
	json_decref(walk->event);
	walk->event = json_parse(event->data, strlen(event->data), "data", err);
	if (!walk->event)
		return -1;
	walk->seq = event->seq;
	walk->part = 0;
	for (; walk->mark < walk->mark_count && walk->marks[walk->mark].seq <= event->seq;
	     walk->mark++)
		page_talk_mark(&walk->data->talk, &walk->marks[walk->mark], walk->event);
	return 0;
}

static int add_part(struct walk *walk, const char *kind, struct err *err)
{
	struct page_data *data = walk->data;
	struct fold *fold = timeline_fold(walk->timeline);
	int64_t instant = timeline_instant(walk->timeline);

	if (!strcmp(kind, "edit"))
		return page_files_edit(&data->files, fold,
				       json_array_get(json_object_get(walk->event, "edits"),
						      walk->part),
				       instant, err);
	if (!strcmp(kind, "file"))
		return page_files_file(&data->files, fold, walk->event, instant, err);
	if (!strcmp(kind, "snapshot"))
		return page_files_snapshot(&data->files, fold, instant, err);
	if (!strcmp(kind, "open"))
		page_files_open(&data->files, walk->event, instant);
	else if (!strcmp(kind, "cursor"))
		page_files_cursor(&data->files, walk->event, instant);
	else if (!strncmp(kind, "terminal", strlen("terminal")) && strcmp(kind, "terminal_in") != 0)
		page_screens_change(&data->screens, fold, json_str(walk->event, "terminal", ""),
				    instant);
	else
		return page_talk_event(&data->talk, fold, kind, walk->event, instant, err);
	return 0;
}

static int take_part(struct walk *walk, struct err *err)
{
	const struct event *event;

	if (timeline_next(walk->timeline, err) < 0)
		return -1;
	event = timeline_event(walk->timeline);
	if (walk->event && event->seq == walk->seq)
		walk->part++;
	else if (begin_event(walk, event, err) < 0)
		return -1;
	return add_part(walk, event->kind, err);
}

/* --- the whole */

static void find_span(const struct walk *walk, int64_t *from, int64_t *to)
{
	size_t i;

	if (*from || *to)
		return;
	*from = timeline_start(walk->timeline);
	*to = timeline_end(walk->timeline);
	for (i = walk->mark_count; i > 0; i--) {
		if (!strcmp(walk->marks[i - 1].kind, "snapshot"))
			*from = walk->marks[i - 1].instant;
		if (!strcmp(walk->marks[i - 1].kind, "submit"))
			*to = walk->marks[i - 1].instant;
	}
	*to = *to < *from ? *from : *to;
}

int page_data_read(struct page_data *data, struct timeline *timeline, int64_t from, int64_t to,
		   struct err *err)
{
	AUTO(walk_release) struct walk walk = { .data = data, .timeline = timeline };
	int found = timeline_marks(timeline, &walk.marks, &walk.mark_count, err);
	int64_t next;

	if (found >= 0)
		find_span(&walk, &from, &to);
	*data = (struct page_data){
		.steps = PAGE_STEPS_INIT(from, to),
		.files = PAGE_FILES_INIT(&data->steps),
		.screens = PAGE_SCREENS_INIT(&data->steps),
		.talk = PAGE_TALK_INIT(&data->steps),
	};
	if (found < 0 || timeline_seek_seq(timeline, -1, err) < 0)
		return -1;
	while ((found = timeline_peek(timeline, &next, err)) == 1) {
		page_screens_flush(&data->screens, timeline_fold(timeline), next);
		if (take_part(&walk, err) < 0)
			return -1;
	}
	page_screens_flush(&data->screens, timeline_fold(timeline), INT64_MAX);
	return found;
}
