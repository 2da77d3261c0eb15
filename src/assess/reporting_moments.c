/* reporting_moments.c - see reporting_moments.h */
#include "assess/reporting_moments.h"

#include "assess/reporting.h"
#include "base/auto.h"
#include "base/buf.h"
#include "base/utf8.h"
#include "report/view.h"
#include "store/event.h"

#include <stdlib.h>
#include <string.h>

/* What a reader of a report looks for; a player shows the rest. */
static const char *const told_kinds[] = {
	"status", "submit", "run", "test", "ai_prompt", "ai_response", "ai_tool", "model", "note",
	"estimate", "paste", "interviewer", "late", "score", "transcript", NULL,
};

struct moments {
	struct replaying *replaying;
	int64_t *cited;			/* seqs, rising, each once */
	size_t cited_count, cited_most;
	json_t *items;
	int64_t left_out;
};

static void moments_release(struct moments *moments)
{
	free(moments->cited);
	json_decref(moments->items);
}

/* --- the events that a score cites */

static void cite(struct moments *moments, const json_t *seq)
{
	if (!json_is_integer(seq) || json_integer_value(seq) < 0 ||
	    moments->cited_count >= moments->cited_most)
		return;
	moments->cited = buf_realloc(moments->cited, moments->cited_count + 1,
				     sizeof(*moments->cited));
	moments->cited[moments->cited_count++] = json_integer_value(seq);
}

static void find_cited(struct moments *moments, const json_t *value)
{
	const json_t *member;
	const char *key;
	size_t i;

	if (json_is_array(value)) {
		json_array_foreach(value, i, member)
			find_cited(moments, member);
		return;
	}
	json_object_foreach((json_t *)value, key, member) {
		const json_t *seq;

		if (!strcmp(key, "event"))
			cite(moments, member);
		else if (!strcmp(key, "events"))
			json_array_foreach(member, i, seq)
				cite(moments, seq);
		else
			find_cited(moments, member);
	}
}

static int by_number(const void *a, const void *b)
{
	int64_t left = *(const int64_t *)a, right = *(const int64_t *)b;

	return (left > right) - (left < right);
}

static void sort_cited(struct moments *moments)
{
	size_t i, count = 0;

	if (moments->cited_count)
		qsort(moments->cited, moments->cited_count, sizeof(*moments->cited), by_number);
	for (i = 0; i < moments->cited_count; i++)
		if (!count || moments->cited[count - 1] != moments->cited[i])
			moments->cited[count++] = moments->cited[i];
	moments->cited_count = count < REPORTING_CITED_MOST ? count : REPORTING_CITED_MOST;
}

/* --- moments */

/* Cut at a character. */
static json_t *short_text(const char *text)
{
	size_t len = strlen(text);

	if (len <= REPORTING_LINE_BYTES)
		return json_string(text);
	len = REPORTING_LINE_BYTES;
	while (len && utf8_inside(text[len]))
		len--;
	return json_sprintf("%.*s\xe2\x80\xa6", (int)len, text);
}

/* Without the kind, which stands beside it. */
static json_t *moment_json(const struct moments *moments, int64_t seq, int64_t instant,
			   const char *kind, const char *actor, const char *label)
{
	size_t kind_len = strlen(kind);
	json_t *text;

	if (!strncmp(label, kind, kind_len))
		label += kind_len + strspn(label + kind_len, " ");
	text = short_text(label);
	return json_pack("{s:I, s:I, s:s, s:s, s:o}", "seq", (json_int_t)seq, "at_ms",
			 (json_int_t)(instant - moments->replaying->span.from), "kind", kind,
			 "actor", actor, "text", text ? text : json_string(""));
}

static int add_event(void *arg, const struct event *event, struct err *err)
{
	struct moments *moments = arg;
	AUTO_FREE char *label = view_event_text(event);

	(void)err;
	json_array_append_new(moments->items,
			      moment_json(moments, event->seq, event_instant(event), event->kind,
					  event->actor, label));
	return 0;
}

static int add_cited(struct moments *moments, int64_t seq, struct err *err)
{
	return event_page(moments->replaying->store, moments->replaying->assessment.id, seq, 1,
			  add_event, moments, err);
}

static bool is_told(const struct timeline_mark *mark)
{
	size_t i;

	for (i = 0; told_kinds[i]; i++)
		if (!strcmp(mark->kind, told_kinds[i]))
			return true;
	return false;
}

/* Both lists rise by seq. */
static int merge(struct moments *moments, const struct timeline_mark *marks, size_t count,
		 struct err *err)
{
	size_t i, cited = 0, told = 0;

	for (i = 0; i < count; i++) {
		const struct timeline_mark *mark = &marks[i];

		for (; cited < moments->cited_count && moments->cited[cited] < mark->seq; cited++)
			if (add_cited(moments, moments->cited[cited], err) < 0)
				return -1;
		if (cited < moments->cited_count && moments->cited[cited] == mark->seq)
			cited++;
		else if (!is_told(mark))
			continue;
		else if (told++ >= REPORTING_TIMELINE_MOST) {
			moments->left_out++;
			continue;
		}
		json_array_append_new(moments->items,
				      moment_json(moments, mark->seq, mark->instant, mark->kind,
						  mark->actor, mark->label));
	}
	for (; cited < moments->cited_count; cited++)
		if (add_cited(moments, moments->cited[cited], err) < 0)
			return -1;
	return 0;
}

json_t *reporting_moments(struct replaying *replaying, const json_t *document, struct err *err)
{
	AUTO(moments_release) struct moments moments = { .replaying = replaying,
							 .items = json_array() };
	const struct timeline_mark *marks;
	char start[CLOCK_TEXT_SIZE];
	size_t count;

	/* what the score rests on goes before what was merely counted */
	moments.cited_most = 64 * REPORTING_CITED_MOST;
	find_cited(&moments, json_object_get(document, "score"));
	find_cited(&moments, json_object_get(document, "integrity"));
	sort_cited(&moments);
	moments.cited_most = REPORTING_CITED_MOST;
	find_cited(&moments, json_object_get(document, "work"));
	sort_cited(&moments);
	if (timeline_marks(replaying->timeline, &marks, &count, err) < 0 ||
	    merge(&moments, marks, count, err) < 0)
		return NULL;
	return json_pack("{s:s, s:I, s:O, s:I}", "start",
			 clock_text_ms(replaying->span.from, start), "duration_ms",
			 (json_int_t)(replaying->span.to - replaying->span.from), "items",
			 moments.items, "left_out", (json_int_t)moments.left_out);
}
