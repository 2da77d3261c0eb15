/* fuzz_sse.c - event streams of any bytes: where they are split makes no difference */
#include "ai/sse.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void note(void *arg, const struct sse_event *event)
{
	struct buf *out = arg;

	if (event->begin >= event->end || strlen(event->name) > SSE_NAME_MAX)
		abort();
	buf_add(out, event->name, strlen(event->name) + 1);
	buf_add(out, event->data, event->len + 1);
	buf_add_format(out, "%d%d", event->open, event->cut);
}

static void read_in_pieces(const uint8_t *data, size_t size, size_t piece, struct buf *out)
{
	struct sse sse = SSE_INIT;

	for (size_t at = 0; at < size; at += piece)
		sse_add(&sse, data + at, size - at < piece ? size - at : piece, note, out);
	if (sse.place != size)
		abort();
	sse_end(&sse, note, out);
	sse_release(&sse);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct buf whole = BUF_INIT(1 << 22), pieces = BUF_INIT(1 << 22);

	if (size > 65536)
		return 0;
	read_in_pieces(data, size, size + 1, &whole);
	for (size_t piece = 1; piece < 6; piece++) {
		buf_clear(&pieces);
		read_in_pieces(data, size, piece, &pieces);
		if (pieces.len != whole.len ||
		    memcmp(buf_str(&pieces), buf_str(&whole), whole.len) != 0)
			abort();
	}
	buf_release(&whole);
	buf_release(&pieces);
	return 0;
}
