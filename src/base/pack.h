/* pack.h - numbers and bytes one after the other, and reading them back without trust
 *
 * A number is written in groups of seven bits, the lowest first, with the high bit set on all bytes
 * but the last. A signed one is folded first: 0, -1, 1, -2 ... become 0, 1, 2, 3 ... */
#ifndef TALI_PACK_H
#define TALI_PACK_H

#include "base/buf.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

void pack_number(struct buf *out, uint64_t number);
void pack_signed(struct buf *out, int64_t number);
/* The length, then the bytes. */
void pack_bytes(struct buf *out, const void *data, size_t len);
void pack_text(struct buf *out, const char *text);

/* What is left to read. Once something does not fit, `bad` is set and all that is read is 0: the
 * caller may look at it at the end, and before it trusts a count. */
struct unpack {
	const uint8_t *at, *end;
	bool bad;
};

/* `bad` when larger than most. */
uint64_t unpack_number(struct unpack *in, uint64_t most);
int64_t unpack_signed(struct unpack *in);
/* The bytes, borrowed from what is read, at most `most`; NULL when bad. */
const char *unpack_bytes(struct unpack *in, size_t most, size_t *ret_len);
/* A text without NUL inside, at most `most` bytes of valid UTF-8; yours, NULL when bad. */
char *unpack_text(struct unpack *in, size_t most);
/* False: `bad` from now on, unless `holds`. */
bool unpack_check(struct unpack *in, bool holds);

#endif
