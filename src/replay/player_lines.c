/* player_lines.c - see player_lines.h */
#include "replay/player_lines.h"

#include "base/auto.h"
#include "workspace/text_diff.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define AROUND 3	/* lines shown before and after a difference */

const struct screen_style player_plain = { 0 };
const struct screen_style player_bold = { .attributes = SCREEN_BOLD };
const struct screen_style player_dim = { .foreground = SCREEN_INDEX | 6 };
const struct screen_style player_bar = { .attributes = SCREEN_REVERSE };
const struct screen_style player_added = { .foreground = SCREEN_INDEX | 2 };
const struct screen_style player_removed = { .foreground = SCREEN_INDEX | 1 };
const struct screen_style player_changed = { .attributes = SCREEN_BOLD | SCREEN_UNDERLINE };
const struct screen_style player_good = { .foreground = SCREEN_INDEX | 2 };
const struct screen_style player_bad = { .foreground = SCREEN_INDEX | 1,
					 .attributes = SCREEN_BOLD };
const struct screen_style player_found = { .attributes = SCREEN_BOLD | SCREEN_REVERSE };

void player_lines_release(struct player_lines *lines)
{
	buf_release(&lines->text);
	free(lines->list);
	lines->list = NULL;
	lines->count = 0;
}

void player_lines_clear(struct player_lines *lines)
{
	buf_clear(&lines->text);
	lines->count = 0;
	lines->focus = -1;
}

void player_lines_add(struct player_lines *lines, const char *text, size_t len, int number,
		      char sign, struct screen_style style)
{
	size_t at = lines->text.len;

	if (!buf_add(&lines->text, text, len))
		return;
	if ((lines->count & (lines->count - 1)) == 0)
		lines->list = buf_realloc(lines->list, lines->count ? lines->count * 2 : 1,
					  sizeof(*lines->list));
	lines->list[lines->count++] = (struct player_line){ at, len, number, sign, style };
}

void player_lines_print(struct player_lines *lines, struct screen_style style,
			const char *format, ...)
{
	char text[512];
	va_list args;
	int len;

	va_start(args, format);
	len = vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	if (len >= (int)sizeof(text))
		len = (int)sizeof(text) - 1;
	player_lines_add(lines, text, len < 0 ? 0 : (size_t)len, 0, ' ', style);
}

static size_t line_len(const char *text, size_t len)
{
	const char *end = memchr(text, '\n', len);

	return end ? (size_t)(end - text) : len;
}

void player_lines_add_numbered(struct player_lines *lines, const char *text, size_t len,
			       struct screen_style style)
{
	int number = 0;

	while (len) {
		size_t line = line_len(text, len), step = line + (line < len);

		player_lines_add(lines, text, line, ++number, ' ', style);
		text += step;
		len -= step;
	}
}

/* How many bytes of a line fit; at a blank where there is one. */
static size_t fitting(const char *text, size_t len, int width, bool unicode)
{
	char shown[CANVAS_CELL_SIZE];
	size_t at = 0, blank = 0;
	int used = 0, cells;

	while (at < len) {
		size_t bytes = canvas_character(text + at, len - at, unicode, shown, &cells);

		if (text[at] == '\t')
			cells = CANVAS_TAB - used % CANVAS_TAB;
		if (used + cells > width && at)
			return blank ? blank : at;
		used += cells;
		at += bytes;
		if (text[at - 1] == ' ')
			blank = at;
	}
	return len;
}

static void add_indented(struct player_lines *lines, const char *text, size_t len, int indent,
			 struct screen_style style)
{
	AUTO(buf_release) struct buf line = BUF_INIT(PLAYER_LINES_MAX);
	int i;

	for (i = 0; i < indent; i++)
		buf_add_byte(&line, ' ');
	buf_add(&line, text, len);
	player_lines_add(lines, buf_str(&line), line.len, 0, ' ', style);
}

void player_lines_add_wrapped(struct player_lines *lines, const char *text, size_t len, int width,
			      int indent, bool unicode, struct screen_style style)
{
	width = width - indent < 8 ? 8 : width - indent;
	while (len) {
		size_t line = line_len(text, len);
		size_t step = line ? fitting(text, line, width, unicode) : 0;

		add_indented(lines, text, step, indent, style);
		if (step == line && line < len)
			step++;
		text += step;
		len -= step;
	}
}

int player_lines_of(const char *text, size_t len, size_t at)
{
	int line = 0;
	size_t i;

	for (i = 0; i < at && i < len; i++)
		line += text[i] == '\n';
	return line;
}

/* --- differences */

/* Lines [old_from, old_to) became [new_from, new_to). */
struct hunk {
	int old_from, old_to, new_from, new_to;
};

/* Where each line of a text begins; one more than there are lines. */
struct starts {
	size_t *at;
	int count;
	bool open;	/* the last line has no line feed */
};

struct comparing {
	struct starts before, after;
	int64_t shift;		/* bytes that the new text is ahead so far */
	struct hunk *list;
	size_t count;
};

static struct starts find_starts(const char *text, size_t len)
{
	struct starts starts = { .count = 0 };
	size_t at = 0, i, most = 2;

	for (i = 0; i < len; i++)
		most += text[i] == '\n';
	starts.at = buf_alloc(most * sizeof(*starts.at));
	while (at < len) {
		starts.at[starts.count++] = at;
		at += line_len(text + at, len - at);
		at += at < len;
	}
	starts.at[starts.count] = len;
	starts.open = len && text[len - 1] != '\n';
	return starts;
}

/* The line that holds byte `at`; at the end of the text the last one when it is open, else the
 * number of lines. */
