/* result_text.c - see result_text.h */
#include "report/result_text.h"

#include "base/auto.h"
#include "base/json.h"
#include "base/term.h"
#include "report/ci_text.h"

#include <stdbool.h>
#include <string.h>

#define MESSAGE_MAX 160	/* bytes of a message */

static bool is_good(const char *verdict)
{
	return !strcmp(verdict, "passed");
}

static enum term_style style_of(const char *verdict)
{
	return is_good(verdict) ? TERM_GREEN : TERM_RED;
}

/* Where it is printed; whether in colour is asked once. */
struct sheet {
	FILE *out;
	bool colour;
	bool session;	/* there is one; else what is not measured is about nothing */
};

static void print_styled(const struct sheet *sheet, enum term_style style, const char *text)
{
	term_paint(sheet->out, sheet->colour, style, text);
}

/* The first line of a message that candidates' programs had a hand in. */
static void print_message(const struct sheet *sheet, const char *message)
{
	AUTO_FREE char *line = NULL;

	if (!message || !*message)
		return;
	line = ci_text_clean(message, MESSAGE_MAX);
	line[strcspn(line, "\n")] = '\0';
	fputs("        ", sheet->out);
	print_styled(sheet, TERM_DIM, line);
	putc('\n', sheet->out);
}

static void print_foreign(FILE *out, const char *text)
{
	AUTO_FREE char *line = ci_text_line(text, CI_TEXT_NAME);

	term_print_safe(out, line);
}

/* A case may have earned a share of its points. */
static void print_share(FILE *out, const json_t *item)
{
	double points = json_number_value(json_object_get(item, "points"));
	double possible = json_number_value(json_object_get(item, "possible"));

	if (points > 0 && points < possible)
		fprintf(out, "  %.6g of %.6g points", points, possible);
}

static void print_case(const struct sheet *sheet, const json_t *item)
{
	FILE *out = sheet->out;
	const char *verdict = json_str(item, "verdict", "");

	fputs("    ", out);
	print_styled(sheet, style_of(verdict), is_good(verdict) ? "pass" : "FAIL");
	fputs("  ", out);
	print_foreign(out, json_str(item, "id", ""));
	if (!is_good(verdict))
		fprintf(out, "  (%s)", verdict);
	print_share(out, item);
	putc('\n', out);
	if (!is_good(verdict))
		print_message(sheet, json_str(item, "message", NULL));
}

static void print_test(const struct sheet *sheet, const json_t *test)
{
	FILE *out = sheet->out;
	const json_t *item;
	size_t i;

	fputs("  ", out);
	print_styled(sheet, TERM_BOLD, json_str(test, "id", ""));
	fprintf(out, "  %.6g of %.6g points, %s\n",
		json_number_value(json_object_get(test, "points")),
		json_number_value(json_object_get(test, "possible")),
		json_str(test, "verdict", ""));
	print_message(sheet, json_str(test, "message", NULL));
	json_array_foreach(json_object_get(test, "cases"), i, item)
		print_case(sheet, item);
}

static void print_names(FILE *out, const char *label, const json_t *names)
{
	const json_t *name;
	size_t i;

	if (json_array_size(names) == 0)
		return;
	fprintf(out, "%s", label);
	json_array_foreach(names, i, name) {
		fputs(i ? ", " : " ", out);
		print_foreign(out, json_string_value(name));
	}
	putc('\n', out);
}

/* "  67.80" or what stands for nothing. */
static void print_value(FILE *out, const json_t *value)
{
	if (json_is_number(value))
		fprintf(out, "%6.2f", json_number_value(value));
	else
		fputs("     -", out);
}

/* What became of the judge, behind the name of a subitem. */
static void print_judge(const struct sheet *sheet, const json_t *judge)
{
	if (!json_is_object(judge))
		return;
	fputs("  ", sheet->out);
	print_styled(sheet, TERM_DIM, json_flag(judge, "needs_review", false) ?
					      "judged, needs review: " : "judged: ");
	print_styled(sheet, TERM_DIM, json_str(judge, "text", ""));
}

