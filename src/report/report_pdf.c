/* report_pdf.c - see report_pdf.h */
#include "report/report_pdf.h"

#include "base/auto.h"
#include "base/buf.h"
#include "base/json.h"
#include "report/pdf_sheet.h"
#include "report/report_words.h"

#include <string.h>

#define LENGTH(array) (sizeof(array) / sizeof((array)[0]))

static const char *text_of(const json_t *object, const char *key)
{
	return json_str(object, key, "");
}

static void head(struct pdf_sheet *sheet, const char *title)
{
	pdf_sheet_need(sheet, 70);
	pdf_sheet_space(sheet, 14);
	pdf_sheet_text(sheet, PDF_HEAD, PDF_INK, 0, title);
	pdf_sheet_rule(sheet);
}

static void body(struct pdf_sheet *sheet, const char *text)
{
	pdf_sheet_text(sheet, PDF_BODY, PDF_INK, 0, text);
}

static void say_rest(struct pdf_sheet *sheet)
{
	pdf_sheet_text(sheet, PDF_BODY, PDF_SOFT, 0, "The rest is in the HTML report.");
}

/* "TEXT (12:04, 31:07 and 3 more)" */
static char *with_evidence(const char *text, const json_t *of)
{
	const json_t *list = json_object_get(of, "evidence"), *item;
	struct buf out = BUF_INIT(64 * 1024);
	size_t i;

	buf_add_str(&out, text);
	json_array_foreach(list, i, item) {
		buf_add_str(&out, i ? ", " : " (");
		if (*text_of(item, "at"))
			buf_add_format(&out, "%s ", text_of(item, "at"));
		buf_add_format(&out, "#%lld", (long long)json_int(item, "seq", 0));
	}
	if (json_array_size(list))
		buf_add_format(&out, "%s)", text_of(of, "rest"));
	return buf_take(&out);
}

/* --- the first page */

static void print_facts(struct pdf_sheet *sheet, const json_t *facts)
{
	size_t count = json_array_size(facts), i, j;

	for (i = 0; i < count; i += 3) {
		struct pdf_cell cells[6];
		size_t used = 0;

		for (j = i; j < count && j < i + 3; j++) {
			const json_t *fact = json_array_get(facts, j);
			double x = (double)(j - i) * 171;

			cells[used++] = (struct pdf_cell){ .x = x, .width = 60, .style = PDF_SMALL,
							   .text = text_of(fact, "name"),
							   .colour = PDF_SOFT };
			cells[used++] = (struct pdf_cell){ .x = x + 60, .width = 105,
							   .text = text_of(fact, "text"),
							   .style = PDF_SMALL };
		}
		pdf_sheet_row(sheet, cells, used);
	}
}

static void print_reviewed(struct pdf_sheet *sheet, double indent, const json_t *of)
{
	const json_t *reviewed = json_object_get(of, "reviewed");
	AUTO_FREE char *text = NULL;

	if (!json_is_object(reviewed))
		return;
	text = buf_format("Reviewer: %s (%s). %s", text_of(reviewed, "value"),
			  text_of(reviewed, "who"), text_of(reviewed, "reason"));
	pdf_sheet_text(sheet, PDF_STRONG, PDF_ACCENT, indent, text);
}

