/* gunzip.c - see gunzip.h */
#include "workspace/gunzip.h"

#include "base/auto.h"

#include <stdint.h>
#include <string.h>
#include <zlib.h>

#define GZIP_ONLY (16 + MAX_WBITS)

static void end(z_stream *zlib)
{
	inflateEnd(zlib);
}

bool gunzip_wanted(const void *data, size_t len)
{
	return len >= 2 && !memcmp(data, "\x1f\x8b", 2);
}

static int inflate_member(z_stream *zlib, struct buf *out, struct err *err)
{
	unsigned char piece[65536];
	int rc = Z_OK;

	while (rc != Z_STREAM_END) {
		zlib->next_out = piece;
		zlib->avail_out = sizeof(piece);
		rc = inflate(zlib, Z_NO_FLUSH);
		if (rc == Z_BUF_ERROR || (rc == Z_OK && !zlib->avail_in && zlib->avail_out))
			return err_set(err, ERR_INPUT, "the gzip file is cut off");
		if (rc != Z_OK && rc != Z_STREAM_END)
			return err_set(err, ERR_INPUT, "the gzip file is damaged");
		if (!buf_add(out, piece, sizeof(piece) - zlib->avail_out))
			return err_set(err, ERR_INPUT, "holds more than %zu bytes", out->limit);
	}
	return 0;
}

int gunzip(const void *data, size_t len, struct buf *out, struct err *err)
{
	AUTO(end) z_stream zlib = { .next_in = (Bytef *)(uintptr_t)data, .avail_in = (uInt)len };

	if (len > 1u << 30)
		return err_set(err, ERR_INPUT, "the gzip file is too large");
	if (inflateInit2(&zlib, GZIP_ONLY) != Z_OK)
		return err_set(err, ERR_ENV, "zlib cannot start");
	do {
		if (inflate_member(&zlib, out, err) < 0)
			return -1;
		if (zlib.avail_in && inflateReset(&zlib) != Z_OK)
			return err_set(err, ERR_ENV, "zlib failed");
	} while (zlib.avail_in);
	return 0;
}
