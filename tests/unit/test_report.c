/* test_report.c - reports, comparisons and feedback from documents, also from hostile ones */
#include "report/blind.h"
#include "report/report_compare.h"
#include "report/report_csv.h"
#include "report/report_html.h"
#include "report/report_pdf.h"
#include "report/report_text.h"
#include "report/report_words.h"
#include "score/feedback.h"

#include "base/auto.h"
#include "base/buf.h"
#include "base/hash.h"
#include "base/json.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define BLIND_QUOTED "\xe2\x80\x9c" BLIND_MARK "\xe2\x80\x9d"
#define LENGTH(array) (sizeof(array) / sizeof(*(array)))
#define HOSTILE "=\"><script>alert(1)</script>'&\x1b[2J\xe2\x80\xae\r\n\xd8\xb9\xe7\x8e\x8b"

static json_t *read_file(const char *name)
{
	AUTO_FREE char *path = buf_format("%s/%s", getenv("TALI_SRCDIR"), name);
	struct err err = ERR_INIT;
	json_t *value = json_read(path, 1 << 22, &err);

	if (!value)
		fail_msg("%s", err.text);
	return value;
}

static json_t *sample(void)
{
	return read_file("examples/json/tali.report-1.team.json");
}

static json_t *document(void)
{
	return read_file("tests/score/document.json");
}

/* Every text that stands in the value becomes a hostile one, but for words that code knows. */
static void make_hostile(json_t *value)
{
	json_t *member;
	const char *key;
	void *next;
	size_t i;

	json_array_foreach(value, i, member) {
		if (json_is_string(member))
			json_array_set_new(value, i, json_string(HOSTILE));
		else
			make_hostile(member);
	}
	json_object_foreach_safe(value, next, key, member) {
		if (json_is_string(member) && strcmp(key, "origin") != 0 &&
		    strcmp(key, "kind") != 0 && strcmp(key, "status") != 0)
			json_object_set_new(value, key, json_string(HOSTILE));
		else
			make_hostile(member);
	}
}

typedef int (*writer)(const json_t *report, FILE *out, struct err *err);

static int text(const json_t *report, FILE *out, struct err *err)
{
	(void)err;
	report_text(report, out);
	return 0;
}

/* Yours. */
static char *written(writer write, const json_t *report, size_t *ret_len)
{
	struct err err = ERR_INIT;
	char *bytes = NULL;
	FILE *out = open_memstream(&bytes, ret_len);

	assert_non_null(out);
	if (write(report, out, &err) < 0)
		fail_msg("%s", err.text);
	fclose(out);
	return bytes;
}

static size_t count(const char *text, const char *part)
{
	size_t found = 0;

	for (; (text = strstr(text, part)) != NULL; text += strlen(part))
		found++;
	return found;
}

/* --- HTML */

static void html_tells_the_score_with_its_evidence(void **state)
{
	AUTO_JSON json_t *report = sample();
	size_t len;
	AUTO_FREE char *html = written(report_html, report, &len);

	(void)state;
	assert_non_null(strstr(html, "<strong>67.46</strong>"));
	assert_non_null(strstr(html, "A written plan of 6 items stood before"));
	assert_non_null(strstr(html, "href=\"#e6\""));
	assert_int_equal(count(html, "<tr id=\"e6\">"), 1);
	assert_non_null(strstr(html, "There were fewer than three runs."));
	assert_non_null(strstr(html, "<svg viewBox"));
	assert_non_null(strstr(html, "Planning 72.5, Tool orchestration 81.25"));
	assert_null(strstr(html, "-0:00"));
	assert_null(strstr(html, "{{"));
}

static void a_long_name_is_cut_beside_the_radar_chart(void **state)
{
	AUTO_JSON json_t *report = sample();
	json_t *score = json_object_get(json_object_get(report, "score"), "score");
	json_t *category = json_array_get(json_object_get(score, "categories"), 0);
	size_t len;
	AUTO_FREE char *html = NULL;

	(void)state;
	json_object_set_new(category, "name",
			    json_string("caf\xc3\xa9s_that_go_on_and_on_beyond_the_chart"));
	html = written(report_html, report, &len);
	assert_non_null(strstr(html, ">Caf\xc3\xa9s that go on \xe2\x80\xa6</text>"));
	assert_non_null(strstr(html, ": Caf\xc3\xa9s that go on and on beyond the chart "));
}

