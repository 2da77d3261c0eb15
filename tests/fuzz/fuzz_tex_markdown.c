/* fuzz_tex_markdown.c - LaTeX of any bytes: Markdown comes out, not much longer than it */
#include "task/tex_markdown.h"

#include "base/auto.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	AUTO(buf_release) struct buf out = BUF_INIT(1 << 20);
	AUTO_JSON json_t *unknown = json_object();
	AUTO_FREE char *text = buf_format("%.*s", (int)size, (const char *)data);

	tex_markdown(text, "files/", unknown, &out);
	if (out.len > out.limit || (!out.full && out.len > 32 * strlen(text) + 64))
		abort();
	return 0;
}