static bool is_shown(const struct sheet *sheet, const json_t *item)
{
	return sheet->session || json_is_number(json_object_get(item, "value"));
}

static void print_category(const struct sheet *sheet, const json_t *category)
{
	FILE *out = sheet->out;
	const json_t *subitem;
	size_t i;

	if (!is_shown(sheet, category))
		return;
	print_value(out, json_object_get(category, "value"));
	fputs("  ", out);
	print_styled(sheet, TERM_BOLD, json_str(category, "name", ""));
	fprintf(out, "  counts %.10g %%\n", json_number_value(json_object_get(category, "used")));
	json_array_foreach(json_object_get(category, "subitems"), i, subitem) {
		if (!is_shown(sheet, subitem))
			continue;
		fputs("  ", out);
		print_value(out, json_object_get(subitem, "value"));
		fputs("  ", out);
		term_print_safe(out, json_str(subitem, "name", ""));
		if (json_str(subitem, "why", NULL)) {
			fputs("  ", out);
			print_styled(sheet, TERM_DIM, json_str(subitem, "why", ""));
		}
		print_judge(sheet, json_object_get(subitem, "judge"));
		putc('\n', out);
	}
}

static void print_score(const struct sheet *sheet, const json_t *score)
{
	const json_t *category, *value = json_object_get(score, "value");
	size_t i;

	if (!score)
		return;
	json_array_foreach(json_object_get(score, "categories"), i, category)
		print_category(sheet, category);
	if (json_is_number(value))
		fprintf(sheet->out, "score %.2f of 100, %s%s\n", json_number_value(value),
			json_str(score, "level", ""),
			json_flag(score, "needs_review", false) ? ", needs review" : "");
	else
		fprintf(sheet->out, "no score: %s\n", json_str(score, "why", ""));
}

static void print_text(const struct sheet *sheet, const json_t *document)
{
	FILE *out = sheet->out;
	const json_t *grade = json_object_get(document, "grade");
	const json_t *run = json_object_get(document, "run");
	const char *verdict = json_str(grade, "verdict", "");
	const json_t *test;
	size_t i;

	print_styled(sheet, TERM_BOLD, json_str(document, "task", ""));
	fprintf(out, "  version %.12s", json_str(document, "task_version", ""));
	if (json_str(document, "assessment", NULL))
		fprintf(out, "  assessment %s", json_str(document, "assessment", ""));
	if (json_is_integer(json_object_get(run, "number")))
		fprintf(out, "  run %lld", (long long)json_int(run, "number", 0));
	putc('\n', out);
	json_array_foreach(json_object_get(grade, "tests"), i, test)
		print_test(sheet, test);
	print_names(out, "restored from the task:", json_object_get(grade, "restored"));
	print_names(out, "not fully enforced:",
		    json_object_get(json_object_get(document, "sandbox"), "weak"));
	print_score(sheet, json_object_get(document, "score"));
	fprintf(out, "grade %.2f %% (%.6g of %.6g points) ",
		json_number_value(json_object_get(grade, "percent")),
		json_number_value(json_object_get(grade, "points")),
		json_number_value(json_object_get(grade, "possible")));
	print_styled(sheet, style_of(verdict), verdict);
	putc('\n', out);
}

void result_text_print(FILE *out, const json_t *document)
{
	const struct sheet sheet = { out, term_colour(out),
				     json_str(document, "assessment", NULL) != NULL };

	print_text(&sheet, document);
}

/* An archive is a line of a table. */
static void print_line(FILE *out, const struct result_item *item)
{
	const json_t *grade = json_object_get(item->document, "grade");
	const char *verdict = json_str(grade, "verdict", "");

	print_foreign(out, item->name);
	fprintf(out, "\t%.2f\t%s\t%.6g of %.6g points\n",
		json_number_value(json_object_get(grade, "percent")), verdict,
		json_number_value(json_object_get(grade, "points")),
		json_number_value(json_object_get(grade, "possible")));
}

void result_text_write(FILE *out, const struct result_item *items, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		if (items[i].document && items[i].name)
			print_line(out, &items[i]);
		else if (items[i].document)
			result_text_print(out, items[i].document);
	}
}
