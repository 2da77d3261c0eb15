/* screen_reader.h - terminal output cut into characters and whole control sequences
 *
 * Bytes may be cut anywhere: what has begun is kept, and no more of it than the arrays below hold,
 * however long it goes on. Sequences that are longer, and strings other than a title, give
 * nothing. (DEC ANSI parser, vt100.net/emu/dec_ansi_parser) */
#ifndef TALI_SCREEN_READER_H
#define TALI_SCREEN_READER_H

#include "base/pack.h"

#include <stdbool.h>
#include <stddef.h>

#define SCREEN_PARAMS_MAX 16
#define SCREEN_PARAM_MAX 9999	/* larger ones are cut to it */
#define SCREEN_TITLE_MAX 255

enum screen_unit_kind {
	SCREEN_TEXT,	/* printable ASCII, or one other character */
	SCREEN_CONTROL,	/* a byte below 0x20 */
	SCREEN_ESCAPE,	/* ESC INTERMEDIATE? FINAL */
	SCREEN_CSI,	/* ESC [ LEADER? PARAMS INTERMEDIATE? FINAL */
	SCREEN_TITLE,	/* OSC 0 or 2 */
};

struct screen_unit {
	enum screen_unit_kind kind;
	const char *text;	/* of SCREEN_TEXT and SCREEN_TITLE; not ended by NUL */
	size_t len;
	char control;
	char leader, intermediate, final;	/* 0 for none */
	int params[SCREEN_PARAMS_MAX];		/* -1 where none is given */
	bool more[SCREEN_PARAMS_MAX];		/* a colon follows: the next belongs to it */
	size_t count;
};

enum screen_reader_state {
	READER_GROUND, READER_ESCAPE, READER_CSI, READER_TITLE, READER_TITLE_ESCAPE,
	READER_STRING, READER_STRING_ESCAPE, READER_STATES
};

struct screen_reader {
	enum screen_reader_state state;
	char partial[4];	/* a character that is not complete */
	size_t partial_len;
	struct screen_unit unit;	/* a sequence that is not complete */
	bool ignore;			/* it is too long or malformed */
	char title[SCREEN_TITLE_MAX + 3];	/* with "0;" */
	size_t title_len;
};

void screen_reader_feed(struct screen_reader *reader, const char *bytes, size_t len,
			void (*visit)(void *arg, const struct screen_unit *unit), void *arg);

void screen_reader_pack(const struct screen_reader *reader, struct buf *out);
void screen_reader_unpack(struct screen_reader *reader, struct unpack *in);

#endif
