/* deflate.h - bytes made smaller and back (zlib streams, RFC 1950), in memory and with a limit */
#ifndef TALI_DEFLATE_H
#define TALI_DEFLATE_H

#include "base/buf.h"
#include "base/err.h"

/* Appends the bytes as a zlib stream to `out`, made fast rather than small. */
void deflate_add(struct buf *out, const void *data, size_t len);

/* Appends what a zlib stream holds, at most `most` bytes. ERR_INPUT when it is none, is not whole,
 * or holds more. */
int deflate_read(struct buf *out, const void *data, size_t len, size_t most, struct err *err);

#endif
