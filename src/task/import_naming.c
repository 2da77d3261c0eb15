/* import_naming.c - see import_naming.h */
#include "task/import_naming.h"

#include "base/auto.h"
#include "base/buf.h"
#include "base/json.h"
#include "base/utf8.h"

#include <string.h>

#define TITLE_BYTES 200
#define ID_BYTES 56	/* with "-NUMBER" behind it at most 64 */

/* What is not UTF-8 or a control character is one space. */
char *import_naming_line(const char *text)
{
	AUTO(buf_release) struct buf line = BUF_INIT(TITLE_BYTES);
	size_t left = strlen(text), len;

	for (; left; text += len, left -= len) {
		len = utf8_char(text, left);
		if (!len || (unsigned char)*text <= ' ' || *text == 0x7f) {
			len = 1;
			if (line.len && line.data[line.len - 1] != ' ')
				buf_add_byte(&line, ' ');
		} else if (line.len + len > line.limit) {
			break;
		} else {
			buf_add(&line, text, len);
		}
	}
	while (line.len && line.data[line.len - 1] == ' ')
		line.data[--line.len] = '\0';
	return line.len ? buf_take(&line) : buf_strdup("Task");
}

char *import_naming_title(const char *slug)
{
	AUTO_FREE char *words = buf_strdup(slug);

	for (char *at = words; *at; at++) {
		if (*at == '-' || *at == '_')
			*at = ' ';
		else if ((at == words || at[-1] == ' ') && *at >= 'a' && *at <= 'z')
			*at = (char)(*at - 'a' + 'A');
	}
	return import_naming_line(words);
}

static bool is_taken(const char *id, const json_t *tests)
{
	const json_t *test;
	size_t i;

	json_array_foreach(tests, i, test)
		if (!strcmp(json_str(test, "id", ""), id))
			return true;
	return false;
}

char *import_naming_test_id(const char *name, const json_t *tests)
{
	AUTO(buf_release) struct buf id = BUF_INIT(ID_BYTES);
	AUTO_FREE char *tried = NULL;

	for (; *name; name++) {
		char c = *name >= 'A' && *name <= 'Z' ? (char)(*name + 'a' - 'A') : *name;

		if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'))
			buf_add_byte(&id, c);
		else if (id.len && id.data[id.len - 1] != '-')
			buf_add_byte(&id, '-');
	}
	while (id.len && id.data[id.len - 1] == '-')
		id.data[--id.len] = '\0';
	if (!id.len)
		buf_add_str(&id, "test");
	tried = buf_strdup(buf_str(&id));
	for (unsigned i = 2; is_taken(tried, tests); i++) {
		free(tried);
		tried = buf_format("%s-%u", buf_str(&id), i);
	}
	return TAKE(tried);
}
