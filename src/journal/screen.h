/* screen.h - what a terminal shows: output goes in, rows of styled text come out
 *
 * libvterm draws. It never sees the output as it came: a reader in front (screen_reader.h) cuts it
 * into characters and whole control sequences and hands on only those of a table, with bounded
 * parameters. So hostile output costs no more than its length, and what libvterm remembers is known
 * and can be packed. */
#ifndef TALI_SCREEN_H
#define TALI_SCREEN_H

#include "base/buf.h"
#include "base/pack.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define SCREEN_SIDE_MAX 1000	/* most columns, most rows */

struct screen;

/* 1 to SCREEN_SIDE_MAX each; what is beyond is cut to it. */
struct screen *screen_new(int columns, int rows);
void screen_free(struct screen **screen);
void screen_resize(struct screen *screen, int columns, int rows);

/* Any bytes, cut anywhere: a character or sequence may go on in the next call. */
void screen_feed(struct screen *screen, const void *bytes, size_t len);

int screen_columns(const struct screen *screen);
int screen_rows(const struct screen *screen);

struct screen_cursor {
	int row, column;	/* from 0 */
	bool visible;
};
struct screen_cursor screen_cursor(const struct screen *screen);
/* True while the second screen is shown (editors, pagers). */
bool screen_is_alternate(const struct screen *screen);
/* What the program last set as title, at most 255 bytes of UTF-8 without control characters; "". */
const char *screen_title(const struct screen *screen);

/* A colour: SCREEN_DEFAULT, SCREEN_INDEX | 0-255, or SCREEN_RGB | 0xrrggbb. */
#define SCREEN_DEFAULT 0u
#define SCREEN_INDEX (1u << 24)
#define SCREEN_RGB (2u << 24)

enum screen_attribute {
	SCREEN_BOLD = 1, SCREEN_ITALIC = 2, SCREEN_UNDERLINE = 4, SCREEN_BLINK = 8,
	SCREEN_REVERSE = 16, SCREEN_STRIKE = 32,
	SCREEN_UNDERLINE_DOUBLE = 64, SCREEN_UNDERLINE_CURLY = 128,
};

struct screen_style {
	uint32_t foreground, background;
	unsigned attributes;	/* of enum screen_attribute */
};

/* A piece of a row in one style. */
struct screen_run {
	const char *text;	/* UTF-8 and a NUL, without control characters */
	size_t len;
	int column, width;	/* cells; a wide character takes two */
	struct screen_style style;
};

/* Row (from 0) as runs from left to right; blank cells at the end in the default style are left
 * out. Number of runs; *ret is borrowed until the next call with this screen. */
size_t screen_row(struct screen *screen, int row, const struct screen_run **ret);

/* The text of all rows, each without blanks at its end and with a line feed. For tests and for
 * people who do not see colours. */
void screen_text(struct screen *screen, struct buf *out);

/* For checkpoints: all that later output may depend on. What is unpacked goes on to look the same
 * whatever is fed, and packs to the same bytes. Unpacked is yours; NULL when bad. */
void screen_pack(const struct screen *screen, struct buf *out);
struct screen *screen_unpack(struct unpack *in);

#endif
