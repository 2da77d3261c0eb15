/* host_screen.c - see host_screen.h */
#include "work/host_screen.h"

#include <stdlib.h>
#include <string.h>

#define STRING_MOST (64 * 1024)	/* a string that does not end is given up */

/* DEC private modes that may pass (CSI ? N h and l), and whether they are set at first. */
static const struct mode {
	int number;
	bool set;
} modes[] = {
	{ 1, false },	 /* cursor keys */
	{ 5, false },	 /* reverse */
	{ 6, false },	 /* origin */
	{ 7, true },	 /* wrap */
	{ 9, false },	 { 1000, false }, { 1001, false }, { 1002, false }, { 1003, false },
	{ 1004, false }, { 1005, false }, { 1006, false }, { 1015, false },	/* mouse, focus */
	{ 12, false },	 /* blinking */
	{ 25, true },	 /* cursor */
	{ 66, false },	 /* keypad */
	{ 2004, false }, /* bracketed paste */
	{ 2026, false }, /* update at once */
	{ 47, false },	 { 1047, false }, { 1049, false },	/* second screen: last */
};
#define MODES (sizeof(modes) / sizeof(*modes))
#define SAVE_CURSOR 1048	/* set and reset by itself, nothing to take back */

enum other {
	OTHER_STYLE = 1 << 0,	/* colours */
	OTHER_REGION = 1 << 1,	/* scrolling */
	OTHER_INSERT = 1 << 2,
	OTHER_KEYPAD = 1 << 3,
	OTHER_CHARSET = 1 << 4,
	OTHER_CURSOR = 1 << 5,	/* its shape */
	OTHER_KEYS = 1 << 6,	/* modifyOtherKeys */
};

static const struct undo {
	enum other other;
	const char *text;
} undoes[] = {
	{ OTHER_REGION, "\0337\033[r\0338" },
	{ OTHER_INSERT, "\033[4l" },
	{ OTHER_KEYPAD, "\033>" },
	{ OTHER_CHARSET, "\033(B\017" },
	{ OTHER_CURSOR, "\033[0 q" },
	{ OTHER_KEYS, "\033[>4m" },
	{ OTHER_STYLE, "\033[m" },
};

static void begin(struct host_screen *screen, enum host_screen_state state, char byte)
{
	screen->state = state;
	screen->too_long = false;
	screen->sequence[0] = byte;
	screen->len = 1;
}

static void begin_string(struct host_screen *screen)
{
	screen->state = HOST_SCREEN_STRING;
	screen->string_len = 0;
}

static void keep(struct host_screen *screen, char byte)
{
	if (screen->len == sizeof(screen->sequence))
		screen->too_long = true;
	else
		screen->sequence[screen->len++] = byte;
}

static void emit(struct host_screen *screen, struct buf *out)
{
	buf_add(out, screen->sequence, screen->len);
	screen->state = HOST_SCREEN_GROUND;
}

/* --- control sequences */

/* The next number of "12;25", up to `end`; -1 when it is none. */
static int next_number(const char **at, const char *end)
{
	int number = 0;

	if (*at < end && **at == ';')
		(*at)++;
	if (*at == end || **at < '0' || **at > '9')
		return -1;
	for (; *at < end && **at >= '0' && **at <= '9'; (*at)++)
		number = number > 9999 ? number : number * 10 + (**at - '0');
	return number;
}

static bool note_mode(struct host_screen *screen, int number, bool set)
{
	if (number == SAVE_CURSOR)
		return true;
	for (size_t i = 0; i < MODES; i++) {
		if (modes[i].number != number)
			continue;
		screen->changed &= ~(1U << i);
		if (set != modes[i].set)
			screen->changed |= 1U << i;
		return true;
	}
	return false;
}

/* "\033[?25;1049h": passes when each of the modes may. */
static bool may_set_private(struct host_screen *screen, const char *at, const char *end, bool set)
{
	const char *check = at;
	struct host_screen trial = *screen;
	int number;

	do {
		number = next_number(&check, end);
		if (number < 0 || !note_mode(&trial, number, set))
			return false;
	} while (check < end);
	screen->changed = trial.changed;
	return true;
}

