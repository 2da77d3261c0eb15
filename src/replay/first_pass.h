/* first_pass.h - when did each case first pass, and which event made it
 *
 * The tests are asked at points: first where the work was saved, run or tested, and at the end;
 * then, for each case, between the last of those before it passed and the first where it did, by
 * halves over the events in between that change files. So for each case: it did not pass at any of
 * the first points before, it did not pass right before the event that is named, and did right
 * after it. Whether it passed for a while in between, unseen, nobody knows. */
#ifndef TALI_FIRST_PASS_H
#define TALI_FIRST_PASS_H

#include "base/err.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The tests right after event `seq` (-1: before the first). For each case that there is, in any
 * order, tells its id and whether it passes. */
struct first_pass_ask {
	void *arg;
	int (*tests)(void *arg, int64_t seq,
		     void (*tell)(void *tell_arg, const char *id, bool passed), void *tell_arg,
		     struct err *err);
	/* The events after `after` and up to `until` that change files, in order. Yours. */
	int (*changes)(void *arg, int64_t after, int64_t until, int64_t **ret, size_t *ret_count,
		       struct err *err);
};

struct first_pass {
	char *id;
	int64_t seq;		/* event that made it pass; -1: passed from the start on */
	bool passes;		/* false: never seen to pass */
	bool at_end;		/* whether it passes at the last point */
};

struct first_passes {
	struct first_pass *list;	/* in the order in which they were first told */
	size_t count;
};

#define FIRST_PASSES_INIT { .list = NULL }
void first_passes_release(struct first_passes *passes);

/* `points`: events at which to ask first, ascending; the first is where the work began. */
int first_pass_find(const struct first_pass_ask *ask, const int64_t *points, size_t count,
		    struct first_passes *ret, struct err *err);

#endif
