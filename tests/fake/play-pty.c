/* play-pty.c - a command on a terminal of its own, played by a script
 *
 * `play-pty COLUMNSxROWS CMD... <SCRIPT`. What it shows is rendered by src/journal/screen. Lines of
 * the script:
 *
 *	send TEXT	types it; \e \t \r and \xNN are understood, here and in `never`
 *	see TEXT	waits until a row has it
 *	gone TEXT	waits until no row has it
 *	size CxR	the window becomes so large
 *	show		prints what is shown, for a look
 *	never TEXT	its output so far did not have these bytes
 *	style R TEXT	row R, from 0, has the text with an attribute or colour
 *	plain		nothing so far was drawn with a colour
 *	end STATUS	waits until it ends so; the terminal must be as it was before
 *
 * Waits end after half a minute without the wanted. Exit status 1, and the screen, when a line does
 * not hold. */
#include "base/buf.h"
#include "journal/screen.h"

#include <errno.h>
#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>
#include <utmp.h>

#define PATIENCE_MS 30000

struct play {
	int master, slave;
	pid_t child;
	struct screen *screen;
	struct buf raw;		/* all output */
	struct termios before;
	bool ended;
	int status;
};

static int64_t now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static void show(struct play *play)
{
	struct buf text = BUF_INIT(1 << 20);

	screen_text(play->screen, &text);
	fprintf(stderr, "---- screen\n%s----\n", buf_str(&text));
	buf_release(&text);
}

static void fail(struct play *play, const char *line)
{
	fprintf(stderr, "play-pty: this does not hold: %s\n", line);
	show(play);
	if (!play->ended)
		kill(play->child, SIGKILL);
	exit(1);
}

/* Takes what comes within some milliseconds. */
static void listen_for(struct play *play, int ms)
{
	struct pollfd ready = { .fd = play->master, .events = POLLIN };
	char bytes[65536];
	ssize_t got;

	if (poll(&ready, 1, ms) <= 0 || !(ready.revents & POLLIN))
		return;
	got = read(play->master, bytes, sizeof(bytes));
	if (got <= 0)
		return;
	screen_feed(play->screen, bytes, (size_t)got);
	buf_add(&play->raw, bytes, (size_t)got);
}

static bool has(struct play *play, const char *text)
{
	struct buf all = BUF_INIT(1 << 20);
	bool found;

	screen_text(play->screen, &all);
	found = strstr(buf_str(&all), text) != NULL;
	buf_release(&all);
	return found;
}

static void wait_for(struct play *play, const char *line, const char *text, bool wanted)
{
	int64_t until = now_ms() + PATIENCE_MS;

	while (has(play, text) != wanted) {
		if (now_ms() > until)
			fail(play, line);
		listen_for(play, 50);
	}
}

static size_t unescape(const char *text, char *out)
{
	size_t len = 0;

	for (; *text; text++) {
		if (*text != '\\') {
			out[len++] = *text;
			continue;
		}
		switch (*++text) {
		case 'e': out[len++] = 27; break;
		case 't': out[len++] = '\t'; break;
		case 'r': out[len++] = '\r'; break;
		case 'x': {
			char digits[3] = { text[1], text[2], 0 };

			out[len++] = (char)strtol(digits, NULL, 16);
			text += 2;
			break;
		}
		default: out[len++] = *text;
		}
	}
	return len;
}

static void resize(struct play *play, const char *size)
{
	struct winsize window = { 0 };
	int columns, rows;

	if (sscanf(size, "%dx%d", &columns, &rows) != 2)
		fail(play, size);
	window.ws_col = (unsigned short)columns;
	window.ws_row = (unsigned short)rows;
	screen_resize(play->screen, columns, rows);
	ioctl(play->master, TIOCSWINSZ, &window);
}

static bool styled(struct play *play, const char *text)
{
	const struct screen_run *runs;
	char *rest;
	long row = strtol(text, &rest, 10);
	size_t count = screen_row(play->screen, (int)row, &runs), i;

	for (i = 0; i < count; i++)
		if (strstr(runs[i].text, rest + 1) &&
		    (runs[i].style.attributes || runs[i].style.foreground ||
		     runs[i].style.background))
			return true;
	return false;
}

