/* test_web_page.c - pages of the candidate: escaping, templates, which page for which status */
#include "journal/event_kind.h"
#include "report/html.h"
#include "report/template.h"
#include "web/web_page.h"

#include "base/auto.h"
#include "base/hash.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define LENGTH(array) (sizeof(array) / sizeof(*(array)))

static void text_is_escaped_for_elements_and_attributes(void **state)
{
	static const char *const rows[][2] = {
		{ "a<b>&\"'c", "a&lt;b&gt;&amp;&quot;&#39;c" },
		{ "\xc3\xa9\n\t", "\xc3\xa9\n\t" },
		{ "\x01\x7f", "\xef\xbf\xbd\xef\xbf\xbd" },
		{ "\xff"
		  "a\xc3",
		  "\xef\xbf\xbd"
		  "a\xef\xbf\xbd" },
		{ NULL, "" },
	};
	size_t i;

	(void)state;
	for (i = 0; i < LENGTH(rows); i++) {
		AUTO(buf_release) struct buf out = BUF_INIT(1000);

		html_escape(&out, rows[i][0]);
		assert_string_equal(buf_str(&out), rows[i][1]);
	}
}

static void json_cannot_end_its_element(void **state)
{
	AUTO(buf_release) struct buf out = BUF_INIT(1000);
	AUTO_JSON json_t *value = json_pack("{s:s}", "a", "</script><!--&\xe2\x80\xa8\xe2\x80\xa9");
	AUTO_JSON json_t *back = NULL;

	(void)state;
	html_json(&out, value);
	assert_null(strpbrk(out.data, "<>&"));
	assert_null(strstr(out.data, "\xe2\x80"));
	back = json_loads(out.data, 0, NULL);
	assert_true(json_equal(back, value));
}

/* A session with script in all its texts. */
static json_t *session(const char *status)
{
	static const char bad[] = "</script><script>x</script>\"'";

	return json_pack(
		"{s:s, s:s, s:s, s:{s:s, s:s, s:s, s:[s, s]}, s:{s:s}, "
		"s:{s:s, s:s, s:I, s:I, s:s, s:b, s:i, s:i, s:[s, s, s]}, "
		" s:s, s:s, s:s, s:{s:s, s:[{s:s, s:i}]}, s:{s:[s]}}",
		"id", "abc", "status", status, "now", "2026-11-20T10:00:00Z", "task", "name",
		"cart", "title", bad, "statement", "The *statement*.", "languages",
		"python", bad, "candidate", "name", bad, "invitation", "instructions",
		"Do <b>it</b>.", "message", bad, "duration_ms", (json_int_t)3600000, "extra_ms",
		(json_int_t)900000, "expires", "2026-12-01T09:30:00Z", "code_needed", 1, "attempt",
		1, "attempts", 2, "records", "edit", "cursor", bad, "started",
		"2026-11-20T09:00:00Z", "deadline", "2026-11-20T11:00:00Z", "submitted",
		"2026-11-20T10:30:00Z", "receipt", "commit", "0123", "files", "path", bad, "size",
		7, "job", "lines", bad);
}

static char *page_of(const char *status, int wanted)
{
	AUTO(web_page_release) struct web_page page = WEB_PAGE_INIT;
	AUTO_JSON json_t *value = session(status);
	struct err err = ERR_INIT;

	if (web_page_session(&page, value, 1763632800000, &err) < 0)
		fail_msg("%s: %s", status, err.text);
	assert_int_equal(page.status, wanted);
	assert_int_equal(strlen(page.nonce), WEB_PAGE_NONCE_SIZE - 1);
	return buf_take(&page.html);
}

static int count(const char *text, const char *part)
{
	int found = 0;

	for (; (text = strstr(text, part)) != NULL; text++)
		found++;
	return found;
}

static void each_status_has_its_page(void **state)
{
	static const struct {
		const char *status, *text;
		int http;
	} rows[] = {
		{ "scheduled", "Start the clock", 200 },
		{ "activated", "Getting your workspace ready", 200 },
		{ "scheduled", "1 h 15 min", 200 },
		{ "scheduled", "15 min included", 200 },
		{ "scheduled", "1 December 2026, 09:30 UTC", 200 },
		{ "scheduled", "attempt 1 of 2", 200 },
		{ "scheduled", "Each change of a file", 200 },
		{ "scheduled", "id=\"access-code\"", 200 },
		{ "initializing", "Getting your workspace ready", 200 },
		{ "configuring", "Getting your workspace ready", 200 },
		{ "error", "Try again", 200 },
		{ "active", "\"now\":\"2025-11-20T10:00:00.000Z\"", 200 },
		{ "active", "<p>The <em>statement</em>.</p>", 200 },
		{ "scheduled", "<p>Do &lt;b&gt;it&lt;/b&gt;.</p>", 200 },
		{ "submitted", "Your work is handed in", 200 },
		{ "scored", "0123", 200 },
		{ "expired", "expired", 410 },
		{ "revoked", "withdrawn", 410 },
	};
	size_t i;

	(void)state;
	for (i = 0; i < LENGTH(rows); i++) {
		AUTO_FREE char *html = page_of(rows[i].status, rows[i].http);

		if (!strstr(html, rows[i].text))
			fail_msg("%s: no '%s' in %s", rows[i].status, rows[i].text, html);
		assert_null(strstr(html, "{{"));
		assert_null(strstr(html, "<script>"));
		assert_int_equal(count(html, "<script"), count(html, "</script>"));
	}
}

