/* fuzz_markdown.c - any bytes as Markdown: the HTML holds no element that could do anything */
#include "web/markdown.h"

#include "base/auto.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* What the HTML may hold between < and the end of the name. */
static const char *const known[] = {
	"p",   "h2", "h3", "h4", "h5",	       "h6", "em", "strong", "code",
	"pre", "ul", "ol", "li", "blockquote", "hr", "br", "a",
	"table", "thead", "tbody", "tr", "th", "td",
};

static void need(bool holds)
{
	if (!holds)
		abort();
}

static bool is_known(const char *tag)
{
	size_t len = strcspn(tag, " />"), i;

	for (i = 0; i < sizeof(known) / sizeof(known[0]); i++)
		if (strlen(known[i]) == len && !memcmp(known[i], tag, len))
			return true;
	return false;
}

static void check_link(const char *tag)
{
	const char *href = strstr(tag, "href=\"");

	if (*tag != 'a' || tag[1] != ' ')
		return;
	need(href &&
	     (!strncasecmp(href + 6, "http://", 7) || !strncasecmp(href + 6, "https://", 8) ||
	      !strncasecmp(href + 6, "mailto:", 7)));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	AUTO(buf_release) struct buf out = BUF_INIT(64 * 1024 * 1024);
	struct err err = ERR_INIT;
	const char *at;

	if (size > 65536 || markdown_html((const char *)data, size, &out, &err) < 0)
		return 0;
	for (at = strchr(buf_str(&out), '<'); at; at = strchr(at, '<')) {
		at += at[1] == '/' ? 2 : 1;
		need(is_known(at));
		check_link(at);
	}
	return 0;
}
