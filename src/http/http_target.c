/* http_target.c - see http_target.h */
#include "http/http_target.h"

#include "base/utf8.h"

#include <arpa/inet.h>
#include <string.h>
#include <strings.h>

static int hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c |= 0x20;
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* The byte that "%XX" at `text` means, or -1. */
static int percent_byte(const char *text)
{
	int high = hex_digit(text[1]);
	int low = high < 0 ? -1 : hex_digit(text[2]);

	return low < 0 ? -1 : high << 4 | low;
}

/* "//", "." and ".." between slashes. */
static bool has_empty_or_dot_part(const char *path)
{
	for (const char *part = path; part; part = strchr(part + 1, '/')) {
		size_t len = strcspn(part + 1, "/");

		if ((len == 0 && part[1]) || (len == 1 && part[1] == '.') ||
		    (len == 2 && part[1] == '.' && part[2] == '.'))
			return true;
	}
	return false;
}

/* The controls that UTF-8 writes in two bytes, U+0080 to U+009F. */
static bool has_high_control(const char *text)
{
	for (; (text = strchr(text, '\xc2')); text++)
		if ((unsigned char)text[1] < 0xa0)
			return true;
	return false;
}

const char *http_target_path(const char *raw, char *out, int *ret_status)
{
	size_t len = 0;

	*ret_status = 400;
	if (*raw != '/')
		return "a target that is not a path";
	for (; *raw; raw++) {
		int byte = (unsigned char)*raw;

		if (byte < 0x21 || byte > 0x7e || byte == '\\' || byte == '#')
			return "a character that no path has";
		if (byte == '%') {
			byte = percent_byte(raw);
			if (byte < 0x20 || byte == 0x7f || byte == '/' || byte == '\\')
				return "an escape that no path has";
			raw += 2;
		}
		if (len == HTTP_TARGET_PATH_MAX) {
			*ret_status = 414;
			return "a path that is too long";
		}
		out[len++] = (char)byte;
	}
	out[len] = '\0';
	if (!utf8_valid(out, len) || has_high_control(out))
		return "a path that is not UTF-8";
	if (has_empty_or_dot_part(out))
		return "a path with empty or dot parts";
	return NULL;
}

bool http_target_query_fits(const char *query)
{
	for (const char *at = query; *at; at++) {
		if (*at < 0x21 || *at > 0x7e || at - query >= HTTP_TARGET_QUERY_MAX)
			return false;
		if (*at == '%' && percent_byte(at) < 0)
			return false;
	}
	return true;
}

static void add_decoded(struct buf *out, const char *text, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		if (text[i] == '%') {
			buf_add_byte(out, (char)percent_byte(text + i));
			i += 2;
		} else {
			buf_add_byte(out, text[i] == '+' ? ' ' : text[i]);
		}
	}
}

static bool name_is(const char *text, size_t len, const char *name)
{
	struct buf decoded = BUF_INIT(HTTP_TARGET_QUERY_MAX);
	bool same;

	add_decoded(&decoded, text, len);
	same = decoded.len == strlen(name) && memcmp(buf_str(&decoded), name, decoded.len) == 0;
	buf_release(&decoded);
	return same;
}

bool http_target_query(const char *query, const char *name, struct buf *out)
{
	size_t start = out->len;

	for (const char *at = query; *at; at += *at == '&') {
		size_t len = strcspn(at, "&"), name_len = strcspn(at, "=&");

		if (name_is(at, name_len, name)) {
			if (name_len < len)
				add_decoded(out, at + name_len + 1, len - name_len - 1);
			return utf8_valid(buf_str(out) + start, out->len - start) &&
			       !memchr(buf_str(out) + start, 0, out->len - start);
		}
		at += len;
	}
	return false;
}

const char *http_target_cookie(const char *header, const char *name, size_t *ret_len)
{
	size_t name_len = strlen(name);

	for (const char *at = header; *at;) {
		size_t len;

		at += strspn(at, "; \t");
		len = strcspn(at, ";");
		if (len > name_len && strncmp(at, name, name_len) == 0 && at[name_len] == '=') {
			const char *value = at + name_len + 1;

			len -= name_len + 1;
			while (len > 0 && (value[len - 1] == ' ' || value[len - 1] == '\t'))
				len--;
			if (len >= 2 && value[0] == '"' && value[len - 1] == '"') {
				value++;
				len -= 2;
			}
			*ret_len = len;
			return value;
		}
		at += len;
	}
	return NULL;
}

/* The next element of a comma-separated list, without blanks around it; NULL at the end. */
static const char *next_element(const char **list, size_t *ret_len)
{
	const char *at = *list + strspn(*list, ", \t");
	size_t len = strcspn(at, ",");

	if (!*at)
		return NULL;
	*list = at + len;
	while (len > 0 && (at[len - 1] == ' ' || at[len - 1] == '\t'))
		len--;
	*ret_len = len;
	return at;
}

bool http_target_list_has(const char *list, const char *word)
{
	const char *element;
	size_t len;

	while ((element = next_element(&list, &len)))
		if (len == strlen(word) && strncasecmp(element, word, len) == 0)
			return true;
	return false;
}

/* A comma may stand inside a tag, but none of ours has one: a foreign tag is cut in two and matches
 * as little as before. */
bool http_target_etag_matches(const char *list, const char *etag)
{
	const char *element;
	size_t len;

	while ((element = next_element(&list, &len))) {
		if (len == 1 && *element == '*')
			return true;
		if (len > 2 && strncmp(element, "W/", 2) == 0) {
			element += 2;
			len -= 2;
		}
		if (len == strlen(etag) && memcmp(element, etag, len) == 0)
			return true;
	}
	return false;
}

bool http_target_forwarded(const char *list, char *out, size_t size)
{
	const char *element, *last = NULL;
	size_t len = 0, last_len = 0;
	struct in6_addr address;

	while ((element = next_element(&list, &len))) {
		last = element;
		last_len = len;
	}
	if (!last || last_len >= size)
		return false;
	memcpy(out, last, last_len);
	out[last_len] = '\0';
	return inet_pton(AF_INET, out, &address) == 1 || inet_pton(AF_INET6, out, &address) == 1;
}
