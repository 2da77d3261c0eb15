/* secret.c - see secret.h */
#include "assess/secret.h"

#include "base/auto.h"
#include "base/buf.h"
#include "store/config.h"
#include "store/throttle.h"

#include <ctype.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

static int derive(struct store *store, const char *what, const struct assessment *assessment,
		  struct hash *ret, struct err *err)
{
	const uint8_t *key = store_secret_key(store, err);
	AUTO_FREE char *text = buf_format("%s:%s:%" PRId64, what, assessment->secret_id,
					  assessment->rotation);

	if (!key)
		return -1;
	*ret = hash_keyed(key, text);
	return 0;
}

int secret_token(struct store *store, const struct assessment *assessment,
		 char token[RAND_TOKEN_LEN + 1], struct err *err)
{
	struct hash hash;

	if (derive(store, "link", assessment, &hash, err) < 0)
		return -1;
	rand_token_text(hash.bytes, token);
	return 0;
}

int secret_passcode(struct store *store, const struct assessment *assessment,
		    char passcode[RAND_PASSCODE_LEN + 1], struct err *err)
{
	struct hash hash;

	if (derive(store, "passcode", assessment, &hash, err) < 0)
		return -1;
	rand_passcode_text(hash.bytes, passcode);
	return 0;
}

char *secret_link(struct store *store, const struct assessment *assessment, struct err *err)
{
	AUTO_FREE char *url = config_get(store, "server.url", NULL, err);
	char token[RAND_TOKEN_LEN + 1];
	size_t len;

	if (!url || secret_token(store, assessment, token, err) < 0)
		return NULL;
	for (len = strlen(url); len && url[len - 1] == '/'; len--)
		url[len - 1] = '\0';
	return buf_format("%s/t/%s", url, token);
}

int secret_stored(struct store *store, const char *what, const char *text, char hash[HASH_HEX_SIZE],
		  struct err *err)
{
	const uint8_t *key = store_secret_key(store, err);
	AUTO_FREE char *labelled = buf_format("stored-%s:%s", what, text);
	struct hash keyed;

	if (!key)
		return -1;
	keyed = hash_keyed(key, labelled);
	hash_hex(&keyed, hash);
	return 0;
}

int secret_set(struct store *store, struct assessment *assessment, struct err *err)
{
	char token[RAND_TOKEN_LEN + 1], passcode[RAND_PASSCODE_LEN + 1];

	if (secret_token(store, assessment, token, err) < 0 ||
	    secret_passcode(store, assessment, passcode, err) < 0 ||
	    secret_stored(store, "link", token, assessment->link_hash, err) < 0)
		return -1;
	return secret_stored(store, "passcode", passcode, assessment->passcode_hash, err);
}

/* The token of a link, or of a bare token, in lower case; false when it cannot be one. */
static bool read_token(const char *words, char token[RAND_TOKEN_LEN + 1])
{
	const char *marker = strstr(words, "/t/");
	const char *at = marker ? marker + 3 : words;
	size_t i;

	if (strspn(at, "0123456789abcdefghjkmnpqrstvwxyzABCDEFGHJKMNPQRSTVWXYZ") != RAND_TOKEN_LEN)
		return false;
	for (i = 0; i < RAND_TOKEN_LEN; i++)
		token[i] = (char)tolower((unsigned char)at[i]);
	token[i] = '\0';
	return true;
}

bool secret_plain(const char *words, char plain[RAND_TOKEN_LEN + 1])
{
	return read_token(words, plain) || rand_passcode_read(words, plain);
}

static bool is_token(const char *plain)
{
	return strlen(plain) == RAND_TOKEN_LEN;
}

static int find(struct store *store, const char *plain, struct assessment *ret, struct err *err)
{
	char hash[HASH_HEX_SIZE];

	if (secret_stored(store, is_token(plain) ? "link" : "passcode", plain, hash, err) < 0)
		return -1;
	return is_token(plain) ? assessment_find_link(store, hash, ret, err) :
				 assessment_find_passcode(store, hash, ret, err);
}

