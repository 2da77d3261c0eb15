/* timeline.c - see timeline.h */
#include "replay/timeline.h"

#include "base/auto.h"
#include "replay/keyframe.h"
#include "replay/timeline_internal.h"
#include "store/checkpoint.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#define PAGE_EVENTS 128
#define PAGE_BYTES (1u << 20)

#define LAST_WORK (16u << 10)	/* after less than that the end has none of its own */
#define NEAR_EVENTS 128		/* so far it is cheaper to go on than to look for a keyframe */
#define BATCH_FRAMES 64
#define BATCH_BYTES (8u << 20)

/* --- events */

static size_t keep(struct page *page, const char *text)
{
	size_t at = page->texts.len;

	buf_add(&page->texts, text, strlen(text) + 1);
	return at;
}

static int add_to_page(void *arg, const struct event *event, struct err *err)
{
	struct page *page = arg;
	struct paged *paged;

	(void)err;
	if ((page->count & (page->count - 1)) == 0)
		page->events = buf_realloc(page->events, page->count ? page->count * 2 : 1,
					   sizeof(*page->events));
	paged = &page->events[page->count++];
	*paged = (struct paged){ *event, keep(page, event->actor), keep(page, event->kind),
				 keep(page, event->data) };
	return page->texts.len > PAGE_BYTES;
}

static const struct event *in_page(const struct page *page, int64_t seq)
{
	if (!page->count || seq < page->events[0].event.seq ||
	    seq >= page->events[0].event.seq + (int64_t)page->count)
		return NULL;
	return &page->events[seq - page->events[0].event.seq].event;
}

const struct event *timeline_read(struct timeline *timeline, int64_t seq, struct err *err)
{
	struct page *page = &timeline->page;
	const struct event *event = in_page(page, seq);
	size_t i;

	if (event)
		return event;
	page->count = 0;
	buf_clear(&page->texts);
	if (event_page(timeline->store, timeline->assessment_id, seq, PAGE_EVENTS, add_to_page,
		       page, err) < 0) {
		page->count = 0;
		return NULL;
	}
	for (i = 0; i < page->count; i++) {
		struct paged *paged = &page->events[i];

		paged->event.actor = page->texts.data + paged->actor;
		paged->event.kind = page->texts.data + paged->kind;
		paged->event.data = page->texts.data + paged->data;
		/* one that is missing must not bring another in its place */
		if (paged->event.seq != seq + (int64_t)i)
			page->count = i;
	}
	if (!page->count)
		err_set(err, ERR_INTEGRITY, "event %" PRId64 " is missing", seq);
	return in_page(page, seq);
}

int timeline_instant_of(struct timeline *timeline, int64_t seq, int64_t *ret, struct err *err)
{
	const struct event *event = in_page(&timeline->page, seq);
	int found;

	if (event) {
		*ret = event_instant(event);
		return 0;
	}
	found = event_read_instant(timeline->store, timeline->assessment_id, seq, ret, err);
	if (found == 0)
		return err_set(err, ERR_INTEGRITY, "event %" PRId64 " is missing", seq);
	return found < 0 ? -1 : 0;
}

/* --- contents */

static int read_payload(void *arg, const char *hash, size_t limit, struct buf *out,
			struct err *err)
{
	const struct fold_source *contents = &((struct timeline *)arg)->contents;

	return contents->payload(contents->arg, hash, limit, out, err);
}

static int read_blob(void *arg, const char *oid, size_t limit, struct buf *out, struct err *err)
{
	const struct fold_source *contents = &((struct timeline *)arg)->contents;

	return contents->blob(contents->arg, oid, limit, out, err);
}

static int read_tree(void *arg, const char *before, const char *after,
		     int (*visit)(void *visit_arg, const char *path, const char *oid,
				  bool executable, struct err *err),
		     void *visit_arg, struct err *err)
{
	const struct fold_source *contents = &((struct timeline *)arg)->contents;

	return contents->tree(contents->arg, before, after, visit, visit_arg, err);
}

static int read_text(void *arg, const char *hash, size_t limit, struct buf *out, struct err *err)
{
	struct timeline *timeline = arg;
	int result = keyframe_text(timeline->store, timeline->assessment_id, hash, limit, out, err);

	if (result < 0)
		timeline->no_keyframes = true;
	return result;
}

/* --- opening */

/* The state before event 0, or the one that is given (taken). */
static void put_fold(struct timeline *timeline, struct fold *fold)
{
	fold_free(&timeline->fold);
	timeline->fold = fold ? fold : fold_new(&timeline->source);
	timeline->begun = false;
	timeline->from_keyframe = fold != NULL;
	timeline->told_seq = -1;
	timeline->part_instant = fold ? fold_instant(fold) : INT64_MIN;
	timeline->instant = fold ? fold_instant(fold) : timeline->start;
}

