/* page_screens.c - see page_screens.h */
#include "replay/page_screens.h"

#include "base/auto.h"
#include "base/json.h"
#include "replay/page_json.h"
#include "replay/page_style.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#define STEP_BYTES (4u << 20) /* of frames: then twice as far apart */
#define FAR 24		      /* doublings at most: nine days */

struct page_screen {
	char *id;
	struct buf command;
	int columns, rows; /* as told; 0 before */
	size_t *shown;	   /* number of what each row shows */
	struct screen_cursor cursor;
	int64_t framed;	 /* instant of the last frame; INT64_MIN before the first */
	int64_t changed; /* instant of the last change */
	bool waiting, ended;
};

void page_screens_release(struct page_screens *screens)
{
	size_t i;

	for (i = 0; i < screens->count; i++) {
		free(screens->screens[i].id);
		free(screens->screens[i].shown);
		buf_release(&screens->screens[i].command);
	}
	free(screens->screens);
	page_table_release(&screens->rows);
	page_table_release(&screens->styles);
}

static void add_command(struct buf *out, const json_t *argv)
{
	const json_t *word;
	size_t i;

	json_array_foreach(argv, i, word) {
		if (i)
			buf_add_byte(out, ' ');
		buf_add(out, json_string_value(word), json_string_length(word));
	}
}

static struct page_screen *get(struct page_screens *screens, const char *id)
{
	struct page_screen *screen;
	size_t i;

	/* the newest is the one that changes */
	for (i = screens->count; i > 0; i--)
		if (!strcmp(screens->screens[i - 1].id, id))
			return &screens->screens[i - 1];
	if (!screens->count) {
		page_table_add(&screens->rows, "\"\"", 2);
		page_table_add(&screens->styles, "", 0);
	}
	screens->screens = buf_realloc(screens->screens, screens->count + 1,
				       sizeof(*screens->screens));
	screen = &screens->screens[screens->count++];
	*screen = (struct page_screen){ .id = buf_strdup(id),
					.framed = INT64_MIN,
					.command = BUF_INIT(1024) };
	return screen;
}

/* --- rows */

static size_t style_number(struct page_screens *screens, const struct screen_style *style)
{
	struct page_table *styles = &screens->styles;
	AUTO(buf_release) struct buf css = BUF_INIT(256);
	size_t number;

	if (!style->foreground && !style->background && !style->attributes)
		return 0;
	if (styles->count >= PAGE_STYLES_MAX)
		return 0;
	page_style_css(style, &css);
	number = page_table_add(styles, buf_str(&css), css.len);
	return number;
}

/* One run from cell `at` on; spaces stand for cells before it that are not told. The cell after. */
static int add_cells(const struct screen_run *run, int at, struct buf *out)
{
	for (; at < run->column; at++)
		buf_add_byte(out, ' ');
	buf_add(out, run->text, run->len);
	return at + run->width;
}

/* A row of very many colours ends in one piece: a browser makes an element of each. */
static void add_runs(struct page_screens *screens, const struct screen_run *runs, size_t count,
		     struct buf *out)
{
	AUTO(buf_release) struct buf text = BUF_INIT(SIZE_MAX);
	size_t i = 0, pieces = 0, style;
	int at = 0;

	buf_add_byte(out, '[');
	while (i < count) {
		buf_clear(&text);
		style = style_number(screens, &runs[i].style);
		at = add_cells(&runs[i++], at, &text);
		pieces++;
		while (pieces == PAGE_RUNS_MAX && i < count)
			at = add_cells(&runs[i++], at, &text);
		if (pieces > 1)
			buf_add_byte(out, ',');
		page_json_string(out, buf_str(&text), text.len);
		buf_add_format(out, ",%zu", style);
	}
	buf_add_byte(out, ']');
}

static size_t row_number(struct page_screens *screens, struct screen *screen, int row)
{
	AUTO(buf_release) struct buf json = BUF_INIT(SIZE_MAX);
	const struct screen_run *runs;
	size_t count = screen_row(screen, row, &runs);

	if (!count)
		return 0;
	if (count == 1 && !runs->column && !style_number(screens, &runs->style))
		page_json_string(&json, runs->text, runs->len);
	else
		add_runs(screens, runs, count, &json);
	return page_table_add(&screens->rows, buf_str(&json), json.len);
}

/* --- frames */

static void tell_size(struct page_screens *screens, struct page_screen *told, int columns, int rows)
{
	told->columns = columns;
	told->rows = rows;
	free(told->shown);
	told->shown = buf_alloc((size_t)rows * sizeof(*told->shown));
	buf_add_format(page_steps_open(screens->steps, told->changed, PAGE_TERMINAL), ",%zu,%d,%d",
		       (size_t)(told - screens->screens), columns, rows);
	page_steps_close(screens->steps);
}