static void moments_lead_into_the_replay_when_it_has_an_address(void **state)
{
	AUTO_JSON json_t *report = sample();
	AUTO_FREE char *html = NULL;
	size_t len;

	(void)state;
	json_object_set_new(report, "replay", json_string("session.html"));
	html = written(report_html, report, &len);
	assert_non_null(strstr(html, "href=\"session.html#t="));
	assert_null(strstr(html, "href=\"#e6\""));
}

static void nothing_in_html_is_more_than_text(void **state)
{
	AUTO_JSON json_t *report = sample();
	AUTO_JSON json_t *plain = sample();
	size_t len;
	AUTO_FREE char *before = written(report_html, plain, &len);
	AUTO_FREE char *html = NULL;

	(void)state;
	make_hostile(report);
	html = written(report_html, report, &len);
	assert_true(count(html, "&lt;script&gt;alert(1)&lt;/script&gt;") > 50);
	assert_null(strstr(html, "<script"));
	assert_null(strstr(html, "\x1b"));
	assert_null(strstr(html, "\xe2\x80\xae"));
	/* the same elements as without */
	assert_int_equal(count(html, "<section"), count(before, "<section"));
	assert_int_equal(count(html, "<style"), 1);
	assert_int_equal(count(html, "<meta"), count(before, "<meta"));
}

static void a_policy_allows_the_one_style_sheet(void **state)
{
	AUTO_JSON json_t *report = sample();
	size_t len;
	AUTO_FREE char *html = written(report_html, report, &len);
	const char *style = strstr(html, "<style>") + strlen("<style>");
	size_t style_len = (size_t)(strstr(style, "</style>") - style);
	struct hash hash = hash_of(style, style_len);
	AUTO_FREE char *base64 = hash_base64(hash.bytes, sizeof(hash.bytes));
	AUTO_FREE char *source = buf_format("style-src &#39;sha256-%s&#39;;", base64);

	(void)state;
	assert_non_null(strstr(html, source));
	assert_non_null(strstr(html, "default-src &#39;none&#39;;"));
	assert_null(strstr(html, " style=\""));
}

static void what_is_not_measured_has_no_number(void **state)
{
	AUTO_JSON json_t *report = sample();
	json_t *score = json_object_get(json_object_get(report, "score"), "score");
	AUTO_FREE char *html = NULL;
	AUTO_FREE char *pdf = NULL;
	size_t len;

	(void)state;
	json_object_set_new(score, "value", json_null());
	json_object_set_new(score, "level", json_null());
	json_object_set_new(score, "why", json_string("Nothing was measured."));
	json_array_clear(json_object_get(score, "categories"));
	json_object_set_new(json_object_get(report, "score"), "work", json_null());
	json_object_set_new(json_object_get(report, "score"), "code", json_null());
	html = written(report_html, report, &len);
	assert_non_null(strstr(html, "No score"));
	assert_non_null(strstr(html, "Nothing was measured."));
	assert_non_null(strstr(html, "There is no record of the work."));
	assert_null(strstr(html, "of 100<"));
	assert_null(strstr(html, "<svg viewBox"));
	pdf = written(report_pdf, report, &len);
	assert_true(len > 1000);
}

static void work_that_was_not_seen_is_told_so(void **state)
{
	AUTO_JSON json_t *report = sample();
	json_t *work = json_object_get(json_object_get(report, "score"), "work");
	AUTO_FREE char *seen = NULL;
	AUTO_FREE char *unseen = NULL;
	size_t len;

	(void)state;
	seen = written(report_html, report, &len);
	assert_null(strstr(seen, "in another editor"));
	json_object_set_new(work, "seen", json_false());
	unseen = written(report_html, report, &len);
	assert_non_null(strstr(unseen, "Most of the work was done in another editor"));
}

