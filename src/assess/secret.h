/* secret.h - links and passcodes: derived from the store's secret key, stored only as keyed hashes
 *
 * token    = first 128 bits of HMAC-SHA-256(key, "link:" secret_id ":" rotation) in base32, 26
 * characters passcode = first 64 bits of HMAC-SHA-256(key, "passcode:" secret_id ":" rotation)
 * in base 24, 8 characters stored   = HMAC-SHA-256(key, "stored-link:" token), and the like for
 * passcode and access code */
#ifndef TALI_SECRET_H
#define TALI_SECRET_H

#include "base/rand.h"
#include "store/assessment.h"

int secret_token(struct store *store, const struct assessment *assessment,
		 char token[RAND_TOKEN_LEN + 1], struct err *err);
int secret_passcode(struct store *store, const struct assessment *assessment,
		    char passcode[RAND_PASSCODE_LEN + 1], struct err *err);
/* The link that is sent, "URL/t/TOKEN"; yours. */
char *secret_link(struct store *store, const struct assessment *assessment, struct err *err);

/* Hash as stored; `what` is "link", "passcode" or "code". */
int secret_stored(struct store *store, const char *what, const char *text, char hash[HASH_HEX_SIZE],
		  struct err *err);

/* Sets link_hash and passcode_hash of the assessment for its rotation. */
int secret_set(struct store *store, struct assessment *assessment, struct err *err);

/* The token or passcode in `words`, in the one form in which it is looked up; false when there can
 * be none. */
bool secret_plain(const char *words, char plain[RAND_TOKEN_LEN + 1]);

/* Finds the assessment that a typed passcode or a link ("https://.../t/TOKEN", or the token)
 * opens, and checks the access code (NULL: none given). Wrong passcodes and codes are counted
 * against `source` and slow it down. ERR_NOT_FOUND (wrong), ERR_STATE (locked, or an access code
 * is asked for). Never says which part was wrong. */
int secret_open(struct store *store, const char *words, const char *code, const char *source,
		struct assessment *ret, struct err *err);

/* The two halves of it, for a page that asks for the code later. Tokens of links know no lock, and
 * wrong ones are not counted, nor what is no passcode: nobody guesses so. */
int secret_find(struct store *store, const char *words, const char *source,
		struct assessment *ret, struct err *err);
int secret_check_code(struct store *store, const struct assessment *assessment, const char *code,
		      const char *source, struct err *err);

/* What a browser keeps instead of the link: "ID.MAC", MAC = HMAC-SHA-256(key, "stored-cookie:" id
 * ":" secret_id ":" rotation) in hex. A new link ends it. Yours; NULL on error. */
char *secret_cookie(struct store *store, const struct assessment *assessment, struct err *err);
/* ERR_NOT_FOUND when it is none, or is no longer good. */
int secret_cookie_open(struct store *store, const char *cookie, struct assessment *ret,
		       struct err *err);

#endif
