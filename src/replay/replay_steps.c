/* replay_steps.c - see replay_steps.h */
#include "replay/replay_steps.h"

#include "base/auto.h"
#include "base/buf.h"
#include "base/json.h"
#include "report/view.h"
#include "store/event.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#define LABEL_FILES 3	/* named in a label */

void replay_steps_release(struct replay_steps *steps)
{
	size_t i, j;

	for (i = 0; i < steps->count; i++) {
		struct replay_step *step = &steps->list[i];

		for (j = 0; j < step->file_count; j++)
			free(step->files[j]);
		free(step->files);
		free(step->kind);
		free(step->actor);
		free(step->label);
	}
	free(steps->list);
	*steps = (struct replay_steps)REPLAY_STEPS_INIT;
}

static bool is_one_of(const char *kind, const char *const *kinds)
{
	for (; *kinds; kinds++)
		if (!strcmp(kind, *kinds))
			return true;
	return false;
}

static bool is_change(const char *kind)
{
	return !strcmp(kind, "edit") || !strcmp(kind, "file");
}

static bool is_unseen(const char *kind)
{
	static const char *const kinds[] = { "cursor", "terminal_in", "terminal_out", NULL };

	return is_one_of(kind, kinds);
}

static bool is_milestone(const char *kind)
{
	static const char *const kinds[] = { "snapshot", "run", "test", "submit", "ai_prompt",
					     "ai_response", "ai_tool", "note", "estimate", NULL };

	return is_one_of(kind, kinds);
}

struct reading {
	struct replay_steps *steps;
	bool milestones;
};

static struct replay_step *last_step(const struct replay_steps *steps)
{
	return steps->count ? &steps->list[steps->count - 1] : NULL;
}

static struct replay_step *add_step(struct replay_steps *steps, const struct event *event)
{
	if ((steps->count & (steps->count - 1)) == 0)
		steps->list = buf_realloc(steps->list, steps->count ? steps->count * 2 : 1,
					  sizeof(*steps->list));
	steps->list[steps->count] = (struct replay_step){
		.first = event->seq, .last = event->seq, .from = event_instant(event),
		.to = event_instant(event), .kind = buf_strdup(event->kind),
		.actor = buf_strdup(event->actor),
	};
	return &steps->list[steps->count++];
}

static void add_file(struct replay_step *step, const char *path)
{
	size_t i;

	for (i = 0; i < step->file_count; i++)
		if (!strcmp(step->files[i], path))
			return;
	step->files = buf_realloc(step->files, step->file_count + 2, sizeof(*step->files));
	step->files[step->file_count++] = buf_strdup(path);
	step->files[step->file_count] = NULL;
}

static void count_edits(struct replay_step *step, const struct event *event, const json_t *data)
{
	int64_t instant = event_instant(event), end;
	const json_t *edit;
	size_t i;

	json_array_foreach(json_object_get(data, "edits"), i, edit) {
		const json_t *ins = json_object_get(edit, "ins");

		step->edits++;
		step->deleted += (uint64_t)json_int(edit, "del", 0);
		step->inserted += json_is_string(ins) ? json_string_length(ins)
						      : (uint64_t)json_int(ins, "size", 0);
		add_file(step, json_str(edit, "file", ""));
		end = instant + json_int(edit, "ms", 0);
		if (end > step->to)
			step->to = end > event->time ? event->time : end;
	}
}

/* A file written as a whole, made, moved or removed. */
static void count_file(struct replay_step *step, const json_t *data)
{
	step->edits++;
	step->inserted += (uint64_t)json_int(json_object_get(data, "content"), "size", 0);
	add_file(step, json_str(data, "path", ""));
	if (*json_str(data, "to", ""))
		add_file(step, json_str(data, "to", ""));
}

static int add_change(struct reading *reading, const struct event *event, struct err *err)
{
	AUTO_JSON json_t *data = json_parse(event->data, strlen(event->data), "data", err);
	struct replay_step *step = last_step(reading->steps);

	if (!data)
		return -1;
	if (!step || !step->burst || event_instant(event) - step->to >= REPLAY_PAUSE_MS) {
		step = add_step(reading->steps, event);
		step->burst = true;
	}
	step->last = event->seq;
	if (event_instant(event) > step->to)
		step->to = event_instant(event);
	if (!strcmp(event->kind, "edit"))
		count_edits(step, event, data);
	else
		count_file(step, data);
	return 0;
}

static int add_event(void *arg, const struct event *event, struct err *err)
{
	struct reading *reading = arg;
	const char *kind = event->kind;

	if (is_change(kind))
		return add_change(reading, event, err);
	if (!is_unseen(kind) && (!reading->milestones || is_milestone(kind)))
		add_step(reading->steps, event)->label = view_event_text(event);
	return 0;
}

/* "a.c, b.c and 2 more: +120 -3" */
static char *burst_label(const struct replay_step *step)
{
	struct buf text = BUF_INIT(8192);
	size_t i;

	for (i = 0; i < step->file_count && i < LABEL_FILES; i++)
		buf_add_format(&text, "%s%.200s", i ? ", " : "", step->files[i]);
	if (step->file_count > LABEL_FILES)
		buf_add_format(&text, " and %zu more", step->file_count - LABEL_FILES);
	buf_add_format(&text, ": +%" PRIu64 " -%" PRIu64, step->inserted, step->deleted);
	return buf_take(&text);
}

int replay_steps_read(struct store *store, const char *assessment_id, bool milestones,
		      struct replay_steps *ret, struct err *err)
{
	struct reading reading = { .steps = ret, .milestones = milestones };
	size_t i;

	if (event_each(store, assessment_id, 0, add_event, &reading, err) < 0)
		return -1;
	for (i = 0; i < ret->count; i++)
		if (ret->list[i].burst)
			ret->list[i].label = burst_label(&ret->list[i]);
	return 0;
}
