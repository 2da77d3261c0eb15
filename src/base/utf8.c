/* utf8.c - see utf8.h */
#include "base/utf8.h"

#include <string.h>

/* The second byte bounds out overlong forms, surrogates and what is past U+10FFFF. */
static size_t expected(unsigned char first, unsigned char *low, unsigned char *high)
{
	*low = 0x80;
	*high = 0xbf;
	if (first >= 0xc2 && first <= 0xdf)
		return 2;
	if (first >= 0xe0 && first <= 0xef) {
		if (first == 0xe0)
			*low = 0xa0;
		if (first == 0xed)
			*high = 0x9f;
		return 3;
	}
	if (first >= 0xf0 && first <= 0xf4) {
		if (first == 0xf0)
			*low = 0x90;
		if (first == 0xf4)
			*high = 0x8f;
		return 4;
	}
	return 0;
}

size_t utf8_char(const char *data, size_t len)
{
	const unsigned char *at = (const unsigned char *)data;
	unsigned char low, high;
	size_t need, i;

	if (!len)
		return 0;
	if (at[0] < 0x80)
		return 1;
	need = expected(at[0], &low, &high);
	if (!need || need > len || at[1] < low || at[1] > high)
		return 0;
	for (i = 2; i < need; i++)
		if (!utf8_inside(data[i]))
			return 0;
	return need;
}

/* Eight bytes at a time while they are ASCII, as most are. */
bool utf8_valid(const char *data, size_t len)
{
	while (len) {
		uint64_t word;
		size_t step;

		if (len >= sizeof(word)) {
			memcpy(&word, data, sizeof(word));
			if (!(word & UINT64_C(0x8080808080808080))) {
				data += sizeof(word);
				len -= sizeof(word);
				continue;
			}
		}
		step = utf8_char(data, len);
		if (!step)
			return false;
		data += step;
		len -= step;
	}
	return true;
}

uint32_t utf8_decode(const char *data, size_t len)
{
	static const unsigned char masks[] = { 0, 0x7f, 0x1f, 0x0f, 0x07 };
	uint32_t character = (unsigned char)data[0] & masks[len];
	size_t i;

	for (i = 1; i < len; i++)
		character = character << 6 | ((unsigned char)data[i] & 0x3f);
	return character;
}

size_t utf8_encode(uint32_t character, char out[4])
{
	static const unsigned char firsts[] = { 0, 0, 0xc0, 0xe0, 0xf0 };
	size_t len = character < 0x80 ? 1 : character < 0x800 ? 2 : character < 0x10000 ? 3 : 4;
	size_t i;

	for (i = len - 1; i > 0; i--) {
		out[i] = (char)(0x80 | (character & 0x3f));
		character >>= 6;
	}
	out[0] = (char)(firsts[len] | character);
	return len;
}
