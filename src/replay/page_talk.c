/* page_talk.c - see page_talk.h */
#include "replay/page_talk.h"

#include "base/auto.h"
#include "base/json.h"
#include "base/utf8.h"
#include "replay/page_json.h"
#include "replay/page_plain.h"

#include <inttypes.h>
#include <string.h>

#define PAYLOAD_MAX (16u << 20) /* larger ones are not read for their beginning */

void page_talk_release(struct page_talk *talk)
{
	page_table_release(&talk->names);
	buf_release(&talk->events);
	buf_release(&talk->messages);
	buf_release(&talk->results);
}

/* --- texts */

static size_t cut(const char *bytes, size_t len, size_t most)
{
	if (len <= most)
		return len;
	while (most && utf8_inside(bytes[most]))
		most--;
	return most;
}

/* Adds ,"text" as far as there is room. */
static void add_plain(struct page_talk *talk, const char *bytes, size_t len, struct buf *out)
{
	AUTO(buf_release) struct buf plain = BUF_INIT(SIZE_MAX);
	size_t most = talk->room < PAGE_TALK_TEXT_MAX ? talk->room : PAGE_TALK_TEXT_MAX, kept;

	/* what is not shown need not be read */
	page_plain_add(&plain, bytes, len > most * 2 ? most * 2 : len);
	kept = cut(buf_str(&plain), plain.len, most);
	talk->room -= kept;
	if (kept < plain.len || len > most * 2) {
		plain.len = kept;
		buf_add_format(&plain, "\n... cut here: %zu bytes in all", len);
	}
	buf_add_byte(out, ',');
	page_json_string(out, buf_str(&plain), plain.len);
}

/* The same for a string or payload of an event; "" when there is none. */
static int add_text(struct page_talk *talk, const struct fold *fold, const json_t *text,
		    struct buf *out, struct err *err)
{
	AUTO(buf_release) struct buf bytes = BUF_INIT(0);

	if (!text) {
		buf_add_str(out, ",\"\"");
		return 0;
	}
	if (fold_payload(fold, text, PAYLOAD_MAX, &bytes, err) < 0) {
		if (err->code != ERR_INPUT)
			return -1;
		*err = (struct err)ERR_INIT;
		buf_add_format(out, ",\"(%" JSON_INTEGER_FORMAT " bytes, not shown)\"",
			       json_int(text, "size", 0));
		return 0;
	}
	add_plain(talk, buf_str(&bytes), bytes.len, out);
	return 0;
}

static void add_short(struct page_talk *talk, const char *text, struct buf *out)
{
	add_plain(talk, text ? text : "", text ? strlen(text) : 0, out);
}

static size_t name_number(struct page_talk *talk, const char *name)
{
	AUTO(buf_release) struct buf json = BUF_INIT(SIZE_MAX);

	page_json_text(&json, name);
	return page_table_add(&talk->names, buf_str(&json), json.len);
}

static void open_row(const struct page_talk *talk, struct buf *out, int64_t instant)
{
	buf_add_format(out, "%s[%" PRId64, out->len ? ",\n" : "",
		       page_steps_clock(talk->steps, instant));
}

static json_int_t number(const json_t *data, const char *key)
{
	return json_int(data, key, -1);
}

/* --- events */

/* What a person said or estimated, in full; "" for other kinds. */
static void add_words(const char *kind, const json_t *data, struct buf *out)
{
	if (!strcmp(kind, "note") || !strcmp(kind, "interviewer"))
		buf_add_str(out, json_str(data, "text", ""));
	else if (!strcmp(kind, "estimate"))
		buf_add_format(out, "%" JSON_INTEGER_FORMAT " minutes", number(data, "minutes"));
}

void page_talk_mark(struct page_talk *talk, const struct timeline_mark *mark, const json_t *data)
{
	int64_t offset = mark->instant - talk->steps->start;
	AUTO(buf_release) struct buf words = BUF_INIT(PAGE_TALK_TEXT_MAX);
	struct buf *out = &talk->events;

	add_words(mark->kind, data, &words);
	open_row(talk, out, mark->instant);
	buf_add_format(out, ",%zu,%zu", name_number(talk, mark->kind),
		       name_number(talk, mark->actor));
	add_short(talk, mark->label, out);
	buf_add_format(out, ",%" PRId64, mark->seq);
	if (words.len || offset != page_steps_clock(talk->steps, mark->instant))
		buf_add_format(out, ",%" PRId64, offset);
	if (words.len)
		add_plain(talk, buf_str(&words), words.len, out);
	buf_add_byte(out, ']');
}