static void what_a_judge_said_stands_behind_the_signals(void **state)
{
	AUTO_JSON json_t *report = sample();
	json_t *score = json_object_get(json_object_get(report, "score"), "score");
	json_t *category = json_array_get(json_object_get(score, "categories"), 0);
	json_t *subitem = json_array_get(json_object_get(category, "subitems"), 0);
	AUTO_FREE char *html = NULL;
	size_t len;

	(void)state;
	json_object_set_new(subitem, "judge",
			    json_pack("{s:i, s:s, s:s, s:s, s:f, s:[{s:i, s:s}]}", "level", 2,
				      "model", "judge-1", "text", "All samples say 2.", "reason",
				      "It is <so>.", "facts", 95.5, "evidence", "seq", 8, "quote",
				      "x"));
	html = written(report_html, report, &len);
	assert_non_null(strstr(html, "Judge judge-1: All samples say 2. Its reason: "
				     "It is &lt;so&gt;. The signals alone give 95.5."));
	assert_non_null(strstr(html, "2/4"));
}

/* --- text and PDF */

static void text_holds_nothing_that_moves_a_terminal(void **state)
{
	AUTO_JSON json_t *report = sample();
	AUTO_FREE char *page = NULL;
	size_t len, i;

	(void)state;
	make_hostile(report);
	page = written(text, report, &len);
	assert_true(count(page, "<script>") > 20);
	for (i = 0; i < len; i++)
		assert_true((unsigned char)page[i] >= ' ' || page[i] == '\n' || page[i] == '\t');
	assert_null(strstr(page, "\xe2\x80\xae"));
}

static void pdf_is_the_same_bytes_each_time(void **state)
{
	/* cairo 1.16 leaves out the D: before it */
	static const char date[] = "20010203040506Z)";
	AUTO_JSON json_t *report = sample();
	json_t *run = json_object_get(json_object_get(report, "score"), "run");
	AUTO_FREE char *first = NULL;
	AUTO_FREE char *second = NULL;
	size_t first_len, second_len;

	(void)state;
	json_object_set_new(run, "time", json_string("2001-02-03T04:05:06Z"));
	first = written(report_pdf, report, &first_len);
	second = written(report_pdf, report, &second_len);
	assert_non_null(memmem(first, first_len, date, strlen(date)));
	assert_memory_equal(first, "%PDF-1.", 7);
	assert_int_equal(first_len, second_len);
	assert_memory_equal(first, second, first_len);
}

static void pdf_takes_any_text(void **state)
{
	AUTO_JSON json_t *report = sample();
	AUTO_FREE char *pdf = NULL;
	AUTO_FREE char *name = buf_alloc(20001);
	size_t len;

	(void)state;
	make_hostile(report);
	memset(name, 'W', 20000);
	json_object_set_new(json_object_get(report, "candidate"), "name", json_string(name));
	pdf = written(report_pdf, report, &len);
	assert_memory_equal(pdf + len - 6, "%%EOF\n", 6);
}

/* --- CSV */

static void a_field_is_no_formula(void **state)
{
	static const char *const rows[][2] = {
		{ "plain", "plain" },
		{ "", "" },
		{ "two words", "\"two words\"" },
		{ "a,b", "\"a,b\"" },
		{ "say \"x\"", "\"say \"\"x\"\"\"" },
		{ "=1+1", "\"'=1+1\"" },
		{ "+1", "\"'+1\"" },
		{ "-1", "\"'-1\"" },
		{ "@SUM(A1)", "\"'@SUM(A1)\"" },
		{ "  =1", "\"'  =1\"" },
		{ "\t=1", "\"'\t=1\"" },
		{ "\r=1", "\"'\r=1\"" },
		{ "\xef\xbc\x9d" "1", "\"'\xef\xbc\x9d" "1\"" },
		{ "a=b", "a=b" },
	};
	size_t i;

	(void)state;
	for (i = 0; i < LENGTH(rows); i++) {
		AUTO(buf_release) struct buf out = BUF_INIT(1000);

		report_csv_field(&out, rows[i][0]);
		assert_string_equal(buf_str(&out), rows[i][1]);
	}
}

static int csv(const json_t *report, FILE *out, struct err *err)
{
	AUTO_JSON json_t *entries = json_pack("[o]", report_compare_entry(report));

	(void)err;
	report_csv(entries, out);
	return 0;
}

