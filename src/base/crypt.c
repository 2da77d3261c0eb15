/* crypt.c - see crypt.h */
#include "base/crypt.h"

#include <sodium.h>
#include <string.h>

#define NONCE crypto_aead_xchacha20poly1305_ietf_NPUBBYTES

_Static_assert(CRYPT_KEY_SIZE == crypto_aead_xchacha20poly1305_ietf_KEYBYTES, "");
_Static_assert(CRYPT_MORE == NONCE + crypto_aead_xchacha20poly1305_ietf_ABYTES, "");

void crypt_key(uint8_t key[CRYPT_KEY_SIZE], const char purpose[9], const uint8_t master[32])
{
	crypto_kdf_derive_from_key(key, CRYPT_KEY_SIZE, 1, purpose, master);
}

void crypt_seal(const uint8_t key[CRYPT_KEY_SIZE], const char *bound, const void *data, size_t len,
		uint8_t *ret)
{
	randombytes_buf(ret, NONCE);
	crypto_aead_xchacha20poly1305_ietf_encrypt(ret + NONCE, NULL, data, len,
						   (const uint8_t *)bound, strlen(bound), NULL,
						   ret, key);
}

int crypt_open(const uint8_t key[CRYPT_KEY_SIZE], const char *bound, const void *sealed, size_t len,
	       uint8_t *ret, struct err *err)
{
	const uint8_t *bytes = sealed;

	if (len < CRYPT_MORE ||
	    crypto_aead_xchacha20poly1305_ietf_decrypt(ret, NULL, NULL, bytes + NONCE, len - NONCE,
						       (const uint8_t *)bound, strlen(bound), bytes,
						       key) < 0)
		return err_set(err, ERR_INTEGRITY, "it was not sealed here, or was changed");
	return 0;
}
