/* player_pane.c - see player_pane.h */
#include "replay/player_pane.h"

#include "base/auto.h"
#include "base/json.h"
#include "replay/state_view.h"
#include "store/event.h"

#include <inttypes.h>
#include <string.h>

#define TALK_MESSAGES 200	/* newest that are shown */
#define RUNS_LISTED 6
#define OUTPUT_MOST (256u << 10)	/* bytes of a run's output that are shown */

static struct fold *fold_of(const struct player *player)
{
	return timeline_fold(player->session.timeline);
}

/* --- which file */

static bool is_newer(const struct fold_file *file, const struct fold_file *than)
{
	return !than || file->seq > than->seq || (file->seq == than->seq && file->shown);
}

static bool is_text(struct fold *fold, const struct fold_file *file)
{
	struct err ignored = ERR_INIT;
	struct text *text;

	return fold_text(fold, file, &text, &ignored) == 0 && text;
}

/* The text that changed last, not what an editor keeps beside it; where several did at once, the
 * one that is looked at. */
static const struct fold_file *newest_file(struct fold *fold)
{
	const struct fold_file *newest = NULL, *newest_text = NULL;
	size_t i;

	for (i = 0; i < fold_file_count(fold); i++) {
		const struct fold_file *file = fold_file_at(fold, i);

		if (is_newer(file, newest))
			newest = file;
		if (is_newer(file, newest_text) && is_text(fold, file))
			newest_text = file;
	}
	return newest_text ? newest_text : newest;
}

const struct fold_file *player_file(struct player *player)
{
	const struct fold_file *file =
		player->path ? fold_file(fold_of(player), player->path) : NULL;

	return file || player->path ? file : newest_file(fold_of(player));
}

/* --- what just changed in it */

struct change {
	const struct player *player;
	const char *path;
	int64_t at, len;	/* -1: nothing known */
};

static int read_change(void *arg, const struct event *event, struct err *err)
{
	struct change *change = arg;
	int64_t instant = event_instant(event), now = player_clock_now(&change->player->clock);
	AUTO_JSON json_t *data = json_parse(event->data, strlen(event->data), "data", err);
	const json_t *edit;
	size_t i;

	json_array_foreach(json_object_get(data, "edits"), i, edit) {
		const json_t *ins = json_object_get(edit, "ins");

		if (strcmp(json_str(edit, "file", ""), change->path) != 0 ||
		    (i && instant + json_int(edit, "ms", 0) > now))
			continue;
		change->at = json_int(edit, "at", 0);
		change->len = json_is_string(ins) ? (int64_t)json_string_length(ins)
						  : json_int(ins, "size", 0);
	}
	return 1;
}

static void mark_change(struct player *player, const struct fold_file *file, const char *text,
			size_t len)
{
	struct change change = { player, file->path, -1, 0 };
	struct err ignored = ERR_INIT;
	int line, last;

	if (event_page(player->session.store, player->session.assessment_id, file->seq, 1,
		       read_change, &change, &ignored) < 0 ||
	    change.at < 0)
		return;
	line = player_lines_of(text, len, (size_t)change.at);
	last = player_lines_of(text, len,
			       (size_t)(change.at + (change.len ? change.len - 1 : 0)));
	player->lines.focus = last;
	for (; line <= last && line < (int)player->lines.count; line++) {
		player->lines.list[line].sign = '>';
		player->lines.list[line].style = player_changed;
	}
}

/* --- views as lines */

static struct text *text_of(struct player *player, const struct fold_file *file)
{
	struct err err = ERR_INIT;
	struct text *text = NULL;

	if (!file) {
		player_lines_print(&player->lines, player_dim, player->path
				   ? "%s is not there at this moment" : "no files yet%s",
				   player->path ? player->path : "");
	} else if (fold_text(fold_of(player), file, &text, &err) < 0) {
		player_lines_print(&player->lines, player_bad, "%s", err.text);
	} else if (!text) {
		player_lines_print(&player->lines, player_dim, "no text");
	}
	return text;
}

/* Where the candidate's cursor was last told to be. */
static void paint_cursor(struct player *player, struct canvas *canvas, int row, int rows,
			 int columns)
{
	const struct fold_file *file = player_file(player);
	const struct player_lines *lines = &player->lines;
	size_t at = file && file->cursor >= 0 ? (size_t)file->cursor : 0, start = 0;
	int i, column;

	if (!file || file->cursor < 0)
		return;
	for (i = 0; i < (int)lines->count && start + lines->list[i].len < at; i++)
		start += lines->list[i].len + 1;
	if (i < lines->top || i >= lines->top + rows || i >= (int)lines->count)
		return;
	column = PLAYER_GUTTER - player->skip +
		 canvas_width(lines->text.data + lines->list[i].at, at - start, canvas->unicode);
	if (column >= PLAYER_GUTTER && column < columns)
		canvas_paint(canvas, row + i - lines->top, column, 1, player_bar);
}

