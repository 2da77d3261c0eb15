/* sign.h - Ed25519 signatures (libsodium, RFC 8032) and their keys on disk */
#ifndef TALI_SIGN_H
#define TALI_SIGN_H

#include "base/err.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define SIGN_PUBLIC_SIZE 32
#define SIGN_SECRET_SIZE 64
#define SIGN_SIZE 64

struct sign_key {
	uint8_t public_key[SIGN_PUBLIC_SIZE];
	uint8_t secret_key[SIGN_SECRET_SIZE];
};

void sign_generate(struct sign_key *key);
void sign_clear(struct sign_key *key);	/* wipes the memory */
/* Whether the two halves belong together. */
bool sign_key_whole(const struct sign_key *key);
void sign_make(const struct sign_key *key, const void *data, size_t len, uint8_t sig[SIGN_SIZE]);
/* 0 when the signature is good, else -1 with ERR_INTEGRITY. */
int sign_check(const uint8_t public_key[SIGN_PUBLIC_SIZE], const void *data, size_t len,
	       const uint8_t sig[SIGN_SIZE], struct err *err);

#endif
