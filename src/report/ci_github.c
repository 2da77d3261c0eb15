/* ci_github.c - see ci_github.h */
#include "report/ci_github.h"

#include "base/auto.h"
#include "report/ci_text.h"
#include "report/ci_view.h"

#include <string.h>

#define MOST_ERRORS 10		/* annotations of a kind that a step may make */
#define SUMMARY_CASES 200	/* failed cases in the summary of one submission */
#define SUMMARY_LINES 2000	/* submissions in one table */

static void print_escaped(FILE *out, const char *text, bool property)
{
	for (; *text; text++) {
		if (*text == '%' || *text == '\n' || *text == '\r' ||
		    (property && (*text == ':' || *text == ',')))
			fprintf(out, "%%%02X", (unsigned char)*text);
		else
			putc(*text, out);
	}
}

static void annotate(FILE *out, const char *kind, const char *title, const char *message)
{
	fprintf(out, "::%s title=", kind);
	print_escaped(out, title, true);
	fputs("::", out);
	print_escaped(out, message, false);
	putc('\n', out);
}

static void annotate_case(FILE *out, const char *label, const struct ci_case *one)
{
	AUTO_FREE char *title = NULL;

	if (asprintf(&title, "%s: %s (%s)", label, one->id, one->verdict) < 0)
		abort();
	annotate(out, "error", title, one->message ? one->message : one->verdict);
}

static bool has_failed(const struct ci_case *one)
{
	return one->status == CI_FAILED || one->status == CI_ERROR;
}

static void annotate_item(FILE *out, const struct result_item *item, size_t *errors)
{
	AUTO(ci_view_release) struct ci_view view = { .count = 0 };
	AUTO_FREE char *label = ci_view_label(item);
	AUTO_FREE char *text = NULL;

	if (!item->document) {
		text = ci_view_fault(item);
		++*errors;
		annotate(out, "error", label, text);
		return;
	}
	ci_view_make(item->document, CI_CASES, &view);
	for (size_t i = 0; i < view.count; i++)
		if (has_failed(&view.cases[i]) && ++*errors <= MOST_ERRORS)
			annotate_case(out, label, &view.cases[i]);
	text = ci_view_sentence(&view);
	annotate(out, "notice", label, text);
}

void ci_github_write(FILE *out, const struct result_item *items, size_t count)
{
	size_t errors = 0;

	for (size_t i = 0; i < count; i++)
		annotate_item(out, &items[i], &errors);
	if (errors > MOST_ERRORS)
		fprintf(out, "::notice title=tali::%zu more failed; the summary of the job and the "
			     "other formats have them\n", errors - MOST_ERRORS);
}

/* --- the summary */

static void print_cell(FILE *out, const char *text)
{
	AUTO_FREE char *line = ci_text_line(text, CI_TEXT_NAME);

	fputs("<td>", out);
	ci_text_xml(out, line);
	fputs("</td>", out);
}

static void print_points(FILE *out, double points, double possible)
{
	fprintf(out, "<td align=\"right\">%.6g of %.6g</td>", points, possible);
}

static void print_heading(FILE *out, const char *label, const char *sentence)
{
	fputs("<h3>", out);
	ci_text_xml(out, label);
	fputs(": ", out);
	ci_text_xml(out, sentence);
	fputs("</h3>\n", out);
}

static void summarize_tests(FILE *out, const json_t *document)
{
	AUTO(ci_view_release) struct ci_view view = { .count = 0 };

	ci_view_make(document, CI_TESTS, &view);
	fputs("<table>\n<tr><th>test</th><th>points</th><th>verdict</th></tr>\n", out);
	for (size_t i = 0; i < view.count; i++) {
		fputs("<tr>", out);
		print_cell(out, view.cases[i].id);
		print_points(out, view.cases[i].points, view.cases[i].possible);
		print_cell(out, view.cases[i].verdict);
		fputs("</tr>\n", out);
	}
	fputs("</table>\n", out);
}

static void summarize_cases(FILE *out, const struct ci_view *view)
{
	size_t shown = 0;

	if (view->statuses[CI_FAILED] + view->statuses[CI_ERROR] == 0)
		return;
	fputs("<details><summary>what failed</summary>\n<table>\n", out);
	for (size_t i = 0; i < view->count && shown < SUMMARY_CASES; i++) {
		const struct ci_case *one = &view->cases[i];

		if (!has_failed(one))
			continue;
		shown++;
		fputs("<tr>", out);
		print_cell(out, one->id);
		print_cell(out, one->verdict);
		print_cell(out, one->message ? one->message : "");
		fputs("</tr>\n", out);
	}
	fputs("</table>\n</details>\n", out);
}

static void summarize_one(FILE *out, const struct result_item *item)
{
	AUTO(ci_view_release) struct ci_view view = { .count = 0 };
	AUTO_FREE char *label = ci_view_label(item);
	AUTO_FREE char *text = NULL;

	if (!item->document) {
		text = ci_view_fault(item);
		print_heading(out, label, text);
		return;
	}
	ci_view_make(item->document, CI_CASES, &view);
	text = ci_view_sentence(&view);
	print_heading(out, label, text);
	summarize_tests(out, item->document);
	summarize_cases(out, &view);
}

static void summarize_line(FILE *out, const struct result_item *item)
{
	AUTO(ci_view_release) struct ci_view view = { .count = 0 };
	AUTO_FREE char *label = ci_view_label(item);

	fputs("<tr>", out);
	print_cell(out, label);
	if (item->document) {
		ci_view_make(item->document, CI_TESTS, &view);
		print_points(out, view.points, view.possible);
		print_cell(out, view.verdict);
	} else {
		AUTO_FREE char *fault = ci_view_fault(item);

		fputs("<td></td>", out);
		print_cell(out, fault);
	}
	fputs("</tr>\n", out);
}

void ci_github_summary(FILE *out, const struct result_item *items, size_t count)
{
	if (count == 1) {
		summarize_one(out, items);
		putc('\n', out);
		return;
	}
	fputs("<table>\n<tr><th>submission</th><th>points</th><th>verdict</th></tr>\n", out);
	for (size_t i = 0; i < count && i < SUMMARY_LINES; i++)
		summarize_line(out, &items[i]);
	fputs("</table>\n", out);
	if (count > SUMMARY_LINES)
		fprintf(out, "<p>and %zu more</p>\n", count - SUMMARY_LINES);
	putc('\n', out);
}
