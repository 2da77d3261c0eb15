/* rand.c - see rand.h */
#include "base/rand.h"

#include <ctype.h>
#include <sodium.h>
#include <string.h>

/* Crockford's base32 in lower case: no i l o u. */
static const char id_alphabet[33] = "0123456789abcdefghjkmnpqrstvwxyz";

/* Typed by people from a screen or a letter: of what looks alike (0 O, 1 I L, 2 Z, 5 S, 8 B, U
 * V) at most one. */
static const char passcode_alphabet[25] = "34679ACDEFGHJKMNPQRTVWXY";

void rand_bytes(void *out, size_t len)
{
	randombytes_buf(out, len);
}

/* Five bits a character; bits past the end are zero. */
static void encode_base32(const uint8_t *bytes, size_t size, size_t chars, char *out)
{
	size_t i;

	for (i = 0; i < chars; i++) {
		size_t at = i * 5 / 8, shift = i * 5 % 8;
		unsigned pair = (unsigned)bytes[at] << 8;

		if (at + 1 < size)
			pair |= bytes[at + 1];
		out[i] = id_alphabet[pair >> (11 - shift) & 31];
	}
	out[chars] = '\0';
}

void rand_id(char id[RAND_ID_LEN + 1])
{
	uint8_t bytes[RAND_ID_LEN * 5 / 8];

	rand_bytes(bytes, sizeof(bytes));
	encode_base32(bytes, sizeof(bytes), RAND_ID_LEN, id);
}

bool rand_is_id(const char *text)
{
	return strlen(text) == RAND_ID_LEN &&
	       strspn(text, "0123456789abcdefghijklmnopqrstuvwxyz") == RAND_ID_LEN;
}

void rand_token_text(const uint8_t bytes[16], char text[RAND_TOKEN_LEN + 1])
{
	encode_base32(bytes, 16, RAND_TOKEN_LEN, text);
}

void rand_passcode_text(const uint8_t bytes[8], char text[RAND_PASSCODE_LEN + 1])
{
	uint64_t number = 0;
	int i;

	for (i = 7; i >= 0; i--)
		number = number << 8 | bytes[i];
	for (i = 0; i < RAND_PASSCODE_LEN; i++, number /= 24)
		text[i] = passcode_alphabet[number % 24];
	text[i] = '\0';
}

bool rand_passcode_read(const char *typed, char text[RAND_PASSCODE_LEN + 1])
{
	int len = 0;

	for (; *typed; typed++) {
		char c = (char)toupper((unsigned char)*typed);

		if (c == '-' || c == ' ')
			continue;
		if (len == RAND_PASSCODE_LEN || !strchr(passcode_alphabet, c))
			return false;
		text[len++] = c;
	}
	text[len] = '\0';
	return len == RAND_PASSCODE_LEN;
}
