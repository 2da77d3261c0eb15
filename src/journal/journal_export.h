/* journal_export.h - a journal as JSON lines, with all it takes to check it elsewhere
 *
 * Line 1    {"assessment":ID,"public_key":BASE64,"schema":"tali.journal/1"}
 * then      {"event":{...,"hash":HEX}}                      in order, signatures among them
 * then      {"blob":{"data":BASE64,"hash":HEX,"size":N}}    payloads, in order of hash
 * then      {"score":{"number":N,"result":TEXT}}            score runs, in order
 * then      {"pack":{"at":OFFSET,"data":BASE64}}            the git history, in order
 * last      {"end":{"blobs":N,"events":N,"pack":{"hash":HEX,"size":N},"scores":N}}
 * Every line is canonical JSON and ends with a newline: each byte is checked (journal_read.h). */
#ifndef TALI_JOURNAL_EXPORT_H
#define TALI_JOURNAL_EXPORT_H

#include "store/assessment.h"

#include <stdio.h>

#define JOURNAL_EXPORT_SCHEMA "tali.journal/1"
#define JOURNAL_PACK_PIECE (48 * 1024)	/* bytes of the pack in one line, but for the last */

/* Checked on the way out: ERR_INTEGRITY, and nobody can take what was written for whole. */
int journal_export(struct store *store, const struct assessment *assessment, FILE *out,
		   struct err *err);

/* The same for the candidate: all of the work, up to the signature that seals it. What others make
 * of it afterwards, above all score runs with hidden tests, is not in it. */
int journal_export_work(struct store *store, const struct assessment *assessment, FILE *out,
			struct err *err);

#endif
