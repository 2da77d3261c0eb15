/* player_screen.c - see player_screen.h */
#include "replay/player_screen.h"

#include "base/auto.h"
#include "base/utf8.h"
#include "replay/curses_library.h"

#include <langinfo.h>
#include <locale.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <wchar.h>

#define FRAME_MS 50		/* while it plays */
#define WAIT_MS 500		/* while it does not: a running session may grow */
#define PAIRS_MOST 256

/* Pairs of colours that were needed so far. */
struct pairs {
	bool colours;
	int numbers;	/* of single colours */
	int most;	/* pairs */
	int count;
	struct { int foreground, background; } list[PAIRS_MOST];
};

struct player_screen {
	struct player *player;
	SCREEN *terminal;
	WINDOW *window;
	bool unicode;
	struct pairs pairs;
};

/* --- colours */

/* 0xrrggbb in the cube of 256 colours, or the eight. */
static int nearest(uint32_t rgb, int colours)
{
	int red = (int)(rgb >> 16 & 255), green = (int)(rgb >> 8 & 255), blue = (int)(rgb & 255);

	if (colours >= 256)
		return 16 + (red + 25) / 51 * 36 + (green + 25) / 51 * 6 + (blue + 25) / 51;
	return (red > 127) | (green > 127) << 1 | (blue > 127) << 2;
}

static int colour_number(uint32_t colour, int colours)
{
	int number;

	if (colour == SCREEN_DEFAULT)
		return -1;
	if (colour & SCREEN_RGB)
		return nearest(colour & 0xffffff, colours);
	number = (int)(colour & 255);
	return number < colours ? number : number < 16 ? number % 8 : -1;
}

/* The pair, made when it is new; 0 when there is no room for more. */
static int pair_of(struct pairs *pairs, const struct screen_style *style)
{
	int foreground = colour_number(style->foreground, pairs->numbers);
	int background = colour_number(style->background, pairs->numbers);
	int i;

	if (!pairs->colours || (foreground < 0 && background < 0))
		return 0;
	for (i = 0; i < pairs->count; i++)
		if (pairs->list[i].foreground == foreground &&
		    pairs->list[i].background == background)
			return i + 1;
	if (i + 1 >= pairs->most ||
	    curses(init_pair)((short)(i + 1), (short)foreground, (short)background) == ERR)
		return 0;
	pairs->list[i].foreground = foreground;
	pairs->list[i].background = background;
	return ++pairs->count;
}

static attr_t attributes_of(unsigned attributes)
{
	return (attributes & SCREEN_BOLD ? A_BOLD : 0) |
	       (attributes & (SCREEN_UNDERLINE | SCREEN_UNDERLINE_DOUBLE | SCREEN_UNDERLINE_CURLY)
			? A_UNDERLINE : 0) |
	       (attributes & SCREEN_REVERSE ? A_REVERSE : 0);
}

static void start_colours(struct pairs *pairs)
{
	const char *none = getenv("NO_COLOR");

	*pairs = (struct pairs){ .colours = false };
	if ((none && *none) || !curses(has_colors)() || curses(start_color)() == ERR)
		return;
	if (curses(use_default_colors)() == ERR)
		return;
	pairs->colours = true;
	pairs->numbers = curses(tigetnum)("colors");
	pairs->most = curses(tigetnum)("pairs");
	if (pairs->most > PAIRS_MOST)
		pairs->most = PAIRS_MOST;
}

/* --- drawing */

static void draw_cell(struct player_screen *screen, int row, int column,
		      const struct canvas_cell *cell)
{
	wchar_t text[CCHARW_MAX + 1];
	size_t len = strlen(cell->text), at = 0;
	int count = 0;
	cchar_t drawn;

	while (at < len && count < CCHARW_MAX) {
		size_t bytes = utf8_char(cell->text + at, len - at);

		text[count++] = (wchar_t)utf8_decode(cell->text + at, bytes);
		at += bytes;
	}
	text[count] = L'\0';
	if (curses(setcchar)(&drawn, text, attributes_of(cell->style.attributes),
			    (short)pair_of(&screen->pairs, &cell->style), NULL) == ERR)
		return;
	curses(wmove)(screen->window, row, column);
	curses(wadd_wch)(screen->window, &drawn);
}

static void draw(struct player_screen *screen)
{
	int rows = curses(getmaxy)(screen->window), columns = curses(getmaxx)(screen->window);
	AUTO(canvas_free) struct canvas *canvas = canvas_new(rows, columns, screen->unicode);
	int row, column;

	player_draw(screen->player, canvas);
	curses(werase)(screen->window);
	for (row = 0; row < canvas->rows; row++)
		for (column = 0; column < canvas->columns; column++)
			if (*canvas_at(canvas, row, column)->text)
				draw_cell(screen, row, column, canvas_at(canvas, row, column));
	if (canvas->cursor_row >= 0 && canvas_at(canvas, canvas->cursor_row,
						 canvas->cursor_column)) {
		curses(curs_set)(1);
		curses(wmove)(screen->window, canvas->cursor_row, canvas->cursor_column);
	} else {
		curses(curs_set)(0);
		curses(wmove)(screen->window, canvas->rows - 1, 0);
	}
	curses(wrefresh)(screen->window);
}

/* --- keys */

