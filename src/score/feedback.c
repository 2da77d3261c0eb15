/* feedback.c - see feedback.h */
#include "score/feedback.h"

#include "base/auto.h"
#include "base/buf.h"
#include "base/clock.h"
#include "base/json.h"
#include "base/share.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#define MOST 4			/* of each kind */
#define STRONG 70.0		/* a subitem from here on is a strength */
#define WEAK 60.0		/* and below this an improvement */
#define SIGNALS 2		/* sentences of one item */

struct feedback {
	enum feedback_reader reader;
	json_t *sentences;		/* share/rubric/feedback.json */
	json_t *strengths, *improvements, *highlights, *remarks;
};

/* A measured subitem, and how much of the score it gave or cost. */
struct measured {
	const json_t *category, *subitem;
	double value, share;
};

char *feedback_title(const char *name)
{
	char *title = buf_strdup(name), *c;

	for (c = title; *c; c++)
		if (*c == '_')
			*c = ' ';
	*title = (char)toupper((unsigned char)*title);
	return title;
}

static void add(json_t *list, const char *title, const char *text, json_t *events)
{
	if (json_array_size(list) < MOST)
		json_array_append_new(list, json_pack("{s:s, s:s, s:O}", "title", title, "text",
						      text, "events", events));
	json_decref(events);
}

/* --- subitems */

static size_t find_measured(const json_t *document, struct measured *ret, size_t most)
{
	const json_t *category, *subitem;
	size_t i, j, count = 0;

	json_array_foreach(json_object_get(json_object_get(document, "score"), "categories"), i,
			   category) {
		double used = json_number_value(json_object_get(category, "used"));

		json_array_foreach(json_object_get(category, "subitems"), j, subitem) {
			const json_t *value = json_object_get(subitem, "value");

			if (!json_is_number(value) || count == most)
				continue;
			ret[count++] = (struct measured){
				category, subitem, json_number_value(value),
				used * json_number_value(json_object_get(subitem, "used")),
			};
		}
	}
	return count;
}

static int most_given_first(const void *a, const void *b)
{
	const struct measured *left = a, *right = b;
	double x = left->share * left->value, y = right->share * right->value;

	return (x < y) - (x > y);
}

static int most_lost_first(const void *a, const void *b)
{
	const struct measured *left = a, *right = b;
	double x = left->share * (100 - left->value), y = right->share * (100 - right->value);

	return (x < y) - (x > y);
}

/* The signals that say most: the best of a strength, the worst of an improvement. */
static const json_t *next_signal(const json_t *subitem, bool best, const json_t *const *taken)
{
	const json_t *signal, *found = NULL;
	size_t i;

	json_array_foreach(json_object_get(subitem, "signals"), i, signal) {
		double value = json_number_value(json_object_get(signal, "value"));
		double other = json_number_value(json_object_get(found, "value"));

		if (!json_is_number(json_object_get(signal, "value")) || signal == taken[0])
			continue;
		if (!found || (best ? value > other : value < other))
			found = signal;
	}
	return found;
}

static void add_for_team(json_t *list, const struct measured *item, bool best, const char *title)
{
	AUTO(buf_release) struct buf text = BUF_INIT(4096);
	const json_t *taken[SIGNALS] = { NULL };
	json_t *events = json_array();
	int i;

	for (i = 0; i < SIGNALS; i++) {
		taken[i] = next_signal(item->subitem, best, taken);
		if (!taken[i])
			break;
		buf_add_format(&text, "%s%s", i ? " " : "", json_str(taken[i], "text", ""));
		json_array_extend(events, json_object_get(taken[i], "events"));
	}
	add(list, title, buf_str(&text), events);
}

static void add_item(struct feedback *feedback, const struct measured *item, bool best)
{
	json_t *list = best ? feedback->strengths : feedback->improvements;
	AUTO_FREE char *title = feedback_title(json_str(item->subitem, "name", ""));
	AUTO_FREE char *name = buf_format("%s.%s", json_str(item->category, "name", ""),
					  json_str(item->subitem, "name", ""));
	const json_t *sentences =
		json_object_get(json_object_get(feedback->sentences, "subitems"), name);

	if (feedback->reader == FEEDBACK_TEAM)
		add_for_team(list, item, best, title);
	else if (sentences)
		add(list, title, json_str(sentences, best ? "strength" : "improvement", ""),
		    json_array());
}

static void add_items(struct feedback *feedback, const json_t *document)
{
	struct measured items[256];
	size_t count = find_measured(document, items, 256), i;

	qsort(items, count, sizeof(*items), most_given_first);
	for (i = 0; i < count; i++)
		if (items[i].value >= STRONG)
			add_item(feedback, &items[i], true);
	qsort(items, count, sizeof(*items), most_lost_first);
	for (i = 0; i < count; i++)
		if (items[i].value < WEAK)
			add_item(feedback, &items[i], false);
}

/* --- highlights */

static json_t *one_event(const json_t *object)
{
	json_t *events = json_array();

	if (json_is_integer(json_object_get(object, "event")))
		json_array_append(events, json_object_get(object, "event"));
	return events;
}

