/* player_bar.c - see player_bar.h */
#include "replay/player_bar.h"

#include "base/auto.h"
#include "replay/player_pane.h"
#include "store/event.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

struct player_layout player_layout(int rows, int columns)
{
	struct player_layout layout = {
		.fits = rows >= PLAYER_LEAST_ROWS && columns >= PLAYER_LEAST_COLUMNS,
		.status = 0, .tabs = 1, .pane = 2, .pane_rows = rows - 4, .pane_columns = columns,
		.scrubber = rows - 2, .hint = rows - 1,
	};

	if (columns >= PLAYER_SIDE_FROM) {
		layout.side_columns = PLAYER_SIDE_COLUMNS;
		layout.side_column = columns - PLAYER_SIDE_COLUMNS;
		layout.pane_columns = layout.side_column - 1;
	}
	return layout;
}

/* --- the line at the top */

static int read_kind(void *arg, const struct event *event, struct err *err)
{
	struct player *player = arg;

	(void)err;
	snprintf(player->kind, sizeof(player->kind), "%s", event->kind);
	return 1;
}

/* What was done last, by its kind. */
static const char *kind_here(struct player *player, int64_t seq)
{
	struct err ignored = ERR_INIT;

	if (seq != player->kind_seq) {
		*player->kind = '\0';
		if (seq >= 0)
			event_page(player->session.store, player->session.assessment_id, seq, 1,
				   read_kind, player, &ignored);
		player->kind_seq = seq;
	}
	return player->kind;
}

void player_draw_status(struct player *player, struct canvas *canvas, int row, int columns)
{
	const struct player_clock *clock = &player->clock;
	int64_t seq = fold_seq(timeline_fold(player->session.timeline));
	char now[MOMENT_TEXT_SIZE], total[MOMENT_TEXT_SIZE];
	AUTO_FREE char *right = NULL, *left = NULL;
	int width;

	moment_text(player_clock_now(clock) - clock->from, now);
	moment_text(clock->to - clock->from, total);
	right = buf_format(" %s / %s  x%s %s%s  #%" PRId64 " %s ", now, total,
			   player_clock_speed(clock), clock->playing ? "playing" : "paused",
			   clock->skip_idle ? "" : " idle too", seq, kind_here(player, seq));
	left = buf_format(" %s  %s", player->session.candidate, player->session.task);
	width = (int)strlen(right) > columns ? columns : (int)strlen(right);
	canvas_fill(canvas, row, 0, columns, player_bar);
	canvas_print(canvas, row, 0, columns - width, left, player_bar);
	canvas_print(canvas, row, columns - width, width, right, player_bar);
}

void player_draw_tabs(struct player *player, struct canvas *canvas, int row, int columns)
{
	static const char *const names[PLAYER_VIEWS] = {
		"files", "diff", "terminal", "conversation", "runs"
	};
	const struct fold_file *file = player_file(player);
	int column = 1, i;

	for (i = 0; i < PLAYER_VIEWS; i++) {
		column += canvas_print(canvas, row, column, columns - column, names[i],
				       i == (int)player->view ? player_bar : player_dim);
		column += 2;
	}
	if (player->view > PLAYER_DIFF || !(file || player->path))
		return;
	column += canvas_print(canvas, row, column, columns - column,
			       file ? file->path : player->path, player_bold);
	if (player->path)
		canvas_print(canvas, row, column, columns - column, " (chosen)", player_dim);
}

/* --- the scrubber */

int player_scrubber_cell(const struct player_clock *clock, int64_t instant, int cells)
{
	double length = (double)(clock->to - clock->from);
	double part = length > 0 ? (double)(instant - clock->from) / length : 0;

	return part <= 0 ? 0 : part >= 1 ? cells - 1 : (int)(part * cells);
}

/* Later ones win. */
static int rank(char letter)
{
	static const char order[] = "lofxievnusaprth";
	const char *at = letter ? strchr(order, letter) : NULL;

	return at ? (int)(at - order) : -1;
}

void player_scrubber_text(const struct player *player, int cells, char *text)
{
	int here = player_scrubber_cell(&player->clock, player_clock_now(&player->clock), cells);
	size_t i;

	memset(text, '-', (size_t)cells);
	memset(text, '=', (size_t)here);
	text[cells] = '\0';
	for (i = 0; i < player->mark_count; i++) {
		char letter = player_letter(player->marks[i].kind);
		int cell = player_scrubber_cell(&player->clock, player->marks[i].instant, cells);

		if (letter && rank(letter) > rank(text[cell]))
			text[cell] = letter;
	}
	if (text[here] == '-' || text[here] == '=')
		text[here] = '#';
}

void player_draw_scrubber(struct player *player, struct canvas *canvas, int row, int columns)
{
	int cells = columns - 2 < 1 ? 1 : columns - 2;
	AUTO_FREE char *text = buf_alloc((size_t)cells + 1);
	int here = player_scrubber_cell(&player->clock, player_clock_now(&player->clock), cells);

	player_scrubber_text(player, cells, text);
	canvas_print(canvas, row, 0, 1, "[", player_dim);
	canvas_print(canvas, row, 1, cells, text, player_plain);
	canvas_print(canvas, row, 1 + cells, 1, "]", player_dim);
	canvas_paint(canvas, row, 1 + here, 1, player_bar);
}

/* --- the line at the bottom */

void player_draw_hint(struct player *player, struct canvas *canvas, int row, int columns)
{
	const struct timeline_mark *mark = player_last_mark(player);
	AUTO_FREE char *asked = NULL;
	char at[MOMENT_TEXT_SIZE];

	if (player->mode == PLAYER_ASK) {
		asked = buf_format("/%s", player->asked);
		canvas->cursor_column = canvas_print(canvas, row, 0, columns, asked, player_plain);
		canvas->cursor_row = row;
	} else if (player->mode == PLAYER_KIND) {
		canvas_print(canvas, row, 1, columns - 1,
			     "to the next: r run t test s snapshot p prompt a answer n note ...",
			     player_bold);
	} else if (*player->message) {
		canvas_print(canvas, row, 1, columns - 1, player->message, player_bold);
	} else if (mark) {
		asked = buf_format("? help  space play  [ ] marks   %s %s",
				   moment_text(mark->instant - player->clock.from, at),
				   mark->label);
		canvas_print(canvas, row, 1, columns - 1, asked, player_dim);
	} else {
		canvas_print(canvas, row, 1, columns - 1, "? help  space play  [ ] marks",
			     player_dim);
	}
}

/* --- marks on the right */

void player_draw_side(struct player *player, struct canvas *canvas, int row, int column, int rows,
		      int columns)
{
	const struct timeline_mark *here = player_last_mark(player);
	int current = here ? (int)(here - player->marks) : 0, first = current - rows / 2, i;
	char at[MOMENT_TEXT_SIZE];

	if (first > (int)player->mark_count - rows)
		first = (int)player->mark_count - rows;
	if (first < 0)
		first = 0;
	for (i = 0; i < rows; i++) {
		const struct timeline_mark *mark = &player->marks[first + i];
		AUTO_FREE char *line = NULL;

		canvas_print(canvas, row + i, column - 1, 1, "|", player_dim);
		if (first + i >= (int)player->mark_count)
			continue;
		line = buf_format("%8s %s", moment_text(mark->instant - player->clock.from, at),
				  mark->label);
		canvas_print(canvas, row + i, column, columns, line,
			     mark == here ? player_bar : player_plain);
	}
}
