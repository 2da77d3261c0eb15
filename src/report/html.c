/* html.c - see html.h */
#include "report/html.h"

#include "base/auto.h"
#include "base/utf8.h"

#include <string.h>

#define REPLACEMENT "\xef\xbf\xbd"

static const char *entity(char c)
{
	switch (c) {
	case '&': return "&amp;";
	case '<': return "&lt;";
	case '>': return "&gt;";
	case '"': return "&quot;";
	case '\'': return "&#39;";
	case '\t':
	case '\n': return NULL;
	default: return (unsigned char)c < 0x20 || c == 0x7f ? REPLACEMENT : NULL;
	}
}

void html_escape(struct buf *out, const char *text)
{
	size_t len = text ? strlen(text) : 0, at, width;

	for (at = 0; at < len; at += width ? width : 1) {
		const char *escaped = entity(text[at]);

		width = utf8_char(text + at, len - at);
		if (width && !escaped)
			buf_add(out, text + at, width);
		else
			buf_add_str(out, escaped ? escaped : REPLACEMENT);
	}
}

/* Outside of strings JSON has none of these, and inside an escape means the same. */
void html_json(struct buf *out, const json_t *value)
{
	AUTO_FREE char *json = json_dumps(value, JSON_COMPACT | JSON_ENCODE_ANY);
	const char *at;

	for (at = json ? json : "null"; *at; at++) {
		if (*at == '<' || *at == '>' || *at == '&') {
			buf_add_format(out, "\\u%04x", (unsigned)*at);
		} else if (!strncmp(at, "\xe2\x80\xa8", 3) || !strncmp(at, "\xe2\x80\xa9", 3)) {
			buf_add_str(out, at[2] == '\xa8' ? "\\u2028" : "\\u2029");
			at += 2;
		} else {
			buf_add_byte(out, *at);
		}
	}
}