static bool is(const char *at, const char *end, const char *text)
{
	return (size_t)(end - at) == strlen(text) && !memcmp(at, text, strlen(text));
}

/* Parameters and intermediates stand from `at` to `end`. */
static bool may_pass(struct host_screen *screen, const char *at, const char *end, char final)
{
	char leader = at < end && *at >= '<' && *at <= '?' ? *at : 0;
	char between = end > at && end[-1] >= 0x20 && end[-1] <= 0x2f ? end[-1] : 0;

	switch (final) {
	case 'h':
	case 'l':
		if (leader == '?')
			return may_set_private(screen, at + 1, end, final == 'h');
		if (!is(at, end, "4"))
			return false;
		screen->others |= OTHER_INSERT;
		return true;
	case 'm':
		if (leader == '>')
			screen->others |= OTHER_KEYS;
		else
			screen->others |= OTHER_STYLE;
		return !leader || leader == '>';
	case 'q':
		screen->others |= OTHER_CURSOR;
		return between == ' ';
	case 'r':
		screen->others |= OTHER_REGION;
		return !leader && !between;
	case 'p':	/* soft reset; questions about modes */
		screen->asked |= between == '$';
		return between == '!' || between == '$';
	case 'c':
	case 'n':	/* questions that are answered to whoever asks */
		screen->asked |= !between;
		return !between;
	case 'u':	/* with a leader: a keyboard protocol */
	case 's':
		return !leader && !between;
	default:
		return strchr("@ABCDEFGHIJKLMPSTXZ`abdefg", final) && !between &&
		       (!leader || leader == '?');
	}
}

static void end_csi(struct host_screen *screen, char final, struct buf *out)
{
	keep(screen, final);
	screen->state = HOST_SCREEN_GROUND;
	if (!screen->too_long &&
	    may_pass(screen, screen->sequence + 2, screen->sequence + screen->len - 1, final))
		emit(screen, out);
}

static void end_escape(struct host_screen *screen, char final, struct buf *out)
{
	char between = screen->len > 1 ? screen->sequence[1] : 0;

	keep(screen, final);
	screen->state = HOST_SCREEN_GROUND;
	if (screen->too_long || (between && !strchr("()*+#", between)) ||
	    (!between && !strchr("78=>DEHMNOno|}~", final)))
		return;
	if (between && between != '#')
		screen->others |= OTHER_CHARSET;
	if (!between && final == '=')
		screen->others |= OTHER_KEYPAD;
	emit(screen, out);
}

/* --- bytes */

static void take_ground(struct host_screen *screen, char byte, struct buf *out)
{
	unsigned char code = (unsigned char)byte;

	if (code == 0x1b)
		begin(screen, HOST_SCREEN_ESCAPE, byte);
	else if (code >= 0xc2 && code <= 0xf4)
		begin(screen, HOST_SCREEN_CHARACTER, byte);
	else if ((code < 0x80 && code != 0x05) || code >= 0xa0)	/* ENQ asks for an answer */
		buf_add_byte(out, byte);
	if (code == 0x0e)
		screen->others |= OTHER_CHARSET;
}

/* Control characters above 0x7f, in UTF-8: what terminals take for the same as ESC and a letter. */
static void take_control(struct host_screen *screen, unsigned char code)
{
	screen->state = HOST_SCREEN_GROUND;
	if (code == 0x9b) {
		begin(screen, HOST_SCREEN_CSI, '\033');
		keep(screen, '[');
	} else if (code == 0x90 || code == 0x98 || (code >= 0x9d && code <= 0x9f)) {
		begin_string(screen);
	}
}

static bool take_character(struct host_screen *screen, char byte, struct buf *out)
{
	unsigned char first = (unsigned char)screen->sequence[0], code = (unsigned char)byte;
	size_t want = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2;

	if ((code & 0xc0) != 0x80) {	/* it is none: the byte is looked at by itself */
		emit(screen, out);
		return false;
	}
	if (first == 0xc2 && code < 0xa0) {
		take_control(screen, code);
		return true;
	}
	keep(screen, byte);
	if (screen->len == want)
		emit(screen, out);
	return true;
}

