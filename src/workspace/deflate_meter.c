/* deflate_meter.c - see deflate_meter.h */
#include "workspace/deflate_meter.h"

#include "base/auto.h"
#include "base/buf.h"

#include <zlib.h>

struct deflate_meter {
	z_stream stream;
	int64_t bytes;
};

struct deflate_meter *deflate_meter_open(void)
{
	struct deflate_meter *meter = buf_alloc(sizeof(*meter));

	if (deflateInit(&meter->stream, Z_DEFAULT_COMPRESSION) != Z_OK)
		abort();
	return meter;
}

void deflate_meter_close(struct deflate_meter **meter)
{
	if (!*meter)
		return;
	deflateEnd(&(*meter)->stream);
	free(*meter);
	*meter = NULL;
}

static void feed(struct deflate_meter *meter, const void *data, size_t len, int flush)
{
	unsigned char out[4096];

	meter->stream.next_in = (z_const Bytef *)data;
	meter->stream.avail_in = (uInt)len;
	do {
		meter->stream.next_out = out;
		meter->stream.avail_out = sizeof(out);
		if (deflate(&meter->stream, flush) == Z_STREAM_ERROR)
			abort();
		meter->bytes += (int64_t)(sizeof(out) - meter->stream.avail_out);
	} while (meter->stream.avail_out == 0);
}

void deflate_meter_add(struct deflate_meter *meter, const void *data, size_t len)
{
	const char *at = data;

	for (; len > 1 << 20; at += 1 << 20, len -= 1 << 20)
		feed(meter, at, 1 << 20, Z_NO_FLUSH);
	feed(meter, at, len, Z_NO_FLUSH);
}

int64_t deflate_meter_end(struct deflate_meter *meter)
{
	feed(meter, "", 0, Z_FINISH);
	return meter->bytes;
}
