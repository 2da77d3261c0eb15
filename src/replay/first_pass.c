/* first_pass.c - see first_pass.h */
#include "replay/first_pass.h"

#include "base/auto.h"
#include "base/buf.h"

#include <stdlib.h>
#include <string.h>

void first_passes_release(struct first_passes *passes)
{
	size_t i;

	for (i = 0; i < passes->count; i++)
		free(passes->list[i].id);
	free(passes->list);
	*passes = (struct first_passes)FIRST_PASSES_INIT;
}

/* One round of answers at the points. */
struct round {
	struct first_passes *passes;
	int64_t before, at;	/* the point before and this one */
	int64_t *failed_at;	/* by case: the last point at which it was not seen to pass */
};

static struct first_pass *find_case(struct round *round, const char *id)
{
	struct first_passes *passes = round->passes;
	size_t i;

	for (i = 0; i < passes->count; i++)
		if (!strcmp(passes->list[i].id, id))
			return &passes->list[i];
	passes->list = buf_realloc(passes->list, passes->count + 1, sizeof(*passes->list));
	round->failed_at =
		buf_realloc(round->failed_at, passes->count + 1, sizeof(*round->failed_at));
	passes->list[passes->count] = (struct first_pass){ .id = buf_strdup(id), .seq = -1 };
	return &passes->list[passes->count++];
}

/* A case that is not told at the last point, as nothing could be built, does not pass there. */
static void forget_end(struct first_passes *passes)
{
	size_t i;

	for (i = 0; i < passes->count; i++)
		passes->list[i].at_end = false;
}

static void tell_point(void *arg, const char *id, bool passed)
{
	struct round *round = arg;
	struct first_pass *one = find_case(round, id);

	one->at_end = passed;
	if (one->passes || !passed)
		return;
	one->passes = true;
	one->seq = round->at;
	round->failed_at[one - round->passes->list] = round->before;
}

struct look {
	const char *id;
	bool passed;
};

static void tell_one(void *arg, const char *id, bool passed)
{
	struct look *look = arg;

	if (!strcmp(look->id, id))
		look->passed = passed;
}

/* Between `failed`, after which it failed, and one->seq, after which it passed. */
static int narrow(const struct first_pass_ask *ask, int64_t failed, struct first_pass *one,
		  struct err *err)
{
	AUTO_FREE int64_t *changes = NULL;
	size_t count = 0, low = 0, high;

	if (ask->changes(ask->arg, failed, one->seq, &changes, &count, err) < 0)
		return -1;
	if (!count)
		return 0;
	/* it passes after changes[high], and not before changes[low] */
	for (high = count - 1; low < high;) {
		size_t middle = low + (high - low) / 2;
		struct look look = { .id = one->id };

		if (ask->tests(ask->arg, changes[middle], tell_one, &look, err) < 0)
			return -1;
		if (look.passed)
			high = middle;
		else
			low = middle + 1;
	}
	one->seq = changes[high];
	return 0;
}

/* `first`: where the work began; what passes there was made by nobody. */
static int narrow_all(const struct first_pass_ask *ask, int64_t first, const struct round *round,
		      struct err *err)
{
	size_t i;

	for (i = 0; i < round->passes->count; i++) {
		struct first_pass *one = &round->passes->list[i];

		if (!one->passes)
			continue;
		if (one->seq == first)
			one->seq = -1;
		else if (narrow(ask, round->failed_at[i], one, err) < 0)
			return -1;
	}
	return 0;
}

int first_pass_find(const struct first_pass_ask *ask, const int64_t *points, size_t count,
		    struct first_passes *ret, struct err *err)
{
	struct round round = { .passes = ret, .before = -1 };
	int result = 0;
	size_t i;

	for (i = 0; i < count && result == 0; i++) {
		round.at = points[i];
		forget_end(ret);
		result = ask->tests(ask->arg, points[i], tell_point, &round, err);
		round.before = points[i];
	}
	if (result == 0 && count)
		result = narrow_all(ask, points[0], &round, err);
	free(round.failed_at);
	return result;
}
