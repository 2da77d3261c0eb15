/* provider_options.c - see provider_options.h */
#include "provider_options.h"

#include "ai/provider_key.h"
#include "base/auto.h"
#include "base/buf.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <string.h>
#include <termios.h>

/* Up to the end, or the first line break. */
static char *read_key(int fd, const char *from, struct err *err)
{
	AUTO(provider_key_wipe) char *key = buf_alloc(PROVIDER_KEY_MAX + 2);
	size_t len = 0;
	ssize_t got;

	while ((got = read(fd, key + len, PROVIDER_KEY_MAX + 1 - len)) > 0) {
		len += (size_t)got;
		if (memchr(key, '\n', len) || len > PROVIDER_KEY_MAX)
			break;
	}
	if (got < 0) {
		err_sys(err, "%s", from);
		return NULL;
	}
	key[strcspn(key, "\r\n")] = '\0';
	return TAKE(key);
}

static char *ask_key(struct err *err)
{
	AUTO_FD int tty = open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY);
	struct termios shown, hidden;
	char *key;

	if (tty < 0 || tcgetattr(tty, &shown) < 0) {
		err_set(err, ERR_USAGE,
			"no terminal to type the key at: give --key-file or --key-fd");
		return NULL;
	}
	hidden = shown;
	hidden.c_lflag &= ~(tcflag_t)ECHO;
	tcsetattr(tty, TCSAFLUSH, &hidden);
	dprintf(tty, "Key: ");
	key = read_key(tty, "/dev/tty", err);
	tcsetattr(tty, TCSAFLUSH, &shown);
	dprintf(tty, "\n");
	return key;
}

char *provider_options_key(const char *file, long fd, struct err *err)
{
	AUTO_FD int opened = -1;

	if (file && fd >= 0) {
		err_set(err, ERR_USAGE, "--key-file and --key-fd cannot go together");
		return NULL;
	}
	if (fd >= 0)
		return fd > INT_MAX ? err_set(err, ERR_USAGE, "--key-fd is no descriptor"), NULL :
				      read_key((int)fd, "--key-fd", err);
	if (!file)
		return ask_key(err);
	if (strcmp(file, "-") == 0)
		return read_key(STDIN_FILENO, "standard input", err);
	opened = open(file, O_RDONLY | O_CLOEXEC);
	if (opened < 0) {
		err_set(err, ERR_INPUT, "%s: %s", file, strerror(errno));
		return NULL;
	}
	return read_key(opened, file, err);
}
