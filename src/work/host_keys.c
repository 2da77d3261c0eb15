/* host_keys.c - see host_keys.h */
#include "work/host_keys.h"


#include <errno.h>
#include <poll.h>
#include <string.h>
#include <unistd.h>

#define KEY_END 4		/* VEOF */
#define KEY_INTERRUPT 3
#define KEY_QUIT 28

static const int taken[] = {
	SIGWINCH, SIGTERM, SIGHUP, SIGINT, SIGQUIT, SIGTSTP, SIGCONT, SIGTTIN, SIGTTOU,
};

int host_keys_open(struct host_keys *keys, struct host_terminal *host, struct err *err)
{
	*keys = (struct host_keys){ .host = host, .signals = SIGNALS_INIT,
				    .typed = BUF_INIT(4 * HOST_KEYS_MOST) };
	host_terminal_size(host, &keys->columns, &keys->rows);
	return signals_open(&keys->signals, taken, sizeof(taken) / sizeof(*taken), err);
}

void host_keys_close(struct host_keys *keys)
{
	if (!keys->host)
		return;
	keys->host = NULL;
	signals_close(&keys->signals);
	buf_release(&keys->typed);
}

bool host_keys_wanted(const struct host_keys *keys)
{
	return !keys->ended && keys->typed.len < HOST_KEYS_MOST &&
	       host_terminal_is_ours(keys->host);
}

/* The end of what is typed is a character too, at the beginning of a line. */
static void end_file(struct host_keys *keys)
{
	if (keys->last != '\n' && keys->last)
		buf_add_byte(&keys->typed, KEY_END);
	buf_add_byte(&keys->typed, KEY_END);
}

bool host_keys_read(struct host_keys *keys)
{
	struct pollfd fd = { .fd = keys->host->in, .events = POLLIN };
	char data[HOST_KEYS_MOST];
	ssize_t got;

	if (!host_keys_wanted(keys) || poll(&fd, 1, 0) != 1)
		return true;
	got = read(keys->host->in, data, sizeof(data));
	if (got > 0) {
		buf_add(&keys->typed, data, (size_t)got);
		keys->last = data[got - 1];
		return true;
	}
	if (got < 0 && (errno == EINTR || errno == EAGAIN))
		return true;
	keys->ended = true;
	if (!keys->host->in_is_terminal)
		end_file(keys);
	return !keys->host->in_is_terminal;
}

void host_keys_took(struct host_keys *keys, size_t len)
{
	keys->typed.len -= len;
	memmove(keys->typed.data, keys->typed.data + len, keys->typed.len);
}

static unsigned take_signal(struct host_keys *keys, int number)
{
	switch (number) {
	case SIGTERM:
	case SIGHUP:
		return HOST_KEYS_HUNG_UP;
	case SIGINT:	/* from a terminal that is not the one we read */
	case SIGQUIT:
		buf_add_byte(&keys->typed, number == SIGINT ? KEY_INTERRUPT : KEY_QUIT);
		return 0;
	case SIGTSTP:
		host_terminal_leave(keys->host);
		kill(getpid(), SIGSTOP);
		return 0;
	case SIGCONT:
		host_terminal_enter(keys->host);
		return HOST_KEYS_REDRAW;
	default:	/* of SIGWINCH, too, there is nothing to do but to wake up */
		return 0;
	}
}

unsigned host_keys_signals(struct host_keys *keys)
{
	int columns = keys->columns, rows = keys->rows, number;
	unsigned said = 0;

	while ((number = signals_next(&keys->signals)))
		said |= take_signal(keys, number);
	host_terminal_size(keys->host, &keys->columns, &keys->rows);
	if (keys->columns != columns || keys->rows != rows)
		said |= HOST_KEYS_RESIZED;
	return said;
}
