/* journal_export.h - a journal as JSON lines, and its check with nothing but the public key
 *
 * Line 1    {"assessment":ID,"public_key":BASE64,"schema":"tali.journal/1"}
 * then      {"event":{...,"hash":HEX}}                      in order, signatures among them
 * then      {"blob":{"data":BASE64,"hash":HEX,"size":N}}    in order of hash
 * last      {"end":{"blobs":N,"events":N}}
 * Every line is canonical JSON and ends with a newline: each byte is checked. */
#ifndef TALI_JOURNAL_EXPORT_H
#define TALI_JOURNAL_EXPORT_H

#include "base/sign.h"
#include "store/event.h"

#include <stdio.h>

int journal_export(struct store *store, const char *assessment_id, FILE *out, struct err *err);

struct journal_summary {
	char assessment_id[64];
	int64_t events, blobs;
	int signatures;
	char head[HASH_HEX_SIZE];
};

/* Checks an exported file. ERR_INTEGRITY names the event or line. */
int journal_verify_file(const char *path, const uint8_t public_key[SIGN_PUBLIC_SIZE],
			struct journal_summary *ret, struct err *err);

/* Reads a public key: base64 text of 32 bytes, or the path of a file that holds it. */
int journal_read_key(const char *words, uint8_t public_key[SIGN_PUBLIC_SIZE], struct err *err);

#endif