/* The rows that changed, as ",row,number" each. */
static void add_changes(struct page_screens *screens, struct page_screen *told,
			struct screen *screen, struct buf *out)
{
	int row;

	for (row = 0; row < told->rows; row++) {
		size_t number = row_number(screens, screen, row);

		if (number == told->shown[row])
			continue;
		told->shown[row] = number;
		buf_add_format(out, ",%d,%zu", row, number);
	}
}

static void tell_frame(struct page_screens *screens, struct page_screen *told,
		       struct screen *screen)
{
	AUTO(buf_release) struct buf changes = BUF_INIT(SIZE_MAX);
	struct screen_cursor cursor = screen_cursor(screen);
	size_t rows_before = screens->rows.bytes.len;

	if (screen_columns(screen) != told->columns || screen_rows(screen) != told->rows)
		tell_size(screens, told, screen_columns(screen), screen_rows(screen));
	add_changes(screens, told, screen, &changes);
	if (!changes.len && cursor.row == told->cursor.row &&
	    cursor.column == told->cursor.column && cursor.visible == told->cursor.visible)
		return;
	told->cursor = cursor;
	buf_add_format(page_steps_open(screens->steps, told->changed, PAGE_FRAME), ",%zu,%d,%d%s",
		       (size_t)(told - screens->screens), cursor.row,
		       cursor.visible ? cursor.column : -1, buf_str(&changes));
	page_steps_close(screens->steps);
	screens->frame_bytes += 16 + changes.len + screens->rows.bytes.len - rows_before;
}

static void tell_end(struct page_screens *screens, struct page_screen *told,
		     const struct fold_terminal *terminal)
{
	told->ended = true;
	buf_add_format(page_steps_open(screens->steps, told->changed, PAGE_TERMINAL_END),
		       ",%zu,%" PRId64, (size_t)(told - screens->screens), terminal->exit_status);
	page_steps_close(screens->steps);
}

static void tell(struct page_screens *screens, struct page_screen *told, struct fold *fold)
{
	const struct fold_terminal *terminal = fold_terminal(fold, told->id);
	struct screen *screen = terminal ? fold_screen(fold, terminal) : NULL;

	told->waiting = false;
	told->framed = told->changed;
	if (screen)
		tell_frame(screens, told, screen);
	if (terminal && terminal->ended && !told->ended)
		tell_end(screens, told, terminal);
	else if (terminal && !terminal->ended)
		told->ended = false;
}

static int64_t frame_ms(const struct page_screens *screens)
{
	size_t doublings = screens->frame_bytes / STEP_BYTES;

	return (int64_t)PAGE_FRAME_MS << (doublings > FAR ? FAR : doublings);
}

void page_screens_flush(struct page_screens *screens, struct fold *fold, int64_t next)
{
	size_t i;

	if (!screens->waiting)
		return;
	screens->waiting = false;
	for (i = 0; i < screens->count; i++) {
		struct page_screen *told = &screens->screens[i];

		if (!told->waiting)
			continue;
		if (told->framed == INT64_MIN || next - told->framed > frame_ms(screens))
			tell(screens, told, fold);
		else
			screens->waiting = true;
	}
}

void page_screens_change(struct page_screens *screens, struct fold *fold, const char *id,
			 int64_t instant)
{
	const struct fold_terminal *terminal = fold_terminal(fold, id);
	struct page_screen *told;

	if (!terminal)
		return;
	told = get(screens, id);
	if (!told->command.len)
		add_command(&told->command, terminal->argv);
	told->changed = instant;
	told->waiting = screens->waiting = true;
}

/* --- tables */

void page_screens_write(const struct page_screens *screens, struct buf *out)
{
	size_t i;

	buf_add_byte(out, '[');
	for (i = 0; i < screens->count; i++) {
		buf_add_str(out, i ? ",[" : "[");
		page_json_text(out, screens->screens[i].id);
		buf_add_byte(out, ',');
		page_json_string(out, buf_str(&screens->screens[i].command),
				 screens->screens[i].command.len);
		buf_add_byte(out, ']');
	}
	buf_add_byte(out, ']');
}

void page_screens_write_css(const struct page_screens *screens, struct buf *out)
{
	size_t i, len;

	for (i = 1; i < screens->styles.count; i++) {
		const char *css = page_table_at(&screens->styles, i, &len);

		buf_add_format(out, ".s%zu{%.*s}\n", i, (int)len, css);
	}
}
