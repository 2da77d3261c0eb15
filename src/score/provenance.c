/* provenance.c - see provenance.h */
#include "score/provenance.h"

#include <stdlib.h>

void provenance_release(struct provenance *provenance)
{
	for (size_t i = 0; i < provenance->file_count; i++)
		free(provenance->files[i].path);
	free(provenance->files);
	free(provenance->exchanges);
	*provenance = (struct provenance)PROVENANCE_INIT;
}

struct reading {
	const struct facts *facts;
	struct provenance *provenance;
	struct provenance_file *file;
};

static enum fact_origin origin_of(const struct facts *facts, const struct text_run *run)
{
	const struct fact_change *change;

	switch (run->origin) {
	case TEXT_STARTER:
		return FACT_STARTER;
	case TEXT_TYPED:
		return FACT_TYPED;
	case TEXT_AI:
		return FACT_AI_APPLIED;
	case TEXT_PASTE:
		change = facts_paste_of(facts, run->seq);
		return change ? change->origin : FACT_OUTSIDE;
	default:
		change = facts_change_of(facts, run->seq);
		return change && change->origin == FACT_MADE ? FACT_MADE : FACT_SAVED;
	}
}

/* Whose answer the bytes of a run came from: that which has them, or the last before. */
static int64_t exchange_of(const struct facts *facts, const struct text_run *run,
			   enum fact_origin origin)
{
	const struct fact_change *paste =
		origin == FACT_AI_PASTED ? facts_paste_of(facts, run->seq) : NULL;

	return paste && paste->exchange >= 0 ? paste->exchange
					     : facts_exchange_before(facts, run->seq);
}

static int add_run(void *arg, const struct text_run *run)
{
	struct reading *reading = arg;
	enum fact_origin origin = origin_of(reading->facts, run);
	int64_t exchange;

	reading->file->bytes[origin] += run->len;
	reading->file->changed |= origin != FACT_STARTER;
	reading->provenance->bytes[origin] += run->len;
	if (origin != FACT_AI_PASTED && origin != FACT_AI_APPLIED)
		return 0;
	exchange = exchange_of(reading->facts, run, origin);
	if (exchange >= 0)
		reading->provenance->exchanges[exchange] += run->len;
	return 0;
}

static int add_file(void *arg, const struct fold_file *file, struct text *text,
		    const uint64_t bytes[TEXT_ORIGINS], struct err *err)
{
	struct reading *reading = arg;
	struct provenance *provenance = reading->provenance;
	size_t count = provenance->file_count++;

	(void)bytes;
	(void)err;
	if ((count & (count - 1)) == 0)
		provenance->files = buf_realloc(provenance->files, count ? count * 2 : 1,
						sizeof(*provenance->files));
	reading->file = &provenance->files[count];
	*reading->file = (struct provenance_file){ .path = buf_strdup(file->path) };
	text_each_run(text, add_run, reading);
	return 0;
}

int provenance_read(struct fold *fold, const struct facts *facts, struct provenance *ret,
		    struct err *err)
{
	struct reading reading = { .facts = facts, .provenance = ret };
	struct fold_provenance sum;

	ret->exchanges = buf_alloc((facts->exchange_count + 1) * sizeof(*ret->exchanges));
	if (fold_provenance(fold, add_file, &reading, &sum, err) < 0)
		return -1;
	ret->other_files = sum.other_files;
	return 0;
}
