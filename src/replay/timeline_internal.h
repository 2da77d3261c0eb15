/* timeline_internal.h - the body of a timeline, for the timeline modules */
#ifndef TALI_TIMELINE_INTERNAL_H
#define TALI_TIMELINE_INTERNAL_H

#include "replay/timeline.h"

/* Events read ahead, one after the other. */
struct paged {
	struct event event;
	size_t actor, kind, data;	/* where its texts begin */
};

struct page {
	struct paged *events;
	size_t count;
	struct buf texts;
};

struct timeline {
	struct store *store;
	char *assessment_id;
	struct fold_source contents;	/* of the caller */
	struct fold_source source;	/* that, and the texts of keyframes */
	int64_t last_seq, start, end;

	struct fold *fold;
	struct page page;
	bool from_keyframe, no_keyframes;
	bool begun;			/* the event after fold_seq, or that one in parts */
	int64_t begun_seq, told_seq;	/* told_seq: of timeline_event, -1 for none */
	size_t told_parts;		/* of told_seq that were folded */
	int64_t part_instant;		/* of the last part folded */
	int64_t instant;

	struct timeline_mark *marks;
	size_t mark_count;
	bool marks_read;
};

/* Event `seq`, borrowed until another is asked for that is not near. NULL with ERR_INTEGRITY when
 * it is missing. */
const struct event *timeline_read(struct timeline *timeline, int64_t seq, struct err *err);
/* The instant of an event. */
int timeline_instant_of(struct timeline *timeline, int64_t seq, int64_t *ret, struct err *err);

void timeline_free_marks(struct timeline *timeline);

#endif
