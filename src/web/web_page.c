/* web_page.c - see web_page.h */
#include "web/web_page.h"

#include "base/auto.h"
#include "base/clock.h"
#include "base/hash.h"
#include "base/rand.h"
#include "report/html.h"
#include "report/template.h"
#include "report/words.h"
#include "web/asset.h"
#include "web/markdown.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#define DURATION_MAX (366LL * 86400 * 1000)
#define LENGTH(array) (sizeof(array) / sizeof((array)[0]))

void web_page_release(struct web_page *page)
{
	buf_release(&page->html);
}

char *web_page_policy(const struct web_page *page)
{
	return buf_format("default-src 'none'; script-src 'self'; style-src 'self' 'nonce-%s'; "
			  "img-src 'self' data:; font-src 'self'; connect-src 'self'; "
			  "base-uri 'none'; form-action 'self'; frame-ancestors 'none'; "
			  "require-trusted-types-for 'script'; trusted-types 'none'",
			  page->nonce);
}

/* Fills the template; takes the values. */
static int write_page(struct web_page *page, int status, const char *template, json_t *values,
		      struct err *err)
{
	AUTO_JSON json_t *taken = values;
	uint8_t random[16];
	AUTO_FREE char *nonce = NULL;
	char folder[64];

	rand_bytes(random, sizeof(random));
	nonce = hash_base64(random, sizeof(random));
	snprintf(page->nonce, sizeof(page->nonce), "%s", nonce);
	snprintf(folder, sizeof(folder), "/assets/%s", asset_version);
	json_object_set_new(taken, "nonce", json_string(page->nonce));
	json_object_set_new(taken, "assets", json_string(folder));
	json_object_set_new(taken, "editor", json_boolean(asset_has_editor()));
	page->status = status;
	buf_clear(&page->html);
	return template_fill(template, taken, &page->html, err);
}

int web_page_landing(struct web_page *page, struct err *err)
{
	return write_page(page, 200, "landing", json_object(), err);
}

int web_page_passcode(struct web_page *page, const char *message, struct err *err)
{
	json_t *values = json_object();

	if (message)
		json_object_set_new(values, "message", json_string(message));
	return write_page(page, message ? 404 : 200, "passcode", values, err);
}

/* --- why there is no session */

#define SAVED "Nothing that was saved is lost. "

static const struct {
	int status;
	const char *title, *text;
	bool again; /* there is a way on */
} errors[] = {
	[WEB_PAGE_NOT_FOUND] = { 404, "There is no such page",
				 "The address may be incomplete: mails cut long links in two.",
				 true },
	[WEB_PAGE_EXPIRED] = { 410, "This invitation has expired",
			       "The time to start is over. Who invited you can send another one.",
			       false },
	[WEB_PAGE_REVOKED] = { 410, "This invitation was withdrawn",
			       "Please ask who invited you, if you did not expect that.", false },
	[WEB_PAGE_LOCKED] = { 429, "Too many tries",
			      "There were too many wrong passcodes from here. Wait a few minutes, "
			      "look at your invitation once more, and try again.",
			      true },
	[WEB_PAGE_FAILED] = { 500, "Something failed on our side",
			      SAVED "Please load the page again.", true },
	[WEB_PAGE_BUSY] = { 503, "The server is busy",
			    SAVED "Please load the page again in a moment.", true },
};

static int error_page(struct web_page *page, enum web_page_error error, const char *reason,
		      struct err *err)
{
	const int status = errors[error].status;
	json_t *values = json_pack("{s:i, s:s, s:s, s:s?}", "status", status, "title",
				   errors[error].title, "text", errors[error].text, "reason",
				   reason);

	json_object_set_new(values, "again", json_boolean(errors[error].again));
	json_object_set_new(values, "ours", json_boolean(status >= 500));
	return write_page(page, status, "error", values, err);
}

int web_page_error(struct web_page *page, enum web_page_error error, struct err *err)
{
	return error_page(page, error, NULL, err);
}

