/* fuzz_http_head.c - any bytes as the head of a request: what is let in reads in one way only
 *
 * The bytes are cut in place as civetweb does it, leniently. What http_framing then lets in must
 * be, in the bytes as they were, lines that end in CR LF and have the one form of the standard. */
#include "base/buf.h"
#include "http/http_framing.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void demand(bool holds)
{
	if (!holds)
		abort();
}

/* --- what civetweb 1.15 does */

static int head_length(const char *text, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		unsigned char c = (unsigned char)text[i];

		if (c < 128 && c != '\r' && c != '\n' && !isprint(c))
			return -1;
		if (i + 1 < len && text[i] == '\n' && text[i + 1] == '\n')
			return (int)i + 2;
		if (i + 3 < len && memcmp(text + i, "\r\n\r\n", 4) == 0)
			return (int)i + 4;
	}
	return 0;
}

static bool cut_word(char **at, bool line_end)
{
	while (isgraph((unsigned char)**at))
		(*at)++;
	if (line_end ? **at != '\r' && **at != '\n' : **at != ' ')
		return false;
	do
		*(*at)++ = '\0';
	while (isspace((unsigned char)**at));
	return line_end || isgraph((unsigned char)**at);
}

static bool cut_field(char **at, struct http_head_field *field, bool *ret_more)
{
	char *end = *at;

	while (*end != ':' && *end >= 33 && *end <= 126)
		end++;
	*ret_more = end != *at;
	if (!*ret_more)
		return true;
	while (*end == ' ')
		*end++ = '\0';
	if (*end != ':')
		return false;
	*end = '\0';
	field->name = *at;
	do
		end++;
	while (*end == ' ' || *end == '\t');
	field->value = end;
	while (*end && *end != '\r' && *end != '\n')
		end++;
	if (*end == '\r') {
		*end++ = '\0';
		if (*end != '\n')
			return false;
	}
	if (*end)
		*end++ = '\0';
	*at = end;
	return true;
}

static bool cut(char *text, size_t len, struct http_head *head)
{
	char *at = text;
	int length;
	bool more = true;

	while (len > 0 && isspace((unsigned char)*at)) {
		at++;
		len--;
	}
	length = head_length(at, len);
	if (length <= 0)
		return false;
	at[length - 1] = '\0';
	head->method = at;
	if (!cut_word(&at, false))
		return false;
	head->target = at;
	if (!cut_word(&at, false))
		return false;
	head->version = at;
	if (!cut_word(&at, true) || strncmp(head->version, "HTTP/", 5) != 0)
		return false;
	head->version += 5;
	while (more && head->count < HTTP_FRAMING_FIELDS_MAX) {
		if (!cut_field(&at, &head->fields[head->count], &more))
			return false;
		head->count += more;
		if (more && (*at == '\r' || *at == '\n' || !*at))
			break;
	}
	head->query = strchr(head->target, '?');
	if (head->query)
		*head->query++ = '\0';
	return true;
}

/* --- what was let in, read anew */

static void check_line(const char *line, size_t len, unsigned number)
{
	const char *colon = memchr(line, ':', len);

	for (size_t i = 0; i < len; i++)
		demand((unsigned char)line[i] >= 0x20 && line[i] != 0x7f);
	if (number == 0)
		return;
	demand(colon && colon > line);
	for (const char *at = line; at < colon; at++)
		demand(isalnum((unsigned char)*at) || strchr("!#$%&'*+-.^_`|~", *at));
	demand(!(colon - line == 17 && strncasecmp(line, "Transfer-Encoding", 17) == 0));
}

/* The one form that looks the same once it is cut (http_framing.h). */
static bool is_twin(const char *text, size_t size)
{
	const char *end = strstr(text, "\n\n");

	return end && (size_t)(end - text) + 4 <= size && memcmp(end, "\n\n\r", 4) == 0;
}

/* The end of the request line, in any of the forms that look the same (http_framing.h). */
static const char *first_end(const char *line)
{
	const char *stop = line + strcspn(line, "\r\n");

	demand(stop[0] && (stop[1] == '\r' || stop[1] == '\n' || stop[1] == ' '));
	return stop;
}

static bool check(const char *text, const struct http_head *head, int64_t length)
{
	const char *end = strstr(text, "\r\n\r\n"), *line = text;
	unsigned lines = 0, hosts = 0, lengths = 0;

	demand(end != NULL);
	demand(strncmp(text, head->method, strlen(head->method)) == 0);
	while (line < end + 2) {
		const char *stop = lines ? strstr(line, "\r\n") : first_end(line);

		demand(stop && stop > line);
		check_line(line, (size_t)(stop - line), lines++);
		hosts += lines > 1 && strncasecmp(line, "Host:", 5) == 0;
		if (lines > 1 && strncasecmp(line, "Content-Length:", 15) == 0) {
			lengths++;
			demand(lines > 2 || head->doubtful);
			demand(strtoll(line + 15, NULL, 10) == length);
		}
		line = stop + 2;
	}
	demand(lines == head->count + 1);
	demand(hosts == 1 && lengths <= 1);
	demand(lengths == 1 || length == 0);
	return true;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct http_head head = { 0 };
	char *text, *original;
	int64_t length;
	int status;

	if (size > 16384)
		return 0;
	text = buf_alloc(size + 1);
	original = buf_alloc(size + 1);
	memcpy(text, data, size);
	memcpy(original, data, size);
	head.buffer = text;
	head.size = size;
	if (cut(text, size, &head)) {
		if (!http_framing_fault(&head, &length, &status))
			demand(is_twin(original, size) || check(original, &head, length));
		else
			demand(status >= 400 && status < 506);
	}
	free(text);
	free(original);
	return 0;
}