static void a_line_has_all_columns_of_its_head(void **state)
{
	AUTO_JSON json_t *report = sample();
	size_t len;
	AUTO_FREE char *lines = written(csv, report, &len);
	char *second = strstr(lines, "\r\n");

	(void)state;
	assert_non_null(second);
	*second = '\0';
	assert_int_equal(count(lines, ","), count(second + 2, ","));
	assert_non_null(strstr(lines, ",planning,planning.task_breakdown,"));
	assert_non_null(strstr(second + 2, ",67.46,architect,"));
}

/* --- comparisons */

static json_t *entry(const char *id, double value, double grade)
{
	return json_pack("{s:s, s:o, s:o}", "assessment", id, "value",
			 value < 0 ? json_null() : json_real(value), "grade",
			 grade < 0 ? json_null() : json_real(grade));
}

static void ranks_show_ties_and_go_on_behind_them(void **state)
{
	static const struct {
		const char *id;
		int rank;
		bool tied;
	} wanted[] = { { "d", 1, false }, { "a", 2, true }, { "c", 2, true }, { "b", 4, false },
		       { "f", 5, false }, { "e", 0, false } };
	AUTO_JSON json_t *entries = json_array();
	size_t i;

	(void)state;
	json_array_append_new(entries, entry("e", -1, -1));
	json_array_append_new(entries, entry("c", 70, 50));
	json_array_append_new(entries, entry("b", 70, 40));
	json_array_append_new(entries, entry("a", 70, 50));
	json_array_append_new(entries, entry("f", -1, 100));
	json_array_append_new(entries, entry("d", 90, 10));
	report_compare_rank(entries);
	for (i = 0; i < LENGTH(wanted); i++) {
		const json_t *found = json_array_get(entries, i);

		assert_string_equal(json_str(found, "assessment", ""), wanted[i].id);
		assert_int_equal(json_int(found, "rank", 0), wanted[i].rank);
		assert_int_equal(json_flag(found, "tied", false), wanted[i].tied);
	}
}

static void percentiles_count_equals_half(void **state)
{
	double values[] = { 70, 10, 50, 50 };
	AUTO_JSON json_t *cohort = report_compare_cohort("cart", values, 4);
	AUTO_JSON json_t *empty = report_compare_cohort("cart", values, 0);

	(void)state;
	assert_true(report_compare_percentile(values, 4, 10) == 12.5);
	assert_true(report_compare_percentile(values, 4, 50) == 50);
	assert_true(report_compare_percentile(values, 4, 70) == 87.5);
	assert_true(json_number_value(json_object_get(cohort, "median")) == 50);
	assert_true(json_number_value(json_object_get(cohort, "lowest")) == 10);
	assert_true(json_is_null(json_object_get(empty, "median")));
}

/* --- blind */

static void the_account_of_an_address_is_taken_out_too(void **state)
{
	AUTO_JSON json_t *value = json_string("/home/ann.example/x by Ann.Example, joann.example");
	AUTO_JSON json_t *word = json_string("a mark, x1 and mark1");

	(void)state;
	blind_scrub(value, "ann.example@example.org", "");
	assert_string_equal(json_string_value(value),
			    "/home/" BLIND_MARK "/x by " BLIND_MARK ", joann.example");
	blind_scrub(word, "mark@example.org", "");
	assert_string_equal(json_string_value(word), "a mark, x1 and mark1");
}

static void a_person_is_taken_out_of_texts(void **state)
{
	static const char *const rows[][2] = {
		{ "by Ann Example", "by " BLIND_MARK },
		{ "ann example <ANN@example.org>", BLIND_MARK " <" BLIND_MARK ">" },
		{ "Example: Ann's", BLIND_MARK ": " BLIND_MARK "'s" },
		{ "Annual, Examples, Joann", "Annual, Examples, Joann" },
		{ "for example", "for example" },
		{ "", "" },
	};
	size_t i;

	(void)state;
	for (i = 0; i < LENGTH(rows); i++) {
		AUTO_JSON json_t *value = json_pack("{s:[s]}", "Ann", rows[i][0]);

		blind_scrub(value, "ann@example.org", "Ann Example");
		assert_string_equal(json_string_value(json_array_get(
					    json_object_get(value, "Ann"), 0)),
				    rows[i][1]);
	}
}

