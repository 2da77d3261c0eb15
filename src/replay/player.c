/* player.c - see player.h */
#include "replay/player.h"

#include "base/auto.h"
#include "base/utf8.h"
#include "replay/player_bar.h"
#include "replay/player_internal.h"
#include "replay/player_move.h"
#include "replay/player_pane.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define STEP_MS 5000
#define FAR_MS 60000
#define REFRESH_MS 1000	/* how often a running session is looked at for more */

const struct player_kind player_kinds[] = {
	{ 'r', "run", "run" }, { 't', "test", "test" }, { 's', "snapshot", "snapshot" },
	{ 'p', "ai_prompt", "prompt" }, { 'a', "ai_response", "answer" },
	{ 'u', "ai_tool", "tool of an assistant" }, { 'n', "note", "note" },
	{ 'v', "paste", "paste" }, { 'f', "file", "file" }, { 'o', "open", "file opened" },
	{ 'l', "focus", "focus" }, { 'e', "estimate", "estimate" },
	{ 'i', "interviewer", "interviewer" }, { 'x', "terminal", "terminal" },
	{ 'h', "submit", "handed in" }, { 0, NULL, NULL },
};

static const char *const help[] = {
	"space      play, pause            Tab        next view",
	"left right 5 seconds              e d t c r  files, diff, terminal,",
	"< >        1 minute (or shift)               conversation, runs",
	"[ ]        mark before, next      f F        choose a file, follow",
	", .        one change             up down    scroll (page up, page down)",
	"0 to 9     tenths                 h l        scroll left, right",
	"+ -        speed                  /          search; n next, N previous",
	"s          skip idle on, off      k K        next mark of a kind, list",
	"q          leave                  any key    back from here",
	"",
	"Letters below are marks: r run, t test, s snapshot, p prompt, a answer,",
	"u tool, n note, v paste, f file, h handed in.",
};

char player_letter(const char *kind)
{
	const struct player_kind *at;

	for (at = player_kinds; at->letter; at++)
		if (!strcmp(at->kind, kind))
			return at->letter;
	return 0;
}

void player_say(struct player *player, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vsnprintf(player->message, sizeof(player->message), format, args);
	va_end(args);
}

struct player *player_new(const struct player_session *session, struct err *err)
{
	AUTO(player_free) struct player *player = buf_alloc(sizeof(*player));
	int64_t here = timeline_instant(session->timeline);

	player->session = *session;
	player->kind_seq = -2;
	player->lines = player->menu = (struct player_lines)PLAYER_LINES_INIT;
	player->clock = (struct player_clock){ .from = session->span.from,
					       .to = session->span.to, .speed = 1,
					       .skip_idle = true };
	player_clock_set(&player->clock, here);
	if (timeline_gaps(session->timeline, PLAYER_GAP_MS, &player->gaps,
			  &player->clock.gap_count, err) < 0 ||
	    player_read_marks(player, err) < 0)
		return NULL;
	player->clock.gaps = player->gaps;
	if (here < session->span.from)
		player_go(player, session->span.from);
	return TAKE(player);
}

void player_free(struct player **player)
{
	if (!*player)
		return;
	player_lines_release(&(*player)->lines);
	player_lines_release(&(*player)->menu);
	player_hits_release(&(*player)->hits);
	timeline_close(&(*player)->base);
	free((*player)->gaps);
	free((*player)->path);
	free(*player);
	*player = NULL;
}

const struct err *player_error(const struct player *player)
{
	return player->err.code ? &player->err : NULL;
}

bool player_playing(const struct player *player)
{
	return player->clock.playing || player->search_wanted;
}

/* --- time */

