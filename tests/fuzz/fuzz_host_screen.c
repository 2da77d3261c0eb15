/* fuzz_host_screen.c - any bytes from a sandbox: what passes has no string, is the same wherever it
 * is cut, and passes again as it is */
#include "work/host_screen.h"

#include "base/auto.h"

#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void pass(const char *data, size_t size, size_t cut, struct buf *out)
{
	struct host_screen screen = HOST_SCREEN_INIT;

	host_screen_pass(&screen, data, cut, out);
	host_screen_pass(&screen, data + cut, size - cut, out);
	/* taking back never fails, whatever was set */
	AUTO(buf_release) struct buf left = BUF_INIT(65536);

	host_screen_leave(&screen, &left);
	host_screen_return(&screen, &left);
	if (left.full)
		abort();
}

static bool has_string(const struct buf *out)
{
	for (size_t i = 0; i + 1 < out->len; i++)
		if (out->data[i] == '\033' && strchr("]PX^_", out->data[i + 1]) && out->data[i + 1])
			return true;
	return false;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *text = (const char *)data;
	AUTO(buf_release) struct buf whole = BUF_INIT(1 << 20), cut = BUF_INIT(1 << 20);
	AUTO(buf_release) struct buf again = BUF_INIT(1 << 20);

	if (size > 65536)
		return 0;
	pass(text, size, 0, &whole);
	pass(text, size, size / 2, &cut);
	pass(buf_str(&whole), whole.len, whole.len / 3, &again);
	if (whole.len != cut.len || memcmp(buf_str(&whole), buf_str(&cut), whole.len) != 0 ||
	    has_string(&whole))
		abort();
	if (again.len != whole.len || memcmp(buf_str(&again), buf_str(&whole), whole.len) != 0)
		abort();
	return 0;
}
