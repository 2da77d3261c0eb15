/* similarity.h - how much code the submissions of one task have in common
 *
 * Submissions are compared by their fingerprints (winnow.h), as sets. Left out of it:
 *	- grams of the starter, in any of its versions
 *	- what is common: fingerprints of more than half of the submissions, if that is more than
 *	  SIMILARITY_FEW. It is how everybody does it.
 * What is left are a submission's own fingerprints. With fewer than SIMILARITY_LEAST of them it is
 * not compared: there is too little to say anything of.
 *
 * The value of a pair is the larger of two shares: of the own fingerprints of each, how many the
 * other has too, in hundredths of a percent. So padding a copy does not lower it. A value says
 * little by itself: on a small task all solutions are alike. Each pair therefore also has its rank:
 * the share of all pairs whose value is less. None of it is a verdict.
 *
 * Time and memory grow with the number of submissions, not of pairs: a fingerprint that more than
 * SIMILARITY_CROWD have links each with the SIMILARITY_NEXT after it only. That loses none of a
 * crowd that shares much, and what it takes from pairs that share little stays below
 * SIMILARITY_FAINT; all pairs above are counted exactly. */
#ifndef TALI_SIMILARITY_H
#define TALI_SIMILARITY_H

#include "score/winnow.h"

#define SIMILARITY_LEAST 12
#define SIMILARITY_FEW 4
#define SIMILARITY_CROWD 64
#define SIMILARITY_NEXT 8
#define SIMILARITY_FAINT 1000		/* 10 %: pairs below are counted, but not kept */
#define SIMILARITY_SYMBOLS (1u << 18)	/* of a submission; what is past them is left out */

struct similarity_pair {
	uint32_t a, b;			/* submissions, by the order of adding; a < b */
	uint32_t shared;		/* fingerprints */
	uint32_t share_a, share_b;	/* of a's and of b's own ones; 0 to 10000 */
	uint32_t value;			/* the larger */
	uint32_t rank;			/* of all pairs, how many have less; 0 to 10000 */
};

struct similarity_member {
	uint32_t own;			/* fingerprints that are compared */
	uint32_t common;		/* left out because most have them */
	uint32_t symbols;		/* in all of its code */
	bool compared;			/* false: too little of its own */
	bool cut;			/* more than SIMILARITY_SYMBOLS */
};

struct similarity_result {
	struct similarity_member *members;
	uint32_t member_count;
	struct similarity_pair *pairs;	/* from SIMILARITY_FAINT on; most alike first */
	size_t pair_count;
	/* pairs of members that are compared, and the value that so many of them do not pass */
	uint64_t compared_pairs;
	uint32_t median, p90, p99, most;
};

#define SIMILARITY_RESULT_INIT { .member_count = 0 }
void similarity_result_release(struct similarity_result *result);

struct similarity *similarity_new(void);
void similarity_free(struct similarity **similarity);	/* NULL inside is fine */

/* A file of the starter; before the first submission. Files of no language are passed over, here
 * and below. */
void similarity_starter(struct similarity *similarity, const char *path, const char *text,
			size_t len);
/* Begins the next submission; its number, from 0. */
uint32_t similarity_begin(struct similarity *similarity);
/* A file of the submission begun last. */
void similarity_add(struct similarity *similarity, const char *path, const char *text, size_t len);

/* Compares all that were begun. Once. */
void similarity_compare(struct similarity *similarity, struct similarity_result *ret);

/* After comparing: pieces that two submissions have in common, each the longest from where it
 * begins, in the order of `a`; without what is the starter's or common. Paths are borrowed until
 * similarity_free. Lines are from 1, both included. */
struct similarity_region {
	const char *path_a, *path_b;
	uint32_t first_a, last_a, first_b, last_b;
	uint32_t symbols;
};
/* An array, yours; *ret_count of them. */
struct similarity_region *similarity_regions(const struct similarity *similarity, uint32_t a,
					     uint32_t b, size_t *ret_count);

#endif
