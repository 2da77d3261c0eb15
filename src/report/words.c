/* words.c - see words.h */
#include "report/words.h"

#include "base/auto.h"
#include "base/buf.h"
#include "base/clock.h"
#include "base/json.h"
#include "base/utf8.h"

#include <ctype.h>
#include <inttypes.h>
#include <math.h>
#include <string.h>
#include <time.h>

void words_begin(struct words *words, const json_t *report)
{
	const json_t *item;
	size_t i;

	*words = (struct words){ report, json_object_get(report, "score"), json_object() };
	json_array_foreach(json_object_get(json_object_get(report, "timeline"), "items"), i, item) {
		char key[24];

		snprintf(key, sizeof(key), "%" PRId64, (int64_t)json_int(item, "seq", -1));
		json_object_set(words->moments, key, json_object_get(item, "at_ms"));
	}
}

void words_end(struct words *words)
{
	json_decref(words->moments);
}

json_t *words_number(double number)
{
	char text[48];
	size_t len;

	if (!isfinite(number) || fabs(number) > 1e15)
		number = 0;
	snprintf(text, sizeof(text), "%.2f", number);
	for (len = strlen(text); text[len - 1] == '0'; len--)
		text[len - 1] = '\0';
	if (text[len - 1] == '.')
		text[len - 1] = '\0';
	return json_string(text);
}

json_t *words_value(const json_t *value)
{
	return json_is_number(value) ? words_number(json_number_value(value))
				     : json_string("not measured");
}

json_t *words_title(const char *name)
{
	AUTO_FREE char *title = buf_strdup(name);
	char *c;

	for (c = title; *c; c++)
		if (*c == '_')
			*c = ' ';
	*title = (char)toupper((unsigned char)*title);
	return json_string(title);
}

json_t *words_duration(int64_t ms)
{
	char text[CLOCK_TEXT_SIZE];

	return json_string(clock_duration_text(ms > 0 ? ms : 0, text));
}

json_t *words_late(const json_t *late)
{
	char text[CLOCK_TEXT_SIZE];
	int64_t files = json_int(late, "files", 0);

	return json_sprintf("%" PRId64 " file%s, %s after the deadline, not graded", files,
			    files == 1 ? "" : "s",
			    clock_duration_text(json_int(late, "after_ms", 0), text));
}

static char *grouped(int64_t number)
{
	AUTO_FREE char *digits = buf_format("%" PRId64, number > 0 ? number : 0);
	struct buf out = BUF_INIT(64);
	size_t len = strlen(digits), i;

	for (i = 0; i < len; i++) {
		if (i && (len - i) % 3 == 0)
			buf_add_byte(&out, ',');
		buf_add_byte(&out, digits[i]);
	}
	return buf_take(&out);
}

json_t *words_bytes(int64_t bytes)
{
	return words_count(bytes, "byte", "bytes");
}

json_t *words_count(int64_t count, const char *one, const char *many)
{
	AUTO_FREE char *number = grouped(count);

	return json_sprintf("%s %s", number, count == 1 ? one : many);
}

json_t *words_time(const char *rfc3339)
{
	struct err ignored = ERR_INIT;
	char text[64];
	int64_t ms = 0;
	time_t seconds;
	struct tm tm;

	if (!rfc3339 || clock_parse_time(rfc3339, &ms, &ignored) < 0)
		return json_string("");
	seconds = (time_t)(ms / 1000);
	if (!gmtime_r(&seconds, &tm) || !strftime(text, sizeof(text), "%-d %B %Y, %H:%M UTC", &tm))
		return json_string("");
	return json_string(text);
}

json_t *words_bar(const json_t *value)
{
	double number = json_number_value(value);

	return json_integer(number > 0 && number <= 100 ? llround(number) : 0);
}

json_t *words_moment(int64_t ms)
{
	const char *sign = ms <= -1000 ? "-" : ""; /* there is no -0:00 */
	int64_t seconds = (ms < 0 ? -ms : ms) / 1000;
	int64_t hours = seconds / 3600;

	if (hours)
		return json_sprintf("%s%" PRId64 ":%02d:%02d", sign, hours,
				    (int)(seconds / 60 % 60), (int)(seconds % 60));
	return json_sprintf("%s%d:%02d", sign, (int)(seconds / 60), (int)(seconds % 60));
}

static json_t *one_evidence(const struct words *words, int64_t seq)
{
	AUTO_FREE char *key = buf_format("%" PRId64, seq);
	const char *replay = json_str(words->report, "replay", NULL);
	const json_t *at = json_object_get(words->moments, key);
	int64_t ms = json_integer_value(at);
	json_t *href;

	if (replay && at)
		href = json_sprintf("%s#t=%" PRId64 ".%03d", replay, ms > 0 ? ms / 1000 : 0,
				    (int)(ms > 0 ? ms % 1000 : 0));
	else
		href = json_sprintf(at ? "#e%" PRId64 : "", seq);
	return json_pack("{s:I, s:o, s:o}", "seq", (json_int_t)seq, "at",
			 at ? words_moment(ms) : json_string(""), "href",
			 href ? href : json_string(""));
}

json_t *words_evidence(const struct words *words, const json_t *events)
{
	json_t *list = json_array(), *seq;
	size_t i;

	json_array_foreach(events, i, seq)
		if (i < WORDS_EVIDENCE_MOST)
			json_array_append_new(list, one_evidence(words, json_integer_value(seq)));
	return list;
}

json_t *words_evidence_rest(const json_t *events)
{
	size_t count = json_array_size(events);

	return count > WORDS_EVIDENCE_MOST
		? json_sprintf(" and %zu more", count - WORDS_EVIDENCE_MOST) : json_string("");
}

static bool is_harmless(uint32_t character)
{
	return (character >= ' ' || character == '\t') && (character < 0x7f || character > 0x9f) &&
	       !(character >= 0x202a && character <= 0x202e) &&
	       !(character >= 0x2066 && character <= 0x2069) && character != 0x2028 &&
	       character != 0x2029;
}

/* Yours; NULL when the text is so already. */
static char *plain_text(const char *text)
{
	struct buf out = BUF_INIT(SIZE_MAX);
	size_t len = strlen(text), at, width, kept = 0;

	for (at = 0; at < len; at += width) {
		width = utf8_char(text + at, len - at);
		if (width && is_harmless(utf8_decode(text + at, width)))
			continue;
		buf_add(&out, text + kept, at - kept);
		buf_add_str(&out, text[at] == '\n' || text[at] == '\r' ? " " : "\xef\xbf\xbd");
		width = width ? width : 1;
		kept = at + width;
	}
	if (!kept)
		return NULL;
	buf_add_str(&out, text + kept);
	return buf_take(&out);
}

void words_plain(json_t *value)
{
	json_t *member;
	const char *key;
	size_t i;

	if (json_is_string(value)) {
		AUTO_FREE char *text = plain_text(json_string_value(value));

		if (text)
			json_string_set(value, text);
	} else if (json_is_array(value)) {
		json_array_foreach(value, i, member)
			words_plain(member);
	} else {
		json_object_foreach(value, key, member)
			words_plain(member);
	}
}
