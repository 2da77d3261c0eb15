/* score_row.h - score runs: numbered per assessment, written once, never changed */
#ifndef TALI_SCORE_ROW_H
#define TALI_SCORE_ROW_H

#include "base/hash.h"
#include "store/store.h"

#include <stdbool.h>

#define SCORE_LEVEL_SIZE 32

/* What lists say of a score run, in hundredths; drawn from its result when it is stored. */
struct score_figures {
	bool has_value, has_grade;	/* not in score runs of older versions */
	int64_t value;			/* the score, 0 to 10000 */
	int64_t grade;			/* percent of the points, 0 to 10000 */
	char level[SCORE_LEVEL_SIZE];	/* "" without a value */
};

/* ERR_USAGE tells the words: developing, operator, architect, innovator. */
int score_level_check(const char *name, struct err *err);

struct score_row {
	int64_t number;			/* from 1 */
	int64_t created;
	char task_version[41];
	char digest[HASH_HEX_SIZE];	/* SHA-256 of `result` */
	char *result;			/* canonical JSON: the part that repeats exactly */
	char *measured;			/* JSON: times and sizes of this run */
	const char *sweep;		/* for score_row_add: its sweep, borrowed, or NULL */
	struct score_figures figures;	/* as they are stored */
};

#define SCORE_ROW_INIT { .number = 0 }
void score_row_release(struct score_row *row);

/* Gives the next number, time and digest. Needs an open transaction. */
int score_row_add(struct store *store, const char *assessment_id, struct score_row *row,
		  struct err *err);
/* Stores one that was imported, number, time and digest and all. Needs an open transaction. */
int score_row_import(struct store *store, const char *assessment_id, const struct score_row *row,
		     struct err *err);
/* By number, or the newest for 0: 1, 0, -1. */
int score_row_get(struct store *store, const char *assessment_id, int64_t number,
		  struct score_row *ret, struct err *err);
/* Whether the figures of a row that was read are those of its result. */
bool score_row_fits(const struct score_row *row);
/* Figures of the newest run: 1, 0 when there is none, -1. */
int score_row_figures(struct store *store, const char *assessment_id, struct score_figures *ret,
		      struct err *err);
/* How many there are, or -1. */
int64_t score_row_count(struct store *store, const char *assessment_id, struct err *err);
/* The number of the newest run that this sweep made, or 0; -1 error. */
int64_t score_row_of_sweep(struct store *store, const char *assessment_id, const char *sweep,
			   struct err *err);
/* Oldest first. */
int score_row_each(struct store *store, const char *assessment_id,
		   int (*visit)(void *arg, const struct score_row *row, struct err *err), void *arg,
		   struct err *err);

#endif
