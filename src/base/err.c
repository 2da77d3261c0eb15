/* err.c - see err.h */
#include "base/err.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static void mark_cut(struct err *err, size_t len)
{
	if (len >= sizeof(err->text))
		memcpy(err->text + sizeof(err->text) - 4, "...", 4);
}

int err_set(struct err *err, enum err_code code, const char *format, ...)
{
	va_list args;
	int len;

	va_start(args, format);
	len = vsnprintf(err->text, sizeof(err->text), format, args);
	va_end(args);
	err->code = code;
	mark_cut(err, len < 0 ? 0 : (size_t)len);
	return -1;
}

int err_sys(struct err *err, const char *format, ...)
{
	int saved = errno;
	char what[sizeof(err->text)];
	va_list args;

	va_start(args, format);
	vsnprintf(what, sizeof(what), format, args);
	va_end(args);
	return err_set(err, ERR_ENV, "%s: %s", what, strerror(saved));
}

int err_wrap(struct err *err, const char *format, ...)
{
	char text[sizeof(err->text)];
	va_list args;
	int len;

	va_start(args, format);
	len = vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	if (len < 0)
		return -1;
	if ((size_t)len > sizeof(text) - 1)
		len = sizeof(text) - 1;
	len += snprintf(text + len, sizeof(text) - (size_t)len, ": %s", err->text);
	memcpy(err->text, text, sizeof(text));
	mark_cut(err, (size_t)len);
	return -1;
}

int err_exit_status(enum err_code code)
{
	static const int status[ERR_CODES] = {
		[ERR_NONE] = 0, [ERR_NO] = 1, [ERR_USAGE] = 2, [ERR_INPUT] = 2,
		[ERR_ENV] = 3, [ERR_INTEGRITY] = 4, [ERR_NOT_FOUND] = 5, [ERR_STATE] = 5,
	};

	return status[code];
}
