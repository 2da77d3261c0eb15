/* fuzz_ai_delta.c - streams of any bytes: what is shown is UTF-8, however they are split */
#include "ai/ai_delta.h"
#include "base/auto.h"
#include "base/utf8.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void show(enum ai_dialect dialect, const uint8_t *data, size_t size, size_t piece,
		 struct buf *out)
{
	AUTO(ai_delta_release) struct ai_delta delta = AI_DELTA_INIT(dialect);

	for (size_t at = 0; at < size; at += piece)
		ai_delta_add(&delta, data + at, size - at < piece ? size - at : piece, out);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	if (size > 65536)
		return 0;
	for (int dialect = 0; dialect < AI_DIALECTS; dialect++) {
		AUTO(buf_release) struct buf whole = BUF_INIT(1 << 20), pieces = BUF_INIT(1 << 20);

		show((enum ai_dialect)dialect, data, size, size + 1, &whole);
		show((enum ai_dialect)dialect, data, size, 3, &pieces);
		if (!utf8_valid(buf_str(&whole), whole.len) || whole.len != pieces.len ||
		    memcmp(buf_str(&whole), buf_str(&pieces), whole.len) != 0)
			abort();
	}
	return 0;
}
