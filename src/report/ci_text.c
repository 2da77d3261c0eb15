/* ci_text.c - see ci_text.h */
#include "report/ci_text.h"

#include "base/auto.h"
#include "base/buf.h"
#include "base/utf8.h"

#include <math.h>
#include <stdbool.h>
#include <string.h>

#define ESCAPE '\033'
#define REPLACEMENT 0xfffd

/* Length of a control sequence "[31m" at data, or 0. */
static size_t control_sequence(const char *data)
{
	size_t len = 1;

	if (data[0] != '[')
		return 0;
	while (data[len] >= 0x20 && data[len] < 0x40)
		len++;
	return data[len] >= 0x40 && data[len] < 0x7f ? len + 1 : 0;
}

/* Length of an operating system command "]0;title" with its end (BEL, or ESC and a backslash). */
static size_t system_command(const char *data)
{
	size_t len = 1;

	if (data[0] != ']')
		return 0;
	while (data[len] && data[len] != '\a' && data[len] != ESCAPE && data[len] != '\n')
		len++;
	if (data[len] == '\a')
		return len + 1;
	return data[len] == ESCAPE && data[len + 1] == '\\' ? len + 2 : len;
}

/* Length of what a terminal would obey at data, or 0. Grading has put U+FFFD where an ESC was. */
static size_t escape_sequence(const char *data)
{
	size_t len;

	if (!strncmp(data, "\xef\xbf\xbd[", 4)) {
		len = control_sequence(data + 3);
		return len ? 3 + len : 0;
	}
	if (data[0] != ESCAPE)
		return 0;
	len = control_sequence(data + 1);
	if (!len)
		len = system_command(data + 1);
	return len ? 1 + len : 0;
}

static bool is_allowed(uint32_t c)
{
	return c == '\n' || c == '\t' ||
	       (c >= 0x20 && c != 0x7f && !(c >= 0x80 && c < 0xa0) && c != 0xfffe && c != 0xffff);
}

static bool is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool is_command(const char *text, bool line_begins)
{
	if (line_begins && text[0] == ':' && text[1] == ':')
		return true;
	return text[0] == '#' && text[1] == '#' && (text[2] == '[' || is_letter(text[2]));
}

/* The character at text, made harmless; gives the bytes it took. */
static size_t add_character(struct buf *out, const char *text, bool line_begins)
{
	size_t skipped = escape_sequence(text), len;

	if (skipped)
		return skipped;
	if (text[0] == '\r')
		return 1;
	if (is_command(text, line_begins)) {
		buf_add_byte(out, text[0]);
		buf_add_byte(out, ' ');
		return 1;
	}
	len = utf8_char(text, strnlen(text, 4));
	if (len && is_allowed(utf8_decode(text, len)))
		buf_add(out, text, len);
	else
		buf_add_str(out, "\xef\xbf\xbd");
	return len ? len : 1;
}

/* True when only blanks stand in the last line. */
static bool line_is_blank(const struct buf *out)
{
	size_t at = out->len;

	while (at > 0 && (out->data[at - 1] == ' ' || out->data[at - 1] == '\t' ||
			  out->data[at - 1] == '\v' || out->data[at - 1] == '\f'))
		at--;
	return at == 0 || out->data[at - 1] == '\n';
}

char *ci_text_clean(const char *text, size_t most)
{
	struct buf out = BUF_INIT(most + 16);
	size_t whole = 0;

	while (*text && out.len <= most) {
		bool begins = *text == ':' && line_is_blank(&out);

		if (out.len + 3 <= most)
			whole = out.len;
		text += add_character(&out, text, begins);
	}
	if (out.len > most) {
		out.len = whole;
		buf_add_str(&out, "...");
	}
	return buf_take(&out);
}

char *ci_text_line(const char *text, size_t most)
{
	char *line = ci_text_clean(text, most);

	for (char *at = line; *at; at++)
		if (*at == '\n' || *at == '\t')
			*at = ' ';
	return line;
}

void ci_text_xml(FILE *out, const char *text)
{
	for (; *text; text++) {
		switch (*text) {
		case '&': fputs("&amp;", out); break;
		case '<': fputs("&lt;", out); break;
		case '>': fputs("&gt;", out); break;
		case '"': fputs("&quot;", out); break;
		case '\'': fputs("&#39;", out); break;
		case '\n': fputs("&#10;", out); break;
		case '\t': fputs("&#9;", out); break;
		default: putc(*text, out);
		}
	}
}

void ci_text_json(FILE *out, json_t *value, int indent)
{
	AUTO_JSON json_t *owned = value;
	AUTO_FREE char *text = json_dumps(owned, JSON_SORT_KEYS | JSON_REAL_PRECISION(10) |
						 (indent ? JSON_INDENT(indent) : JSON_COMPACT));

	/* two of them stand nowhere but in strings */
	for (const char *at = text ? text : "null"; *at; at++) {
		if (at[0] == '#' && at[1] == '#')
			fputs("\\u0023", out);
		else
			putc(*at, out);
	}
	putc('\n', out);
}

json_t *ci_text_number(double value)
{
	double rounded = round(value * 10000) / 10000;

	return rounded == floor(rounded) && fabs(rounded) < 1e15
		       ? json_integer((json_int_t)rounded)
		       : json_real(rounded);
}
