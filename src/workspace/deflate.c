/* deflate.c - see deflate.h */
#include "workspace/deflate.h"

#include "base/auto.h"

#include <stdlib.h>
#include <zlib.h>

void deflate_add(struct buf *out, const void *data, size_t len)
{
	uLongf size = compressBound(len);
	AUTO_FREE Bytef *packed = buf_alloc(size);

	if (compress2(packed, &size, data, len, Z_BEST_SPEED) != Z_OK)
		abort();
	buf_add(out, packed, size);
}

int deflate_read(struct buf *out, const void *data, size_t len, size_t most, struct err *err)
{
	uLongf size = most;
	AUTO_FREE Bytef *bytes = buf_alloc(most);

	if (uncompress(bytes, &size, data, len) != Z_OK)
		return err_set(err, ERR_INPUT, "not a zlib stream of at most %zu bytes", most);
	buf_add(out, bytes, size);
	return 0;
}
