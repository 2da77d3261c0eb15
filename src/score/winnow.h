/* winnow.h - fingerprints of source code that stay the same when names, comments and spacing change
 *
 * A text becomes symbols: a keyword or operator is itself, every name is one symbol, every number
 * and string another, comments and docstrings none. Each run of WINNOW_GRAM symbols (a gram) has a
 * hash; of each WINNOW_WINDOW grams that follow each other the least hash is a fingerprint, the
 * last of equals. So two texts that share WINNOW_GRAM + WINNOW_WINDOW - 1 symbols in a row share a
 * fingerprint, wherever it stands in them. Source: S. Schleimer, D. Wilkerson, A. Aiken,
 * "Winnowing: Local Algorithms for Document Fingerprinting", SIGMOD 2003. */
#ifndef TALI_WINNOW_H
#define TALI_WINNOW_H

#include "score/code_language.h"
#include "score/number_map.h"

#define WINNOW_GRAM 18
#define WINNOW_WINDOW 8
#define WINNOW_NONE UINT64_MAX	/* no gram begins here, or one that is passed over */

/* The symbols of one or more files. Grams lie within files. */
struct winnow_symbols {
	uint32_t *symbols;
	uint32_t *lines;		/* on which each stands in its file, from 1 */
	uint32_t count, most;
	struct winnow_file {
		char *path;
		uint32_t first;		/* symbol */
	} *files;
	uint32_t file_count;
	bool full;			/* what was past `most` symbols is left out */
};

#define WINNOW_SYMBOLS_INIT(limit) { .most = (limit) }
void winnow_release(struct winnow_symbols *symbols);

/* Adds a file of `len` bytes, which may be any. Copies what it needs. */
void winnow_add(struct winnow_symbols *symbols, const struct code_language *language,
		const char *path, const char *text, size_t len);

/* The hash of the gram that begins at each symbol, or WINNOW_NONE. Yours; symbols->count of them
 * (one more is allocated). */
uint64_t *winnow_grams(const struct winnow_symbols *symbols);

/* Calls visit with the fingerprints among grams[0..count), in order. */
void winnow_select(const uint64_t *grams, uint32_t count,
		   void (*visit)(void *arg, uint64_t hash, uint32_t at), void *arg);

/* The file that symbol `at` is in. */
const struct winnow_file *winnow_file_at(const struct winnow_symbols *symbols, uint32_t at);

#endif