/* A session that still runs has grown. */
static bool refresh(struct player *player)
{
	int64_t before = timeline_last_seq(player->session.timeline);
	struct timeline_gap *gaps = NULL;
	struct err err = ERR_INIT;
	size_t count = 0;

	/* the marks of before are gone after it, whatever came */
	if (timeline_refresh(player->session.timeline, &err) < 0 ||
	    player_read_marks(player, &err) < 0 ||
	    timeline_last_seq(player->session.timeline) == before)
		return false;
	player->clock.to = timeline_end(player->session.timeline);
	if (player_read_marks(player, &err) < 0 ||
	    timeline_gaps(player->session.timeline, PLAYER_GAP_MS, &gaps, &count, &err) < 0)
		return false;
	free(player->gaps);
	player->clock.gaps = player->gaps = gaps;
	player->clock.gap_count = count;
	return true;
}

bool player_advance(struct player *player, double wall_ms)
{
	bool changed = false;

	/* it may take a while, so that it was said first */
	if (player->search_wanted) {
		player->search_wanted = false;
		player_search(player);
		return true;
	}
	player->since_refresh += wall_ms;
	if (player->session.running && player->since_refresh >= REFRESH_MS) {
		player->since_refresh = 0;
		changed = refresh(player);
	}
	if (!player_clock_advance(&player->clock, wall_ms))
		return changed;
	player_follow(player);
	return true;
}

/* --- menus */

static void open_kinds(struct player *player)
{
	const struct player_kind *at;
	size_t i;

	player_lines_clear(&player->menu);
	for (at = player_kinds; at->letter; at++) {
		size_t count = 0;

		for (i = 0; i < player->mark_count; i++)
			count += !strcmp(player->marks[i].kind, at->kind);
		player_lines_print(&player->menu, count ? player_plain : player_dim,
				   " %c  %-22s %6zu ", at->letter, at->title, count);
	}
	player->mode = PLAYER_KINDS;
	player->menu_at = 0;
}

static void open_files(struct player *player)
{
	struct fold *fold = timeline_fold(player->session.timeline);
	const struct fold_file *shown = player_file(player);
	size_t i;

	player_lines_clear(&player->menu);
	player->menu_at = 0;
	for (i = 0; i < fold_file_count(fold); i++) {
		const struct fold_file *file = fold_file_at(fold, i);

		if (file == shown)
			player->menu_at = (int)i;
		player_lines_print(&player->menu, player_plain, " %s%s ", file->path,
				   file->open ? " (open)" : "");
	}
	if (i)
		player->mode = PLAYER_CHOOSE;
	else
		player_say(player, "no files yet");
}

static void choose(struct player *player)
{
	struct fold *fold = timeline_fold(player->session.timeline);
	enum player_mode mode = player->mode;

	player->mode = PLAYER_WATCH;
	if (mode == PLAYER_KINDS) {
		player_next_kind(player, player_kinds[player->menu_at].letter);
	} else if (player->menu_at < (int)fold_file_count(fold)) {
		free(player->path);
		player->path = buf_strdup(fold_file_at(fold, (size_t)player->menu_at)->path);
		player->held = false;
		if (player->view != PLAYER_DIFF)
			player->view = PLAYER_FILES;
	}
}

static void move_in_menu(struct player *player, int by)
{
	player->menu_at += by;
	if (player->menu_at >= (int)player->menu.count)
		player->menu_at = (int)player->menu.count - 1;
	if (player->menu_at < 0)
		player->menu_at = 0;
	player->menu.focus = player->menu_at;
}

/* The letter of a kind chooses it; any other key only leaves. */
static void leave_menu(struct player *player, int key)
{
	const struct player_kind *at;

	for (at = player_kinds; player->mode == PLAYER_KINDS && at->letter; at++)
		if (at->letter == key)
			player_next_kind(player, at->letter);
	player->mode = PLAYER_WATCH;
}

static void press_in_menu(struct player *player, int key)
{
	switch (key) {
	case PLAYER_KEY_UP: move_in_menu(player, -1); break;
	case PLAYER_KEY_DOWN: move_in_menu(player, 1); break;
	case PLAYER_KEY_PAGE_UP: move_in_menu(player, -10); break;
	case PLAYER_KEY_PAGE_DOWN: move_in_menu(player, 10); break;
	case PLAYER_KEY_ENTER: choose(player); break;
	default: leave_menu(player, key); break;
	}
}

