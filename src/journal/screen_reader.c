/* screen_reader.c - see screen_reader.h */
#include "journal/screen_reader.h"

#include "base/utf8.h"

#include <string.h>

#define REPLACEMENT "\xef\xbf\xbd"

enum { CANCEL = 0x18, SUBSTITUTE = 0x1a, ESCAPE = 0x1b, BELL = 0x07, DELETE = 0x7f };

struct feed {
	struct screen_reader *reader;
	void (*visit)(void *arg, const struct screen_unit *unit);
	void *arg;
};

static void tell_text(struct feed *feed, enum screen_unit_kind kind, const char *text, size_t len)
{
	struct screen_unit unit = { .kind = kind, .text = text, .len = len };

	feed->visit(feed->arg, &unit);
}

static void tell_control(struct feed *feed, char control)
{
	struct screen_unit unit = { .kind = SCREEN_CONTROL, .control = control };

	feed->visit(feed->arg, &unit);
}

/* --- characters */

/* Whether more bytes can make a character of it. */
static bool may_go_on(const char *partial, size_t len)
{
	static const char fills[] = { '\x80', '\x90', '\xa0' };
	size_t i;

	for (i = 0; i < sizeof(fills); i++) {
		char filled[4] = { fills[i], fills[i], fills[i], fills[i] };

		memcpy(filled, partial, len);
		if (utf8_char(filled, sizeof(filled)) > len)
			return true;
	}
	return false;
}

/* U+0080 to U+009F are controls that no UTF-8 terminal obeys, and have no width. */
static void tell_character(struct feed *feed, const char *text, size_t len)
{
	if (len != 2 || text[0] != '\xc2' || (unsigned char)text[1] >= 0xa0)
		tell_text(feed, SCREEN_TEXT, text, len);
}

/* True when the byte was used. */
static bool add_partial(struct feed *feed, char byte)
{
	struct screen_reader *reader = feed->reader;
	size_t len = reader->partial_len;

	reader->partial[len++] = byte;
	if (utf8_char(reader->partial, len) == len) {
		reader->partial_len = 0;
		tell_character(feed, reader->partial, len);
		return true;
	}
	if (may_go_on(reader->partial, len)) {
		reader->partial_len = len;
		return true;
	}
	tell_text(feed, SCREEN_TEXT, REPLACEMENT, strlen(REPLACEMENT));
	reader->partial_len = 0;
	return len == 1;
}

/* --- sequences */

static void begin(struct screen_reader *reader, enum screen_reader_state state)
{
	reader->state = state;
	reader->unit = (struct screen_unit){ .params = { -1 }, .count = 1 };
	reader->ignore = false;
	reader->title_len = 0;
}

static void add_intermediate(struct screen_reader *reader, char byte)
{
	if (reader->unit.intermediate)
		reader->ignore = true;
	reader->unit.intermediate = byte;
}

static void finish(struct feed *feed, enum screen_unit_kind kind, char final)
{
	struct screen_reader *reader = feed->reader;

	reader->unit.kind = kind;
	reader->unit.final = final;
	reader->state = READER_GROUND;
	if (!reader->ignore)
		feed->visit(feed->arg, &reader->unit);
}

static void read_escape(struct feed *feed, char byte)
{
	struct screen_reader *reader = feed->reader;

	if (byte < 0x30) {
		add_intermediate(reader, byte);
		return;
	}
	if (!reader->unit.intermediate) {
		switch (byte) {
		case '[': begin(reader, READER_CSI); return;
		case ']': begin(reader, READER_TITLE); return;
		case 'P':
		case 'X':
		case '^':
		case '_': begin(reader, READER_STRING); return;
		default: break;
		}
	}
	finish(feed, SCREEN_ESCAPE, byte);
}

