/* fuzz_page.c - any bytes as what a page shows: as plain text, as JSON in it, and as a text whose
 * places are asked for while it is edited */
#include "base/auto.h"
#include "base/json.h"
#include "base/utf8.h"
#include "replay/page_json.h"
#include "replay/page_plain.h"
#include "replay/page_text.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void need(bool holds)
{
	if (!holds)
		abort();
}

static void check_plain(const char *bytes, size_t len)
{
	AUTO(buf_release) struct buf plain = BUF_INIT(SIZE_MAX);
	size_t i;

	page_plain_add(&plain, bytes, len);
	need(plain.len <= len);
	for (i = 0; i < plain.len; i++)
		need((unsigned char)plain.data[i] >= 0x20 || strchr("\n\t", plain.data[i]));
}

/* Valid JSON, in which nothing ends an element. */
static void check_json(const char *bytes, size_t len)
{
	AUTO(buf_release) struct buf out = BUF_INIT(SIZE_MAX);
	AUTO_JSON json_t *back = NULL;

	page_json_string(&out, bytes, len);
	need(!strpbrk(out.data, "<>&") && strlen(out.data) == out.len);
	back = json_loadb(out.data, out.len, JSON_DECODE_ANY | JSON_ALLOW_NUL, NULL);
	need(json_is_string(back));
	if (utf8_valid(bytes, len))
		need(json_string_length(back) == len &&
		     !memcmp(json_string_value(back), bytes, len));
}

/* What was taken out and put back is where it was. */
static void check_text(const char *bytes, size_t len)
{
	AUTO(page_text_free) struct page_text *text = page_text_new(bytes, len);
	size_t at = (unsigned char)bytes[0] * len / 256, del = len / 3;
	struct page_place place, end = page_text_place(text, len);

	need(page_text_equal(text, bytes, len));
	place = page_text_place(text, at);
	del = del > len - at ? len - at : del;
	page_text_edit(text, at, del, NULL, 0);
	need(page_text_len(text) == len - del);
	page_text_edit(text, at, 0, bytes + at, del);
	need(page_text_equal(text, bytes, len));
	if (!utf8_valid(bytes, len))
		return;
	need(page_text_place(text, len).line == end.line);
	if (!utf8_inside(bytes[at]))
		need(page_text_place(text, at).column == place.column);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	AUTO_FREE char *bytes = buf_alloc(size + 1);

	if (!size)
		return 0;
	memcpy(bytes, data, size);
	check_plain(bytes, size);
	check_json(bytes, size);
	check_text(bytes, size);
	return 0;
}
