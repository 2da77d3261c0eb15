/* report_text.c - see report_text.h */
#include "report/report_text.h"

#include "base/auto.h"
#include "base/json.h"
#include "base/term.h"
#include "report/report_words.h"

#include <string.h>

#define BAR 20			/* characters of a whole bar */
#define TIMELINE_MOST 40	/* moments; the other formats show all */

struct paper {
	FILE *out;
	bool colour;
};

static const char *text_of(const json_t *object, const char *key)
{
	return json_str(object, key, "");
}

static void put(const struct paper *paper, enum term_style style, const char *text)
{
	term_paint(paper->out, paper->colour, style, text);
}

static void head(const struct paper *paper, const char *title)
{
	putc('\n', paper->out);
	put(paper, TERM_BOLD, title);
	putc('\n', paper->out);
}

/* LABEL, filled up to `width` characters: bytes that begin none do not count. */
static void label(const struct paper *paper, const char *text, int width)
{
	const char *c;

	term_print_safe(paper->out, text);
	for (c = text; *c; c++)
		width -= ((unsigned char)*c & 0xc0) != 0x80;
	fprintf(paper->out, "%*s", width > 0 ? width : 1, "");
}

static void bar(const struct paper *paper, json_int_t hundredth)
{
	int full = (int)(hundredth * BAR + 50) / 100, i;

	for (i = 0; i < BAR; i++)
		putc(i < full ? '#' : '.', paper->out);
	fputs("  ", paper->out);
}

static void evidence(const struct paper *paper, const json_t *of)
{
	const json_t *list = json_object_get(of, "evidence"), *item;
	size_t i;

	json_array_foreach(list, i, item) {
		fprintf(paper->out, "%s#%lld", i ? " " : "  [",
			(long long)json_int(item, "seq", 0));
		if (*text_of(item, "at"))
			fprintf(paper->out, " %s", text_of(item, "at"));
	}
	if (json_array_size(list))
		fprintf(paper->out, "%s]", text_of(of, "rest"));
}

/* --- the parts */

static void print_reviewed(const struct paper *paper, const json_t *of, const char *indent)
{
	const json_t *reviewed = json_object_get(of, "reviewed");

	if (!json_is_object(reviewed))
		return;
	fprintf(paper->out, "%sreviewer: %s (", indent, text_of(reviewed, "value"));
	term_print_safe(paper->out, text_of(reviewed, "who"));
	fputs(") ", paper->out);
	term_print_safe(paper->out, text_of(reviewed, "reason"));
	putc('\n', paper->out);
}

static void print_card(const struct paper *paper, const json_t *words)
{
	const json_t *card = json_object_get(words, "card"), *fact;
	size_t i;

	put(paper, TERM_BOLD, text_of(words, "title"));
	fputs("  ", paper->out);
	term_print_safe(paper->out, text_of(words, "who"));
	fprintf(paper->out, "  %s\n", text_of(words, "id"));
	json_array_foreach(json_object_get(words, "facts"), i, fact) {
		fputs("  ", paper->out);
		label(paper, text_of(fact, "name"), 14);
		term_print_safe(paper->out, text_of(fact, "text"));
		putc('\n', paper->out);
	}
	head(paper, "Score");
	fputs("  ", paper->out);
	put(paper, TERM_BOLD, text_of(card, "value"));
	if (json_flag(card, "measured", false))
		fprintf(paper->out, " of 100 (%s/10), %s", text_of(card, "tenth"),
			text_of(card, "level"));
	else
		fprintf(paper->out, ": %s", text_of(card, "why"));
	fprintf(paper->out, "\n  tests %s, %s: %s\n", text_of(card, "grade"),
		text_of(card, "points"), text_of(card, "verdict"));
	if (*text_of(card, "weak"))
		fprintf(paper->out, "  not fully enforced: %s\n", text_of(card, "weak"));
	if (json_flag(card, "review", false))
		fputs("  a person has to look at it before it may be used\n", paper->out);
	print_reviewed(paper, card, "  ");
}

static void print_signal(const struct paper *paper, const json_t *signal)
{
	fputs("        ", paper->out);
	label(paper, json_flag(signal, "measured", false) ? text_of(signal, "value") : "-", 7);
	term_print_safe(paper->out, text_of(signal, "text"));
	evidence(paper, signal);
	putc('\n', paper->out);
}