static int key_of_function(wint_t code)
{
	switch (code) {
	case KEY_LEFT: return PLAYER_KEY_LEFT;
	case KEY_RIGHT: return PLAYER_KEY_RIGHT;
	case KEY_SLEFT: return PLAYER_KEY_FAR_LEFT;
	case KEY_SRIGHT: return PLAYER_KEY_FAR_RIGHT;
	case KEY_UP: return PLAYER_KEY_UP;
	case KEY_DOWN: return PLAYER_KEY_DOWN;
	case KEY_PPAGE: return PLAYER_KEY_PAGE_UP;
	case KEY_NPAGE: return PLAYER_KEY_PAGE_DOWN;
	case KEY_HOME: return PLAYER_KEY_HOME;
	case KEY_END: return PLAYER_KEY_END;
	case KEY_ENTER: return PLAYER_KEY_ENTER;
	case KEY_BACKSPACE: return PLAYER_KEY_BACKSPACE;
	default: return PLAYER_KEY_NONE;
	}
}

static int key_of_character(wint_t character)
{
	switch (character) {
	case '\n': case '\r': return PLAYER_KEY_ENTER;
	case '\t': return PLAYER_KEY_TAB;
	case 27: return PLAYER_KEY_ESCAPE;
	case 8: case 127: return PLAYER_KEY_BACKSPACE;
	case 12: return PLAYER_KEY_NONE;
	default: return character < 0x110000 ? (int)character : PLAYER_KEY_NONE;
	}
}

static double now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)now.tv_sec * 1000 + (double)now.tv_nsec / 1e6;
}

static volatile sig_atomic_t told_to_end;

static void end_by_signal(int number)
{
	told_to_end = number;
}

/* The terminal is put in order before the program ends. */
static void catch_signals(void)
{
	const struct sigaction action = { .sa_handler = end_by_signal };

	told_to_end = 0;
	sigaction(SIGINT, &action, NULL);
	sigaction(SIGTERM, &action, NULL);
	sigaction(SIGHUP, &action, NULL);
}

/* Nothing can be read any more, at once and for ever. */
static bool is_gone(void)
{
	struct pollfd input = { .fd = STDIN_FILENO, .events = POLLIN };

	return poll(&input, 1, 0) > 0 && input.revents & (POLLHUP | POLLERR | POLLNVAL);
}

/* Waits for a key or for the time to draw again. False when the terminal is gone or the player is
 * left. */
static bool turn(struct player_screen *screen, bool *changed, double *last)
{
	wint_t code = 0;
	int got;
	double now;

	curses(wtimeout)(screen->window, player_playing(screen->player) ? FRAME_MS : WAIT_MS);
	got = curses(wget_wch)(screen->window, &code);
	now = now_ms();
	*changed |= player_advance(screen->player, now - *last);
	*last = now;
	if (got == ERR)
		return !told_to_end && !is_gone();
	*changed = true;
	if (got == OK && code == 12)
		curses(wclear)(screen->window);
	if (got == KEY_CODE_YES)
		return code == KEY_RESIZE || player_press(screen->player, key_of_function(code));
	return player_press(screen->player, key_of_character(code));
}

static void play(struct player_screen *screen)
{
	double last = now_ms();
	bool changed = true, stays = true;

	while (stays && !player_error(screen->player)) {
		if (changed)
			draw(screen);
		changed = false;
		stays = turn(screen, &changed, &last);
	}
}

/* --- the terminal */

/* What terminals send that their descriptions do not tell. */
static void define_keys(void)
{
	static const struct { const char *sent; int key; } keys[] = {
		{ "\033[A", KEY_UP }, { "\033[B", KEY_DOWN }, { "\033[C", KEY_RIGHT },
		{ "\033[D", KEY_LEFT }, { "\033[1;2C", KEY_SRIGHT }, { "\033[1;2D", KEY_SLEFT },
		{ "\033[5~", KEY_PPAGE }, { "\033[6~", KEY_NPAGE }, { "\033[H", KEY_HOME },
		{ "\033[F", KEY_END }, { "\033[1~", KEY_HOME }, { "\033[4~", KEY_END },
	};
	size_t i;

	for (i = 0; i < sizeof(keys) / sizeof(keys[0]); i++)
		curses(define_key)(keys[i].sent, keys[i].key);
}

static int open_terminal(struct player_screen *screen, struct err *err)
{
	if (curses_library_load(err) < 0)
		return -1;
	setlocale(LC_CTYPE, "");
	screen->unicode = !strcmp(nl_langinfo(CODESET), "UTF-8");
	screen->terminal = curses(newterm)(NULL, stdout, stdin);
	if (!screen->terminal)
		return err_set(err, ERR_ENV, "the terminal (TERM=%.40s) cannot show a player: "
			       "use --print", getenv("TERM") ? getenv("TERM") : "");
	screen->window = curses(newwin)(0, 0, 0, 0);
	curses(cbreak)();
	curses(noecho)();
	curses(nonl)();
	curses(set_escdelay)(50);
	define_keys();
	curses(keypad)(screen->window, TRUE);
	start_colours(&screen->pairs);
	catch_signals();
	return 0;
}

static void close_terminal(struct player_screen *screen)
{
	if (!screen->terminal)
		return;
	curses(curs_set)(1);
	curses(delwin)(screen->window);
	curses(endwin)();
	curses(delscreen)(screen->terminal);
}

int player_screen_run(const struct player_session *session, struct err *err)
{
	struct player_screen screen = { .player = player_new(session, err) };
	int result = screen.player ? open_terminal(&screen, err) : -1;

	if (result == 0) {
		play(&screen);
		close_terminal(&screen);
		result = told_to_end ? 128 + told_to_end : 0;
		if (player_error(screen.player)) {
			*err = *player_error(screen.player);
			result = -1;
		}
	}
	player_free(&screen.player);
	return result;
}
