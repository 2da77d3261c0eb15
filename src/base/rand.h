/* rand.h - unpredictable bytes and the alphabets people have to type */
#ifndef TALI_RAND_H
#define TALI_RAND_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define RAND_ID_LEN 16		/* 80 bits in Crockford's base32, lower case */
#define RAND_TOKEN_LEN 26	/* 128 bits in Crockford's base32, lower case */
#define RAND_PASSCODE_LEN 8	/* 24^8, about 36 bits */

void rand_bytes(void *out, size_t len);

/* A fresh id of RAND_ID_LEN characters. */
void rand_id(char id[RAND_ID_LEN + 1]);
/* Whether a text from elsewhere has the form of an id: RAND_ID_LEN small letters and digits. */
bool rand_is_id(const char *text);

/* 16 bytes as a token; 8 bytes as a passcode: the same bytes give the same text. */
void rand_token_text(const uint8_t bytes[16], char text[RAND_TOKEN_LEN + 1]);
void rand_passcode_text(const uint8_t bytes[8], char text[RAND_PASSCODE_LEN + 1]);

/* Brings what a person typed (lower case, blanks, dashes) into the form of a passcode. False
 * when it cannot be one. */
bool rand_passcode_read(const char *typed, char text[RAND_PASSCODE_LEN + 1]);

#endif
