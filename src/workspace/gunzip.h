/* gunzip.h - gzip files (RFC 1952) inflated in memory, up to a limit */
#ifndef TALI_GUNZIP_H
#define TALI_GUNZIP_H

#include "base/buf.h"
#include "base/err.h"

#include <stdbool.h>

/* Whether the bytes begin as a gzip file does. */
bool gunzip_wanted(const void *data, size_t len);

/* Appends what the members of the file hold to `out`, whose limit holds. ERR_INPUT when it is
 * damaged, cut off, or larger than the limit. */
int gunzip(const void *data, size_t len, struct buf *out, struct err *err);

#endif
