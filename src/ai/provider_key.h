/* provider_key.h - the keys of providers: encrypted at rest, in the clear only while one is asked
 *
 * Sealed by XChaCha20-Poly1305 (libsodium) under a key that is derived from the store's secret key;
 * bound to organization, name and address of the provider, so that a sealed key that was moved to
 * another row, or whose row was given another address, does not open. */
#ifndef TALI_PROVIDER_KEY_H
#define TALI_PROVIDER_KEY_H

#include "store/provider.h"

#define PROVIDER_KEY_MAX 4096	/* bytes of a key */

/* Puts the key (without white space around it) sealed, and its hint, into the provider, whose name
 * and url are set. ERR_INPUT: it is empty, too long, or has other than printable ASCII. */
int provider_key_seal(struct store *store, struct provider *provider, const char *key,
		      struct err *err);

/* The key, to be given to provider_key_wipe. "" when it needs none. NULL: ERR_INTEGRITY, it is not
 * what was sealed. */
char *provider_key_open(struct store *store, const struct provider *provider, struct err *err);

/* Overwrites and frees it; sets NULL. For AUTO. */
void provider_key_wipe(char **key);

#endif
