/* provenance.h - where each byte of the result came from: the marks of the fold, told apart further
 * by the facts
 *
 * Counts text files of the final state; binary and very large files have no origins. */
#ifndef TALI_PROVENANCE_H
#define TALI_PROVENANCE_H

#include "journal/fold.h"
#include "score/facts.h"

struct provenance_file {
	char *path;
	uint64_t bytes[FACT_ORIGINS];
	bool changed;			/* something in it is not the starter's */
};

struct provenance {
	uint64_t bytes[FACT_ORIGINS];
	struct provenance_file *files;	/* by path */
	size_t file_count;
	uint64_t *exchanges;		/* bytes by exchange of the facts, as many as there are */
	uint64_t other_files;
};

#define PROVENANCE_INIT { .other_files = 0 }
void provenance_release(struct provenance *provenance);

/* `fold` is the one that the facts ended with. */
int provenance_read(struct fold *fold, const struct facts *facts, struct provenance *ret,
		    struct err *err);

#endif
