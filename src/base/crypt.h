/* crypt.h - secrets at rest: XChaCha20-Poly1305 (libsodium), bound to where they belong */
#ifndef TALI_CRYPT_H
#define TALI_CRYPT_H

#include "base/err.h"

#include <stddef.h>
#include <stdint.h>

#define CRYPT_KEY_SIZE 32
#define CRYPT_MORE 40		/* bytes that a sealed text is longer: nonce and tag */

/* A key of its own for each purpose (8 characters), derived from a master key of 32 bytes
 * (libsodium's crypto_kdf). */
void crypt_key(uint8_t key[CRYPT_KEY_SIZE], const char purpose[9], const uint8_t master[32]);

/* Writes len + CRYPT_MORE bytes. `bound` is not part of them, but must be the same to open. */
void crypt_seal(const uint8_t key[CRYPT_KEY_SIZE], const char *bound, const void *data, size_t len,
		uint8_t *ret);

/* Writes len - CRYPT_MORE bytes. ERR_INTEGRITY when it is not what was sealed. */
int crypt_open(const uint8_t key[CRYPT_KEY_SIZE], const char *bound, const void *sealed, size_t len,
	       uint8_t *ret, struct err *err);

#endif
