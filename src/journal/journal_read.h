/* journal_read.h - reads an exported journal (journal_export.h) and believes none of it
 *
 * Line after line, in memory that does not grow with the payloads or the history. Everything is
 * checked with nothing but the public key: chain, forms, signatures, payloads, score runs, and the
 * git history, which is unpacked into a repository. */
#ifndef TALI_JOURNAL_READ_H
#define TALI_JOURNAL_READ_H

#include "base/rand.h"
#include "journal/journal_check.h"
#include "workspace/repo.h"

#include <stdio.h>

#define JOURNAL_READ_EVENTS 10000000	/* most events, payloads and score runs in a file */
#define JOURNAL_READ_LINE (96 << 20)	/* most bytes of a line: a payload of 64 MiB in base64 */
#define JOURNAL_READ_PACK (2LL << 30)	/* most bytes of the pack */

/* Called for what was found good so far; each may be NULL. -1 ends the reading. */
struct journal_read_visit {
	void *arg;
	int (*event)(void *arg, const struct event *event, struct err *err);
	int (*blob)(void *arg, const void *data, size_t len, struct err *err);
	int (*score)(void *arg, int64_t number, const char *result, struct err *err);
};

struct journal_read {
	char assessment_id[RAND_ID_LEN + 1];
	struct journal_check check;	/* what the events say */
	int64_t blobs, scores;
};

/* Reads all of the file from its start. The git history goes into `repo`, empty and the caller's to
 * throw away; without one it is hashed only. `ret` is to be released also after an error; it
 * borrows the key and must stay where it is. ERR_INTEGRITY names the line. */
int journal_read(FILE *file, const uint8_t public_key[SIGN_PUBLIC_SIZE], struct repo *repo,
		 const struct journal_read_visit *visit, struct journal_read *ret, struct err *err);
void journal_read_release(struct journal_read *read);

/* Opens a file that holds an export. ERR_NOT_FOUND, ERR_INPUT (a folder), ERR_ENV. */
FILE *journal_read_open(const char *path, struct err *err);

/* Reads a public key: base64 text of 32 bytes, or the path of a file that holds it. */
int journal_read_key(const char *words, uint8_t public_key[SIGN_PUBLIC_SIZE], struct err *err);

#endif
