/* result.c - see result.h */
#include "report/result.h"

#include "base/buf.h"
#include "report/ci_classroom.h"
#include "report/ci_csv.h"
#include "report/ci_ctrf.h"
#include "report/ci_github.h"
#include "report/ci_junit.h"
#include "report/ci_platform.h"
#include "report/ci_sarif.h"
#include "report/ci_tap.h"
#include "report/ci_text.h"
#include "report/result_text.h"

#include <string.h>

static void write_json(FILE *out, const struct result_item *items, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (items[i].document)
			ci_text_json(out, json_incref((json_t *)items[i].document), 0);
}

const struct result_format result_formats[] = {
	{ .name = "text", .help = "for people; an archive is a line", .media = "text/plain",
	  .lines = true, .write = result_text_write },
	{ .name = "json", .help = "tali.score/1, a line for each submission",
	  .media = "application/x-ndjson", .lines = true, .write = write_json },
	{ .name = "csv", .help = "grades for a spreadsheet, a line for each submission",
	  .media = "text/csv", .suffix = ".csv", .write = ci_csv_write },
	{ .name = "junit", .help = "JUnit XML: Jenkins, GitLab and most others",
	  .media = "application/xml", .suffix = ".xml", .write = ci_junit_write },
	{ .name = "tap", .help = "Test Anything Protocol 13", .media = "text/plain",
	  .suffix = ".tap", .write = ci_tap_write },
	{ .name = "ctrf", .help = "Common Test Report Format", .media = "application/json",
	  .suffix = ".ctrf.json", .write = ci_ctrf_write },
	{ .name = "sarif", .help = "SARIF 2.1.0: what failed, as alerts",
	  .media = "application/sarif+json", .suffix = ".sarif", .write = ci_sarif_write },
	{ .name = "gradescope", .help = "results.json of a Gradescope autograder",
	  .media = "application/json", .single = true, .write = ci_platform_gradescope },
	{ .name = "classroom", .help = "what a grader of GitHub Classroom hands to its reporter",
	  .media = "application/json", .single = true, .write = ci_classroom_write,
	  .outputs = ci_classroom_outputs },
	{ .name = "classroom50", .help = "result.json of Classroom 50",
	  .media = "application/json", .single = true, .write = ci_classroom_50 },
	{ .name = "prairielearn", .help = "results.json of a PrairieLearn external grader",
	  .media = "application/json", .single = true, .write = ci_platform_prairielearn },
	{ .name = "check50", .help = "the JSON that check50 writes", .media = "application/json",
	  .single = true, .write = ci_platform_check50 },
	{ .name = "github", .help = "annotations and job summary of GitHub Actions",
	  .media = "text/plain", .write = ci_github_write, .summary = ci_github_summary,
	  .outputs = ci_classroom_outputs },
	{ .name = NULL },
};

const struct result_format *result_format_find(const char *name)
{
	const struct result_format *format = result_formats;

	while (format->name && strcmp(format->name, name))
		format++;
	return format->name ? format : NULL;
}

static bool ends_in(const char *text, const char *end)
{
	size_t len = strlen(text), end_len = strlen(end);

	return len > end_len && !strcmp(text + len - end_len, end);
}

const struct result_format *result_format_of_file(const char *path)
{
	const struct result_format *format = result_formats;

	while (format->name && !(format->suffix && ends_in(path, format->suffix)))
		format++;
	return format->name ? format : NULL;
}

char *result_format_names(void)
{
	struct buf names = BUF_INIT(512);

	for (const struct result_format *format = result_formats; format->name; format++)
		buf_add_format(&names, "%s%s", names.len ? ", " : "", format->name);
	return buf_take(&names);
}

double result_percent(const json_t *document)
{
	return json_number_value(json_object_get(json_object_get(document, "grade"), "percent"));
}
