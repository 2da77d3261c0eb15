/* journal_verify.h - checks an exported journal whole, with nothing but the public key */
#ifndef TALI_JOURNAL_VERIFY_H
#define TALI_JOURNAL_VERIFY_H

#include "journal/journal_read.h"

/* What journal_read checks, and that the events can be folded (fold.h). Reads the file twice; the
 * payloads are kept in a temporary folder between. `repo`, `ret` and errors as with journal_read,
 * but a repository must be there. */
int journal_verify(FILE *file, const uint8_t public_key[SIGN_PUBLIC_SIZE], struct repo *repo,
		   struct journal_read *ret, struct err *err);

struct journal_summary {
	char assessment_id[RAND_ID_LEN + 1];
	int64_t events, blobs;
	int signatures;
	char head[HASH_HEX_SIZE];
};

/* The same for the file of a path, in a throw-away repository. */
int journal_verify_path(const char *path, const uint8_t public_key[SIGN_PUBLIC_SIZE],
			struct journal_summary *ret, struct err *err);

#endif