static void names_are_taken_out_as_people_write_them(void **state)
{
	static const char *const rows[][3] = {
		{ "Lovelace, Ada", "Lovelace, or Ada", BLIND_MARK ", or " BLIND_MARK },
		{ "Jean-Luc O'Brien (Paris)", "O\xe2\x80\x99""Brien, Paris",
		  "O\xe2\x80\x99" BLIND_MARK ", " BLIND_MARK },
		{ "Jos\xc3\xa9 Garc\xc3\xad""a", "JOS\xc3\x89 GARC\xc3\x8d""A", BLIND_MARK },
		{ "\xd0\x98\xd0\xb2\xd0\xb0\xd0\xbd \xd0\x9f\xd0\xb5\xd1\x82\xd1\x80",
		  "\xd0\xb8\xd0\xb2\xd0\xb0\xd0\xbd \xd0\xbf\xd0\xb5\xd1\x82\xd1\x80",
		  BLIND_MARK },
		{ "Ada", "\xe2\x80\x9c""Ada\xe2\x80\x9d \xc3\xa9""Ada",
		  BLIND_QUOTED " \xc3\xa9""Ada" },
		{ "\xe7\x8e\x8b\xe5\xb0\x8f\xe6\x98\x8e",
		  "\xe4\xbd\x9c\xe8\x80\x85\xe7\x8e\x8b\xe5\xb0\x8f\xe6\x98\x8e\xe7\x9a\x84",
		  "\xe4\xbd\x9c\xe8\x80\x85" BLIND_MARK "\xe7\x9a\x84" },
		{ "\xe7\x8e\x8b", "\xe5\x9b\xbd\xe7\x8e\x8b", "\xe5\x9b\xbd\xe7\x8e\x8b" },
	};
	size_t i;

	(void)state;
	for (i = 0; i < LENGTH(rows); i++) {
		AUTO_JSON json_t *value = json_string(rows[i][1]);

		blind_scrub(value, "a@example.org", rows[i][0]);
		assert_string_equal(json_string_value(value), rows[i][2]);
	}
}

static void what_tali_calls_things_by_stays_in_a_blind_document(void **state)
{
	AUTO_JSON json_t *value = json_pack(
		"{s:s, s:s, s:[{s:s, s:n, s:s}], s:{s:s}}", "schema", "tali.assessment/1", "level",
		"operator", "parts", "name", "operator", "value", "text", "operator",
		"case", "name", "operator");
	AUTO_JSON json_t *expected = json_pack(
		"{s:s, s:s, s:[{s:s, s:n, s:s}], s:{s:s}}", "schema", "tali.assessment/1", "level",
		"operator", "parts", "name", "operator", "value", "text", BLIND_MARK, "case",
		"name", BLIND_MARK);

	(void)state;
	blind_scrub(value, "operator@example.org", "Assessment");
	assert_true(json_equal(value, expected));
}

/* --- feedback */

static bool has_text(const json_t *value, const char *part)
{
	AUTO_FREE char *dump = json_dumps(value, JSON_ENCODE_ANY);

	return strstr(dump, part) != NULL;
}

static void a_candidate_sees_nothing_of_rubric_or_hidden_tests(void **state)
{
	AUTO_JSON json_t *score = document();
	AUTO_JSON json_t *team = feedback_make(score, FEEDBACK_TEAM);
	AUTO_JSON json_t *candidate = feedback_make(score, FEEDBACK_CANDIDATE);
	const json_t *tests = json_object_get(json_object_get(score, "grade"), "tests"), *test;
	const json_t *categories = json_object_get(json_object_get(score, "score"), "categories");
	const json_t *category, *subitem, *signal;
	size_t i, j, k;

	(void)state;
	assert_true(has_text(team, "49.91 of 100 points."));
	assert_int_equal(json_array_size(json_object_get(team, "strengths")), 4);
	assert_true(json_array_size(json_object_get(candidate, "strengths")) > 0);
	assert_true(json_array_size(json_object_get(candidate, "improvements")) > 0);
	json_array_foreach(tests, i, test)
		if (!strcmp(json_str(test, "visibility", ""), "hidden"))
			assert_false(has_text(candidate, json_str(test, "id", "")));
	json_array_foreach(categories, i, category)
		json_array_foreach(json_object_get(category, "subitems"), j, subitem)
			json_array_foreach(json_object_get(subitem, "signals"), k, signal)
				assert_false(has_text(candidate, json_str(signal, "text", "")));
}