/* --- messages */

static int add_message(struct page_talk *talk, struct fold *fold, int role, const json_t *data,
		       int64_t instant, struct err *err)
{
	struct buf *out = &talk->messages;
	const json_t *ok = json_object_get(data, "ok");

	open_row(talk, out, instant);
	buf_add_format(out, ",%zu,%d", name_number(talk, json_str(data, "conversation", "")), role);
	add_short(talk, json_str(data, role == FOLD_TOOL ? "tool" : "model", ""), out);
	if (add_text(talk, fold, json_object_get(data, role == FOLD_TOOL ? "arguments" : "text"),
		     out, err) < 0)
		return -1;
	if (role == FOLD_RESPONSE) {
		if (add_text(talk, fold, json_object_get(data, "reasoning"), out, err) < 0)
			return -1;
		buf_add_format(out, ",%" JSON_INTEGER_FORMAT ",%" JSON_INTEGER_FORMAT,
			       number(data, "input_tokens"), number(data, "output_tokens"));
	} else if (role == FOLD_TOOL) {
		if (add_text(talk, fold, json_object_get(data, "result"), out, err) < 0)
			return -1;
		buf_add_format(out, ",%d", ok ? json_is_true(ok) : -1);
	}
	buf_add_byte(out, ']');
	return 0;
}

/* --- results */

static void add_command(struct page_talk *talk, const json_t *argv, struct buf *out)
{
	AUTO(buf_release) struct buf command = BUF_INIT(SIZE_MAX);
	const json_t *word;
	size_t i;

	json_array_foreach(argv, i, word) {
		if (i)
			buf_add_byte(&command, ' ');
		buf_add(&command, json_string_value(word), json_string_length(word));
	}
	add_plain(talk, buf_str(&command), command.len, out);
}

static int add_run(struct page_talk *talk, struct fold *fold, const json_t *data, int64_t instant,
		   struct err *err)
{
	struct buf *out = &talk->results;

	open_row(talk, out, instant);
	buf_add_str(out, ",0");
	add_command(talk, json_object_get(data, "argv"), out);
	add_short(talk, json_str(data, "verdict", ""), out);
	buf_add_format(out, ",%" JSON_INTEGER_FORMAT ",%" JSON_INTEGER_FORMAT,
		       number(data, "exit_status"), number(data, "signal"));
	if (add_text(talk, fold, json_object_get(data, "stdout"), out, err) < 0 ||
	    add_text(talk, fold, json_object_get(data, "stderr"), out, err) < 0)
		return -1;
	buf_add_format(out, ",%" JSON_INTEGER_FORMAT, number(data, "wall_ms"));
	if (json_str(data, "where", NULL))
		add_short(talk, json_str(data, "where", ""), out);
	buf_add_byte(out, ']');
	return 0;
}

static void add_test(struct page_talk *talk, const json_t *data, int64_t instant)
{
	struct buf *out = &talk->results;
	const char *name;
	json_t *verdict;
	size_t shown = 0;

	open_row(talk, out, instant);
	buf_add_str(out, ",1");
	add_short(talk, json_str(data, "verdict", ""), out);
	buf_add_format(out, ",%" JSON_INTEGER_FORMAT ",%" JSON_INTEGER_FORMAT ",[",
		       number(data, "passed"), number(data, "total"));
	json_object_foreach(json_object_get(data, "cases"), name, verdict) {
		if (shown == PAGE_CASES_MAX)
			break;
		buf_add_str(out, shown++ ? ",[" : "[");
		page_json_text(out, name);
		buf_add_byte(out, ',');
		page_json_text(out, json_string_value(verdict));
		buf_add_byte(out, ']');
	}
	buf_add_str(out, "]]");
}

int page_talk_event(struct page_talk *talk, struct fold *fold, const char *kind, const json_t *data,
		    int64_t instant, struct err *err)
{
	if (!strcmp(kind, "ai_prompt"))
		return add_message(talk, fold, FOLD_PROMPT, data, instant, err);
	if (!strcmp(kind, "ai_response"))
		return add_message(talk, fold, FOLD_RESPONSE, data, instant, err);
	if (!strcmp(kind, "ai_tool"))
		return add_message(talk, fold, FOLD_TOOL, data, instant, err);
	if (!strcmp(kind, "run"))
		return add_run(talk, fold, data, instant, err);
	if (!strcmp(kind, "test"))
		add_test(talk, data, instant);
	return 0;
}
