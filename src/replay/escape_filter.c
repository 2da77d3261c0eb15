/* escape_filter.c - see escape_filter.h
 *
 * The states are those of a terminal (vt100.net/emu/dec_ansi_parser), driven by characters and not
 * by bytes, so that a C1 control cannot hide in UTF-8. */
#include "replay/escape_filter.h"

#include <stdlib.h>
#include <string.h>

#define NUMBERS_MOST 32
#define NUMBER_MOST 65535
#define REPLACEMENT 0xfffd

enum { GROUND, ESCAPE, ESCAPE_MIDDLE, CHARSET, CSI, STRING, STRING_ESCAPE };

enum {
	BACKSPACE = 0x08, TAB = 0x09, NEWLINE = 0x0a, TAB_DOWN = 0x0b, PAGE = 0x0c, RETURN = 0x0d,
	SHIFT_OUT = 0x0e, SHIFT_IN = 0x0f, CANCEL = 0x18, SUBSTITUTE = 0x1a, BELL = 0x07,
	ESC = 0x1b, DELETE = 0x7f, C1 = 0x80, C1_END = 0x9f, STRING_END = 0x9c,
};

/* What ` to ~ draw, and _ */
static const uint16_t drawings[] = {
	0x25c6, 0x2592, 0x2409, 0x240c, 0x240d, 0x240a, 0x00b0, 0x00b1, 0x2424, 0x240b, 0x2518,
	0x2510, 0x250c, 0x2514, 0x253c, 0x23ba, 0x23bb, 0x2500, 0x23bc, 0x23bd, 0x251c, 0x2524,
	0x2534, 0x252c, 0x2502, 0x2264, 0x2265, 0x03c0, 0x2260, 0x00a3, 0x00b7,
};

static void add_character(struct buf *out, uint32_t c)
{
	if (c < 0x80) {
		buf_add_byte(out, (char)c);
		return;
	}
	if (c < 0x800) {
		buf_add_byte(out, (char)(0xc0 | c >> 6));
	} else {
		if (c < 0x10000) {
			buf_add_byte(out, (char)(0xe0 | c >> 12));
		} else {
			buf_add_byte(out, (char)(0xf0 | c >> 18));
			buf_add_byte(out, (char)(0x80 | (c >> 12 & 0x3f)));
		}
		buf_add_byte(out, (char)(0x80 | (c >> 6 & 0x3f)));
	}
	buf_add_byte(out, (char)(0x80 | (c & 0x3f)));
}

/* --- control sequences */

struct numbers {
	long values[NUMBERS_MOST];
	int count;
};

/* "1;2" as numbers; ":" only where styles are; false for anything else. */
static bool read_numbers(const char *text, bool colons, struct numbers *ret)
{
	*ret = (struct numbers){ .count = 0 };
	if (!*text)
		return true;
	for (;;) {
		size_t digits = strspn(text, "0123456789");

		if (ret->count == NUMBERS_MOST)
			return false;
		ret->values[ret->count] = digits ? strtol(text, NULL, 10) : 0;
		if (ret->values[ret->count++] > NUMBER_MOST)
			return false;
		text += digits;
		if (!*text)
			return true;
		if (*text != ';' && (*text != ':' || !colons))
			return false;
		text++;
	}
}

static bool is_safe_mode(long mode)
{
	static const long modes[] = { 5, 6, 7, 12, 25, 47, 1047, 1048, 1049, 2026 };
	size_t i;

	for (i = 0; i < sizeof(modes) / sizeof(modes[0]); i++)
		if (mode == modes[i])
			return true;
	return false;
}

/* The modes that are safe, out of all that are set or reset at once. */
static void add_modes(const char *text, char final, struct buf *out)
{
	struct numbers modes;
	const char *before = "\033[?";
	int i;

	if (!read_numbers(text, false, &modes))
		return;
	for (i = 0; i < modes.count; i++) {
		if (!is_safe_mode(modes.values[i]))
			continue;
		buf_add_format(out, "%s%ld", before, modes.values[i]);
		before = ";";
	}
	if (*before == ';')
		buf_add_byte(out, final);
}

/* Whether CSI with these numbers does nothing but what the header says. */
static bool is_safe(const char *text, char final, const struct numbers *numbers)
{
	switch (final) {
	case 'm': return true;
	case 'A': case 'B': case 'C': case 'D': case 'E': case 'F': case 'G': case '`': case 'a':
	case 'd': case 'e': case 'I': case 'Z': case 'K': case 'X': case '@': case 'P': case 'L':
	case 'M': case 'S': case 'T': case 'b':
		return numbers->count <= 1;
	case 'J': return numbers->count == 0 || (numbers->count == 1 && numbers->values[0] <= 2);
	case 'H': case 'f': case 'r': return numbers->count <= 2;
	case 's': case 'u': return !*text;
	case 'h': case 'l': return numbers->count == 1 && numbers->values[0] == 4;
	default: return false;
	}
}

static void end_csi(struct escape_filter *filter, char final, struct buf *out)
{
	struct numbers numbers;

	filter->sequence[filter->len] = '\0';
	if (filter->too_long)
		return;
	if (filter->sequence[0] == '?' && (final == 'h' || final == 'l'))
		add_modes(filter->sequence + 1, final, out);
	else if (read_numbers(filter->sequence, final == 'm', &numbers) &&
		 is_safe(filter->sequence, final, &numbers))
		buf_add_format(out, "\033[%s%c", filter->sequence, final);
}