static void read_param(struct screen_reader *reader, char byte)
{
	struct screen_unit *unit = &reader->unit;
	int *param = &unit->params[unit->count - 1];

	if (unit->intermediate) {
		reader->ignore = true;
	} else if (byte <= '9') {
		*param = (*param < 0 ? 0 : *param) * 10 + (byte - '0');
		if (*param > SCREEN_PARAM_MAX)
			*param = SCREEN_PARAM_MAX;
	} else if (unit->count == SCREEN_PARAMS_MAX) {
		reader->ignore = true;
	} else {
		unit->more[unit->count - 1] = byte == ':';
		unit->params[unit->count++] = -1;
	}
}

static void read_csi(struct feed *feed, char byte)
{
	struct screen_reader *reader = feed->reader;
	struct screen_unit *unit = &reader->unit;

	if (byte < 0x30)
		add_intermediate(reader, byte);
	else if (byte <= ';')
		read_param(reader, byte);
	else if (byte <= '?' && unit->count == 1 && unit->params[0] < 0 && !unit->leader &&
		 !unit->intermediate)
		unit->leader = byte;
	else if (byte <= '?')
		reader->ignore = true;
	else
		finish(feed, SCREEN_CSI, byte);
}

/* "0;TEXT" and "2;TEXT"; a title that was cut ends with a whole character. */
static void finish_title(struct feed *feed)
{
	struct screen_reader *reader = feed->reader;
	const char *title = reader->title + 2;
	size_t most = reader->title_len < 2 ? 0 : reader->title_len - 2, len = 0, step;

	reader->state = READER_GROUND;
	if (reader->title_len < 2 || reader->title[1] != ';' ||
	    (reader->title[0] != '0' && reader->title[0] != '2'))
		return;
	while (len < most && (step = utf8_char(title + len, most - len)) > 0) {
		if (step == 2 && title[len] == '\xc2' && (unsigned char)title[len + 1] < 0xa0)
			break;
		len += step;
	}
	tell_text(feed, SCREEN_TITLE, title, len);
}

static void read_title(struct feed *feed, char byte)
{
	struct screen_reader *reader = feed->reader;

	if (byte == BELL)
		finish_title(feed);
	else if ((unsigned char)byte >= 0x20 && byte != DELETE &&
		 reader->title_len < SCREEN_TITLE_MAX + 2)
		reader->title[reader->title_len++] = byte;
}

/* A control byte inside a sequence; those that end or begin one come first. */
static void read_control(struct feed *feed, char byte)
{
	struct screen_reader *reader = feed->reader;
	bool string = reader->state == READER_STRING || reader->state == READER_TITLE;

	if (byte == CANCEL || byte == SUBSTITUTE)
		reader->state = READER_GROUND;
	else if (byte == ESCAPE && string)
		reader->state++;
	else if (byte == ESCAPE)
		begin(reader, READER_ESCAPE);
	else if (reader->state == READER_TITLE)
		read_title(feed, byte);
	else if (reader->state != READER_STRING)
		tell_control(feed, byte);
}

/* After ESC in a string: a backslash ends it, anything else begins a sequence. True when used. */
static bool end_string(struct feed *feed, char byte)
{
	struct screen_reader *reader = feed->reader;

	if (byte == '\\' && reader->state == READER_TITLE_ESCAPE)
		finish_title(feed);
	else if (byte == '\\')
		reader->state = READER_GROUND;
	else
		begin(reader, READER_ESCAPE);
	return byte == '\\';
}

/* True when the byte was used. */
static bool read_byte(struct feed *feed, char byte)
{
	struct screen_reader *reader = feed->reader;

	if (reader->state == READER_TITLE_ESCAPE || reader->state == READER_STRING_ESCAPE)
		return end_string(feed, byte);
	if (reader->partial_len && !utf8_inside(byte)) {
		tell_text(feed, SCREEN_TEXT, REPLACEMENT, strlen(REPLACEMENT));
		reader->partial_len = 0;
	}
	if ((unsigned char)byte < 0x20) {
		read_control(feed, byte);
		return true;
	}
	switch (reader->state) {
	case READER_TITLE: read_title(feed, byte); return true;
	case READER_STRING: return true;
	case READER_GROUND: return byte == DELETE || add_partial(feed, byte);
	default: break;
	}
	if (byte == DELETE)
		return true;
	if (byte & 0x80) {
		reader->state = READER_GROUND;
		return false;
	}
	if (reader->state == READER_ESCAPE)
		read_escape(feed, byte);
	else
		read_csi(feed, byte);
	return true;
}