static void print_card(struct pdf_sheet *sheet, const json_t *words)
{
	const json_t *card = json_object_get(words, "card");
	struct report_radar radar = report_radar_of(json_object_get(words, "categories"));
	bool measured = json_flag(card, "measured", false);
	double width = radar.count ? 215 : PDF_SHEET_WIDTH;
	AUTO_FREE char *level = measured
		? buf_format("%s (%s/10)", text_of(card, "level"), text_of(card, "tenth"))
		: buf_strdup(text_of(card, "why"));
	AUTO_FREE char *grade = buf_format("Tests: %s, %s. %s", text_of(card, "grade"),
					   text_of(card, "points"), text_of(card, "verdict"));
	const struct pdf_cell rows[] = {
		{ .width = width, .text = measured ? text_of(card, "value") : "No score",
		  .style = measured ? PDF_HUGE : PDF_TITLE },
		{ .width = width, .text = level, .style = PDF_SUBHEAD, .colour = PDF_ACCENT },
		{ .width = width, .text = grade, .style = PDF_BODY },
	};
	double bottom = 0;
	size_t i;

	head(sheet, "Score");
	pdf_sheet_need(sheet, 170);
	if (radar.count)
		bottom = pdf_sheet_radar(sheet, &radar, 360, 58);
	pdf_sheet_space(sheet, 10);
	for (i = 0; i < LENGTH(rows); i++)
		pdf_sheet_row(sheet, &rows[i], 1);
	pdf_sheet_down_to(sheet, bottom);
	pdf_sheet_space(sheet, 8);
	if (*text_of(card, "weak"))
		body(sheet, "Some limits of the sandbox were not fully enforced:");
	pdf_sheet_text(sheet, PDF_BODY, PDF_BAD, 0, text_of(card, "weak"));
	if (json_flag(card, "review", false))
		pdf_sheet_text(sheet, PDF_STRONG, PDF_BAD, 0,
			       "A person has to look at this score before it may be used.");
	print_reviewed(sheet, 0, card);
}

static void print_bar(struct pdf_sheet *sheet, const json_t *of, enum pdf_style style)
{
	bool measured = json_flag(of, "measured", false);
	const struct pdf_cell cells[] = {
		{ .width = 150, .text = text_of(of, "title"), .style = style },
		{ .x = 152, .width = 105, .bar = (double)json_int(of, "bar", 0) },
		{ .x = 259, .width = 85, .text = text_of(of, "value"),
		  .style = measured ? style : PDF_BODY,
		  .colour = measured ? PDF_INK : PDF_SOFT, .right = true },
		{ .x = 354, .width = PDF_SHEET_WIDTH - 354, .text = text_of(of, "weight"),
		  .style = PDF_BODY, .colour = PDF_SOFT },
	};

	pdf_sheet_row(sheet, cells, LENGTH(cells));
}

static void print_subitem(struct pdf_sheet *sheet, const json_t *subitem)
{
	const json_t *signal;
	size_t i;

	pdf_sheet_need(sheet, 40);
	pdf_sheet_space(sheet, 4);
	print_bar(sheet, subitem, PDF_STRONG);
	pdf_sheet_text(sheet, PDF_BODY, PDF_SOFT, 12, text_of(subitem, "why"));
	print_reviewed(sheet, 12, subitem);
	json_array_foreach(json_object_get(subitem, "signals"), i, signal) {
		bool measured = json_flag(signal, "measured", false);
		AUTO_FREE char *text = with_evidence(text_of(signal, "text"), signal);
		const struct pdf_cell cells[] = {
			{ .x = 12, .width = 34, .text = measured ? text_of(signal, "value") : "-",
			  .style = PDF_BODY, .right = true, .colour = PDF_SOFT },
			{ .x = 54, .width = PDF_SHEET_WIDTH - 54, .text = text, .style = PDF_BODY },
		};

		pdf_sheet_row(sheet, cells, LENGTH(cells));
	}
}

static void print_categories(struct pdf_sheet *sheet, const json_t *words)
{
	const json_t *categories = json_object_get(words, "categories"), *category, *subitem;
	size_t i, j;

	json_array_foreach(categories, i, category)
		print_bar(sheet, category, PDF_BODY);
	json_array_foreach(categories, i, category) {
		head(sheet, text_of(category, "title"));
		json_array_foreach(json_object_get(category, "subitems"), j, subitem)
			print_subitem(sheet, subitem);
	}
}

/* --- lists */