static void take_escape(struct host_screen *screen, char byte, struct buf *out)
{
	unsigned char code = (unsigned char)byte;

	if (screen->len == 1 && byte == '[') {
		screen->state = HOST_SCREEN_CSI;
		keep(screen, byte);
	} else if (screen->len == 1 && strchr("]PX^_", byte) && byte) {
		begin_string(screen);
	} else if (code == 0x1b) {
		begin(screen, HOST_SCREEN_ESCAPE, byte);
	} else if (code >= 0x20 && code <= 0x2f) {
		keep(screen, byte);
	} else if (code >= 0x30 && code <= 0x7e) {
		end_escape(screen, byte, out);
	} else if (code == 0x18 || code == 0x1a || code >= 0x7f) {
		screen->state = HOST_SCREEN_GROUND;
	} else if (code != 0x05) {
		buf_add_byte(out, byte);	/* takes effect at once */
	}
}

static void take_csi(struct host_screen *screen, char byte, struct buf *out)
{
	unsigned char code = (unsigned char)byte;

	if (code >= 0x20 && code <= 0x3f)
		keep(screen, byte);
	else if (code >= 0x40 && code <= 0x7e)
		end_csi(screen, byte, out);
	else if (code == 0x1b)
		begin(screen, HOST_SCREEN_ESCAPE, byte);
	else if (code == 0x18 || code == 0x1a || code >= 0x7f)
		screen->state = HOST_SCREEN_GROUND;
	else if (code != 0x05)
		buf_add_byte(out, byte);
}

static void take_string(struct host_screen *screen, char byte)
{
	unsigned char code = (unsigned char)byte;
	bool ends = code == 0x07 || code == 0x18 || code == 0x1a ||
		    ++screen->string_len > STRING_MOST ||
		    (screen->state == HOST_SCREEN_STRING_C2 && code == 0x9c);

	if (ends)
		screen->state = HOST_SCREEN_GROUND;
	else if (code == 0x1b)
		screen->state = HOST_SCREEN_STRING_ESCAPE;
	else
		screen->state = code == 0xc2 ? HOST_SCREEN_STRING_C2 : HOST_SCREEN_STRING;
}

/* False: the byte is to be taken again, in the state that is now. */
static bool take(struct host_screen *screen, char byte, struct buf *out)
{
	switch (screen->state) {
	case HOST_SCREEN_GROUND:
		take_ground(screen, byte, out);
		return true;
	case HOST_SCREEN_CHARACTER:
		return take_character(screen, byte, out);
	case HOST_SCREEN_ESCAPE:
		take_escape(screen, byte, out);
		return true;
	case HOST_SCREEN_CSI:
		take_csi(screen, byte, out);
		return true;
	case HOST_SCREEN_STRING:
	case HOST_SCREEN_STRING_C2:
		take_string(screen, byte);
		return true;
	case HOST_SCREEN_STRING_ESCAPE:
		begin(screen, HOST_SCREEN_ESCAPE, '\033');
		if (byte == '\\')
			screen->state = HOST_SCREEN_GROUND;
		return byte == '\\';
	}
	return true;
}

void host_screen_pass(struct host_screen *screen, const char *data, size_t len, struct buf *out)
{
	for (size_t i = 0; i < len; i++)
		while (!take(screen, data[i], out))
			;
}

void host_screen_leave(const struct host_screen *screen, struct buf *out)
{
	for (size_t i = 0; i < sizeof(undoes) / sizeof(*undoes); i++)
		if (screen->others & undoes[i].other)
			buf_add_str(out, undoes[i].text);
	for (size_t i = 0; i < MODES; i++)
		if (screen->changed & (1U << i))
			buf_add_format(out, "\033[?%d%c", modes[i].number,
				       modes[i].set ? 'h' : 'l');
}

/* The second screen first, so that the rest is set there. */
void host_screen_return(const struct host_screen *screen, struct buf *out)
{
	for (size_t i = MODES; i-- > 0;)
		if (screen->changed & (1U << i))
			buf_add_format(out, "\033[?%d%c", modes[i].number,
				       modes[i].set ? 'l' : 'h');
	if (screen->others & OTHER_KEYPAD)
		buf_add_str(out, "\033=");
}
