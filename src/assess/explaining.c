/* explaining.c - see explaining.h */
#include "assess/explaining.h"

#include "assess/scoring.h"
#include "base/auto.h"
#include "base/buf.h"
#include "base/json.h"
#include "report/blind.h"
#include "report/view.h"
#include "score/hundredths.h"
#include "score/signal_map.h"

#include <string.h>

/* --- the subitem */

struct place {
	const json_t *category, *subitem;
};

static bool is_named(const char *words, const char *category, const char *subitem)
{
	size_t len = strlen(category);

	if (!strncmp(words, category, len) && words[len] == '.')
		words += len + 1;
	return !strcmp(words, subitem);
}

static int refuse(const json_t *score, const char *words, struct err *err)
{
	AUTO(buf_release) struct buf names = BUF_INIT(400);
	const json_t *category, *subitem;
	size_t i, k;

	json_array_foreach(json_object_get(score, "categories"), i, category)
		json_array_foreach(json_object_get(category, "subitems"), k, subitem)
			buf_add_format(&names, "%s%s", names.len ? ", " : "",
				       json_str(subitem, "name", ""));
	return err_set(err, ERR_USAGE, "the rubric has no subitem '%.60s': %s", words,
		       buf_str(&names));
}

static int find(const json_t *document, const char *words, struct place *ret, struct err *err)
{
	const json_t *score = json_object_get(document, "score"), *category, *subitem;
	size_t i, k;

	if (!score)
		return err_set(err, ERR_STATE, "it was scored by an older version: score it again");
	json_array_foreach(json_object_get(score, "categories"), i, category) {
		json_array_foreach(json_object_get(category, "subitems"), k, subitem) {
			if (!is_named(words, json_str(category, "name", ""),
				      json_str(subitem, "name", "")))
				continue;
			*ret = (struct place){ category, subitem };
			return 0;
		}
	}
	return refuse(score, words, err);
}

/* --- events */

struct showing {
	json_t *list;
	const char *assessment_id;
	int64_t started;
};

static int show_event(void *arg, const struct event *event, struct err *err)
{
	struct showing *showing = arg;
	AUTO_FREE char *text = view_event_text(event);
	json_t *line = json_string(text);
	int64_t at = event_instant(event) - showing->started;
	AUTO_FREE char *replay = buf_format("tali replay %s --at '#%lld'", showing->assessment_id,
					    (long long)event->seq);

	(void)err;
	json_array_append_new(showing->list,
			      json_pack("{s:I, s:o, s:I, s:s, s:s, s:o, s:s}", "event",
					(json_int_t)event->seq, "time",
					view_time(event_instant(event)), "at_ms",
					(json_int_t)(at > 0 ? at : 0), "kind", event->kind,
					"actor", event->actor, "text",
					line ? line : json_null(), "replay", replay));
	return 1;
}

static int events_json(const json_t *document, const json_t *signal, struct store *store,
		       json_t *ret, struct err *err)
{
	struct showing showing = {
		.list = ret, .assessment_id = json_str(document, "assessment", NULL),
		.started = json_int(json_object_get(document, "work"), "started", 0),
	};
	const json_t *seq;
	size_t i;

	if (!store || !showing.assessment_id)
		return 0;
	json_array_foreach(json_object_get(signal, "events"), i, seq)
		if (event_page(store, showing.assessment_id, json_integer_value(seq), 1,
			       show_event, &showing, err) < 0)
			return -1;
	return 0;
}

/* --- signals */

/* The table that the number was looked up in; null when it was another version's. */
static json_t *points_json(const json_t *document, const char *name)
{
	const struct signal_rule *rule = signal_map_find(name);
	const char *version = json_str(json_object_get(document, "score"), "signals", "");
	json_t *points;

	if (!rule || strcmp(version, signal_map_version()) != 0)
		return json_null();
	points = json_array();
	for (size_t i = 0; i < rule->points; i++)
		json_array_append_new(points, json_pack("[o, o]", hundredths_json(rule->at[i]),
							hundredths_json(rule->value[i])));
	return points;
}

static int add_signal(const json_t *document, const json_t *signal, struct store *store,
		      json_t *list, struct err *err)
{
	json_t *one = json_deep_copy(signal), *events = json_array();

	json_object_set_new(one, "points", points_json(document, json_str(signal, "name", "")));
	json_object_set_new(one, "events", events);
	json_array_append_new(list, one);
	return events_json(document, signal, store, events, err);
}

json_t *explaining_document(const json_t *document, const char *subitem, struct store *store,
			    struct err *err)
{
	AUTO_JSON json_t *list = json_array();
	struct place place = { NULL, NULL };
	const json_t *signal;
	size_t i;

	if (find(document, subitem, &place, err) < 0)
		return NULL;
	json_array_foreach(json_object_get(place.subitem, "signals"), i, signal)
		if (add_signal(document, signal, store, list, err) < 0)
			return NULL;
	return json_pack("{s:s, s:O, s:O, s:O, s:O, s:O, s:O, s:O, s:O, s:O, s:O, s:O}", "schema",
			 "tali.explain/1", "assessment", json_object_get(document, "assessment"),
			 "run", json_object_get(json_object_get(document, "run"), "number"),
			 "version", json_object_get(json_object_get(document, "score"), "signals"),
			 "category", json_object_get(place.category, "name"), "subitem",
			 json_object_get(place.subitem, "name"), "weight",
			 json_object_get(place.subitem, "weight"), "used",
			 json_object_get(place.subitem, "used"), "value",
			 json_object_get(place.subitem, "value"), "why",
			 json_object_get(place.subitem, "why"), "signals", list, "judge",
			 json_object_get(place.subitem, "judge"));
}

json_t *explaining_run(struct store *store, const char *words, const char *subitem, bool blind,
		       struct err *err)
{
	AUTO(assessment_release) struct assessment assessment = ASSESSMENT_INIT;
	AUTO_JSON json_t *document = NULL;
	json_t *explanation;
	int found;

	if (assessment_find(store, words, &assessment, err) < 0)
		return NULL;
	found = scoring_recorded(store, assessment.id, 0, &document, err);
	if (found < 0)
		return NULL;
	if (!found) {
		err_set(err, ERR_STATE, "it has no score run yet: tali score %s", assessment.id);
		return NULL;
	}
	explanation = explaining_document(document, subitem, store, err);
	if (explanation && blind)
		blind_scrub(explanation, assessment.email, assessment.name);
	return explanation;
}
