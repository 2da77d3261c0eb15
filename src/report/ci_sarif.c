/* ci_sarif.c - see ci_sarif.h */
#include "report/ci_sarif.h"

#include "base/auto.h"
#include "base/buf.h"
#include "report/ci_text.h"
#include "report/ci_view.h"

#define SCHEMA "https://json.schemastore.org/sarif-2.1.0.json"

struct log {
	json_t *rules, *results, *notifications;
	json_t *known;	/* ids of rules */
};

static void add_rule(struct log *log, const struct ci_view *view, const char *id, const char *test)
{
	AUTO_FREE char *text = buf_format("Test %s of task %s", test, view->task);

	if (json_object_get(log->known, id))
		return;
	json_object_set_new(log->known, id, json_true());
	json_array_append_new(log->rules, json_pack("{s:s, s:{s:s}}", "id", id, "shortDescription",
						    "text", text));
}

static json_t *location(const char *label, const struct ci_case *one)
{
	AUTO_FREE char *name = buf_format("%s/%s", label, one->id);

	return json_pack("[{s:{s:{s:s}, s:{s:i}}, s:[{s:s, s:s}]}]", "physicalLocation",
			 "artifactLocation", "uri", ".", "region", "startLine", 1,
			 "logicalLocations", "name", one->id, "fullyQualifiedName", name);
}

static void add_case(struct log *log, const struct ci_view *view, const char *label,
		     const struct ci_case *one)
{
	AUTO_FREE char *rule = buf_format("%s/%s", view->task, one->test);
	AUTO_FREE char *text = buf_format("%s: %s%s%s", one->id, one->verdict,
					  one->message ? "\n" : "",
					  one->message ? one->message : "");
	json_t *properties = json_pack("{s:s, s:o, s:o, s:s}", "verdict", one->verdict, "points",
				       ci_text_number(one->points), "possible",
				       ci_text_number(one->possible), "submission", label);

	add_rule(log, view, rule, one->test);
	json_array_append_new(log->results,
			      json_pack("{s:s, s:s, s:{s:s}, s:o, s:{s:s}, s:o}", "ruleId", rule,
					"level", one->possible > 0 ? "error" : "warning", "message",
					"text", text, "locations", location(label, one),
					"partialFingerprints", "caseId/v1", one->id, "properties",
					properties));
}

static void add_fault(struct log *log, const struct result_item *item, const char *label)
{
	AUTO_FREE char *fault = ci_view_fault(item);
	AUTO_FREE char *text = buf_format("%s: not graded: %s", label, fault);

	json_array_append_new(log->notifications,
			      json_pack("{s:s, s:{s:s}, s:{s:s}}", "level", "error", "message",
					"text", text, "descriptor", "id",
					item->refused ? "refused" : "environment"));
}

static void add_item(struct log *log, const struct result_item *item)
{
	AUTO(ci_view_release) struct ci_view view = { .count = 0 };
	AUTO_FREE char *label = ci_view_label(item);

	if (!item->document) {
		add_fault(log, item, label);
		return;
	}
	ci_view_make(item->document, CI_CASES, &view);
	for (size_t i = 0; i < view.count; i++)
		if (view.cases[i].status == CI_FAILED || view.cases[i].status == CI_ERROR)
			add_case(log, &view, label, &view.cases[i]);
}

void ci_sarif_write(FILE *out, const struct result_item *items, size_t count)
{
	AUTO_JSON json_t *known = json_object();
	struct log log = { json_array(), json_array(), json_array(), known };
	bool well;

	for (size_t i = 0; i < count; i++)
		add_item(&log, &items[i]);
	well = json_array_size(log.notifications) == 0;
	ci_text_json(out,
		     json_pack("{s:s, s:s, s:[{s:{s:{s:s, s:s, s:o}}, s:[{s:b, s:o}], s:o, s:s}]}",
			       "$schema", SCHEMA, "version", "2.1.0", "runs", "tool", "driver",
			       "name", "tali", "version", PACKAGE_VERSION, "rules", log.rules,
			       "invocations", "executionSuccessful", well,
			       "toolExecutionNotifications", log.notifications, "results",
			       log.results, "columnKind", "unicodeCodePoints"),
		     1);
}