/* Of SGR: 30 to 49 and so on but those that take a colour away; bold and reverse are none. */
static bool is_colour(long code)
{
	return code >= 30 && code != 39 && code != 49;
}

static bool coloured(const struct play *play)
{
	const char *at = buf_str(&play->raw), *end = at + play->raw.len;

	while ((at = memchr(at, 27, (size_t)(end - at))) != NULL) {
		size_t len = strspn(at + 2 < end ? at + 2 : "", "0123456789;");

		if (at[1] == '[' && at[2 + len] == 'm') {
			char codes[128];
			char *code, *rest = NULL;

			snprintf(codes, sizeof(codes), "%.*s", (int)len, at + 2);
			for (code = strtok_r(codes, ";", &rest); code;
			     code = strtok_r(NULL, ";", &rest))
				if (is_colour(strtol(code, NULL, 10)))
					return true;
		}
		at++;
	}
	return false;
}

static void finish(struct play *play, const char *line, int wanted)
{
	int64_t until = now_ms() + PATIENCE_MS;
	struct termios after;

	while (waitpid(play->child, &play->status, WNOHANG) == 0) {
		if (now_ms() > until)
			fail(play, line);
		listen_for(play, 20);
	}
	play->ended = true;
	listen_for(play, 0);
	tcgetattr(play->slave, &after);
	if (!WIFEXITED(play->status) || WEXITSTATUS(play->status) != wanted)
		fail(play, line);
	if (memcmp(&after, &play->before, sizeof(after)) != 0)
		fail(play, "the settings of the terminal are as before");
	if (screen_is_alternate(play->screen))
		fail(play, "the first screen is shown again");
	if (!screen_cursor(play->screen).visible)
		fail(play, "the cursor is shown again");
}

static void perform(struct play *play, const char *line)
{
	char bytes[4096];
	const char *space = strchr(line, ' '), *rest = space ? space + 1 : "";
	size_t len = space ? (size_t)(space - line) : strlen(line);
	bool holds = true;

#define IS(word) (len == strlen(word) && !strncmp(line, word, len))
	if (IS("send")) {
		len = unescape(rest, bytes);
		holds = write(play->master, bytes, len) == (ssize_t)len;
	} else if (IS("see") || IS("gone")) {
		wait_for(play, line, rest, IS("see"));
	} else if (IS("size")) {
		resize(play, rest);
	} else if (IS("show")) {
		show(play);
	} else if (IS("never")) {
		len = unescape(rest, bytes);
		holds = !play->raw.len || !memmem(play->raw.data, play->raw.len, bytes, len);
	} else if (IS("style")) {
		holds = styled(play, rest);
	} else if (IS("plain")) {
		holds = !coloured(play);
	} else if (IS("end")) {
		finish(play, line, (int)strtol(rest, NULL, 10));
	} else {
		holds = !*line || *line == '#';
	}
	if (!holds)
		fail(play, line);
}

int main(int argc, char **argv)
{
	struct play play = { .raw = BUF_INIT(64 << 20) };
	struct winsize window = { 0 };
	int columns = 0, rows = 0;
	char line[4096];

	if (argc < 3 || sscanf(argv[1], "%dx%d", &columns, &rows) != 2)
		return 2;
	window.ws_col = (unsigned short)columns;
	window.ws_row = (unsigned short)rows;
	play.screen = screen_new(columns, rows);
	if (openpty(&play.master, &play.slave, NULL, NULL, &window) < 0)
		return 2;
	tcgetattr(play.slave, &play.before);
	play.child = fork();
	if (play.child == 0) {
		close(play.master);
		login_tty(play.slave);
		execvp(argv[2], argv + 2);
		_exit(127);
	}
	while (fgets(line, sizeof(line), stdin)) {
		line[strcspn(line, "\n")] = '\0';
		perform(&play, line[strspn(line, "\t ")] == '#' ? "" : line + strspn(line, "\t "));
	}
	if (!play.ended)
		fail(&play, "it has ended");
	screen_free(&play.screen);
	buf_release(&play.raw);
	return 0;
}