static void nothing_is_praised_that_was_not_measured(void **state)
{
	AUTO_JSON json_t *score = document();
	AUTO_JSON json_t *none = NULL;
	AUTO_JSON json_t *team = feedback_make(score, FEEDBACK_TEAM);

	(void)state;
	assert_false(has_text(team, "Milestone definition"));
	json_object_del(score, "score");
	json_object_set_new(score, "work", json_null());
	none = feedback_make(score, FEEDBACK_TEAM);
	assert_int_equal(json_array_size(json_object_get(none, "strengths")), 0);
	assert_int_equal(json_array_size(json_object_get(none, "improvements")), 0);
	assert_int_equal(json_array_size(json_object_get(none, "highlights")), 0);
}

static void the_largest_step_of_the_tests_is_the_turning_point(void **state)
{
	AUTO_JSON json_t *score = document();
	AUTO_JSON json_t *team = feedback_make(score, FEEDBACK_TEAM);
	const json_t *highlights = json_object_get(team, "highlights");
	const json_t *turn = json_array_get(highlights, json_array_size(highlights) - 1);

	(void)state;
	assert_string_equal(json_str(turn, "title", ""), "Turning point");
	assert_non_null(strstr(json_str(turn, "text", ""), "went from 9 to 12 of 13"));
	assert_int_equal(json_integer_value(json_array_get(json_object_get(turn, "events"), 0)), 9);
}

static void functions_are_told_of_as_they_are(void **state)
{
	AUTO_JSON json_t *score = document();
	AUTO_JSON json_t *candidate = feedback_make(score, FEEDBACK_CANDIDATE);

	(void)state;
	assert_true(has_text(json_object_get(candidate, "remarks"), "has 22 lines"));
	json_object_set_new(score, "code", json_null());
	json_decref(candidate);
	candidate = feedback_make(score, FEEDBACK_CANDIDATE);
	assert_false(has_text(json_object_get(candidate, "remarks"), "Complexity"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(html_tells_the_score_with_its_evidence),
		cmocka_unit_test(a_long_name_is_cut_beside_the_radar_chart),
		cmocka_unit_test(moments_lead_into_the_replay_when_it_has_an_address),
		cmocka_unit_test(nothing_in_html_is_more_than_text),
		cmocka_unit_test(a_policy_allows_the_one_style_sheet),
		cmocka_unit_test(what_is_not_measured_has_no_number),
		cmocka_unit_test(work_that_was_not_seen_is_told_so),
		cmocka_unit_test(what_a_judge_said_stands_behind_the_signals),
		cmocka_unit_test(text_holds_nothing_that_moves_a_terminal),
		cmocka_unit_test(pdf_is_the_same_bytes_each_time),
		cmocka_unit_test(pdf_takes_any_text),
		cmocka_unit_test(a_field_is_no_formula),
		cmocka_unit_test(a_line_has_all_columns_of_its_head),
		cmocka_unit_test(ranks_show_ties_and_go_on_behind_them),
		cmocka_unit_test(percentiles_count_equals_half),
		cmocka_unit_test(a_person_is_taken_out_of_texts),
		cmocka_unit_test(names_are_taken_out_as_people_write_them),
		cmocka_unit_test(what_tali_calls_things_by_stays_in_a_blind_document),
		cmocka_unit_test(the_account_of_an_address_is_taken_out_too),
		cmocka_unit_test(a_candidate_sees_nothing_of_rubric_or_hidden_tests),
		cmocka_unit_test(nothing_is_praised_that_was_not_measured),
		cmocka_unit_test(the_largest_step_of_the_tests_is_the_turning_point),
		cmocka_unit_test(functions_are_told_of_as_they_are),
	};

	hash_init();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
