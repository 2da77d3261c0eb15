/* fuzz_http_target.c - any bytes as path, query, cookies and lists: what comes out is harmless
 *
 * The first byte says what the rest is; a line break ends the first of two texts. */
#include "base/utf8.h"
#include "http/http_target.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void demand(bool holds)
{
	if (!holds)
		abort();
}

static void try_path(const char *text)
{
	char *path = buf_alloc(HTTP_TARGET_PATH_MAX + 1);
	int status;

	if (!http_target_path(text, path, &status)) {
		size_t len = strlen(path);

		demand(path[0] == '/' && utf8_valid(path, len));
		demand(!strstr(path, "//") && !strstr(path, "/./") && !strstr(path, "/../"));
		demand(len < 2 || strcmp(path + len - 2, "/.") != 0);
		demand(len < 3 || strcmp(path + len - 3, "/..") != 0);
		demand(!strchr(path, '\\'));
		for (size_t i = 0; i < len; i++)
			demand((unsigned char)path[i] >= 0x20 && path[i] != 0x7f);
	} else {
		demand(status == 400 || status == 414);
	}
	free(path);
}

static void try_query(const char *query, const char *name)
{
	struct buf value = BUF_INIT(HTTP_TARGET_QUERY_MAX);

	if (http_target_query_fits(query) && http_target_query(query, name, &value)) {
		demand(utf8_valid(buf_str(&value), value.len));
		demand(strlen(buf_str(&value)) == value.len);
		demand(value.len <= strlen(query));
	}
	buf_release(&value);
}

static void try_cookie(const char *header, const char *name)
{
	size_t len = 0;
	const char *value = http_target_cookie(header, name, &len);

	if (value) {
		demand(value > header && value + len <= header + strlen(header));
		demand(!memchr(value, ';', len));
	}
}

static void try_lists(const char *list, const char *word)
{
	char address[48];

	http_target_list_has(list, word);
	http_target_etag_matches(list, word);
	if (http_target_forwarded(list, address, sizeof(address)))
		demand(strspn(address, "0123456789abcdefABCDEF.:") == strlen(address));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *first, *second;

	if (size < 1)
		return 0;
	first = buf_alloc(size);
	memcpy(first, data + 1, size - 1);
	second = strchr(first, '\n');
	if (second)
		*second++ = '\0';
	switch (data[0]) {
	case 'p': try_path(first); break;
	case 'q': try_query(first, second ? second : "a"); break;
	case 'c': try_cookie(first, second ? second : "a"); break;
	default: try_lists(first, second ? second : "a"); break;
	}
	free(first);
	return 0;
}
