/* player_lines.h - a text as lines to scroll through, and the differences of two texts as lines */
#ifndef TALI_PLAYER_LINES_H
#define TALI_PLAYER_LINES_H

#include "base/err.h"
#include "replay/player_canvas.h"

struct player_line {
	size_t at, len;		/* bytes in `text` */
	int number;		/* shown in front; 0: none */
	char sign;		/* '+', '-', '>' for what just changed, or ' ' */
	struct screen_style style;
};

struct player_lines {
	struct buf text;
	struct player_line *list;
	size_t count;
	int top;		/* line at the upper edge */
	int focus;		/* line to keep in sight; -1: none */
};

#define PLAYER_LINES_MAX (64u << 20)	/* bytes */
#define PLAYER_GUTTER 7			/* cells before a line that has a number */
#define PLAYER_LINES_INIT { .text = BUF_INIT(PLAYER_LINES_MAX), .focus = -1 }
void player_lines_release(struct player_lines *lines);
/* Empties it; `top` stays. */
void player_lines_clear(struct player_lines *lines);

/* One line as it is. What does not fit any more is left out. */
void player_lines_add(struct player_lines *lines, const char *text, size_t len, int number,
		      char sign, struct screen_style style);
void player_lines_print(struct player_lines *lines, struct screen_style style,
			const char *format, ...) __attribute__((format(printf, 3, 4)));
/* A text of several lines, each with its number from 1 on. */
void player_lines_add_numbered(struct player_lines *lines, const char *text, size_t len,
			       struct screen_style style);
/* A text of several lines, wrapped at words to so many cells, each with `indent` blanks ahead. */
void player_lines_add_wrapped(struct player_lines *lines, const char *text, size_t len, int width,
			      int indent, bool unicode, struct screen_style style);

/* The lines that differ, with three around each, in the manner of diff -u. Numbers are those of the
 * new text. Adds nothing when the texts are the same. */
int player_lines_add_diff(struct player_lines *lines, const char *before, size_t before_len,
			  const char *after, size_t after_len, struct err *err);

/* The line (from 0) in which a byte of a text lies. */
int player_lines_of(const char *text, size_t len, size_t at);

/* Moves `top` so that it lies within, and `focus` is in sight of `rows` rows. */
void player_lines_settle(struct player_lines *lines, int rows, bool follow);

/* Draws from `top` on. */
void player_lines_draw(const struct player_lines *lines, struct canvas *canvas, int row, int column,
		       int rows, int columns, int skip);

/* Styles of what is drawn; the same without colours. */
extern const struct screen_style player_plain, player_bold, player_dim, player_bar, player_added,
	player_removed, player_changed, player_good, player_bad, player_found;

#endif
