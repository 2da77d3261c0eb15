/* foreign.c - see foreign.h */
#include "journal/foreign.h"

#include "base/auto.h"
#include "base/clock.h"
#include "base/json.h"
#include "journal/foreign_atif.h"
#include "journal/foreign_cast.h"
#include "journal/foreign_claude.h"
#include "journal/foreign_codex.h"
#include "journal/foreign_trace.h"

#include <math.h>
#include <string.h>

#define SECONDS_MAX (10 * 366 * 86400.0)

void foreign_recording_release(struct foreign_recording *recording)
{
	free(recording->title);
	free(recording->start);
	free(recording->end);
	*recording = (struct foreign_recording){ .absolute = false };
}

foreign_reader *foreign_find(const char *name)
{
	static const struct {
		const char *name;
		foreign_reader *read;
	} readers[] = {
		{ "editing-trace", foreign_trace_read }, { "asciicast", foreign_cast_read },
		{ "atif", foreign_atif_read }, { "claude-code", foreign_claude_read },
		{ "codex", foreign_codex_read },
	};
	size_t i;

	for (i = 0; i < sizeof(readers) / sizeof(readers[0]); i++)
		if (!strcmp(name, readers[i].name))
			return readers[i].read;
	return NULL;
}

int foreign_positions_read(const char *name, enum foreign_positions *ret, struct err *err)
{
	static const char *const names[] = { "code-points", "utf16", "bytes" };
	int i;

	for (i = 0; i < 3; i++) {
		if (!strcmp(name, names[i])) {
			*ret = (enum foreign_positions)i;
			return 0;
		}
	}
	return err_set(err, ERR_USAGE, "positions are code-points, utf16 or bytes, not '%s'", name);
}

json_t *foreign_parse(const char *text, size_t len, long line, struct err *err)
{
	json_error_t error;
	json_t *value = json_loadb(text, len, JSON_ALLOW_NUL, &error);

	if (!value)
		err_set(err, ERR_INPUT, "line %ld: %s", line + error.line - 1,
			len ? error.text : "is empty");
	return value;
}

int foreign_each_line(const char *text, size_t len, bool comments,
		      int (*visit)(void *arg, long number, json_t *line, struct err *err),
		      void *arg, struct err *err)
{
	const char *at = text, *end = text + len;
	long number;

	for (number = 1; at < end; number++) {
		const char *newline = memchr(at, '\n', (size_t)(end - at));
		const char *stop = newline ? newline : end;
		size_t size = (size_t)(stop - at);
		AUTO_JSON json_t *line = NULL;

		if (strspn(at, " \t\r") >= size || (comments && *at == '#')) {
			at = stop + 1;
			continue;
		}
		line = foreign_parse(at, size, number, err);
		if (!line)
			return -1;
		if (visit(arg, number, line, err) < 0)
			return err->code == ERR_INPUT ? err_wrap(err, "line %ld", number) : -1;
		at = stop + 1;
	}
	return 0;
}

size_t foreign_cut(const char *text, size_t len, size_t most)
{
	if (len <= most)
		return len;
	while (most > 0 && ((unsigned char)text[most] & 0xc0) == 0x80)
		most--;
	return most;
}

json_t *foreign_text(const struct foreign_sink *sink, const char *text, size_t len, struct err *err)
{
	if (len > FOREIGN_INLINE || (len && memchr(text, '\0', len)))
		return sink->payload(sink->arg, text, len, err);
	return json_stringn(len ? text : "", len);
}

json_t *foreign_word(const json_t *object, const char *key)
{
	const json_t *value = json_object_get(object, key);
	const char *text = json_string_value(value);
	size_t len = json_string_length(value);

	if (!text || !len || memchr(text, '\0', len))
		return NULL;
	return json_stringn(text, foreign_cut(text, len, FOREIGN_WORD));
}

int64_t foreign_time(const json_t *value)
{
	const char *text = json_string_value(value), *point;
	struct err ignored = ERR_INIT;
	int64_t ms, unit = 100;

	if (!text || clock_parse_time(text, &ms, &ignored) < 0)
		return FOREIGN_NO_TIME;
	point = strchr(text, '.');
	for (point = point ? point + 1 : ""; *point >= '0' && *point <= '9'; point++, unit /= 10)
		ms += (*point - '0') * unit;
	return ms >= FOREIGN_TIME_MIN && ms <= FOREIGN_TIME_MAX ? ms : FOREIGN_NO_TIME;
}

int foreign_seconds(const json_t *value, double *ret, struct err *err)
{
	*ret = json_number_value(value);
	if (!json_is_number(value) || !isfinite(*ret) || *ret < 0 || *ret > SECONDS_MAX)
		return err_set(err, ERR_INPUT, "the time must be 0 to %.0f seconds", SECONDS_MAX);
	return 0;
}

int foreign_note(const struct foreign_sink *sink, int64_t instant, const char *actor,
		 const char *text, size_t len, struct err *err)
{
	AUTO_FREE char *clean = buf_alloc(len + 1);
	size_t at = 0, i;

	for (i = 0; i < len; i++)
		clean[i] = text[i] ? text[i] : ' ';
	do {
		size_t some = foreign_cut(clean + at, len - at, 2 * FOREIGN_INLINE);

		if (sink->event(sink->arg, instant, actor, "note",
				json_pack("{s:o}", "text", json_stringn(clean + at, some)),
				err) < 0)
			return -1;
		at += some;
	} while (at < len);
	return 0;
}
