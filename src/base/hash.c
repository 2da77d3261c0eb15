/* hash.c - see hash.h */
#include "base/hash.h"

#include "base/buf.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>

_Static_assert(sizeof(crypto_hash_sha256_state) <= sizeof(struct hash_stream),
	       "hash_stream holds libsodium's state");

void hash_init(void)
{
	if (sodium_init() < 0)
		abort();
}

struct hash hash_of(const void *data, size_t len)
{
	struct hash hash;

	crypto_hash_sha256(hash.bytes, data, len);
	return hash;
}

struct hash hash_of_two(const void *a, size_t a_len, const void *b, size_t b_len)
{
	struct hash_stream stream;

	hash_stream_init(&stream);
	hash_stream_add(&stream, a, a_len);
	hash_stream_add(&stream, b, b_len);
	return hash_stream_end(&stream);
}

struct hash hash_keyed(const uint8_t key[32], const char *text)
{
	struct hash hash;

	crypto_auth_hmacsha256(hash.bytes, (const unsigned char *)text, strlen(text), key);
	return hash;
}

const char *hash_hex(const struct hash *hash, char hex[HASH_HEX_SIZE])
{
	return sodium_bin2hex(hex, HASH_HEX_SIZE, hash->bytes, HASH_SIZE);
}

int hash_from_hex(const char *hex, struct hash *ret, struct err *err)
{
	struct hash hash;
	size_t len;

	if (strlen(hex) != HASH_HEX_SIZE - 1 ||
	    sodium_hex2bin(hash.bytes, HASH_SIZE, hex, HASH_HEX_SIZE - 1, NULL, &len, NULL) < 0 ||
	    len != HASH_SIZE)
		return err_set(err, ERR_INPUT, "not a SHA-256 in hex");
	*ret = hash;
	return 0;
}

int hash_hex_equal(const char *a, const char *b)
{
	return sodium_memcmp(a, b, HASH_HEX_SIZE - 1) == 0;
}

int hash_equal(const struct hash *a, const struct hash *b)
{
	return sodium_memcmp(a->bytes, b->bytes, HASH_SIZE) == 0;
}

char *hash_base64(const void *data, size_t len)
{
	size_t size = sodium_base64_ENCODED_LEN(len, sodium_base64_VARIANT_ORIGINAL);
	char *text = buf_alloc(size);

	return sodium_bin2base64(text, size, data, len, sodium_base64_VARIANT_ORIGINAL);
}

void *hash_from_base64(const char *text, size_t *ret_len, struct err *err)
{
	size_t most = strlen(text) / 4 * 3 + 3;
	unsigned char *data = buf_alloc(most + 1);

	if (sodium_base642bin(data, most, text, strlen(text), NULL, ret_len, NULL,
			      sodium_base64_VARIANT_ORIGINAL) < 0) {
		free(data);
		err_set(err, ERR_INPUT, "not base64");
		return NULL;
	}
	return data;
}

uint64_t hash_quick(const uint8_t key[16], const void *data, size_t len)
{
	uint64_t hash;

	_Static_assert(sizeof(hash) == crypto_shorthash_BYTES, "64 bits");
	_Static_assert(crypto_shorthash_KEYBYTES == 16, "128 bits of key");
	crypto_shorthash((unsigned char *)&hash, data, len, key);
	return hash;
}

void hash_stream_init(struct hash_stream *stream)
{
	crypto_hash_sha256_init((crypto_hash_sha256_state *)stream->state);
}

void hash_stream_add(struct hash_stream *stream, const void *data, size_t len)
{
	crypto_hash_sha256_update((crypto_hash_sha256_state *)stream->state, data, len);
}

struct hash hash_stream_end(struct hash_stream *stream)
{
	struct hash hash;

	crypto_hash_sha256_final((crypto_hash_sha256_state *)stream->state, hash.bytes);
	return hash;
}
