/* judge_merge.h - what samples of a judge make of a value that facts gave
 *
 * The median of the valid samples (of two the lower) is worth 25 for each level, and the value
 * moves to that, but by JUDGE_BAND at most. It stays where it is when the samples differ by more
 * than one level, or none is valid; and it never rises where a hard criterion failed. A person has
 * to look when samples differ by more than one level or would put the value on different sides of a
 * border of levels of the score, when fewer than two are valid, when the models that answered have
 * different names, or when something in the material spoke to the judge. */
#ifndef TALI_JUDGE_MERGE_H
#define TALI_JUDGE_MERGE_H

#include "score/judge_answer.h"

#define JUDGE_SAMPLES 3
#define JUDGE_BAND 1500			/* hundredths */

struct judge_rules {
	int64_t facts;			/* the value, in hundredths: 0 to 10000 */
	bool failed;			/* a hard criterion did: nothing is lifted */
	bool spoken_to;			/* something in the material spoke to the judge */
	bool models_differ;
	const int64_t *borders;		/* of levels of the score, in hundredths */
	size_t border_count;
};

struct judge_merged {
	int64_t value;			/* hundredths */
	int64_t low, high;		/* where it could have gone */
	int level, spread;		/* -1: no valid sample */
	size_t chosen;			/* the sample that has the level; only with one */
	size_t valid;
	bool needs_review;
	const char *why;		/* a sentence, borrowed for good */
};

/* `count` samples, at most JUDGE_SAMPLES. */
void judge_merge(const struct judge_sample *samples, size_t count, const struct judge_rules *rules,
		 struct judge_merged *ret);

#endif