static int not_found(struct err *err)
{
	return err_set(err, ERR_NOT_FOUND, "no invitation for this passcode or link");
}

static int count_failure(struct store *store, const char *source, struct err *err)
{
	AUTO(store_rollback) struct store *tx = store;
	int64_t most, lock_ms;

	if (config_int(store, "passcode.failures", &most, err) < 0 ||
	    config_int(store, "passcode.lock", &lock_ms, err) < 0 || store_begin(store, err) < 0)
		return -1;
	if (throttle_fail(store, source, most, lock_ms, err) < 0 || store_commit(store, err) < 0)
		return -1;
	return not_found(err);
}

int secret_find(struct store *store, const char *words, const char *source,
		struct assessment *ret, struct err *err)
{
	char plain[RAND_TOKEN_LEN + 1];
	bool token;
	int row;

	if (!secret_plain(words, plain))
		return not_found(err);
	/* nobody guesses a token: who has one is not locked out by others at the same address, nor
	 * locks them out with a program that goes on with one that was replaced */
	token = is_token(plain);
	if (!token && throttle_check(store, source, err) < 0)
		return -1;
	row = find(store, plain, ret, err);
	if (row == 1)
		return 0;
	if (row < 0)
		return -1;
	return token ? not_found(err) : count_failure(store, source, err);
}

int secret_check_code(struct store *store, const struct assessment *assessment, const char *code,
		      const char *source, struct err *err)
{
	char hash[HASH_HEX_SIZE];

	if (!*assessment->code_hash)
		return 0;
	if (throttle_check(store, source, err) < 0)
		return -1;
	if (!code)
		return err_set(err, ERR_STATE, "this invitation asks for an access code: --code");
	if (secret_stored(store, "code", code, hash, err) < 0)
		return -1;
	return !strcmp(hash, assessment->code_hash) ? 0 : count_failure(store, source, err);
}

int secret_open(struct store *store, const char *words, const char *code, const char *source,
		struct assessment *ret, struct err *err)
{
	AUTO(assessment_release) struct assessment found = ASSESSMENT_INIT;

	if (secret_find(store, words, source, &found, err) < 0 ||
	    secret_check_code(store, &found, code, source, err) < 0)
		return -1;
	*ret = found;
	found = (struct assessment)ASSESSMENT_INIT;
	return 0;
}

/* --- cookies */

static int cookie_mac(struct store *store, const struct assessment *assessment,
		      char mac[HASH_HEX_SIZE], struct err *err)
{
	AUTO_FREE char *text = buf_format("%s:%s:%lld", assessment->id, assessment->secret_id,
					  (long long)assessment->rotation);

	return secret_stored(store, "cookie", text, mac, err);
}

char *secret_cookie(struct store *store, const struct assessment *assessment, struct err *err)
{
	char mac[HASH_HEX_SIZE];

	return cookie_mac(store, assessment, mac, err) < 0
		       ? NULL : buf_format("%s.%s", assessment->id, mac);
}

int secret_cookie_open(struct store *store, const char *cookie, struct assessment *ret,
		       struct err *err)
{
	AUTO(assessment_release) struct assessment found = ASSESSMENT_INIT;
	char id[RAND_ID_LEN + 1], mac[HASH_HEX_SIZE];
	struct err missing = ERR_INIT;

	if (strlen(cookie) != RAND_ID_LEN + 1 + HASH_HEX_SIZE - 1 || cookie[RAND_ID_LEN] != '.')
		return err_set(err, ERR_NOT_FOUND, "no such session");
	memcpy(id, cookie, RAND_ID_LEN);
	id[RAND_ID_LEN] = '\0';
	if (assessment_get(store, id, &found, &missing) < 0 ||
	    cookie_mac(store, &found, mac, err) < 0 ||
	    !hash_hex_equal(mac, cookie + RAND_ID_LEN + 1))
		return err_set(err, ERR_NOT_FOUND, "no such session");
	*ret = found;
	found = (struct assessment)ASSESSMENT_INIT;
	return 0;
}