static size_t printable(const char *bytes, size_t len)
{
	size_t i;

	for (i = 0; i < len && bytes[i] >= 0x20 && bytes[i] < DELETE; i++)
		;
	return i;
}

void screen_reader_feed(struct screen_reader *reader, const char *bytes, size_t len,
			void (*visit)(void *arg, const struct screen_unit *unit), void *arg)
{
	struct feed feed = { reader, visit, arg };

	while (len) {
		bool ground = reader->state == READER_GROUND && !reader->partial_len;
		size_t run = ground ? printable(bytes, len) : 0;

		if (run)
			tell_text(&feed, SCREEN_TEXT, bytes, run);
		else if (read_byte(&feed, *bytes))
			run = 1;
		bytes += run;
		len -= run;
	}
}

/* --- checkpoints */

void screen_reader_pack(const struct screen_reader *reader, struct buf *out)
{
	const struct screen_unit *unit = &reader->unit;
	bool sequence = reader->state == READER_ESCAPE || reader->state == READER_CSI;
	bool title = reader->state == READER_TITLE || reader->state == READER_TITLE_ESCAPE;
	size_t i;

	pack_number(out, reader->state);
	pack_bytes(out, reader->partial, reader->partial_len);
	if (title)
		pack_bytes(out, reader->title, reader->title_len);
	if (!sequence)
		return;
	pack_number(out, reader->ignore);
	pack_number(out, (unsigned char)unit->leader);
	pack_number(out, (unsigned char)unit->intermediate);
	pack_number(out, unit->count);
	for (i = 0; i < unit->count; i++) {
		pack_signed(out, unit->params[i]);
		pack_number(out, unit->more[i]);
	}
}

static void unpack_sequence(struct screen_reader *reader, struct unpack *in)
{
	struct screen_unit *unit = &reader->unit;
	size_t i;

	reader->ignore = unpack_number(in, 1);
	unit->leader = (char)unpack_number(in, 0x7f);
	unit->intermediate = (char)unpack_number(in, 0x7f);
	unit->count = (size_t)unpack_number(in, SCREEN_PARAMS_MAX);
	unpack_check(in, unit->count > 0);
	for (i = 0; i < unit->count; i++) {
		int64_t param = unpack_signed(in);

		unit->params[i] = (int)param;
		unit->more[i] = unpack_number(in, 1);
		unpack_check(in, param >= -1 && param <= SCREEN_PARAM_MAX);
	}
}

void screen_reader_unpack(struct screen_reader *reader, struct unpack *in)
{
	enum screen_reader_state state =
		(enum screen_reader_state)unpack_number(in, READER_STATES - 1);
	const char *bytes;

	begin(reader, state);
	bytes = unpack_bytes(in, sizeof(reader->partial) - 1, &reader->partial_len);
	if (bytes && reader->partial_len)
		memcpy(reader->partial, bytes, reader->partial_len);
	unpack_check(in, !reader->partial_len ||
				 (state == READER_GROUND &&
				  may_go_on(reader->partial, reader->partial_len)));
	if (state == READER_TITLE || state == READER_TITLE_ESCAPE) {
		bytes = unpack_bytes(in, SCREEN_TITLE_MAX + 2, &reader->title_len);
		if (bytes && reader->title_len)
			memcpy(reader->title, bytes, reader->title_len);
	}
	if (state == READER_ESCAPE || state == READER_CSI)
		unpack_sequence(reader, in);
}