/* --- the question for words */

static void press_in_question(struct player *player, int key)
{
	size_t len = strlen(player->asked);

	if (key == PLAYER_KEY_ENTER) {
		player->mode = PLAYER_WATCH;
		if (len)
			memcpy(player->words, player->asked, sizeof(player->words));
		player->search_wanted = *player->words != '\0';
		if (player->search_wanted)
			player_say(player, "searching for '%s' ...", player->words);
	} else if (key == PLAYER_KEY_ESCAPE) {
		player->mode = PLAYER_WATCH;
	} else if (key == PLAYER_KEY_BACKSPACE) {
		while (len && utf8_inside(player->asked[len - 1]))
			len--;
		player->asked[len ? len - 1 : 0] = '\0';
	} else if (key >= 0x20 && key < 0x110000 && len + 5 < sizeof(player->asked)) {
		player->asked[len + utf8_encode((uint32_t)key, player->asked + len)] = '\0';
	}
}

/* --- keys while watching */

static void show(struct player *player, enum player_view view)
{
	size_t count = fold_terminal_count(timeline_fold(player->session.timeline));

	/* again: the next terminal, after the last one the newest */
	if (view == PLAYER_TERMINAL && player->view == view)
		player->terminal = player->terminal < count ? player->terminal + 1 : 0;
	player->view = view;
	player->held = false;
	player->skip = 0;
	player->lines.top = 0;
}

static void scroll(struct player *player, int by)
{
	player->held = true;
	player->lines.top += by;
	if (player->lines.top < 0)
		player->lines.top = 0;
}

static void scroll_aside(struct player *player, int by)
{
	player->skip = player->skip + by < 0 ? 0 : player->skip + by;
}

static void go_by(struct player *player, int64_t ms)
{
	player_go(player, player_clock_now(&player->clock) + ms);
}

static void go_tenth(struct player *player, int tenth)
{
	int64_t length = player->clock.to - player->clock.from;

	player_go(player, player->clock.from + length / 10 * tenth);
}

static bool press_to_move(struct player *player, int key)
{
	switch (key) {
	case PLAYER_KEY_LEFT: go_by(player, -STEP_MS); return true;
	case PLAYER_KEY_RIGHT: go_by(player, STEP_MS); return true;
	case PLAYER_KEY_FAR_LEFT: case '<': go_by(player, -FAR_MS); return true;
	case PLAYER_KEY_FAR_RIGHT: case '>': go_by(player, FAR_MS); return true;
	case PLAYER_KEY_HOME: player_go(player, player->clock.from); return true;
	case PLAYER_KEY_END: player_go(player, player->clock.to); return true;
	case '[': player_next_mark(player, -1); return true;
	case ']': player_next_mark(player, 1); return true;
	case ',': player_step(player, -1); return true;
	case '.': player_step(player, 1); return true;
	case 'n': player_next_hit(player, 1); return true;
	case 'N': player_next_hit(player, -1); return true;
	default:
		if (key < '0' || key > '9')
			return false;
		go_tenth(player, key - '0');
		return true;
	}
}

static bool press_to_look(struct player *player, int key)
{
	switch (key) {
	case PLAYER_KEY_TAB: show(player, (player->view + 1) % PLAYER_VIEWS); return true;
	case 'e': show(player, PLAYER_FILES); return true;
	case 'd': show(player, player->view == PLAYER_DIFF ? PLAYER_FILES : PLAYER_DIFF);
		return true;
	case 't': show(player, PLAYER_TERMINAL); return true;
	case 'c': show(player, PLAYER_TALK); return true;
	case 'r': show(player, PLAYER_RUNS); return true;
	case PLAYER_KEY_UP: scroll(player, -1); return true;
	case PLAYER_KEY_DOWN: scroll(player, 1); return true;
	case PLAYER_KEY_PAGE_UP: scroll(player, -15); return true;
	case PLAYER_KEY_PAGE_DOWN: scroll(player, 15); return true;
	case 'h': scroll_aside(player, -8); return true;
	case 'l': scroll_aside(player, 8); return true;
	default: return false;
	}
}