static void print_subitem(const struct paper *paper, const json_t *subitem)
{
	const json_t *signal;
	size_t i;

	fputs("    ", paper->out);
	label(paper, text_of(subitem, "title"), 26);
	bar(paper, json_int(subitem, "bar", 0));
	fprintf(paper->out, "%-12s  %s\n", text_of(subitem, "value"), text_of(subitem, "weight"));
	if (*text_of(subitem, "why")) {
		fputs("        ", paper->out);
		put(paper, TERM_DIM, text_of(subitem, "why"));
		putc('\n', paper->out);
	}
	print_reviewed(paper, subitem, "        ");
	json_array_foreach(json_object_get(subitem, "signals"), i, signal)
		print_signal(paper, signal);
}

static void print_categories(const struct paper *paper, const json_t *words)
{
	const json_t *category, *subitem;
	size_t i, j;

	json_array_foreach(json_object_get(words, "categories"), i, category) {
		putc('\n', paper->out);
		put(paper, TERM_BOLD, text_of(category, "title"));
		fprintf(paper->out, "  %s  (%s)\n", text_of(category, "value"),
			text_of(category, "weight"));
		json_array_foreach(json_object_get(category, "subitems"), j, subitem)
			print_subitem(paper, subitem);
	}
}

static void print_case(const struct paper *paper, const json_t *item)
{
	bool passed = json_flag(item, "passed", false);

	fputs("    ", paper->out);
	put(paper, passed ? TERM_GREEN : TERM_RED, passed ? "pass" : "FAIL");
	fputs("  ", paper->out);
	term_print_safe(paper->out, text_of(item, "id"));
	if (!passed)
		fprintf(paper->out, "  (%s)", text_of(item, "verdict"));
	if (*text_of(item, "message")) {
		fputs("  ", paper->out);
		put(paper, TERM_DIM, text_of(item, "message"));
	}
	putc('\n', paper->out);
}

static void print_tests(const struct paper *paper, const json_t *words)
{
	const json_t *test, *item;
	size_t i, j;

	head(paper, "Tests");
	json_array_foreach(json_object_get(words, "tests"), i, test) {
		fputs("  ", paper->out);
		term_print_safe(paper->out, text_of(test, "id"));
		fprintf(paper->out, "  %s, %s, %s (%s)\n", text_of(test, "points"),
			text_of(test, "sum"), text_of(test, "verdict"), text_of(test, "kind"));
		json_array_foreach(json_object_get(test, "cases"), j, item)
			print_case(paper, item);
	}
}

static void print_shares(const struct paper *paper, const json_t *list)
{
	const json_t *share;
	size_t i;

	json_array_foreach(list, i, share) {
		fputs("  ", paper->out);
		label(paper, text_of(share, "name"), 28);
		bar(paper, (json_int_t)json_number_value(json_object_get(share, "bar")));
		fprintf(paper->out, "%5s  %s\n", text_of(share, "percent"), text_of(share, "text"));
	}
}

static void print_line(const struct paper *paper, const char *indent, const char *text)
{
	fputs(indent, paper->out);
	term_print_safe(paper->out, text);
	putc('\n', paper->out);
}

static void print_ai(const struct paper *paper, const json_t *ai)
{
	const json_t *prompt;
	size_t i;

	head(paper, "Assistant");
	if (*text_of(ai, "none")) {
		print_line(paper, "  ", text_of(ai, "none"));
		return;
	}
	fprintf(paper->out, "  %s", text_of(ai, "count"));
	if (*text_of(ai, "models")) {
		fputs(", ", paper->out);
		term_print_safe(paper->out, text_of(ai, "models"));
	}
	fprintf(paper->out, "%s%s\n", *text_of(ai, "tokens") ? ", " : "", text_of(ai, "tokens"));
	json_array_foreach(json_object_get(ai, "prompts"), i, prompt) {
		fputs("  ", paper->out);
		label(paper, text_of(prompt, "value"), 7);
		term_print_safe(paper->out, text_of(prompt, "text"));
		evidence(paper, prompt);
		putc('\n', paper->out);
	}
}

static void print_work(const struct paper *paper, const json_t *words)
{
	const json_t *code = json_object_get(words, "code"), *step;
	size_t i;

	head(paper, "Time");
	print_line(paper, "  ", text_of(words, "clock"));
	print_shares(paper, json_object_get(words, "time"));
	if (json_array_size(json_object_get(words, "origins"))) {
		head(paper, "Where the text comes from");
		print_shares(paper, json_object_get(words, "origins"));
	}
	print_ai(paper, json_object_get(words, "ai"));
	if (json_array_size(json_object_get(words, "progress")))
		head(paper, "Tests over time");
	json_array_foreach(json_object_get(words, "progress"), i, step) {
		fputs("  ", paper->out);
		label(paper, text_of(step, "at"), 9);
		bar(paper, json_int(step, "bar", 0));
		fprintf(paper->out, "%s\n", text_of(step, "text"));
	}
	if (json_array_size(json_object_get(code, "findings")))
		head(paper, "Found in the code");
	json_array_foreach(json_object_get(code, "findings"), i, step)
		print_line(paper, "  ", json_string_value(step));
}

