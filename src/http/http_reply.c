/* http_reply.c - see http_reply.h */
#include "http/http_reply.h"

#include "http/http_internal.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <time.h>

#define EXTRA_MAX 8192

static const char security_fields[] =
	"X-Content-Type-Options: nosniff\r\n"
	"X-Frame-Options: DENY\r\n"
	"Referrer-Policy: no-referrer\r\n"
	"Cross-Origin-Opener-Policy: same-origin\r\n"
	"Cross-Origin-Resource-Policy: same-origin\r\n"
	"Permissions-Policy: camera=(), microphone=(), geolocation=()\r\n";

static const struct {
	int status;
	const char *text;
} statuses[] = {
	{ 101, "Switching Protocols" }, { 200, "OK" }, { 201, "Created" }, { 202, "Accepted" },
	{ 204, "No Content" }, { 206, "Partial Content" }, { 303, "See Other" },
	{ 304, "Not Modified" }, { 400, "Bad Request" }, { 401, "Unauthorized" },
	{ 403, "Forbidden" }, { 404, "Not Found" }, { 405, "Method Not Allowed" },
	{ 408, "Request Timeout" }, { 409, "Conflict" }, { 410, "Gone" },
	{ 411, "Length Required" }, { 412, "Precondition Failed" },
	{ 413, "Content Too Large" }, { 414, "URI Too Long" }, { 415, "Unsupported Media Type" },
	{ 417, "Expectation Failed" }, { 422, "Unprocessable Content" },
	{ 423, "Locked" }, { 426, "Upgrade Required" }, { 429, "Too Many Requests" },
	{ 431, "Request Header Fields Too Large" }, { 500, "Internal Server Error" },
	{ 501, "Not Implemented" }, { 503, "Service Unavailable" }, { 507, "Insufficient Storage" },
};

const char *http_status_text(int status)
{
	for (size_t i = 0; i < sizeof(statuses) / sizeof(*statuses); i++)
		if (statuses[i].status == status)
			return statuses[i].text;
	return "Status";
}

static void add_clean(struct buf *out, const char *text)
{
	for (; *text; text++)
		buf_add_byte(out, (unsigned char)*text < 0x20 || *text == 0x7f ? ' ' : *text);
}

void http_reply_header(struct http_request *request, const char *name, const char *value)
{
	if (!request->extra.limit)
		request->extra.limit = EXTRA_MAX;
	if (request->extra.len + strlen(name) + strlen(value) + 4 > EXTRA_MAX)
		return;
	if (strcasecmp(name, "Content-Security-Policy") == 0)
		request->own_policy = true;
	if (strcasecmp(name, "Cache-Control") == 0)
		request->own_cache = true;
	add_clean(&request->extra, name);
	buf_add_str(&request->extra, ": ");
	add_clean(&request->extra, value);
	buf_add_str(&request->extra, "\r\n");
}

/* "Date: ...", made once a second by each thread. */
static void add_date(struct buf *out)
{
	static _Thread_local char text[64];
	static _Thread_local time_t made;
	time_t now = time(NULL);
	struct tm parts;

	if (now != made) {
		static const char *const days[] = { "Sun", "Mon", "Tue", "Wed", "Thu", "Fri",
						    "Sat" };
		static const char *const months[] = { "Jan", "Feb", "Mar", "Apr", "May", "Jun",
						      "Jul", "Aug", "Sep", "Oct", "Nov", "Dec" };

		gmtime_r(&now, &parts);
		snprintf(text, sizeof(text), "Date: %s, %02d %s %d %02d:%02d:%02d GMT\r\n",
			 days[parts.tm_wday], parts.tm_mday, months[parts.tm_mon],
			 parts.tm_year + 1900, parts.tm_hour, parts.tm_min, parts.tm_sec);
		made = now;
	}
	buf_add_str(out, text);
}