int timeline_refresh(struct timeline *timeline, struct err *err)
{
	struct event last;
	int found = event_last(timeline->store, timeline->assessment_id, &last, err);

	if (found == 0)
		return err_set(err, ERR_NOT_FOUND, "'%s' has no events",
			       timeline->assessment_id);
	if (found < 0 || event_read_instant(timeline->store, timeline->assessment_id, 0,
				       &timeline->start, err) < 0)
		return -1;
	timeline->last_seq = last.seq;
	timeline->end = last.time;
	timeline->marks_read = false;
	return 0;
}

struct timeline *timeline_open(struct store *store, const char *assessment_id,
			       const struct fold_source *source, struct err *err)
{
	AUTO(timeline_close) struct timeline *timeline = buf_alloc(sizeof(*timeline));

	timeline->store = store;
	timeline->assessment_id = buf_strdup(assessment_id);
	timeline->contents = *source;
	timeline->source = (struct fold_source){ .arg = timeline, .payload = read_payload,
						 .blob = read_blob, .tree = read_tree,
						 .text = read_text };
	timeline->page.texts.limit = SIZE_MAX;
	if (timeline_refresh(timeline, err) < 0)
		return NULL;
	put_fold(timeline, NULL);
	return TAKE(timeline);
}

void timeline_close(struct timeline **timeline)
{
	struct timeline *old = *timeline;

	if (!old)
		return;
	timeline_free_marks(old);
	fold_free(&old->fold);
	free(old->page.events);
	buf_release(&old->page.texts);
	free(old->assessment_id);
	free(old);
	*timeline = NULL;
}

int64_t timeline_start(const struct timeline *timeline)
{
	return timeline->start;
}

int64_t timeline_end(const struct timeline *timeline)
{
	return timeline->end;
}

int64_t timeline_last_seq(const struct timeline *timeline)
{
	return timeline->last_seq;
}

struct fold *timeline_fold(struct timeline *timeline)
{
	return timeline->fold;
}

int64_t timeline_instant(const struct timeline *timeline)
{
	return timeline->instant;
}

const struct event *timeline_event(const struct timeline *timeline)
{
	return timeline->told_seq < 0 ? NULL : in_page(&timeline->page, timeline->told_seq);
}

/* --- a step */

/* A fold that failed is of no use: what comes next begins anew. */
static int failed(struct timeline *timeline)
{
	put_fold(timeline, NULL);
	return -1;
}

/* 1: there is a part to come, 0: none. */
static int begin_next(struct timeline *timeline, struct err *err)
{
	const struct event *event;
	int64_t seq = fold_seq(timeline->fold) + 1;

	if (timeline->begun)
		return 1;
	if (seq > timeline->last_seq)
		return 0;
	event = timeline_read(timeline, seq, err);
	if (!event)
		return -1;
	if (fold_begin(timeline->fold, event, err) < 0)
		return failed(timeline);
	timeline->begun = true;
	timeline->begun_seq = seq;
	return 1;
}

int timeline_peek(struct timeline *timeline, int64_t *ret, struct err *err)
{
	int found = begin_next(timeline, err);
	int64_t next;

	if (found <= 0)
		return found;
	*ret = fold_part_instant(timeline->fold);
	if (timeline->begun_seq == timeline->last_seq)
		return 1;
	if (timeline_instant_of(timeline, timeline->begun_seq + 1, &next, err) < 0)
		return -1;
	if (next < *ret)
		*ret = next;
	return 1;
}

/* The same part again, by a fold from the beginning: it was a text of a keyframe that could not be
 * read, or the fault is in the event. */
static int next_without_keyframes(struct timeline *timeline, struct err *err)
{
	int64_t seq = timeline->begun_seq;
	size_t parts = seq == timeline->told_seq ? timeline->told_parts + 1 : 1;

	*err = (struct err)ERR_INIT;
	timeline->no_keyframes = true;
	put_fold(timeline, NULL);
	while (timeline->told_seq < seq || timeline->told_parts < parts)
		if (timeline_next(timeline, err) < 0)
			return -1;
	return 1;
}

int timeline_next(struct timeline *timeline, struct err *err)
{
	int64_t instant;
	int found = timeline_peek(timeline, &instant, err);

	if (found <= 0)
		return found;
	if (fold_part(timeline->fold, err) < 0)
		return timeline->from_keyframe ? next_without_keyframes(timeline, err)
					       : failed(timeline);
	timeline->told_parts =
		timeline->told_seq == timeline->begun_seq ? timeline->told_parts + 1 : 1;
	timeline->told_seq = timeline->begun_seq;
	timeline->part_instant = timeline->instant = instant;
	timeline->begun = fold_part_instant(timeline->fold) >= 0;
	return 1;
}

/* --- seeking */

/* The last event whose instant is at or before this one; -1 when even the first is later. */
static int find_event(struct timeline *timeline, int64_t instant, int64_t *ret, struct err *err)
{
	int64_t low = 0, high = timeline->last_seq + 1;

	while (low < high) {
		int64_t middle = low + (high - low) / 2, at;

		if (timeline_instant_of(timeline, middle, &at, err) < 0)
			return -1;
		if (at <= instant)
			low = middle + 1;
		else
			high = middle;
	}
	*ret = low - 1;
	return 0;
}

