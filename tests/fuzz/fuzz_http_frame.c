/* fuzz_http_frame.c - any bytes as frames of a websocket: whole or in pieces, the same comes out */
#include "base/utf8.h"
#include "http/http_frame.h"

#include <stdlib.h>
#include <string.h>

#define MESSAGE_MAX 1000

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void demand(bool holds)
{
	if (!holds)
		abort();
}

/* What came, as text that can be compared. */
static void read_all(const uint8_t *data, size_t size, size_t step, bool of_server,
		     struct buf *out)
{
	struct http_frame_reader reader;
	size_t at = 0;
	int found = 0;

	http_frame_reader_init(&reader, MESSAGE_MAX);
	reader.of_server = of_server;
	while (at < size && found >= 0) {
		size_t part = size - at < step ? size - at : step, used;

		found = http_frame_read(&reader, data + at, part, &used);
		demand(used <= part);
		demand(found != 0 || used == part);
		at += used;
		if (found > 0) {
			demand(reader.len <= MESSAGE_MAX);
			demand(reader.opcode < HTTP_FRAME_CLOSE || reader.len <= 125);
			demand(reader.opcode != HTTP_FRAME_TEXT ||
			       utf8_valid(reader.data, reader.len));
			buf_add_format(out, "%d %zu:", (int)reader.opcode, reader.len);
			buf_add(out, reader.data, reader.len);
			if (reader.opcode == HTTP_FRAME_CLOSE)
				buf_add_format(out, "%d",
					       http_frame_close_code(reader.data, reader.len));
		}
	}
	demand(reader.message.size <= 2 * MESSAGE_MAX + 64);
	buf_add_format(out, "end %d", found < 0 ? reader.fault : 0);
	http_frame_reader_release(&reader);
}

static void compare(const uint8_t *data, size_t size, bool of_server)
{
	struct buf whole = BUF_INIT(1 << 20), pieces = BUF_INIT(1 << 20);

	read_all(data, size, size ? size : 1, of_server, &whole);
	for (size_t step = 1; step < 8; step += 3) {
		buf_clear(&pieces);
		read_all(data, size, step, of_server, &pieces);
		demand(whole.len == pieces.len && memcmp(whole.data, pieces.data, whole.len) == 0);
	}
	buf_release(&whole);
	buf_release(&pieces);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	if (size > 1 << 16)
		return 0;
	compare(data, size, false);
	compare(data, size, true);
	return 0;
}
