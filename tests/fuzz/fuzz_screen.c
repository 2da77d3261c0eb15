/* fuzz_screen.c - any bytes as the output of a terminal: the first two are its size, the third says
 * where it is packed and unpacked */
#include "base/auto.h"
#include "journal/screen.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void pack(const struct screen *screen, struct buf *out)
{
	*out = (struct buf)BUF_INIT(SIZE_MAX);
	screen_pack(screen, out);
}

static struct screen *packed_and_back(const struct screen *screen)
{
	AUTO(buf_release) struct buf packed = { 0 };
	struct unpack in = { .bad = false };
	struct screen *back;

	pack(screen, &packed);
	in.at = (const uint8_t *)packed.data;
	in.end = in.at + packed.len;
	back = screen_unpack(&in);
	if (!back || in.at != in.end)
		abort();
	return back;
}

/* What is cut and packed on the way shows and keeps the same as what is not. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	AUTO(buf_release) struct buf first = { 0 }, second = { 0 }, text = BUF_INIT(SIZE_MAX);
	AUTO(screen_free) struct screen *straight = NULL, *cut = NULL, *back = NULL;
	size_t at;

	if (size < 3)
		return 0;
	straight = screen_new(data[0] % 100, data[1] % 50);
	cut = screen_new(data[0] % 100, data[1] % 50);
	at = 3 + data[2] * (size - 3) / 256;
	screen_feed(straight, data + 3, size - 3);
	screen_feed(cut, data + 3, at - 3);
	back = packed_and_back(cut);
	screen_feed(back, data + at, size - at);
	pack(straight, &first);
	pack(back, &second);
	if (first.len != second.len || memcmp(first.data, second.data, first.len) != 0)
		abort();
	screen_text(straight, &text);
	screen_resize(straight, data[1], data[2]);
	screen_feed(straight, data + 3, size - 3);
	return 0;
}