static void add_prompts(struct feedback *feedback, const json_t *work)
{
	const json_t *prompts = json_object_get(work, "prompts");
	const json_t *first = json_array_get(prompts, 0), *best = first, *prompt;
	size_t i;

	if (!first)
		return;
	json_array_foreach(prompts, i, prompt)
		if (json_number_value(json_object_get(prompt, "value")) >
		    json_number_value(json_object_get(best, "value")))
			best = prompt;
	add(feedback->highlights, "First prompt", "How the work with the assistant began.",
	    one_event(first));
	if (best != first)
		add(feedback->highlights, "Most detailed prompt",
		    "The one that told the assistant most.", one_event(best));
}

static void add_turning_point(struct feedback *feedback, const json_t *work)
{
	const json_t *steps = json_object_get(work, "tests_over_time"), *step, *turn = NULL;
	json_int_t before = 0, most = 0, from = 0;
	size_t i;

	json_array_foreach(steps, i, step) {
		json_int_t passed = json_int(step, "passed", 0);

		if (i && passed - before > most) {
			most = passed - before;
			from = before;
			turn = step;
		}
		before = passed;
	}
	if (turn) {
		char when[CLOCK_TEXT_SIZE];
		AUTO_FREE char *text = buf_format(
			"After %s the visible cases that pass went from %lld to %lld of %lld.",
			clock_duration_text(json_int(turn, "at_ms", 0), when), (long long)from,
			(long long)(from + most), (long long)json_int(turn, "total", 0));

		add(feedback->highlights, "Turning point", text, one_event(turn));
	}
}

/* --- remarks */

static bool is_edge(const json_t *item)
{
	const json_t *tag;
	size_t i;

	json_array_foreach(json_object_get(item, "tags"), i, tag)
		if (json_is_string(tag) && !strcmp(json_string_value(tag), "edge"))
			return true;
	return false;
}

struct edges {
	int passed, failed;
	struct buf names;		/* of those that failed */
};

static void count_edges(const json_t *test, struct edges *edges)
{
	const json_t *item;
	size_t i;

	json_array_foreach(json_object_get(test, "cases"), i, item) {
		if (!is_edge(item))
			continue;
		if (!strcmp(json_str(item, "verdict", ""), "passed")) {
			edges->passed++;
			continue;
		}
		if (edges->failed++ < 5)
			buf_add_format(&edges->names, "%s%s", edges->names.len ? ", " : "",
				       json_str(item, "id", ""));
	}
}

/* Of hidden tests a candidate learns nothing, not even that there are any. */
static void add_edges(struct feedback *feedback, const json_t *document)
{
	const json_t *tests = json_object_get(json_object_get(document, "grade"), "tests"), *test;
	struct edges edges = { .names = BUF_INIT(2000) };
	AUTO_FREE char *text = NULL;
	size_t i;

	json_array_foreach(tests, i, test)
		if (feedback->reader == FEEDBACK_TEAM ||
		    !strcmp(json_str(test, "visibility", "hidden"), "visible"))
			count_edges(test, &edges);
	if (edges.failed)
		text = buf_format("%d of %d cases at the edges pass. Not these: %s%s.",
				  edges.passed, edges.passed + edges.failed, buf_str(&edges.names),
				  edges.failed > 5 ? ", ..." : "");
	else if (edges.passed)
		text = buf_format("All %d cases at the edges pass.", edges.passed);
	if (text)
		add(feedback->remarks, "Edge cases", text, json_array());
	buf_release(&edges.names);
}

/* Of the candidate's own functions; how they are judged is not said. */
static void add_complexity(struct feedback *feedback, const json_t *document)
{
	const json_t *total = json_object_get(json_object_get(document, "code"), "total");
	AUTO_FREE char *text = NULL;
	json_int_t repeated = json_int(total, "duplicate_lines", 0);

	if (!json_int(total, "functions", 0))
		return;
	text = buf_format("The longest function that was changed has %lld lines; the most complex "
			  "one can be gone through in %lld ways; blocks stand %lld deep in one "
			  "another.%s",
			  (long long)json_int(total, "function_lines_max", 0),
			  (long long)json_int(total, "complexity_max", 0),
			  (long long)json_int(total, "nesting_max", 0),
			  repeated ? " Some lines are repeated." : "");
	add(feedback->remarks, "Complexity", text, json_array());
}

json_t *feedback_make(const json_t *document, enum feedback_reader reader)
{
	const struct share_file *file = share_find("rubric/feedback.json");
	const json_t *work = json_object_get(document, "work");
	struct err ignored = ERR_INIT;
	struct feedback feedback = {
		.reader = reader, .strengths = json_array(), .improvements = json_array(),
		.highlights = json_array(), .remarks = json_array(),
		.sentences = file ? json_parse(file->data, file->size, file->name, &ignored) : NULL,
	};

	add_items(&feedback, document);
	add_prompts(&feedback, work);
	add_turning_point(&feedback, work);
	add_complexity(&feedback, document);
	add_edges(&feedback, document);
	json_decref(feedback.sentences);
	return json_pack("{s:o, s:o, s:o, s:o}", "strengths", feedback.strengths, "improvements",
			 feedback.improvements, "highlights", feedback.highlights, "remarks",
			 feedback.remarks);
}
