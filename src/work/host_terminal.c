/* host_terminal.c - see host_terminal.h */
#include "work/host_terminal.h"

#include "base/auto.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <termios.h>
#include <unistd.h>

#define SIDE_MOST 1000		/* as an event has it at most */
#define LAST_WRITE_MS 2000	/* for a terminal that takes nothing */

/* For the handler of deadly signals, which gets no argument. */
static struct {
	volatile sig_atomic_t fd;	/* -1: nothing to give back */
	struct termios modes;
} raw = { .fd = -1 };

static const int deadly[] = { SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGABRT, SIGTRAP, SIGSYS };

static void give_back(int signal_number)
{
	if (raw.fd >= 0)
		tcsetattr(raw.fd, TCSANOW, &raw.modes);
	signal(signal_number, SIG_DFL);
	raise(signal_number);
}

static void watch_deadly(bool on)
{
	struct sigaction action = { .sa_handler = on ? give_back : SIG_DFL };

	for (size_t i = 0; i < sizeof(deadly) / sizeof(*deadly); i++)
		sigaction(deadly[i], &action, NULL);
}

/* An open of our own: not to wait is a property of what others use too. */
static int open_writing(int out)
{
	char path[32];
	struct stat status;

	if (fstat(out, &status) < 0 || (!S_ISCHR(status.st_mode) && !S_ISFIFO(status.st_mode)))
		return -1;
	snprintf(path, sizeof(path), "/proc/self/fd/%d", out);
	return open(path, O_WRONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
}

void host_terminal_open(struct host_terminal *terminal, int in, int out)
{
	*terminal = (struct host_terminal){
		.in = in, .out = out, .writing = open_writing(out), .in_is_terminal = isatty(in),
		.out_is_terminal = isatty(out), .screen = HOST_SCREEN_INIT,
		.waiting = BUF_INIT(4 * HOST_TERMINAL_WAITING_MOST),
	};
}

bool host_terminal_is_ours(const struct host_terminal *terminal)
{
	pid_t group = terminal->in_is_terminal ? tcgetpgrp(terminal->in) : -1;

	/* -1: it is no terminal, or nobody's controlling one */
	return group < 0 || group == getpgrp();
}

/* Whoever had it meanwhile may have left other modes behind: they are set again each time. */
void host_terminal_enter(struct host_terminal *terminal)
{
	struct termios modes;

	if (!host_terminal_is_ours(terminal))
		return;
	if (terminal->away && terminal->out_is_terminal)
		host_screen_return(&terminal->screen, &terminal->waiting);
	terminal->away = false;
	if (!terminal->in_is_terminal || (raw.fd < 0 && tcgetattr(terminal->in, &raw.modes) < 0))
		return;
	modes = raw.modes;
	cfmakeraw(&modes);
	raw.fd = terminal->in;
	watch_deadly(true);
	tcsetattr(terminal->in, TCSANOW, &modes);
}

void host_terminal_leave(struct host_terminal *terminal)
{
	struct pollfd fd = { .fd = terminal->writing, .events = POLLOUT };

	if (!terminal->away && terminal->out_is_terminal)
		host_screen_leave(&terminal->screen, &terminal->waiting);
	terminal->away = true;
	host_terminal_flush(terminal);
	while (!terminal->gone && terminal->waiting.len > 0 && poll(&fd, 1, LAST_WRITE_MS) == 1)
		host_terminal_flush(terminal);
	if (raw.fd < 0)
		return;
	/* an answer that comes late would be typed for whoever reads next */
	if (terminal->screen.asked)
		tcflush(raw.fd, TCIFLUSH);
	terminal->screen.asked = false;
	tcsetattr(raw.fd, TCSANOW, &raw.modes);
	raw.fd = -1;
	watch_deadly(false);
}

void host_terminal_close(struct host_terminal *terminal)
{
	host_terminal_leave(terminal);
	auto_close(&terminal->writing);
	buf_release(&terminal->waiting);
}

void host_terminal_size(const struct host_terminal *terminal, int *ret_columns, int *ret_rows)
{
	struct winsize size = { 0 };

	if ((ioctl(terminal->in, TIOCGWINSZ, &size) < 0 || !size.ws_col) &&
	    ioctl(terminal->out, TIOCGWINSZ, &size) < 0)
		size.ws_col = 0;
	*ret_columns = !size.ws_col ? 80 : size.ws_col < SIDE_MOST ? size.ws_col : SIDE_MOST;
	*ret_rows = !size.ws_row ? 24 : size.ws_row < SIDE_MOST ? size.ws_row : SIDE_MOST;
}

void host_terminal_flush(struct host_terminal *terminal)
{
	struct buf *waiting = &terminal->waiting;
	int fd = terminal->writing >= 0 ? terminal->writing : terminal->out;

	while (waiting->len > 0 && !terminal->gone) {
		ssize_t put = write(fd, waiting->data, waiting->len);

		if (put < 0 && errno == EINTR)
			continue;
		if (put < 0 && errno == EAGAIN)
			return;
		if (put < 0) {
			terminal->gone = true;
			return;
		}
		memmove(waiting->data, waiting->data + put, waiting->len - (size_t)put);
		waiting->len -= (size_t)put;
	}
}

void host_terminal_show(struct host_terminal *terminal, const char *data, size_t len)
{
	if (terminal->gone)
		return;
	if (terminal->out_is_terminal)
		host_screen_pass(&terminal->screen, data, len, &terminal->waiting);
	else
		buf_add(&terminal->waiting, data, len);
	host_terminal_flush(terminal);
}

void host_terminal_say(struct host_terminal *terminal, const char *text)
{
	if (terminal->gone)
		return;
	buf_add_format(&terminal->waiting, "\r\ntali: %s\r\n", text);
	host_terminal_flush(terminal);
}

bool host_terminal_is_full(const struct host_terminal *terminal)
{
	return terminal->waiting.len > HOST_TERMINAL_WAITING_MOST && !terminal->gone;
}
