/* log.h - one line for each request, on stderr or wherever a test wants it
 *
 * Of a path that holds a token only its beginning is told ("/t/..."), and no query, no cookie and
 * no header ever. */
#ifndef TALI_LOG_H
#define TALI_LOG_H

#include "base/clock.h"
#include "base/err.h"
#include "http/http_server.h"

enum log_format {
	LOG_NONE,
	LOG_TEXT,
	LOG_JSON
};

struct log {
	enum log_format format;
	int fd;				/* lines are written whole, by one write(2) each */
	const struct clock *clock;
};

/* "json", "text", "none". ERR_USAGE. */
int log_format_read(const char *name, enum log_format *ret, struct err *err);

/* Any thread. */
void log_request(const struct log *log, const struct http_log *line);
/* Something that happened to the server; `text` is shown with control characters made harmless. */
void log_event(const struct log *log, const char *event, const char *text);

#endif