static void print_notes(const struct paper *paper, const char *title, const json_t *list)
{
	const json_t *item;
	size_t i;

	if (!json_array_size(list))
		return;
	head(paper, title);
	json_array_foreach(list, i, item) {
		fputs("  ", paper->out);
		put(paper, TERM_BOLD, text_of(item, "title"));
		fputs(": ", paper->out);
		term_print_safe(paper->out, text_of(item, "text"));
		if (*text_of(item, "base"))
			fprintf(paper->out, " %s", text_of(item, "base"));
		evidence(paper, item);
		putc('\n', paper->out);
	}
}

static void print_feedback(const struct paper *paper, const json_t *feedback)
{
	print_notes(paper, "Strengths", json_object_get(feedback, "strengths"));
	print_notes(paper, "To improve", json_object_get(feedback, "improvements"));
	print_notes(paper, "Highlights", json_object_get(feedback, "highlights"));
	print_notes(paper, "Remarks", json_object_get(feedback, "remarks"));
}

static void print_moment(const struct paper *paper, const json_t *item)
{
	fprintf(paper->out, "  %8s  #%-6lld %-12s ", text_of(item, "at"),
		(long long)json_int(item, "seq", 0), text_of(item, "kind"));
	term_print_safe(paper->out, text_of(item, "text"));
	putc('\n', paper->out);
}

static void print_record(const struct paper *paper, const json_t *words)
{
	const json_t *list = json_object_get(words, "timeline"), *item;
	size_t count = json_array_size(list), i;

	head(paper, "Timeline");
	json_array_foreach(list, i, item)
		if (i < TIMELINE_MOST / 2 || i + TIMELINE_MOST / 2 >= count)
			print_moment(paper, item);
		else if (i == TIMELINE_MOST / 2)
			fprintf(paper->out, "  ... %zu more ...\n", count - TIMELINE_MOST);
	if (json_array_size(json_object_get(words, "changes")))
		head(paper, "Changed files");
	json_array_foreach(json_object_get(words, "changes"), i, item) {
		fprintf(paper->out, "  %-8s +%lld -%lld  ", text_of(item, "status"),
			(long long)json_int(item, "added", 0),
			(long long)json_int(item, "removed", 0));
		print_line(paper, "", text_of(item, "path"));
	}
}

static void print_end(const struct paper *paper, const json_t *words)
{
	const json_t *review;
	size_t i;

	if (json_array_size(json_object_get(words, "reviews")))
		head(paper, "Reviewers");
	json_array_foreach(json_object_get(words, "reviews"), i, review) {
		fprintf(paper->out, "  %s  ", text_of(review, "time"));
		term_print_safe(paper->out, text_of(review, "who"));
		print_line(paper, ": ", text_of(review, "text"));
	}
	putc('\n', paper->out);
	print_line(paper, "", text_of(words, "made"));
}

void report_text(const json_t *report, FILE *out)
{
	const struct paper paper = { out, term_colour(out) };
	AUTO_JSON json_t *words = report_words(report);

	print_card(&paper, words);
	print_categories(&paper, words);
	print_tests(&paper, words);
	print_work(&paper, words);
	print_feedback(&paper, json_object_get(words, "feedback"));
	print_notes(&paper, "Integrity: for a person to judge",
		    json_object_get(words, "integrity"));
	print_record(&paper, words);
	print_end(&paper, words);
}

void report_text_result(const json_t *document, FILE *out)
{
	AUTO_JSON json_t *result = json_deep_copy(document);
	const struct paper paper = { out, term_colour(out) };
	const json_t *score = json_object_get(result, "score"), *test, *item;
	size_t i, j;

	words_plain(result);
	put(&paper, TERM_BOLD, text_of(result, "task"));
	print_line(&paper, "  ", text_of(result, "candidate"));
	if (*text_of(result, "message"))
		print_line(&paper, "  ", text_of(result, "message"));
	if (json_is_object(score))
		fprintf(out, "  score %.2f, %s\n",
			json_number_value(json_object_get(score, "value")),
			text_of(score, "level"));
	print_feedback(&paper, json_object_get(result, "feedback"));
	if (json_array_size(json_object_get(result, "tests")))
		head(&paper, "Tests you had");
	json_array_foreach(json_object_get(result, "tests"), i, test)
		json_array_foreach(json_object_get(test, "cases"), j, item) {
			fprintf(out, "    %s  ", !strcmp(text_of(item, "verdict"), "passed")
							 ? "pass" : "FAIL");
			print_line(&paper, "", text_of(item, "id"));
		}
}