/* To a keyframe at or before `seq`, or to the beginning; unless the state here may go on (`usable`)
 * and is nearer. */
static int approach(struct timeline *timeline, int64_t seq, bool usable, struct err *err)
{
	struct fold *fold = NULL;
	int64_t here;

	if (timeline->no_keyframes && timeline->from_keyframe)
		usable = false;
	here = usable ? fold_seq(timeline->fold) : -1;
	if (usable && seq - here < NEAR_EVENTS)
		return 0;
	if (!timeline->no_keyframes &&
	    keyframe_find(timeline->store, timeline->assessment_id, here, seq, &timeline->source,
			  &fold, err) < 0)
		return -1;
	if (fold || !usable)
		put_fold(timeline, fold);
	return 0;
}

int timeline_seek(struct timeline *timeline, int64_t instant, struct err *err)
{
	int64_t seq = -1, here = fold_seq(timeline->fold), next;
	int found;

	if (find_event(timeline, instant, &seq, err) < 0 ||
	    approach(timeline, seq - 1,
		     here < seq || (here == seq && timeline->part_instant <= instant), err) < 0)
		return -1;
	while ((found = timeline_peek(timeline, &next, err)) == 1 && next <= instant)
		if (timeline_next(timeline, err) < 0)
			return -1;
	if (found < 0)
		return -1;
	timeline->instant = instant;
	return 0;
}

/* The instant of the last part as stepping would have given it: a keyframe does not know the event
 * that follows. */
static int settle(struct timeline *timeline, struct err *err)
{
	int64_t seq = fold_seq(timeline->fold), next;

	if (seq < 0) {
		timeline->instant = timeline->start;
		return 0;
	}
	timeline->part_instant = fold_instant(timeline->fold);
	if (seq < timeline->last_seq) {
		if (timeline_instant_of(timeline, seq + 1, &next, err) < 0)
			return -1;
		if (next < timeline->part_instant)
			timeline->part_instant = next;
	}
	timeline->instant = timeline->part_instant;
	return 0;
}

int timeline_seek_seq(struct timeline *timeline, int64_t seq, struct err *err)
{
	int64_t here = fold_seq(timeline->fold);
	bool partly = here >= 0 && timeline->begun && timeline->begun_seq == here;

	if (seq < -1 || seq > timeline->last_seq)
		return err_set(err, ERR_NOT_FOUND, "there is no event %" PRId64, seq);
	if (approach(timeline, seq, here < seq || here == seq, err) < 0)
		return -1;
	if (fold_seq(timeline->fold) != here)
		partly = false;
	while (fold_seq(timeline->fold) < seq || partly) {
		if (timeline_next(timeline, err) < 0)
			return -1;
		partly = timeline->begun && timeline->begun_seq <= seq;
	}
	return settle(timeline, err);
}

/* --- keyframes */

/* All events from where it stands on, with a keyframe after so much work and one at the end. */
static int fold_rest(struct timeline *walk, struct keyframe_batch *batch, struct err *err)
{
	size_t work = 0;
	int64_t seq;

	for (seq = fold_seq(walk->fold) + 1; seq <= walk->last_seq; seq++) {
		const struct event *event = timeline_read(walk, seq, err);

		if (!event || fold_event(walk->fold, event, err) < 0)
			return -1;
		work += keyframe_work(event->kind, event->data);
		if (work < KEYFRAME_WORK && (seq < walk->last_seq || work < LAST_WORK))
			continue;
		if (keyframe_add(batch, walk->fold, event->hash, err) < 0)
			return -1;
		work = 0;
		if ((batch->count >= BATCH_FRAMES || batch->bytes >= BATCH_BYTES) &&
		    keyframe_write(batch, walk->store, walk->assessment_id, err) < 0)
			return -1;
	}
	return keyframe_write(batch, walk->store, walk->assessment_id, err);
}

static int clear_keyframes(struct timeline *timeline, struct err *err)
{
	AUTO(store_rollback) struct store *tx = timeline->store;

	if (store_begin(timeline->store, err) < 0 ||
	    checkpoint_clear(timeline->store, timeline->assessment_id, err) < 0)
		return -1;
	return store_commit(timeline->store, err);
}

int timeline_prepare(struct timeline *timeline, struct err *err)
{
	AUTO(timeline_close) struct timeline *walk = NULL;
	AUTO(keyframe_release) struct keyframe_batch batch = { .count = 0 };
	AUTO(keyframe_release) struct keyframe_batch second = { .count = 0 };

	if (!store_writable(timeline->store))
		return 0;
	walk = timeline_open(timeline->store, timeline->assessment_id, &timeline->contents, err);
	if (!walk || approach(walk, walk->last_seq, false, err) < 0)
		return -1;
	if (fold_rest(walk, &batch, err) == 0)
		return 0;
	if (!walk->from_keyframe)
		return -1;
	/* those that are there may be damaged */
	*err = (struct err)ERR_INIT;
	put_fold(walk, NULL);
	return clear_keyframes(walk, err) < 0 ? -1 : fold_rest(walk, &second, err);
}