static int line_at(const struct starts *starts, size_t at)
{
	int low = 0, high = starts->count;

	while (low < high) {
		int middle = low + (high - low) / 2;

		if (starts->at[middle + 1] <= at)
			low = middle + 1;
		else
			high = middle;
	}
	return low == starts->count && starts->open ? low - 1 : low;
}

static bool at_start(const struct starts *starts, size_t at)
{
	int line = line_at(starts, at);

	return line == starts->count || starts->at[line] == at;
}

/* Bytes [from, to) as lines, those touched at their beginning or end alone only when `whole` is not
 * so for both texts. */
static void lines_of(const struct starts *starts, size_t from, size_t to, bool whole,
		     int *ret_from, int *ret_to)
{
	*ret_from = line_at(starts, from);
	*ret_to = line_at(starts, to) + !whole;
	if (*ret_to > starts->count)
		*ret_to = starts->count;
	if (*ret_from > *ret_to)
		*ret_from = *ret_to;
}

static int add_delta(void *arg, const struct text_delta *delta, struct err *err)
{
	struct comparing *c = arg;
	size_t old_at = (size_t)((int64_t)delta->at - c->shift);
	bool whole = at_start(&c->before, old_at) && at_start(&c->after, delta->at) &&
		     at_start(&c->before, old_at + delta->del) &&
		     at_start(&c->after, delta->at + delta->len);
	struct hunk hunk, *last = c->count ? &c->list[c->count - 1] : NULL;

	(void)err;
	lines_of(&c->before, old_at, old_at + delta->del, whole, &hunk.old_from, &hunk.old_to);
	lines_of(&c->after, delta->at, delta->at + delta->len, whole, &hunk.new_from,
		 &hunk.new_to);
	c->shift += (int64_t)delta->len - (int64_t)delta->del;
	if (last && (hunk.old_from <= last->old_to || hunk.new_from <= last->new_to)) {
		last->old_to = hunk.old_to > last->old_to ? hunk.old_to : last->old_to;
		last->new_to = hunk.new_to > last->new_to ? hunk.new_to : last->new_to;
		return 0;
	}
	c->list = buf_realloc(c->list, c->count + 1, sizeof(*c->list));
	c->list[c->count++] = hunk;
	return 0;
}

static void add_lines(struct player_lines *lines, const char *text, const struct starts *starts,
		      int from, int to, char sign, struct screen_style style)
{
	for (; from < to; from++) {
		size_t at = starts->at[from], len = starts->at[from + 1] - at;

		if (len && text[at + len - 1] == '\n')
			len--;
		player_lines_add(lines, text + at, len, sign == '-' ? 0 : from + 1, sign, style);
	}
}

static void show_hunks(struct player_lines *lines, const struct comparing *c, const char *before,
		       const char *after)
{
	int shown = 0;	/* lines of the new text so far */
	size_t i;

	for (i = 0; i < c->count; i++) {
		const struct hunk *hunk = &c->list[i];
		int next = i + 1 < c->count ? c->list[i + 1].new_from : c->after.count;
		int from = hunk->new_from - AROUND, to = hunk->new_to + AROUND;

		from = from < shown ? shown : from;
		to = to > next ? next : to;
		if (from > shown)
			player_lines_print(lines, player_dim, "...");
		add_lines(lines, after, &c->after, from, hunk->new_from, ' ', player_plain);
		add_lines(lines, before, &c->before, hunk->old_from, hunk->old_to, '-',
			  player_removed);
		add_lines(lines, after, &c->after, hunk->new_from, hunk->new_to, '+',
			  player_added);
		add_lines(lines, after, &c->after, hunk->new_to, to, ' ', player_plain);
		shown = to;
	}
	if (c->count && shown < c->after.count)
		player_lines_print(lines, player_dim, "...");
}

int player_lines_add_diff(struct player_lines *lines, const char *before, size_t before_len,
			  const char *after, size_t after_len, struct err *err)
{
	struct comparing c = { .before = find_starts(before, before_len),
			       .after = find_starts(after, after_len) };
	int result = text_diff(before, before_len, after, after_len, add_delta, &c, err);

	if (result == 0)
		show_hunks(lines, &c, before, after);
	free(c.before.at);
	free(c.after.at);
	free(c.list);
	return result;
}

/* --- drawing */

void player_lines_settle(struct player_lines *lines, int rows, bool follow)
{
	int most = (int)lines->count - rows;

	if (follow && lines->focus >= 0 &&
	    (lines->focus < lines->top || lines->focus >= lines->top + rows))
		lines->top = lines->focus - rows / 2;
	if (lines->top > most)
		lines->top = most;
	if (lines->top < 0)
		lines->top = 0;
}

static void draw_line(const struct player_lines *lines, const struct player_line *line,
		      struct canvas *canvas, int row, int column, int columns, int skip)
{
	bool numbered = line->number || line->sign != ' ';
	int used = 0;
	char front[24];

	if (numbered) {
		if (line->number)
			snprintf(front, sizeof(front), "%5d%c ", line->number, line->sign);
		else
			snprintf(front, sizeof(front), "     %c ", line->sign);
		used = canvas_print(canvas, row, column, columns, front,
				    line->sign == ' ' ? player_dim : line->style);
	}
	canvas_put(canvas, row, column + used, columns - used, skip, lines->text.data + line->at,
		   line->len, line->style);
}

void player_lines_draw(const struct player_lines *lines, struct canvas *canvas, int row, int column,
		       int rows, int columns, int skip)
{
	int i;

	for (i = 0; i < rows && lines->top + i < (int)lines->count; i++)
		draw_line(lines, &lines->list[lines->top + i], canvas, row + i, column, columns,
			  skip);
}
