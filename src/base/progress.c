/* progress.c - see progress.h */
#include "base/progress.h"

#include "base/auto.h"
#include "base/term.h"

#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>

#define MOST_WHAT 24
#define LEAST_BAR 8
#define MOST_BAR 50
#define MOST_PARTS 4
#define PART_SIZE 48
#define MOST_HOURS 99999

/* "0:05", "12:34", "1:02:03" */
static void time_text(int64_t ms, char text[PART_SIZE])
{
	int64_t seconds = ms / 1000, hours = seconds / 3600;
	int minutes = (int)(seconds / 60 % 60), rest = (int)(seconds % 60);

	if (hours > MOST_HOURS)
		hours = MOST_HOURS;
	if (hours > 0)
		snprintf(text, PART_SIZE, "%d:%02d:%02d", (int)hours, minutes, rest);
	else
		snprintf(text, PART_SIZE, "%d:%02d", minutes, rest);
}

/* At the speed of what was done since the time began; -1 when nothing was. */
static int64_t time_left(const struct progress_state *state)
{
	int64_t steps = (int64_t)state->done - state->first;

	if (state->done >= state->total)
		return 0;
	if (steps <= 0)
		return -1;
	return state->elapsed_ms / steps * (state->total - state->done);
}

static unsigned percent_of(const struct progress_state *state)
{
	if (state->done >= state->total)
		return 100;
	return (unsigned)((uint64_t)state->done * 100 / state->total);
}

/* The numbers, the most important first. */
static void write_parts(const struct progress_state *state, char parts[MOST_PARTS][PART_SIZE])
{
	char time[PART_SIZE] = "-:--";
	int64_t left = time_left(state);

	snprintf(parts[0], PART_SIZE, "%u/%u", state->done, state->total);
	snprintf(parts[1], PART_SIZE, "%u%%", percent_of(state));
	time_text(state->elapsed_ms, parts[2]);
	if (left >= 0)
		time_text(left, time);
	snprintf(parts[3], PART_SIZE, "left %.16s", time);
}

/* Anything but ASCII could be of any width. */
static void write_what(const char *what, char text[MOST_WHAT + 1])
{
	size_t len = 0;

	for (; what[len] && len < MOST_WHAT; len++)
		text[len] = what[len] < ' ' || what[len] > '~' ? '?' : what[len];
	text[len] = '\0';
}

static void add_bar(const struct progress_state *state, unsigned cells, bool colour,
		    struct buf *out)
{
	unsigned full = percent_of(state) * cells / 100;

	buf_add_str(out, colour ? " [\033[32m" : " [");
	for (unsigned i = 0; i < cells; i++) {
		if (i == full && colour)
			buf_add_str(out, "\033[0m");
		buf_add_byte(out, i < full ? '#' : '.');
	}
	if (full == cells && colour)
		buf_add_str(out, "\033[0m");
	buf_add_byte(out, ']');
}

unsigned progress_text(const struct progress_state *state, unsigned columns, bool colour,
		       struct buf *out)
{
	char parts[MOST_PARTS][PART_SIZE], what[MOST_WHAT + 1];
	unsigned room = columns > 0 ? columns - 1 : 0, used, count = 0;

	write_parts(state, parts);
	write_what(state->what, what);
	if (strlen(what) + 2 + strlen(parts[0]) > room)
		what[0] = '\0';
	used = (unsigned)strlen(what);
	for (; count < MOST_PARTS; count++) {
		unsigned more = (unsigned)strlen(parts[count]) + (used ? 2 : 0);

		if (used + more > room)
			break;
		used += more;
	}
	buf_add_str(out, what);
	if (count == MOST_PARTS && used + 3 + LEAST_BAR <= room) {
		unsigned cells = room - used - 3 < MOST_BAR ? room - used - 3 : MOST_BAR;

		add_bar(state, cells, colour, out);
		used += 3 + cells;
	}
	for (unsigned i = 0; i < count; i++)
		buf_add_format(out, "%s%s", out->len ? "  " : "", parts[i]);
	return used;
}

static int64_t monotonic_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static unsigned columns_of_terminal(void)
{
	struct winsize size;

	return ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col ? size.ws_col : 80;
}

void progress_start(struct progress *progress, const char *what, bool quiet)
{
	*progress = (struct progress){
		.what = what, .begun_ms = monotonic_ms(), .on = !quiet && isatty(STDERR_FILENO),
	};
	progress->colour = progress->on && term_colour(stderr);
}

void progress_step(struct progress *progress, unsigned done, unsigned total)
{
	AUTO(buf_release) struct buf text = BUF_INIT(1024);
	struct progress_state state = { .what = progress->what, .done = done, .total = total };
	int64_t now;

	if (!progress->on)
		return;
	now = monotonic_ms();
	if (!progress->counting) {
		progress->counting = true;
		progress->first = done;
		progress->begun_ms = now;
	}
	if (progress->drawn_ms && now - progress->drawn_ms < 50 && done < total)
		return;
	progress_hide(progress);
	progress->drawn_ms = now;
	state.first = progress->first;
	state.elapsed_ms = now - progress->begun_ms;
	progress->width = progress_text(&state, columns_of_terminal(), progress->colour, &text);
	fputs(buf_str(&text), stderr);
	fflush(stderr);
}

void progress_hide(struct progress *progress)
{
	if (progress->on && progress->width) {
		if (progress->colour)
			fputs("\r\033[K", stderr);
		else
			fprintf(stderr, "\r%*s\r", (int)progress->width, "");
		fflush(stderr);
	}
	progress->width = 0;
	progress->drawn_ms = 0;
}

void progress_end(struct progress *progress)
{
	progress_hide(progress);
	progress->on = false;
}