void http_reply_head(struct http_request *request, int status, const char *content_type,
		     int64_t length, struct buf *out)
{
	buf_add_format(out, "HTTP/1.1 %d %s\r\n", status, http_status_text(status));
	add_date(out);
	if (content_type)
		buf_add_format(out, "Content-Type: %s\r\n", content_type);
	if (length >= 0)
		buf_add_format(out, "Content-Length: %lld\r\n", (long long)length);
	buf_add(out, security_fields, sizeof(security_fields) - 1);
	if (!request->own_policy)
		buf_add_str(out, "Content-Security-Policy: default-src 'none'; "
				 "frame-ancestors 'none'\r\n");
	if (!request->own_cache)
		buf_add_str(out, "Cache-Control: no-store\r\n");
	if (request->extra.len)
		buf_add(out, request->extra.data, request->extra.len);
	buf_add_str(out, request->keep ? "Connection: keep-alive\r\n\r\n" :
					 "Connection: close\r\n\r\n");
	request->status = status;
}

/* A connection is kept only when the client wants it, threads are left, and the next byte that
 * comes will be the next request. */
static void decide_keep(struct http_request *request)
{
	request->keep = request->keep && request->taken == request->length &&
			http_server_may_keep(request->server);
}

static bool has_body(const struct http_request *request, int status)
{
	return status >= 200 && status != 204 && status != 304 &&
	       !(request->has_method && request->method == HTTP_HEAD);
}

static void send_whole(struct http_request *request, int status, const char *content_type,
		       const void *data, size_t len)
{
	struct buf head = BUF_INIT(EXTRA_MAX + 4096);
	bool bare = status == 204 || status == 304;

	decide_keep(request);
	http_reply_head(request, status, content_type, bare ? -1 : (int64_t)len, &head);
	if (!has_body(request, status))
		len = 0;
	/* a large answer may take longer, but not at less than 32 KiB a second */
	if (http_connection_send(request->connection, head.data, head.len, data, len,
				 http_connection_now() + HTTP_CONNECTION_SEND_MS +
				 (int64_t)(len / 32)) < 0)
		request->broken = true;
	else
		request->sent += (int64_t)len;
	request->answer = HTTP_ANSWER_DONE;
	buf_release(&head);
}

static bool is_request_thread(const struct http_request *request)
{
	return pthread_equal(pthread_self(), request->thread);
}

void http_reply_take(struct http_request *request, int status, const char *content_type, char *data,
		     size_t len)
{
	if (request->answer != HTTP_ANSWER_NONE) {
		free(data);
	} else if (is_request_thread(request)) {
		send_whole(request, status, content_type, data, len);
		free(data);
	} else {
		request->reply = (struct buf){ .data = data, .len = len, .size = len };
		snprintf(request->reply_type, sizeof(request->reply_type), "%s",
			 content_type ? content_type : "");
		request->status = status;
		request->answer = HTTP_ANSWER_KEPT;
	}
}

void http_reply(struct http_request *request, int status, const char *content_type,
		const void *data, size_t len)
{
	char *copy;

	if (request->answer != HTTP_ANSWER_NONE)
		return;
	if (is_request_thread(request)) {
		send_whole(request, status, content_type, data, len);
		return;
	}
	copy = buf_alloc(len);
	if (len)
		memcpy(copy, data, len);
	http_reply_take(request, status, content_type, copy, len);
}

void http_reply_flush(struct http_request *request)
{
	if (request->answer == HTTP_ANSWER_KEPT)
		send_whole(request, request->status,
			   request->reply_type[0] ? request->reply_type : NULL,
			   request->reply.data, request->reply.len);
}

void http_reply_json(struct http_request *request, int status, json_t *value)
{
	char *text = json_dumps(value, JSON_COMPACT);

	if (!text)
		abort();
	http_reply_take(request, status, "application/json", text, strlen(text));
	json_decref(value);
}

