/* log.c - see log.h */
#include "web/log.h"

#include "base/buf.h"
#include "base/utf8.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define LINE_MAX_BYTES 32768	/* a path has 4 KiB */

/* The paths that hold a secret, and what is told of them. */
static const char *const secret_paths[] = { "/t/", "/take-home/" };

int log_format_read(const char *name, enum log_format *ret, struct err *err)
{
	static const char *const names[] = { [LOG_NONE] = "none", [LOG_TEXT] = "text",
					     [LOG_JSON] = "json" };

	for (int i = LOG_NONE; i <= LOG_JSON; i++) {
		if (strcmp(name, names[i]) == 0) {
			*ret = (enum log_format)i;
			return 0;
		}
	}
	return err_set(err, ERR_USAGE, "--log is json, text or none");
}

/* A JSON string; what is no UTF-8 becomes U+FFFD. */
static void add_string(struct buf *out, const char *text)
{
	size_t left = strlen(text);

	buf_add_byte(out, '"');
	while (left > 0) {
		size_t len = utf8_char(text, left);
		unsigned char byte = (unsigned char)*text;

		if (len == 0)
			buf_add_str(out, "\\ufffd");
		else if (byte < 0x20 || byte == 0x7f)
			buf_add_format(out, "\\u%04x", byte);
		else if (byte == '"' || byte == '\\')
			buf_add_format(out, "\\%c", byte);
		else
			buf_add(out, text, len);
		text += len ? len : 1;
		left -= len ? len : 1;
	}
	buf_add_byte(out, '"');
}

/* The path, with a secret in it left out; `shown` has room for the beginnings. */
static const char *shown_path(const char *path, char *shown, size_t size)
{
	for (size_t i = 0; i < sizeof(secret_paths) / sizeof(*secret_paths); i++) {
		size_t len = strlen(secret_paths[i]);

		if (strncmp(path, secret_paths[i], len) == 0) {
			snprintf(shown, size, "%s...", secret_paths[i]);
			return shown;
		}
	}
	return path;
}

static void write_line(const struct log *log, struct buf *line)
{
	size_t sent = 0;

	buf_add_byte(line, '\n');
	while (sent < line->len) {
		ssize_t written = write(log->fd, line->data + sent, line->len - sent);

		if (written <= 0)	/* whoever reads it went away: the server goes on */
			break;
		sent += (size_t)written;
	}
}

static void add_json(const struct log *log, const struct http_log *request, const char *path,
		     struct buf *line)
{
	char time[CLOCK_TEXT_SIZE];

	buf_add_format(line, "{\"time\":\"%s\",\"event\":\"request\",\"method\":\"%s\",\"path\":",
		       clock_text_ms(clock_now(log->clock), time), request->method);
	add_string(line, path);
	if (request->route) {
		buf_add_str(line, ",\"route\":");
		add_string(line, request->route);
	}
	buf_add_format(line, ",\"status\":%d,\"ms\":%lld.%03lld,\"in\":%lld,\"out\":%lld,\"peer\":",
		       request->status, (long long)(request->duration_us / 1000),
		       (long long)(request->duration_us % 1000), (long long)request->bytes_in,
		       (long long)request->bytes_out);
	add_string(line, request->peer);
	if (request->refused) {
		buf_add_str(line, ",\"refused\":");
		add_string(line, request->refused);
	}
	buf_add_byte(line, '}');
}

static void add_text(const struct log *log, const struct http_log *request, const char *path,
		     struct buf *line)
{
	char time[CLOCK_TEXT_SIZE];

	buf_add_format(line, "%s %s %d %s ", clock_text_ms(clock_now(log->clock), time),
		       request->peer, request->status, request->method);
	add_string(line, path);
	buf_add_format(line, " %lld.%03lldms%s%s", (long long)(request->duration_us / 1000),
		       (long long)(request->duration_us % 1000),
		       request->refused ? " refused: " : "",
		       request->refused ? request->refused : "");
}

void log_request(const struct log *log, const struct http_log *request)
{
	struct buf line = BUF_INIT(LINE_MAX_BYTES);
	char shown[32];
	const char *path = shown_path(request->path, shown, sizeof(shown));

	if (log->format == LOG_NONE)
		return;
	if (log->format == LOG_JSON)
		add_json(log, request, path, &line);
	else
		add_text(log, request, path, &line);
	write_line(log, &line);
	buf_release(&line);
}

void log_event(const struct log *log, const char *event, const char *text)
{
	struct buf line = BUF_INIT(LINE_MAX_BYTES);
	char time[CLOCK_TEXT_SIZE];

	if (log->format == LOG_NONE)
		return;
	clock_text_ms(clock_now(log->clock), time);
	buf_add_format(&line, log->format == LOG_JSON ?
		       "{\"time\":\"%s\",\"event\":\"%s\",\"text\":" : "%s %s ", time, event);
	add_string(&line, text);
	if (log->format == LOG_JSON)
		buf_add_byte(&line, '}');
	write_line(log, &line);
	buf_release(&line);
}
