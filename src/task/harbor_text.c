/* harbor_text.c - see harbor_text.h */
#include "task/harbor_text.h"

#include "base/auto.h"

#include <ctype.h>
#include <string.h>

#define FILE_MOST (32 << 20)
#define HERE "/app"

static bool in_name(char c)
{
	return isalnum((unsigned char)c) || c == '_' || c == '-' || c == '.';
}

/* "/work" is not in "/work2" nor in "/home/work"; but "/work." may end a sentence. */
static bool stands_alone(const char *text, size_t len, size_t at, size_t base_len)
{
	size_t end = at + base_len;

	if (at && (in_name(text[at - 1]) || text[at - 1] == '/'))
		return false;
	if (end < len && text[end] == '.')
		end++;
	return end >= len || !in_name(text[end]);
}

bool harbor_text_rewrite(const char *text, size_t len, const char *base, struct buf *ret)
{
	size_t base_len = strlen(base), from = 0;
	bool changed = false;

	buf_clear(ret);
	if (!strcmp(base, HERE)) {
		buf_add(ret, text, len);
		return false;
	}
	for (size_t at = 0; at + base_len <= len; at++) {
		if (text[at] != '/' || memcmp(text + at, base, base_len) != 0 ||
		    !stands_alone(text, len, at, base_len))
			continue;
		buf_add(ret, text + from, at - from);
		buf_add_str(ret, HERE);
		from = at + base_len;
		at = from - 1;
		changed = true;
	}
	buf_add(ret, text + from, len - from);
	return changed;
}

int harbor_text_map(struct import_draft *draft, struct import_draft *said,
		    const struct import_source *source, const char *base, const char *from,
		    const char *to, struct err *err)
{
	AUTO(buf_release) struct buf bytes = BUF_INIT(FILE_MOST);
	AUTO(buf_release) struct buf text = BUF_INIT(2 * FILE_MOST);
	AUTO_FREE char *why = NULL;

	if (import_source_read(source, from, FILE_MOST, &bytes, err) < 0)
		return -1;
	if (memchr(buf_str(&bytes), '\0', bytes.len))
		buf_add(&text, bytes.data, bytes.len);
	else if (harbor_text_rewrite(buf_str(&bytes), bytes.len, base, &text))
		why = buf_format("%s is /app in it", base);
	if (import_draft_put(draft, to, buf_str(&text), text.len,
			     import_source_executable(source, from), err) < 0)
		return -1;
	import_draft_mapped(said, from, to);
	if (why)
		import_draft_changed(said, from, why);
	return 0;
}
