/* ci_junit.c - see ci_junit.h */
#include "report/ci_junit.h"

#include "base/auto.h"
#include "base/json.h"
#include "report/ci_text.h"
#include "report/ci_view.h"

static void print_attribute(FILE *out, const char *name, const char *text)
{
	fprintf(out, " %s=\"", name);
	ci_text_xml(out, text);
	putc('"', out);
}

static void print_property(FILE *out, const char *name, const char *value)
{
	fputs("      <property", out);
	print_attribute(out, "name", name);
	print_attribute(out, "value", value);
	fputs("/>\n", out);
}

static void print_number(FILE *out, const char *name, double value)
{
	char text[40];

	snprintf(text, sizeof(text), "%.10g", value);
	print_property(out, name, text);
}

static void print_properties(FILE *out, const json_t *document, const struct ci_view *view)
{
	fputs("    <properties>\n", out);
	/* the schema of Jenkins wants one, also where nothing was graded */
	print_property(out, "tali.version", PACKAGE_VERSION);
	if (document) {
		print_number(out, "tali.percent", view->percent);
		print_number(out, "tali.points", view->points);
		print_number(out, "tali.possible", view->possible);
		print_property(out, "tali.verdict", view->verdict);
		print_property(out, "tali.task_version", json_str(document, "task_version", ""));
		print_property(out, "tali.tree", json_str(json_object_get(document, "submission"),
							  "tree", ""));
	}
	fputs("    </properties>\n", out);
}

/* <failure> and its like; the first line of the message is the attribute, all of it the text. */
static void print_outcome(FILE *out, const char *tag, const char *type, const char *message)
{
	AUTO_FREE char *line = ci_text_line(message, CI_TEXT_NAME);

	fprintf(out, "      <%s", tag);
	print_attribute(out, "message", line);
	print_attribute(out, "type", type);
	putc('>', out);
	ci_text_xml(out, message);
	fprintf(out, "</%s>\n", tag);
}

static void print_case(FILE *out, const struct ci_view *view, const struct ci_case *one)
{
	const char *message = one->message ? one->message : one->verdict;

	fputs("    <testcase", out);
	print_attribute(out, "name", one->name);
	fputs(" classname=\"", out);
	ci_text_xml(out, view->task);
	putc('.', out);
	ci_text_xml(out, one->test);
	fprintf(out, "\" time=\"%.3f\">\n", one->seconds);
	if (one->status == CI_FAILED)
		print_outcome(out, "failure", one->verdict, message);
	else if (one->status == CI_ERROR)
		print_outcome(out, "error", one->verdict, message);
	else if (one->status == CI_SKIPPED)
		fputs("      <skipped/>\n", out);
	fputs("    </testcase>\n", out);
}

static void print_fault(FILE *out, const struct result_item *item, const char *label)
{
	AUTO_FREE char *fault = ci_view_fault(item);

	fputs("    <testcase name=\"grading\"", out);
	print_attribute(out, "classname", label);
	fputs(" time=\"0.000\">\n", out);
	print_outcome(out, "error", item->refused ? "refused" : "environment", fault);
	fputs("    </testcase>\n", out);
}

static void print_suite(FILE *out, const struct result_item *item, size_t id)
{
	AUTO(ci_view_release) struct ci_view view = { .task = "" };
	AUTO_FREE char *label = ci_view_label(item);
	const char *time = json_str(json_object_get(item->document, "run"), "time",
				    "1970-01-01T00:00:00");

	if (item->document)
		ci_view_make(item->document, CI_CASES, &view);
	fprintf(out, "  <testsuite id=\"%zu\"", id);
	print_attribute(out, "name", label);
	print_attribute(out, "package", *view.task ? view.task : label);
	fprintf(out, " timestamp=\"%.19s\" hostname=\"localhost\" tests=\"%zu\" failures=\"%zu\""
		     " errors=\"%zu\" skipped=\"%zu\" time=\"%.3f\">\n",
		time, item->document ? view.count : 1, view.statuses[CI_FAILED],
		item->document ? view.statuses[CI_ERROR] : 1, view.statuses[CI_SKIPPED],
		view.seconds);
	print_properties(out, item->document, &view);
	for (size_t i = 0; i < view.count; i++)
		print_case(out, &view, &view.cases[i]);
	if (!item->document)
		print_fault(out, item, label);
	fputs("    <system-out/>\n    <system-err/>\n  </testsuite>\n", out);
}

void ci_junit_write(FILE *out, const struct result_item *items, size_t count)
{
	fputs("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites>\n", out);
	for (size_t i = 0; i < count; i++)
		print_suite(out, &items[i], i);
	fputs("</testsuites>\n", out);
}
