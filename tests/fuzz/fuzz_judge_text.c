/* fuzz_judge_text.c - any bytes as a judge may read them: valid, all to be seen, and bounded */
#include "score/judge_text.h"

#include "base/auto.h"
#include "base/utf8.h"

#include <stdlib.h>
#include <string.h>

#define MOST 3000

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void demand(bool holds)
{
	if (!holds)
		abort();
}

static void demand_seen(const char *text, size_t len)
{
	for (size_t at = 0, size; at < len; at += size) {
		uint32_t c;

		size = utf8_char(text + at, len - at);
		demand(size > 0);
		c = utf8_decode(text + at, size);
		demand(c == '\t' || c == '\n' || (c >= ' ' && c != 0x7f));
		demand(c < 0x80 || c > 0x9f);
		demand(!(c >= 0x200b && c <= 0x200f) && !(c >= 0x202a && c <= 0x202e));
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	AUTO(buf_release) struct buf out = BUF_INIT(SIZE_MAX);
	AUTO(buf_release) struct buf again = BUF_INIT(SIZE_MAX);
	size_t gone = judge_text_add(&out, (const char *)data, size, MOST);

	demand(gone <= MOST + 3);
	demand(out.len <= 10 * (MOST + 100) + sizeof(JUDGE_TEXT_GONE) * MOST);
	demand_seen(buf_str(&out), out.len);
	demand(judge_text_add(&again, (const char *)data, size, MOST) == gone);
	demand(again.len == out.len && !memcmp(buf_str(&again), buf_str(&out), out.len));
	return 0;
}
