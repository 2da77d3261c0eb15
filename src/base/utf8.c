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

/* The capital letters of an alphabet: how far from each other, and from the small ones. */
static const struct alphabet {
	uint32_t first, last, step;
	int32_t small;
} alphabets[] = {
	{ 'A', 'Z', 1, 32 },	      { 0xc0, 0xd6, 1, 32 },	{ 0xd8, 0xde, 1, 32 },
	{ 0x100, 0x12e, 2, 1 },	      { 0x132, 0x136, 2, 1 },	{ 0x139, 0x147, 2, 1 },
	{ 0x14a, 0x176, 2, 1 },	      { 0x178, 0x178, 1, -121 }, { 0x179, 0x17d, 2, 1 },
	{ 0x218, 0x21e, 2, 1 },	      { 0x386, 0x386, 1, 38 },	{ 0x388, 0x38a, 1, 37 },
	{ 0x38c, 0x38c, 1, 64 },      { 0x38e, 0x38f, 1, 63 },	{ 0x391, 0x3a1, 1, 32 },
	{ 0x3a3, 0x3ab, 1, 32 },      { 0x400, 0x40f, 1, 80 },	{ 0x410, 0x42f, 1, 32 },
	{ 0x460, 0x480, 2, 1 },	      { 0x48a, 0x4be, 2, 1 },	{ 0x4d0, 0x52e, 2, 1 },
	{ 0x531, 0x556, 1, 48 },      { 0x1e00, 0x1e94, 2, 1 }, { 0x1ea0, 0x1efe, 2, 1 },
};

uint32_t utf8_lower(uint32_t character)
{
	size_t i;

	for (i = 0; i < sizeof(alphabets) / sizeof(*alphabets); i++) {
		const struct alphabet *of = &alphabets[i];

		if (character >= of->first && character <= of->last &&
		    (character - of->first) % of->step == 0)
			return (uint32_t)((int32_t)character + of->small);
	}
	return character;
}