static void fill_file(struct player *player)
{
	const struct fold_file *file = player_file(player);
	struct text *text = text_of(player, file);
	const char *bytes = text ? text_bytes(text) : NULL;

	if (!text)
		return;
	player_lines_add_numbered(&player->lines, bytes, text_len(text), player_plain);
	mark_change(player, file, bytes, text_len(text));
}

static const struct timeline_mark *last_of(const struct player *player, const char *kind)
{
	const struct timeline_mark *marks;
	struct err ignored = ERR_INIT;
	size_t count = 0;

	/* the first snapshot lies before the work began */
	if (timeline_marks(player->session.timeline, &marks, &count, &ignored) < 0)
		return NULL;
	while (count--)
		if (marks[count].seq <= fold_seq(fold_of(player)) &&
		    !strcmp(marks[count].kind, kind))
			return &marks[count];
	return NULL;
}

/* The text at the last snapshot, "" when the file was not there; NULL on error. */
static const char *base_text(struct player *player, const char *path, size_t *ret_len)
{
	const struct timeline_mark *snapshot = last_of(player, "snapshot");
	const struct player_session *session = &player->session;
	struct err err = ERR_INIT;
	const struct fold_file *file;
	struct text *text = NULL;

	*ret_len = 0;
	if (!snapshot)
		return "";
	if (!player->base)
		player->base = timeline_open(session->store, session->assessment_id,
					     session->source, &err);
	if (!player->base || (fold_seq(timeline_fold(player->base)) != snapshot->seq &&
			      timeline_seek_seq(player->base, snapshot->seq, &err) < 0))
		goto failed;
	file = fold_file(timeline_fold(player->base), path);
	if (!file)
		return "";
	if (fold_text(timeline_fold(player->base), file, &text, &err) < 0)
		goto failed;
	*ret_len = text ? text_len(text) : 0;
	return text ? text_bytes(text) : "";
failed:
	player_lines_print(&player->lines, player_bad, "%s", err.text);
	return NULL;
}

static void fill_diff(struct player *player)
{
	const struct fold_file *file = player_file(player);
	struct text *text = text_of(player, file);
	struct err err = ERR_INIT;
	const char *base;
	size_t base_len;

	if (!text)
		return;
	base = base_text(player, file->path, &base_len);
	if (base && player_lines_add_diff(&player->lines, base, base_len, text_bytes(text),
					  text_len(text), &err) < 0)
		player_lines_print(&player->lines, player_bad, "%s", err.text);
	if (!player->lines.count)
		player_lines_print(&player->lines, player_dim,
				   "as at the last snapshot");
}

static void add_message(struct player *player, const struct fold_message *message, int columns,
			bool unicode)
{
	static const char *const roles[] = { "prompt", "answer", "tool" };
	const char *key = message->role == FOLD_TOOL ? "result" : "text";
	AUTO_FREE char *text = state_view_text(
		fold_of(player), json_object_get(message->data, key), STATE_VIEW_TEXT_MAX);
	char at[MOMENT_TEXT_SIZE];

	player_lines_print(&player->lines, player_bold, "%s  %s %.100s",
			   moment_text(message->instant - player->session.span.from, at),
			   roles[message->role], json_str(message->data, "tool", ""));
	player_lines_add_wrapped(&player->lines, text, strlen(text), columns, 2, unicode,
				 player_plain);
}

static void fill_talk(struct player *player, int columns, bool unicode)
{
	struct fold *fold = fold_of(player);
	size_t i, j;

	for (i = 0; i < fold_conversation_count(fold); i++) {
		const struct fold_conversation *talk = fold_conversation_at(fold, i);

		player_lines_print(&player->lines, player_dim, "-- %.100s  %.100s", talk->id,
				   talk->model);
		j = talk->count > TALK_MESSAGES ? talk->count - TALK_MESSAGES : 0;
		for (; j < talk->count; j++)
			add_message(player, &talk->messages[j], columns, unicode);
	}
	if (!player->lines.count)
		player_lines_print(&player->lines, player_dim, "nothing was asked yet");
	player->lines.focus = (int)player->lines.count - 1;
}

static void add_output(struct player *player, const json_t *data, const char *name, int columns,
		       bool unicode)
{
	AUTO_FREE char *text = state_view_text(fold_of(player), json_object_get(data, name),
					       OUTPUT_MOST);

	if (!*text)
		return;
	player_lines_print(&player->lines, player_dim, "-- %s", name);
	player_lines_add_wrapped(&player->lines, text, strlen(text), columns, 0, unicode,
				 player_plain);
}

static void add_cases(struct player *player, const json_t *data)
{
	json_t *verdict;
	const char *id;

	player_lines_print(&player->lines, player_dim, "-- tests");
	json_object_foreach(json_object_get(data, "cases"), id, verdict) {
		bool passed = !strcmp(json_string_value(verdict), "passed");

		player_lines_print(&player->lines, passed ? player_good : player_bad,
				   "%s  %s", passed ? "pass" : "FAIL", id);
	}
}