static void print_notes(struct pdf_sheet *sheet, const char *title, const json_t *list)
{
	const json_t *item;
	size_t i;

	if (json_array_size(list))
		pdf_sheet_text(sheet, PDF_SUBHEAD, PDF_ACCENT, 0, title);
	json_array_foreach(list, i, item) {
		AUTO_FREE char *said = buf_format("%s%s%s", text_of(item, "text"),
						  *text_of(item, "base") ? " " : "",
						  text_of(item, "base"));
		AUTO_FREE char *text = with_evidence(said, item);

		pdf_sheet_need(sheet, 30);
		pdf_sheet_text(sheet, PDF_STRONG, PDF_INK, 0, text_of(item, "title"));
		pdf_sheet_text(sheet, PDF_BODY, PDF_INK, 12, text);
	}
	pdf_sheet_space(sheet, 4);
}

static void print_feedback(struct pdf_sheet *sheet, const json_t *feedback)
{
	head(sheet, "Feedback");
	print_notes(sheet, "Strengths", json_object_get(feedback, "strengths"));
	print_notes(sheet, "To improve", json_object_get(feedback, "improvements"));
	print_notes(sheet, "Highlights", json_object_get(feedback, "highlights"));
	print_notes(sheet, "Remarks", json_object_get(feedback, "remarks"));
}

static void print_case(struct pdf_sheet *sheet, const json_t *item)
{
	bool passed = json_flag(item, "passed", false);
	const struct pdf_cell cells[] = {
		{ .width = 80, .text = text_of(item, "verdict"), .style = PDF_SMALL,
		  .colour = passed ? PDF_GOOD : PDF_BAD },
		{ .x = 84, .width = 250, .text = text_of(item, "id"), .style = PDF_CODE },
		{ .x = 340, .width = PDF_SHEET_WIDTH - 340, .text = text_of(item, "message"),
		  .style = PDF_SMALL, .colour = PDF_SOFT },
	};

	pdf_sheet_row(sheet, cells, LENGTH(cells));
}

static void print_tests(struct pdf_sheet *sheet, const json_t *tests)
{
	const json_t *test, *item;
	size_t i, j;

	head(sheet, "Tests");
	json_array_foreach(tests, i, test) {
		AUTO_FREE char *title = buf_format("%s: %s, %s, %s", text_of(test, "id"),
						   text_of(test, "points"), text_of(test, "sum"),
						   text_of(test, "kind"));

		pdf_sheet_need(sheet, 40);
		pdf_sheet_space(sheet, 4);
		pdf_sheet_text(sheet, PDF_SUBHEAD, PDF_INK, 0, title);
		pdf_sheet_text(sheet, PDF_SMALL, PDF_BAD, 0, text_of(test, "message"));
		json_array_foreach(json_object_get(test, "cases"), j, item)
			print_case(sheet, item);
	}
}

static void print_shares(struct pdf_sheet *sheet, const char *title, const json_t *list)
{
	const json_t *share;
	size_t i;

	if (!json_array_size(list))
		return;
	pdf_sheet_need(sheet, 60);
	pdf_sheet_space(sheet, 6);
	pdf_sheet_text(sheet, PDF_SUBHEAD, PDF_INK, 0, title);
	json_array_foreach(list, i, share) {
		const struct pdf_cell cells[] = {
			{ .width = 160, .text = *text_of(share, "name") ? text_of(share, "name")
									: text_of(share, "at"),
			  .style = PDF_BODY },
			{ .x = 165, .width = 140,
			  .bar = json_number_value(json_object_get(share, "bar")) },
			{ .x = 310, .width = 40, .text = text_of(share, "percent"),
			  .style = PDF_BODY, .right = true },
			{ .x = 360, .width = 147, .text = text_of(share, "text"),
			  .style = PDF_BODY },
		};

		if (i < REPORT_PDF_STEPS)
			pdf_sheet_row(sheet, cells, LENGTH(cells));
	}
	if (i > REPORT_PDF_STEPS)
		say_rest(sheet);
}

