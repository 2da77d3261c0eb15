/* utf8.h - where characters begin and end, and whether bytes are UTF-8 at all */
#ifndef TALI_UTF8_H
#define TALI_UTF8_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Length (1-4) of the character that begins at data; 0 when there is none that is valid: the
 * shortest form, no surrogates, at most U+10FFFF. NUL is a character like others. */
size_t utf8_char(const char *data, size_t len);

/* Whether all of it is valid. */
bool utf8_valid(const char *data, size_t len);

/* The character at data, whose length utf8_char gave. */
uint32_t utf8_decode(const char *data, size_t len);

/* Writes 1 to 4 bytes and gives their number. */
size_t utf8_encode(uint32_t character, char out[4]);

/* True for a byte inside a character: no character may begin there. */
static inline bool utf8_inside(char byte)
{
	return ((unsigned char)byte & 0xc0) == 0x80;
}

#endif