/* Marks of runs and tests so far, the newest last. */
static void add_runs(struct player *player)
{
	int64_t seq = fold_seq(fold_of(player));
	size_t i, first, found = 0;
	char at[MOMENT_TEXT_SIZE];

	for (first = 0; first < player->mark_count && player->marks[first].seq <= seq; first++)
		;
	while (first > 0 && found < RUNS_LISTED) {
		const char *kind = player->marks[--first].kind;

		found += !strcmp(kind, "run") || !strcmp(kind, "test");
	}
	for (i = first; i < player->mark_count && player->marks[i].seq <= seq; i++) {
		const struct timeline_mark *mark = &player->marks[i];

		if (!strcmp(mark->kind, "run") || !strcmp(mark->kind, "test"))
			player_lines_print(&player->lines, player_bold, "%8s  %s",
					   moment_text(mark->instant - player->session.span.from,
						       at),
					   mark->label);
	}
}

static void fill_runs(struct player *player, int columns, bool unicode)
{
	const struct fold_latest *run = fold_latest(fold_of(player), "run");
	const struct fold_latest *test = fold_latest(fold_of(player), "test");

	add_runs(player);
	if (run) {
		add_output(player, run->data, "stdout", columns, unicode);
		add_output(player, run->data, "stderr", columns, unicode);
	}
	if (test)
		add_cases(player, test->data);
	if (!run && !test)
		player_lines_print(&player->lines, player_dim, "nothing was run yet");
}

/* --- terminal */

/* The chosen one, else that whose screen changed last. */
static const struct fold_terminal *terminal_of(const struct player *player)
{
	struct fold *fold = fold_of(player);
	const struct fold_terminal *newest = NULL;
	size_t i, count = fold_terminal_count(fold);

	if (player->terminal && player->terminal <= count)
		return fold_terminal_at(fold, player->terminal - 1);
	for (i = 0; i < count; i++)
		if (!newest || fold_terminal_at(fold, i)->seq > newest->seq)
			newest = fold_terminal_at(fold, i);
	return newest;
}

static void draw_terminal(struct player *player, struct canvas *canvas, int row, int rows,
			  int columns)
{
	const struct fold_terminal *terminal = terminal_of(player);
	struct screen *screen = terminal ? fold_screen(fold_of(player), terminal) : NULL;
	const struct screen_run *runs;
	struct screen_cursor cursor;
	int top, i;
	size_t j, count;

	if (!screen) {
		canvas_print(canvas, row, 0, columns, "no terminal was opened yet", player_dim);
		return;
	}
	cursor = screen_cursor(screen);
	top = cursor.row >= rows ? cursor.row - rows + 1 : 0;
	for (i = 0; i < rows && top + i < screen_rows(screen); i++) {
		count = screen_row(screen, top + i, &runs);
		for (j = 0; j < count; j++)
			canvas_put(canvas, row + i, runs[j].column - player->skip,
				   runs[j].width, 0, runs[j].text, runs[j].len, runs[j].style);
	}
	if (cursor.visible && !terminal->ended && cursor.row >= top) {
		canvas->cursor_row = row + cursor.row - top;
		canvas->cursor_column = cursor.column - player->skip;
	}
}

/* --- all of them */

static void fill_lines(struct player *player, int columns, bool unicode)
{
	player_lines_clear(&player->lines);
	switch (player->view) {
	case PLAYER_DIFF: fill_diff(player); break;
	case PLAYER_TALK: fill_talk(player, columns, unicode); break;
	case PLAYER_RUNS: fill_runs(player, columns, unicode); break;
	default: fill_file(player); break;
	}
}

/* Words that were searched stand out. */
static void paint_found(const struct player *player, struct canvas *canvas, int row, int rows,
			int columns)
{
	size_t len = strlen(player->words);
	int i, column;

	if (!len || player->view == PLAYER_TERMINAL)
		return;
	for (i = 0; i < rows; i++) {
		AUTO_FREE char *text = canvas_row(canvas, row + i);

		if (strlen(text) < len || !player_find_count(text, strlen(text), player->words))
			continue;
		/* cells and bytes are the same only in ASCII: elsewhere nothing is painted */
		for (column = 0; text[column] && column + (int)len <= columns; column++)
			if (text[column] & 0x80)
				break;
			else if (strlen(text + column) >= len &&
				 player_find_count(text + column, len, player->words))
				canvas_paint(canvas, row + i, column, (int)len, player_found);
	}
}

void player_draw_pane(struct player *player, struct canvas *canvas, int row, int rows, int columns)
{
	if (player->view == PLAYER_TERMINAL) {
		draw_terminal(player, canvas, row, rows, columns);
		return;
	}
	fill_lines(player, columns, canvas->unicode);
	player_lines_settle(&player->lines, rows, !player->held);
	player_lines_draw(&player->lines, canvas, row, 0, rows, columns, player->skip);
	paint_found(player, canvas, row, rows, columns);
	if (player->view == PLAYER_FILES)
		paint_cursor(player, canvas, row, rows, columns);
}

const struct timeline_mark *player_last_mark(const struct player *player)
{
	int64_t seq = fold_seq(fold_of(player));
	size_t i;

	for (i = player->mark_count; i > 0; i--)
		if (player->marks[i - 1].seq <= seq)
			return &player->marks[i - 1];
	return NULL;
}