static void print_prompt(struct pdf_sheet *sheet, const json_t *prompt)
{
	AUTO_FREE char *text = with_evidence(text_of(prompt, "text"), prompt);
	const struct pdf_cell cells[] = {
		{ .width = 34, .text = text_of(prompt, "value"), .style = PDF_STRONG },
		{ .x = 40, .width = PDF_SHEET_WIDTH - 40, .text = text, .style = PDF_BODY },
	};

	pdf_sheet_row(sheet, cells, LENGTH(cells));
	pdf_sheet_text(sheet, PDF_SMALL, PDF_SOFT, 40, text_of(prompt, "parts"));
}

static void print_ai(struct pdf_sheet *sheet, const json_t *ai)
{
	AUTO_FREE char *sum = buf_format("%s%s%s%s%s", text_of(ai, "count"),
					 *text_of(ai, "models") ? ", " : "", text_of(ai, "models"),
					 *text_of(ai, "tokens") ? ": " : "", text_of(ai, "tokens"));
	const json_t *prompt;
	size_t i;

	head(sheet, "Assistant");
	body(sheet, *text_of(ai, "none") ? text_of(ai, "none") : sum);
	json_array_foreach(json_object_get(ai, "prompts"), i, prompt)
		if (i < REPORT_PDF_PROMPTS)
			print_prompt(sheet, prompt);
	if (i > REPORT_PDF_PROMPTS)
		say_rest(sheet);
}

static void print_work(struct pdf_sheet *sheet, const json_t *words)
{
	head(sheet, "How it was made");
	body(sheet, text_of(words, "clock"));
	print_shares(sheet, "Time", json_object_get(words, "time"));
	print_shares(sheet, "Where the text of the result comes from",
		     json_object_get(words, "origins"));
	print_shares(sheet, "Visible tests over time", json_object_get(words, "progress"));
	print_ai(sheet, json_object_get(words, "ai"));
	head(sheet, "Integrity");
	body(sheet, "Evidence for a person to judge; none of it decides anything.");
	print_notes(sheet, "Observed", json_object_get(words, "integrity"));
}

/* --- the record */

static void print_timeline(struct pdf_sheet *sheet, const json_t *words)
{
	const json_t *list = json_object_get(words, "timeline"), *item;
	size_t count = json_array_size(list), i;

	head(sheet, "Timeline");
	json_array_foreach(list, i, item) {
		AUTO_FREE char *seq = buf_format("#%lld", (long long)json_int(item, "seq", 0));
		const struct pdf_cell cells[] = {
			{ .width = 44, .text = text_of(item, "at"), .style = PDF_SMALL,
			  .right = true },
			{ .x = 50, .width = 44, .text = seq, .style = PDF_SMALL, .right = true,
			  .colour = PDF_SOFT },
			{ .x = 102, .width = 70, .text = text_of(item, "kind"),
			  .style = PDF_SMALL },
			{ .x = 176, .width = PDF_SHEET_WIDTH - 176, .text = text_of(item, "text"),
			  .style = PDF_SMALL, .lines = 2 },
		};

		if (i < REPORT_PDF_MOMENTS)
			pdf_sheet_row(sheet, cells, LENGTH(cells));
	}
	if (count > REPORT_PDF_MOMENTS)
		say_rest(sheet);
	body(sheet, text_of(words, "timeline_more"));
}

static void print_line(struct pdf_sheet *sheet, const json_t *line)
{
	const char *class = text_of(line, "class");
	long long before = json_int(line, "before", 0);
	AUTO_FREE char *number = buf_format("%lld", (long long)json_int(line, "after", before));
	const struct pdf_cell cells[] = {
		{ .width = 30, .text = number, .style = PDF_CODE, .right = true,
		  .colour = PDF_SOFT },
		{ .x = 36, .width = 8, .text = text_of(line, "origin"), .style = PDF_CODE },
		{ .x = 46, .width = PDF_SHEET_WIDTH - 46, .text = text_of(line, "text"),
		  .style = PDF_CODE },
	};

	if (!strcmp(class, "piece"))
		pdf_sheet_space(sheet, 5);
	else if (!strcmp(class, "same"))
		pdf_sheet_row(sheet, cells, LENGTH(cells));
	else
		pdf_sheet_row_on(sheet, !strcmp(class, "added") ? PDF_ADDED : PDF_REMOVED, cells,
				 LENGTH(cells));
}

