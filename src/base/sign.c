/* sign.c - see sign.h */
#include "base/sign.h"

#include <sodium.h>

_Static_assert(SIGN_PUBLIC_SIZE == crypto_sign_PUBLICKEYBYTES &&
	       SIGN_SECRET_SIZE == crypto_sign_SECRETKEYBYTES &&
	       SIGN_SIZE == crypto_sign_BYTES, "sizes of Ed25519");

void sign_generate(struct sign_key *key)
{
	crypto_sign_keypair(key->public_key, key->secret_key);
}

void sign_clear(struct sign_key *key)
{
	sodium_memzero(key, sizeof(*key));
}

bool sign_key_whole(const struct sign_key *key)
{
	uint8_t public_key[SIGN_PUBLIC_SIZE];

	crypto_sign_ed25519_sk_to_pk(public_key, key->secret_key);
	return sodium_memcmp(public_key, key->public_key, SIGN_PUBLIC_SIZE) == 0;
}

void sign_make(const struct sign_key *key, const void *data, size_t len, uint8_t sig[SIGN_SIZE])
{
	crypto_sign_detached(sig, NULL, data, len, key->secret_key);
}

int sign_check(const uint8_t public_key[SIGN_PUBLIC_SIZE], const void *data, size_t len,
	       const uint8_t sig[SIGN_SIZE], struct err *err)
{
	if (crypto_sign_verify_detached(sig, data, len, public_key) < 0)
		return err_set(err, ERR_INTEGRITY, "the signature does not match");
	return 0;
}