/* --- words about a session */

static const struct {
	const char *kind, *sentence;
} records[] = {
	{ "edit", "Each change of a file, with its time: what you type, and what you paste." },
	{ "file", "Files and folders that you make, rename, delete or upload." },
	{ "paste",
	  "For each paste: how long it was, and whether it was copied in this page or elsewhere." },
	{ "open", "Which file is open, and where the cursor is." },
	{ "cursor", NULL },
	{ "focus", "When this page loses and gains the focus. Not where you are meanwhile." },
	{ "run", "Each run of your program and of the tests, with its output." },
	{ "test", NULL },
	{ "terminal", "What is typed and shown in the terminal." },
	{ "ai_prompt", "What you ask the assistant, and what it answers." },
};

/* A kind of events becomes a sentence, if it has one of its own; sentences stay. */
static const char *record_sentence(const char *record)
{
	size_t i;

	for (i = 0; i < LENGTH(records); i++)
		if (!strcmp(records[i].kind, record))
			return records[i].sentence;
	return record;
}

static json_t *record_sentences(const json_t *kinds)
{
	json_t *list = json_array(), *kind;
	size_t i;

	json_array_foreach (kinds, i, kind) {
		const char *sentence = json_is_string(kind)
					       ? record_sentence(json_string_value(kind))
					       : NULL;

		if (sentence)
			json_array_append_new(list, json_string(sentence));
	}
	return list;
}

static const char *text_of(const json_t *object, const char *key)
{
	const char *text = json_string_value(json_object_get(object, key));

	return text ? text : "";
}

/* Milliseconds, 0 when the member is no time. */
static int64_t time_of(const json_t *object, const char *key)
{
	struct err err = ERR_INIT;
	int64_t ms = 0;

	return *text_of(object, key) && !clock_parse_time(text_of(object, key), &ms, &err) ? ms : 0;
}

/* Milliseconds, 0 when it is none that a session may have. */
static int64_t duration_of(const json_t *object, const char *key)
{
	int64_t ms = json_integer_value(json_object_get(object, key));

	return ms >= 0 && ms <= DURATION_MAX ? ms : 0;
}

/* The page says it in the reader's time zone as soon as its script runs. */
static void set_time(json_t *words, const char *name, int64_t ms)
{
	time_t seconds = (time_t)(ms / 1000);
	char text[64];
	struct tm tm;

	if (ms && gmtime_r(&seconds, &tm) &&
	    strftime(text, sizeof(text), "%-d %B %Y, %H:%M UTC", &tm))
		json_object_set_new(words, name, json_string(text));
}

static void set_duration(json_t *words, const char *name, int64_t ms)
{
	char text[CLOCK_TEXT_SIZE];

	if (ms > 0)
		json_object_set_new(words, name, json_string(clock_duration_text(ms, text)));
}

static void set_result(json_t *words, const json_t *result)
{
	const json_t *score = json_object_get(result, "score");
	const json_t *feedback = json_object_get(result, "feedback");

	set_time(words, "released", time_of(result, "released"));
	json_object_set_new(words, "moments",
			    json_boolean(json_array_size(json_object_get(feedback, "highlights")) ||
					 json_array_size(json_object_get(feedback, "remarks"))));
	if (json_is_number(json_object_get(score, "value")))
		json_object_set_new(words, "score",
				    words_value(json_object_get(score, "value")));
}

static void set_attempt(json_t *words, const json_t *invitation)
{
	json_int_t attempt = json_integer_value(json_object_get(invitation, "attempt"));
	json_int_t attempts = json_integer_value(json_object_get(invitation, "attempts"));

	if (attempts > 1)
		json_object_set_new(words, "attempt",
				    json_sprintf("attempt %d of %d", (int)attempt, (int)attempts));
}

