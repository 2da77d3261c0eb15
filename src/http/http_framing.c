/* http_framing.c - see http_framing.h */
#include "http/http_framing.h"

#include <string.h>
#include <strings.h>

/* Each of these decides who asks, for what, or where the request ends: two of them would be two
 * answers. */
static const char *const single_fields[] = {
	"Host", "Content-Length", "Transfer-Encoding", "Authorization", "Cookie", "Origin",
	"Connection", "Upgrade", "Content-Encoding", "Content-Type", "Git-Protocol", "Expect",
	"Sec-Fetch-Site", "Sec-WebSocket-Key", "Sec-WebSocket-Version", "X-Assessment-Token",
	"X-Forwarded-Proto", "If-Match", "If-None-Match", "Range",
};

static bool is_token_char(char c)
{
	return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	       (c && strchr("!#$%&'*+-.^_`|~", c));
}

static bool is_blank(char c)
{
	return c == ' ' || c == '\t';
}

/* The end of the text at `at`, its NUL; NULL when it leaves the buffer. */
static char *text_end(const struct http_head *head, char *at)
{
	if (at < head->buffer || at >= head->buffer + head->size)
		return NULL;
	return memchr(at, '\0', (size_t)(head->buffer + head->size - at));
}

/* Whether the bytes at `at` are there and are these. */
static bool stands(const struct http_head *head, const char *at, const char *bytes, size_t len)
{
	return (size_t)(head->buffer + head->size - at) >= len && memcmp(at, bytes, len) == 0;
}

/* METHOD NUL TARGET [NUL QUERY] NUL "HTTP/" VERSION NUL NUL: one blank between the words, and CR LF
 * at the end. NULL, or where the fields begin. */
static char *walk_request_line(const struct http_head *head)
{
	char *end = text_end(head, head->method);

	if (head->method != head->buffer || !end || head->target != end + 1)
		return NULL;
	end = text_end(head, head->target);
	if (head->query) {
		if (!end || head->query != end + 1)
			return NULL;
		end = text_end(head, head->query);
	}
	if (!end || !stands(head, end + 1, "HTTP/", 5) || head->version != end + 6)
		return NULL;
	end = text_end(head, head->version);
	if (!end || !stands(head, end, "\0", 2))
		return NULL;
	return end + 2;
}

/* NAME NUL blanks VALUE NUL NUL: no blank before the colon, CR LF behind. NULL, or where the next
 * field begins. */
static char *walk_field(const struct http_head *head, const struct http_head_field *field)
{
	char *end = text_end(head, field->name), *at;

	if (!end || end == field->name || field->value <= end)
		return NULL;
	for (at = field->name; at < end; at++)
		if (!is_token_char(*at))
			return NULL;
	for (at = end + 1; at < field->value; at++)
		if (!is_blank(*at))
			return NULL;
	end = text_end(head, field->value);
	if (!end)
		return NULL;
	for (at = field->value; at < end; at++)
		if (((unsigned char)*at < 0x20 && *at != '\t') || *at == 0x7f)
			return NULL;
	return stands(head, end, "\0", 2) ? end + 2 : NULL;
}

static void cut_blanks(char *value)
{
	size_t len = strlen(value);

	while (len > 0 && is_blank(value[len - 1]))
		value[--len] = '\0';
}

static unsigned count_of(const struct http_head *head, const char *name)
{
	unsigned count = 0;

	for (unsigned i = 0; i < head->count; i++)
		count += strcasecmp(head->fields[i].name, name) == 0;
	return count;
}

const char *http_framing_find(const struct http_head *head, const char *name)
{
	for (unsigned i = 0; i < head->count; i++)
		if (strcasecmp(head->fields[i].name, name) == 0)
			return head->fields[i].value;
	return NULL;
}

/* Digits alone, at most 15. */
static bool read_length(const char *text, int64_t *ret)
{
	size_t len = strspn(text, "0123456789");

	if (len == 0 || len > 15 || text[len])
		return false;
	*ret = 0;
	for (; *text; text++)
		*ret = *ret * 10 + (*text - '0');
	return true;
}

/* HOST or HOST:PORT, with a name, an IPv4 address, or an IPv6 address in brackets. */
static bool is_host(const char *text)
{
	const char *colon = strrchr(text, ':'), *end = text + strlen(text);
	size_t len;

	if (*text == '[') {
		end = strchr(text, ']');
		if (!end ||
		    strspn(text + 1, "0123456789abcdefABCDEF:.") != (size_t)(end - text - 1))
			return false;
		colon = end[1] == ':' ? end + 1 : NULL;
		if (end[1] && !colon)
			return false;
	} else {
		if (colon)
			end = colon;
		len = strspn(text,
			     "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ.-_");
		if (end == text || len != (size_t)(end - text))
			return false;
	}
	if (!colon)
		return strlen(text) <= 255;
	len = strspn(colon + 1, "0123456789");
	return len >= 1 && len <= 5 && !colon[1 + len] && strlen(text) <= 255;
}

static const char *walk(struct http_head *head)
{
	char *at = walk_request_line(head);

	if (!at)
		return "the request line is not in its one form";
	for (unsigned i = 0; i < head->count; i++) {
		if (head->fields[i].name != at)
			return "a line of the head ends or begins wrongly";
		at = walk_field(head, &head->fields[i]);
		if (!at)
			return "a header is not in its one form";
	}
	/* the last line feed of the head became NUL; what else stands here was left out: a folded
	 * line, or headers past the most */
	if (!stands(head, at, "\r", 2))
		return head->count == HTTP_FRAMING_FIELDS_MAX
			       ? "too many headers"
			       : "a folded line, or none to end the head";
	return NULL;
}

/* Whoever is in front must see the same end of the body as we do. */
static const char *find_chunks(struct http_head *head)
{
	const char *text = http_framing_find(head, "Transfer-Encoding");

	if (!text)
		return NULL;
	if (strcasecmp(text, "chunked") != 0 || http_framing_find(head, "Content-Length") ||
	    strcmp(head->version, "1.1") != 0)
		return "Transfer-Encoding";
	head->chunked = true;
	return NULL;
}

const char *http_framing_fault(struct http_head *head, int64_t *ret_length, int *ret_status)
{
	const char *fault = walk(head), *text;

	*ret_status = 400;
	*ret_length = 0;
	if (fault) {
		if (head->count == HTTP_FRAMING_FIELDS_MAX)
			*ret_status = 431;
		return fault;
	}
	if (strcmp(head->version, "1.0") != 0 && strcmp(head->version, "1.1") != 0) {
		*ret_status = 505;
		return "a version that is not known";
	}
	for (unsigned i = 0; i < head->count; i++)
		cut_blanks(head->fields[i].value);
	for (size_t i = 0; i < sizeof(single_fields) / sizeof(*single_fields); i++)
		if (count_of(head, single_fields[i]) > 1)
			return "a header that must stand once";
	text = http_framing_find(head, "Host");
	if (!text || !is_host(text))
		return "no Host, or none that is one";
	text = http_framing_find(head, "Content-Length");
	if (text && !read_length(text, ret_length))
		return "a Content-Length that is no number";
	fault = find_chunks(head);
	if (fault)
		return fault;
	text = http_framing_find(head, "Content-Length");
	head->doubtful = text && text == head->fields[0].value;
	text = http_framing_find(head, "Expect");
	if (text && strcasecmp(text, "100-continue") != 0) {
		*ret_status = 417;
		return "an Expect that is not known";
	}
	return NULL;
}