void http_reply_error(struct http_request *request, int status, const char *code,
		      const char *message, const char *field)
{
	json_t *error = json_pack("{s:s, s:s}", "code", code, "message", message);

	if (!error)	/* a text that is not UTF-8 */
		error = json_pack("{s:s, s:s}", "code", code, "message",
				  http_status_text(status));
	if (field)
		json_object_set_new(error, "field", json_string(field));
	http_reply_json(request, status, json_pack("{s:o}", "error", error));
}

void http_reply_err(struct http_request *request, const struct err *err)
{
	static const struct {
		int status;
		const char *code;
	} answers[ERR_CODES] = {
		[ERR_NONE] = { 500, "internal" }, [ERR_NO] = { 409, "state" },
		[ERR_USAGE] = { 400, "invalid" }, [ERR_INPUT] = { 400, "invalid" },
		[ERR_ENV] = { 503, "unavailable" }, [ERR_INTEGRITY] = { 500, "integrity" },
		[ERR_NOT_FOUND] = { 404, "not_found" }, [ERR_STATE] = { 409, "state" },
	};
	int status = answers[err->code].status;
	const char *code = answers[err->code].code, *text = err->text;

	if (request->fault_status && err->code == ERR_INPUT) {
		status = request->fault_status;
		code = status == 413 ? "too_large" : status == 408 ? "timeout" : "invalid";
	}
	if (status == 503) {
		http_reply_header(request, "Retry-After", "2");
		text = "the server cannot do this just now";
	} else if (status == 500) {
		text = "the server found something wrong with its data";
	}
	http_reply_error(request, status, code, text, NULL);
}

void http_reply_see_other(struct http_request *request, const char *path)
{
	http_reply_header(request, "Location", path);
	http_reply(request, 303, NULL, "", 0);
}

/* --- in pieces */

void http_reply_begin(struct http_request *request, int status, const char *content_type,
		      int64_t length)
{
	struct buf head = BUF_INIT(EXTRA_MAX + 4096);

	if (request->answer != HTTP_ANSWER_NONE)
		return;
	decide_keep(request);
	request->keep = request->keep && length >= 0;
	request->piece_left = length;
	http_reply_head(request, status, content_type, length, &head);
	if (http_connection_send(request->connection, head.data, head.len, NULL, 0,
				 http_connection_now() + HTTP_CONNECTION_SEND_MS) < 0)
		request->broken = true;
	request->answer = HTTP_ANSWER_PIECES;
	buf_release(&head);
}

int http_reply_data(struct http_request *request, const void *data, size_t len)
{
	if (request->answer != HTTP_ANSWER_PIECES || request->broken)
		return -1;
	if (request->piece_left >= 0 && len > (uint64_t)request->piece_left)
		len = (size_t)request->piece_left;
	if (!has_body(request, request->status))
		return 0;
	if (http_connection_send(request->connection, data, len, NULL, 0,
				 http_connection_now() + HTTP_CONNECTION_SEND_MS) < 0) {
		request->broken = true;
		return -1;
	}
	if (request->piece_left >= 0)
		request->piece_left -= (int64_t)len;
	request->sent += (int64_t)len;
	return 0;
}

void http_reply_end(struct http_request *request)
{
	if (request->answer != HTTP_ANSWER_PIECES)
		return;
	if (request->piece_left > 0 && has_body(request, request->status))
		request->broken = true;
	request->answer = HTTP_ANSWER_DONE;
}

void http_reply_file(struct http_request *request, int status, const char *content_type,
		     FILE *file)
{
	char piece[16384];
	size_t got;

	if (!http_server_enter_stream(request, HTTP_STREAM_FILE)) {
		http_reply_header(request, "Retry-After", "5");
		http_reply_error(request, 503, "busy", "too many downloads at once", NULL);
		return;
	}
	fseek(file, 0, SEEK_END);
	http_reply_begin(request, status, content_type, ftell(file));
	rewind(file);
	while ((got = fread(piece, 1, sizeof(piece), file)) > 0)
		if (http_reply_data(request, piece, got) < 0)
			break;
	http_reply_end(request);
	http_server_leave_stream(request);
}