static void set_languages(json_t *words, const json_t *task)
{
	const json_t *languages = json_object_get(task, "languages");
	AUTO(buf_release) struct buf text = BUF_INIT(1024);
	json_t *language;
	size_t i;

	buf_add_str(&text, text_of(task, "language"));

	json_array_foreach (languages, i, language) {
		buf_add_str(&text, i ? ", " : "");
		buf_add_str(&text, json_is_string(language) ? json_string_value(language) : "");
	}
	json_object_set_new(words, "languages", json_string(buf_str(&text)));
}

static json_t *session_words(const json_t *session, int64_t now)
{
	const json_t *invitation = json_object_get(session, "invitation");
	int64_t duration = duration_of(invitation, "duration_ms");
	int64_t extra = duration_of(invitation, "extra_ms");
	int64_t submitted = time_of(session, "submitted"), deadline = time_of(session, "deadline");
	json_t *words = json_object();

	set_duration(words, "duration", duration + extra);
	set_duration(words, "extra", extra);
	set_time(words, "expires", time_of(invitation, "expires"));
	if (time_of(invitation, "not_before") > now)
		set_time(words, "opens", time_of(invitation, "not_before"));
	set_time(words, "submitted", submitted);
	set_result(words, json_object_get(session, "result"));
	json_object_set_new(words, "time_up",
			    json_boolean(submitted && deadline && submitted >= deadline));
	set_attempt(words, invitation);
	set_languages(words, json_object_get(session, "task"));
	json_object_set(words, "name",
			json_object_get(json_object_get(session, "candidate"), "name"));
	json_object_set_new(words, "files",
			    json_integer((json_int_t)json_array_size(json_object_get(
				    json_object_get(session, "receipt"), "files"))));
	json_object_set_new(words, "records",
			    record_sentences(json_object_get(invitation, "records")));
	return words;
}

/* --- what is recorded */

/* In the order in which they are told. */
static const struct {
	const char *kind, *words;
} counted[] = {
	{ "edit", "Changes of texts, as you typed or pasted them" },
	{ "paste", "Pastes" },
	{ "file", "Files made, moved, removed or uploaded" },
	{ "open", "Files opened and closed in the editor" },
	{ "cursor", "Places of the cursor" },
	{ "focus", "Times that the page lost or gained the focus" },
	{ "run", "Runs of your program, with their output" },
	{ "test", "Runs of the tests, with their results" },
	{ "terminal", "Terminals opened and closed" },
	{ "terminal_in", "Pieces of what you typed in the terminal" },
	{ "terminal_out", "Pieces of what the terminal showed" },
	{ "terminal_resize", "Changes of the terminal's size" },
	{ "ai_prompt", "Questions to the assistant" },
	{ "ai_response", "Answers of the assistant" },
	{ "ai_tool", "Things that the assistant did" },
	{ "model", "Changes of the assistant's model" },
	{ "note", "Notes" },
	{ "interviewer", "Notes of an interviewer" },
	{ "estimate", "Estimates of how long it takes" },
	{ "snapshot", "Times that all files were saved as one state" },
	{ "invite", "The invitation" },
	{ "resend", "New links" },
	{ "extend", "Changes of the time you have" },
	{ "status", "Steps of the assessment, such as its start" },
	{ "submit", "The handing in" },
	{ "signature", "Signatures that seal the record" },
	{ "score", "Times that it was scored" },
	{ "judge", "Questions to a model that judges the work" },
	{ "transcript", "Transcripts of your own tools that were added" },
	{ "late", "Work that came after the end: kept, and not graded" },
};

static void add_row(json_t *rows, const char *words, const json_t *count)
{
	json_array_append_new(rows, json_pack("{s:s, s:I}", "words", words, "count",
					      json_integer_value(count)));
}

static bool is_counted(const char *kind)
{
	for (size_t i = 0; i < LENGTH(counted); i++)
		if (!strcmp(counted[i].kind, kind))
			return true;
	return false;
}

