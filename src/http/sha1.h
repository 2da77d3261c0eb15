/* sha1.h - SHA-1 (FIPS 180-4), which the handshake of a websocket asks for; for nothing else */
#ifndef TALI_SHA1_H
#define TALI_SHA1_H

#include <stddef.h>
#include <stdint.h>

#define SHA1_SIZE 20

/* Of at most 119 bytes: two blocks. */
void sha1_short(const char *text, size_t len, uint8_t digest[SHA1_SIZE]);

#endif