static void start_csi(struct escape_filter *filter)
{
	filter->state = CSI;
	filter->len = 0;
	filter->too_long = false;
}

static void in_csi(struct escape_filter *filter, uint32_t c, struct buf *out)
{
	if (c >= 0x40) {
		filter->state = GROUND;
		end_csi(filter, (char)c, out);
	} else if (filter->len < ESCAPE_FILTER_SEQUENCE - 1) {
		filter->sequence[filter->len++] = (char)c;
	} else {
		filter->too_long = true;
	}
}

/* --- the other states */

static void in_escape(struct escape_filter *filter, uint32_t c, struct buf *out)
{
	filter->state = GROUND;
	switch (c) {
	case '[': start_csi(filter); break;
	case ']': case 'P': case 'X': case '^': case '_': filter->state = STRING; break;
	case '(': case ')':
		filter->state = CHARSET;
		filter->charset = c == ')';
		break;
	case '7': case '8': case 'D': case 'E': case 'M':
		buf_add_format(out, "\033%c", (char)c);
		break;
	case 'c':
		filter->drawing[0] = filter->drawing[1] = false;
		filter->shift = 0;
		buf_add_str(out, "\033[0m\033[r\033[H\033[2J");
		break;
	default:
		if (c < 0x30)
			filter->state = ESCAPE_MIDDLE;
	}
}

static void print(const struct escape_filter *filter, uint32_t c, struct buf *out)
{
	if (filter->drawing[filter->shift] && c >= '`' && c <= '~')
		c = drawings[c - '`'];
	add_character(out, c);
}

/* Controls mean the same in the middle of a sequence. */
static void control(struct escape_filter *filter, uint32_t c, struct buf *out)
{
	switch (c) {
	case TAB: case NEWLINE: case RETURN: case BACKSPACE: buf_add_byte(out, (char)c); break;
	case TAB_DOWN: case PAGE: buf_add_byte(out, '\n'); break;
	case SHIFT_OUT: filter->shift = 1; break;
	case SHIFT_IN: filter->shift = 0; break;
	case CANCEL: case SUBSTITUTE: filter->state = GROUND; break;
	case ESC: filter->state = ESCAPE; break;
	}
}

/* U+009B is CSI, and so on: ESC and a letter in one. */
static void c1(struct escape_filter *filter, uint32_t c, struct buf *out)
{
	if (c == STRING_END)
		filter->state = GROUND;
	else
		in_escape(filter, c - 0x40, out);
}

static void in_string(struct escape_filter *filter, uint32_t c, struct buf *out)
{
	bool after_escape = filter->state == STRING_ESCAPE;

	filter->state = STRING;
	if (c == CANCEL || c == SUBSTITUTE || c == BELL || c == STRING_END) {
		filter->state = GROUND;
	} else if (c == ESC) {
		filter->state = STRING_ESCAPE;
	} else if (after_escape && c == '\\') {
		filter->state = GROUND;
	} else if (after_escape && c >= 0x20 && c < DELETE) {
		in_escape(filter, c, out);
	}
}

static void take(struct escape_filter *filter, uint32_t c, struct buf *out)
{
	if (filter->state == STRING || filter->state == STRING_ESCAPE) {
		in_string(filter, c, out);
		return;
	}
	if (c < 0x20) {
		control(filter, c, out);
		return;
	}
	if (c >= C1 && c <= C1_END) {
		c1(filter, c, out);
		return;
	}
	if (c == DELETE)
		return;
	if (c > C1_END)
		filter->state = GROUND;
	switch (filter->state) {
	case ESCAPE: in_escape(filter, c, out); break;
	case ESCAPE_MIDDLE: filter->state = c < 0x30 ? ESCAPE_MIDDLE : GROUND; break;
	case CHARSET:
		filter->drawing[filter->charset] = c == '0';
		filter->state = GROUND;
		break;
	case CSI: in_csi(filter, c, out); break;
	default: print(filter, c, out);
	}
}

/* --- UTF-8 */

/* The least character that needs so many bytes behind the first. */
static const uint32_t least[] = { 0, 0x80, 0x800, 0x10000 };

static void begin_character(struct escape_filter *filter, unsigned char byte, struct buf *out)
{
	if (byte < 0x80) {
		take(filter, byte, out);
		return;
	}
	filter->given = filter->missing = byte >= 0xf0 && byte < 0xf5	? 3
					  : byte >= 0xe0 && byte < 0xf0 ? 2
					  : byte >= 0xc2 && byte < 0xe0 ? 1
									: 0;
	filter->character = byte & (filter->given == 3 ? 0x07 : filter->given == 2 ? 0x0f : 0x1f);
	if (!filter->missing)
		take(filter, REPLACEMENT, out);
}

static void end_character(struct escape_filter *filter, struct buf *out)
{
	uint32_t c = filter->character;

	if (c < least[filter->given] || c > 0x10ffff || (c >= 0xd800 && c <= 0xdfff))
		c = REPLACEMENT;
	take(filter, c, out);
}

void escape_filter_feed(struct escape_filter *filter, const void *data, size_t len, struct buf *out)
{
	const unsigned char *bytes = data;
	size_t i;

	for (i = 0; i < len; i++) {
		if (filter->missing && (bytes[i] & 0xc0) == 0x80) {
			filter->character = filter->character << 6 | (bytes[i] & 0x3f);
			if (--filter->missing == 0)
				end_character(filter, out);
			continue;
		}
		if (filter->missing) {
			filter->missing = 0;
			take(filter, REPLACEMENT, out);
		}
		begin_character(filter, bytes[i], out);
	}
}