static json_t *count_rows(const json_t *counts)
{
	json_t *rows = json_array(), *count;
	const char *kind;

	for (size_t i = 0; i < LENGTH(counted); i++)
		if (json_object_get(counts, counted[i].kind))
			add_row(rows, counted[i].words, json_object_get(counts, counted[i].kind));
	json_object_foreach((json_t *)counts, kind, count)
		if (!is_counted(kind))
			add_row(rows, kind, count);
	return rows;
}

int web_page_me(struct web_page *page, const json_t *session, const json_t *counts,
		struct err *err)
{
	json_t *values = json_object(), *rows = count_rows(counts);

	json_object_set(values, "task", json_object_get(session, "task"));
	json_object_set(values, "candidate", json_object_get(session, "candidate"));
	json_object_set_new(values, "rows", rows);
	json_object_set_new(values, "records",
			    record_sentences(json_object_get(json_object_get(session, "invitation"),
							     "records")));
	return write_page(page, 200, "me", values, err);
}

/* --- pages by status */

static const struct {
	const char *status, *template;
} templates[] = {
	{ "scheduled", "invitation" }, { "activated", "setup" }, { "initializing", "setup" },
	{ "configuring", "setup" },    { "error", "setup" },	 { "active", "workspace" },
	{ "submitted", "receipt" },    { "scoring", "receipt" }, { "scored", "receipt" },
};

/* A copy of the member, with NAME_html made of the Markdown in its member NAME. */
static json_t *with_html(const json_t *session, const char *key, const char *name, const char *html)
{
	AUTO(buf_release) struct buf out = BUF_INIT(8 * 1024 * 1024);
	json_t *copy = json_copy(json_object_get(session, key));
	const char *text = text_of(copy, name);
	struct err err = ERR_INIT;

	if (!copy)
		return json_null();
	/* as it is, rather than not at all */
	if (markdown_html(text, strlen(text), &out, &err) < 0) {
		buf_clear(&out);
		buf_add_str(&out, "<pre tabindex=\"0\">");
		html_escape(&out, text);
		buf_add_str(&out, "</pre>");
	}
	json_object_set_new(copy, html, json_string(buf_str(&out)));
	return copy;
}

/* What the page's script needs: the statement is in the page already. */
static json_t *session_data(const json_t *session, int64_t now)
{
	char text[CLOCK_TEXT_SIZE];
	json_t *data = json_copy((json_t *)session);
	json_t *task = json_copy(json_object_get(session, "task"));

	json_object_del(task, "statement");
	json_object_set_new(data, "task", task ? task : json_null());
	json_object_del(data, "invitation");
	json_object_del(data, "result");
	/* its clock goes by the server's */
	json_object_set_new(data, "now", json_string(clock_text_ms(now, text)));
	return data;
}

int web_page_session(struct web_page *page, const json_t *session, int64_t now, struct err *err)
{
	const char *status = text_of(session, "status"), *template = NULL;
	json_t *values;
	size_t i;

	for (i = 0; i < LENGTH(templates); i++)
		if (!strcmp(templates[i].status, status))
			template = templates[i].template;
	if (!template && !strcmp(status, "revoked"))
		return error_page(page, WEB_PAGE_REVOKED,
				  json_string_value(json_object_get(session, "reason")), err);
	if (!template)
		return web_page_error(page, WEB_PAGE_EXPIRED, err);
	if (!strcmp(template, "receipt") && json_object_get(session, "result"))
		template = "result";
	if (!strcmp(template, "workspace") && !asset_has_editor())
		template = "no-editor";
	values = json_copy((json_t *)session);
	json_object_set_new(values, "task",
			    with_html(session, "task", "statement", "statement_html"));
	json_object_set_new(values, "invitation",
			    with_html(session, "invitation", "instructions", "instructions_html"));
	json_object_set_new(values, "words", session_words(session, now));
	json_object_set_new(values, "session", session_data(session, now));
	return write_page(page, 200, template, values, err);
}