static void print_changes(struct pdf_sheet *sheet, const json_t *words)
{
	const json_t *changes = json_object_get(words, "changes"), *file, *line;
	size_t i, j, lines = 0;

	head(sheet, "Code review");
	if (!json_array_size(changes))
		body(sheet, "Nothing was changed.");
	json_array_foreach(json_object_get(json_object_get(words, "code"), "findings"), i, line)
		body(sheet, json_string_value(line));
	json_array_foreach(changes, i, file) {
		AUTO_FREE char *title = buf_format("%s (%s, +%lld \xe2\x88\x92%lld)",
						   text_of(file, "path"), text_of(file, "status"),
						   (long long)json_int(file, "added", 0),
						   (long long)json_int(file, "removed", 0));

		pdf_sheet_need(sheet, 40);
		pdf_sheet_space(sheet, 6);
		pdf_sheet_text(sheet, PDF_SUBHEAD, PDF_INK, 0, title);
		pdf_sheet_text(sheet, PDF_SMALL, PDF_SOFT, 0, text_of(file, "why"));
		json_array_foreach(json_object_get(file, "lines"), j, line)
			if (lines++ < REPORT_PDF_LINES)
				print_line(sheet, line);
	}
	if (lines > REPORT_PDF_LINES)
		say_rest(sheet);
	body(sheet, text_of(words, "changes_more"));
}

static void print_end(struct pdf_sheet *sheet, const json_t *words)
{
	const json_t *item;
	size_t i;

	if (json_array_size(json_object_get(words, "reviews")))
		head(sheet, "Reviewers");
	json_array_foreach(json_object_get(words, "reviews"), i, item) {
		AUTO_FREE char *text = buf_format("%s, %s: %s", text_of(item, "who"),
						  text_of(item, "time"), text_of(item, "text"));

		body(sheet, text);
	}
	pdf_sheet_need(sheet, 60);
	pdf_sheet_space(sheet, 12);
	pdf_sheet_rule(sheet);
	pdf_sheet_text(sheet, PDF_SMALL, PDF_SOFT, 0, text_of(words, "made"));
	json_array_foreach(json_object_get(words, "commands"), i, item)
		pdf_sheet_text(sheet, PDF_CODE, PDF_SOFT, 0, json_string_value(item));
}

int report_pdf(const json_t *report, FILE *out, struct err *err)
{
	AUTO_JSON json_t *words = report_words(report);
	const json_t *run = json_object_get(json_object_get(report, "score"), "run");
	AUTO_FREE char *title = buf_format("%s \xe2\x80\x93 %s", text_of(words, "title"),
					   text_of(words, "who"));
	AUTO(pdf_sheet_drop) struct pdf_sheet *sheet =
		pdf_sheet_open(out, title, title, text_of(run, "time"), err);

	if (!sheet)
		return -1;
	pdf_sheet_text(sheet, PDF_STRONG, PDF_ACCENT, 0, text_of(words, "title"));
	pdf_sheet_text(sheet, PDF_TITLE, PDF_INK, 0, text_of(words, "who"));
	pdf_sheet_text(sheet, PDF_BODY, PDF_SOFT, 0, text_of(words, "email"));
	pdf_sheet_text(sheet, PDF_CODE, PDF_SOFT, 0, text_of(words, "id"));
	pdf_sheet_space(sheet, 6);
	print_facts(sheet, json_object_get(words, "facts"));
	print_card(sheet, words);
	print_categories(sheet, words);
	print_feedback(sheet, json_object_get(words, "feedback"));
	print_tests(sheet, json_object_get(words, "tests"));
	print_work(sheet, words);
	print_timeline(sheet, words);
	print_changes(sheet, words);
	print_end(sheet, words);
	return pdf_sheet_close(&sheet, err);
}
