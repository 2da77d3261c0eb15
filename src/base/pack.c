/* pack.c - see pack.h */
#include "base/pack.h"

#include "base/utf8.h"

#include <string.h>

void pack_number(struct buf *out, uint64_t number)
{
	char bytes[10];
	size_t len = 0;

	for (; number >= 0x80; number >>= 7)
		bytes[len++] = (char)(0x80 | (number & 0x7f));
	bytes[len++] = (char)number;
	buf_add(out, bytes, len);
}

void pack_signed(struct buf *out, int64_t number)
{
	pack_number(out, (uint64_t)number << 1 ^ (number < 0 ? UINT64_MAX : 0));
}

void pack_bytes(struct buf *out, const void *data, size_t len)
{
	pack_number(out, len);
	if (len)
		buf_add(out, data, len);
}

void pack_text(struct buf *out, const char *text)
{
	pack_bytes(out, text, strlen(text));
}

bool unpack_check(struct unpack *in, bool holds)
{
	if (!holds)
		in->bad = true;
	return !in->bad;
}

uint64_t unpack_number(struct unpack *in, uint64_t most)
{
	uint64_t number = 0;
	unsigned shift;

	for (shift = 0; !in->bad && in->at < in->end && shift < 64; shift += 7) {
		uint8_t byte = *in->at++;

		if (shift == 63 && byte > 1)
			break;
		number |= (uint64_t)(byte & 0x7f) << shift;
		if (byte & 0x80)
			continue;
		/* only the shortest form: one state has one packing */
		if ((shift && !byte) || number > most)
			break;
		return number;
	}
	in->bad = true;
	return 0;
}

int64_t unpack_signed(struct unpack *in)
{
	uint64_t number = unpack_number(in, UINT64_MAX);

	return (int64_t)(number >> 1 ^ (number & 1 ? UINT64_MAX : 0));
}

const char *unpack_bytes(struct unpack *in, size_t most, size_t *ret_len)
{
	size_t len = (size_t)unpack_number(in, most);
	const char *data = (const char *)in->at;

	*ret_len = 0;
	if (!unpack_check(in, len <= (size_t)(in->end - in->at)))
		return NULL;
	in->at += len;
	*ret_len = len;
	return data;
}

char *unpack_text(struct unpack *in, size_t most)
{
	size_t len;
	const char *data = unpack_bytes(in, most, &len);
	char *text;

	if (!data || !unpack_check(in, !memchr(data, 0, len) && utf8_valid(data, len)))
		return NULL;
	text = buf_alloc(len + 1);
	memcpy(text, data, len);
	return text;
}