static void a_released_result_takes_the_place_of_the_receipt(void **state)
{
	static const char bad[] = "</script><script>x</script>\"'";
	AUTO(web_page_release) struct web_page page = WEB_PAGE_INIT;
	AUTO_JSON json_t *value = session("scored");
	json_t *item = json_pack("{s:s, s:s, s:s}", "title", bad, "text", bad, "quote", bad);
	json_t *feedback = json_pack("{s:[O], s:[], s:[O], s:[o]}", "strengths", item,
				     "improvements", "highlights", item, "remarks", item);
	struct err err = ERR_INIT;

	(void)state;
	json_object_set_new(value, "result",
			    json_pack("{s:s, s:s, s:{s:f, s:s}, s:[{s:s, s:[{s:s, s:b}]}], s:o}",
				      "message", bad, "released", "2026-11-21T10:00:00Z", "score",
				      "value", 67.46, "level", bad, "tests", "id", bad, "cases",
				      "id", bad, "passed", 1, "feedback", feedback));
	if (web_page_session(&page, value, 1763632800000, &err) < 0)
		fail_msg("%s", err.text);
	assert_non_null(strstr(buf_str(&page.html), "Your result"));
	assert_non_null(strstr(buf_str(&page.html), "67.46 of 100"));
	assert_non_null(strstr(buf_str(&page.html), "21 November 2026, 10:00 UTC"));
	assert_null(strstr(buf_str(&page.html), "<script>"));
	assert_null(strstr(buf_str(&page.html), "{{"));
}

static void who_withdrew_it_may_say_why(void **state)
{
	AUTO(web_page_release) struct web_page page = WEB_PAGE_INIT;
	AUTO_JSON json_t *value = session("revoked");
	struct err err = ERR_INIT;

	(void)state;
	assert_int_equal(web_page_session(&page, value, 1763632800000, &err), 0);
	assert_null(strstr(buf_str(&page.html), "class=\"message\""));
	json_object_set_new(value, "reason", json_string("<b>It was filled"));
	assert_int_equal(web_page_session(&page, value, 1763632800000, &err), 0);
	assert_int_equal(page.status, 410);
	assert_non_null(strstr(buf_str(&page.html), ">&lt;b&gt;It was filled</p>"));
}

static void what_is_recorded_is_counted_in_plain_words(void **state)
{
	AUTO(web_page_release) struct web_page page = WEB_PAGE_INIT;
	AUTO_JSON json_t *value = session("active");
	AUTO_JSON json_t *counts = json_pack("{s:i, s:i, s:i}", "edit", 17, "run", 3, "<b>", 1);
	struct err err = ERR_INIT;

	(void)state;
	if (web_page_me(&page, value, counts, &err) < 0)
		fail_msg("%s", err.text);
	assert_int_equal(page.status, 200);
	assert_non_null(strstr(buf_str(&page.html), "Changes of texts"));
	assert_non_null(strstr(buf_str(&page.html), ">17</td>"));
	assert_non_null(strstr(buf_str(&page.html), "href=\"/api/v1/journal\""));
	assert_non_null(strstr(buf_str(&page.html), "<td>&lt;b&gt;</td>"));
	assert_null(strstr(buf_str(&page.html), "Pastes"));
	assert_null(strstr(buf_str(&page.html), "{{"));
}

static void each_kind_of_event_has_its_words(void **state)
{
	AUTO(web_page_release) struct web_page page = WEB_PAGE_INIT;
	AUTO_JSON json_t *value = session("active");
	AUTO_JSON json_t *counts = json_object();
	struct err err = ERR_INIT;

	(void)state;
	for (size_t i = 0; i < event_kind_count(); i++)
		json_object_set_new(counts, event_kind_name(event_kind_at(i)), json_integer(1));
	if (web_page_me(&page, value, counts, &err) < 0)
		fail_msg("%s", err.text);
	assert_int_equal(count(buf_str(&page.html), ">1</td>"), event_kind_count());
	for (size_t i = 0; i < event_kind_count(); i++) {
		AUTO_FREE char *bare = buf_format("<td>%s</td>", event_kind_name(event_kind_at(i)));

		assert_null(strstr(buf_str(&page.html), bare));
	}
}

static void each_page_has_a_nonce_of_its_own(void **state)
{
	AUTO(web_page_release) struct web_page page = WEB_PAGE_INIT;
	char first[WEB_PAGE_NONCE_SIZE];
	struct err err = ERR_INIT;

	(void)state;
	assert_int_equal(web_page_landing(&page, &err), 0);
	snprintf(first, sizeof(first), "%s", page.nonce);
	assert_int_equal(web_page_passcode(&page, "<b>", &err), 0);
	assert_string_not_equal(page.nonce, first);
	assert_int_equal(page.status, 404);
	assert_non_null(strstr(page.html.data, "&lt;b&gt;"));
	assert_int_equal(web_page_error(&page, WEB_PAGE_LOCKED, &err), 0);
	assert_int_equal(page.status, 429);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(text_is_escaped_for_elements_and_attributes),
		cmocka_unit_test(json_cannot_end_its_element),
		cmocka_unit_test(each_status_has_its_page),
		cmocka_unit_test(each_kind_of_event_has_its_words),
		cmocka_unit_test(a_released_result_takes_the_place_of_the_receipt),
		cmocka_unit_test(who_withdrew_it_may_say_why),
		cmocka_unit_test(what_is_recorded_is_counted_in_plain_words),
		cmocka_unit_test(each_page_has_a_nonce_of_its_own),
	};

	hash_init();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
