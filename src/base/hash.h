/* hash.h - SHA-256, keyed derivation, hashes for tables, hex and base64 (all by libsodium) */
#ifndef TALI_HASH_H
#define TALI_HASH_H

#include "base/err.h"

#include <stddef.h>
#include <stdint.h>

#define HASH_SIZE 32
#define HASH_HEX_SIZE 65	/* with the NUL */

struct hash { uint8_t bytes[HASH_SIZE]; };

/* One-time set-up of libsodium; abort if it cannot start. Call once in main. */
void hash_init(void);

struct hash hash_of(const void *data, size_t len);
/* SHA-256(a || b) */
struct hash hash_of_two(const void *a, size_t a_len, const void *b, size_t b_len);
/* HMAC-SHA-256 of text under a 32 byte key. */
struct hash hash_keyed(const uint8_t key[32], const char *text);

const char *hash_hex(const struct hash *hash, char hex[HASH_HEX_SIZE]);
int hash_from_hex(const char *hex, struct hash *ret, struct err *err);
int hash_equal(const struct hash *a, const struct hash *b);	/* constant time */
/* Whether two texts of HASH_HEX_SIZE - 1 characters are the same, in constant time. */
int hash_hex_equal(const char *a, const char *b);

/* Standard base64 with padding; yours. */
char *hash_base64(const void *data, size_t len);
/* Decoded bytes, yours (NUL added); NULL with ERR_INPUT. */
void *hash_from_base64(const char *text, size_t *ret_len, struct err *err);

/* Hash for tables, 64 bits (SipHash-2-4): whoever does not know the key, which should be of
 * rand_bytes, cannot choose texts that meet. */
uint64_t hash_quick(const uint8_t key[16], const void *data, size_t len);

/* Streaming SHA-256 for what does not fit in memory. */
struct hash_stream { uint64_t state[32]; };
void hash_stream_init(struct hash_stream *stream);
void hash_stream_add(struct hash_stream *stream, const void *data, size_t len);
struct hash hash_stream_end(struct hash_stream *stream);

#endif
