/* provider_key.c - see provider_key.h */
#include "ai/provider_key.h"

#include "base/auto.h"
#include "base/buf.h"
#include "base/crypt.h"

#include <stdlib.h>
#include <string.h>

#define KEY_LONG 12		/* of which the end may be shown */

static int derive(struct store *store, uint8_t key[CRYPT_KEY_SIZE], struct err *err)
{
	const uint8_t *master = store_secret_key(store, err);

	if (!master)
		return -1;
	crypt_key(key, "provider", master);
	return 0;
}

/* What the key belongs to. */
static char *bound_to(struct store *store, const struct provider *provider)
{
	return buf_format("%s\n%s\n%s", store_organization(store), provider->name, provider->url);
}

static int check(const char *key, size_t len, struct err *err)
{
	if (len == 0)
		return err_set(err, ERR_INPUT, "the key is empty");
	if (len > PROVIDER_KEY_MAX)
		return err_set(err, ERR_INPUT, "the key is longer than %d bytes", PROVIDER_KEY_MAX);
	for (size_t i = 0; i < len; i++)
		if (key[i] <= ' ' || key[i] > '~')
			return err_set(err, ERR_INPUT, "the key has blanks or characters that no "
						       "key has");
	return 0;
}

int provider_key_seal(struct store *store, struct provider *provider, const char *key,
		      struct err *err)
{
	AUTO_FREE char *bound = bound_to(store, provider);
	uint8_t secret[CRYPT_KEY_SIZE], *sealed;
	size_t len, shown;

	key += strspn(key, " \t\r\n");
	len = strlen(key);
	while (len && strchr(" \t\r\n", key[len - 1]))
		len--;
	if (check(key, len, err) < 0 || derive(store, secret, err) < 0)
		return -1;
	sealed = buf_alloc(len + CRYPT_MORE);
	crypt_seal(secret, bound, key, len, sealed);
	explicit_bzero(secret, sizeof(secret));
	free(provider->sealed);
	provider->sealed = sealed;
	provider->sealed_len = len + CRYPT_MORE;
	/* of a short one nothing is shown */
	shown = len >= KEY_LONG ? PROVIDER_HINT_LEN : 0;
	snprintf(provider->hint, sizeof(provider->hint), "%.*s", (int)shown, key + len - shown);
	return 0;
}

char *provider_key_open(struct store *store, const struct provider *provider, struct err *err)
{
	AUTO_FREE char *bound = bound_to(store, provider);
	AUTO(provider_key_wipe) char *key = NULL;
	uint8_t secret[CRYPT_KEY_SIZE];
	int result;

	if (!provider->sealed)
		return buf_strdup("");
	if (derive(store, secret, err) < 0)
		return NULL;
	key = buf_alloc(provider->sealed_len + 1);	/* longer than the key: zeros end it */
	result = crypt_open(secret, bound, provider->sealed, provider->sealed_len, (uint8_t *)key,
			    err);
	explicit_bzero(secret, sizeof(secret));
	if (result < 0) {
		err_wrap(err, "the key of provider '%s'", provider->name);
		return NULL;
	}
	return TAKE(key);
}

void provider_key_wipe(char **key)
{
	if (!*key)
		return;
	explicit_bzero(*key, strlen(*key));
	free(*key);
	*key = NULL;
}
