/* page_json.c - see page_json.h */
#include "replay/page_json.h"

#include "base/utf8.h"

#include <stdio.h>
#include <string.h>

/* What stands for the character at `bytes` (`size` bytes, 0 when it is none); NULL for itself. */
static const char *escape(const char *bytes, size_t size, char room[8])
{
	unsigned char byte = (unsigned char)*bytes;

	if (!size)
		return "\\ufffd";
	if (size == 3 && (!memcmp(bytes, "\xe2\x80\xa8", 3) || !memcmp(bytes, "\xe2\x80\xa9", 3)))
		return bytes[2] == '\xa8' ? "\\u2028" : "\\u2029";
	if (size > 1)
		return NULL;
	switch (byte) {
	case '\n': return "\\n";
	case '\t': return "\\t";
	case '"': return "\\\"";
	case '\\': return "\\\\";
	default: break;
	}
	if (byte >= 0x20 && byte != 0x7f && !strchr("<>&", byte))
		return NULL;
	snprintf(room, 8, "\\u%04x", byte);
	return room;
}

void page_json_string(struct buf *out, const char *bytes, size_t len)
{
	size_t i = 0, plain = 0, size;
	const char *escaped;
	char room[8];

	buf_add_byte(out, '"');
	for (; i < len; i += size ? size : 1) {
		size = utf8_char(bytes + i, len - i);
		escaped = escape(bytes + i, size, room);
		if (!escaped)
			continue;
		buf_add(out, bytes + plain, i - plain);
		buf_add_str(out, escaped);
		plain = i + (size ? size : 1);
	}
	buf_add(out, bytes + plain, len - plain);
	buf_add_byte(out, '"');
}

void page_json_text(struct buf *out, const char *text)
{
	page_json_string(out, text ? text : "", text ? strlen(text) : 0);
}