static void press_other(struct player *player, int key)
{
	switch (key) {
	case ' ': player_clock_toggle(&player->clock); player_follow(player); break;
	case '+': case '=': player_clock_change_speed(&player->clock, 1); break;
	case '-': player_clock_change_speed(&player->clock, -1); break;
	case 's':
		player->clock.skip_idle = !player->clock.skip_idle;
		player_say(player, player->clock.skip_idle ? "idle time is skipped"
							   : "idle time is played");
		break;
	case 'k': player->mode = PLAYER_KIND; break;
	case 'K': open_kinds(player); break;
	case 'f': open_files(player); break;
	case 'F':
		free(TAKE(player->path));
		player->held = false;
		player_say(player, "following what is changed");
		break;
	case '/':
		player->mode = PLAYER_ASK;
		*player->asked = '\0';
		break;
	case '?': player->mode = PLAYER_HELP; break;
	default: break;
	}
}

static bool press_to_watch(struct player *player, int key)
{
	if (key == 'q' || key == 'Q')
		return false;
	if (!press_to_move(player, key) && !press_to_look(player, key))
		press_other(player, key);
	return true;
}

bool player_press(struct player *player, int key)
{
	*player->message = '\0';
	switch (player->mode) {
	case PLAYER_HELP: player->mode = PLAYER_WATCH; break;
	case PLAYER_KINDS: case PLAYER_CHOOSE: press_in_menu(player, key); break;
	case PLAYER_ASK: press_in_question(player, key); break;
	case PLAYER_KIND:
		player->mode = PLAYER_WATCH;
		if (key < 128)
			player_next_kind(player, (char)key);
		break;
	default: return press_to_watch(player, key);
	}
	return true;
}

/* --- drawing */

static void draw_help(struct canvas *canvas, int row, int rows, int columns)
{
	int i;

	for (i = 0; i < (int)(sizeof(help) / sizeof(help[0])) && i < rows; i++)
		canvas_print(canvas, row + i, 1, columns - 1, help[i], player_plain);
}

static void draw_menu(struct player *player, struct canvas *canvas, int row, int rows, int columns)
{
	int i;

	player->menu.focus = player->menu_at;
	player_lines_settle(&player->menu, rows, true);
	player_lines_draw(&player->menu, canvas, row, 1, rows, columns - 1, 0);
	i = player->menu_at - player->menu.top;
	canvas_paint(canvas, row + i, 1, columns - 1, player_bar);
}

void player_draw(struct player *player, struct canvas *canvas)
{
	struct player_layout at = player_layout(canvas->rows, canvas->columns);

	if (!at.fits) {
		canvas_print(canvas, 0, 0, canvas->columns, "too small", player_plain);
		return;
	}
	player_draw_status(player, canvas, at.status, canvas->columns);
	player_draw_tabs(player, canvas, at.tabs, canvas->columns);
	if (player->mode == PLAYER_HELP)
		draw_help(canvas, at.pane, at.pane_rows, at.pane_columns);
	else if (player->mode == PLAYER_KINDS || player->mode == PLAYER_CHOOSE)
		draw_menu(player, canvas, at.pane, at.pane_rows, at.pane_columns);
	else
		player_draw_pane(player, canvas, at.pane, at.pane_rows, at.pane_columns);
	if (at.side_columns)
		player_draw_side(player, canvas, at.pane, at.side_column, at.pane_rows,
				 at.side_columns);
	player_draw_scrubber(player, canvas, at.scrubber, canvas->columns);
	player_draw_hint(player, canvas, at.hint, canvas->columns);
}
