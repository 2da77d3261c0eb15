/* import.h - an exported journal becomes an assessment of this store, to be read */
#ifndef TALI_IMPORT_H
#define TALI_IMPORT_H

#include "store/assessment.h"

/* Checks the whole file by the public key, then makes all of it or nothing: the assessment with its
 * id, events, payloads, score runs and repository; a candidate; and, when the task version is not
 * here, a stub of it. The key is kept as the assessment's signer. ERR_INTEGRITY when the file does
 * not check, or when its last events are not signed: then nobody vouches for them. ERR_STATE when
 * the assessment is here already. */
int import_journal(struct store *store, const char *path,
		   const uint8_t public_key[SIGN_PUBLIC_SIZE], struct assessment *ret,
		   struct err *err);

#endif
