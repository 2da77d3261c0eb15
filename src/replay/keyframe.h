/* keyframe.h - the state of a fold in the store, to begin from there
 *
 * States and texts are kept by their SHA-256. What is larger than one piece is cut where its
 * content says so (a rolling hash), so that a change of one place changes one or two pieces; each
 * is kept once for all states of an assessment that have it. A keyframe belongs to its event by
 * that event's hash. It is a cache: whoever can write to the database can also forge one, so `tali
 * verify` never reads it. */
#ifndef TALI_KEYFRAME_H
#define TALI_KEYFRAME_H

#include "journal/fold.h"

/* A keyframe is made after so much work since the last: about that many bytes of events. */
#define KEYFRAME_WORK (96u << 10)
/* What folding an event counts for. */
size_t keyframe_work(const char *kind, const char *data);

/* Keyframes that are made but not yet written: so that a transaction is short. */
struct keyframe_batch {
	struct keyframe *list;
	size_t count;
	struct keyframe_piece *pieces;
	size_t piece_count, bytes;
	struct hash *seen;		/* all pieces since it began: a table by the first bytes */
	size_t seen_count, seen_size;
};

/* Adds the state, which must be that after an event with this hash. */
int keyframe_add(struct keyframe_batch *batch, struct fold *fold, const char *hash,
		 struct err *err);
/* Writes what was added, in a transaction of its own. */
int keyframe_write(struct keyframe_batch *batch, struct store *store, const char *assessment_id,
		   struct err *err);
void keyframe_release(struct keyframe_batch *batch);

/* The fold after the newest event at or before `seq`, but after event `after`, that has a keyframe;
 * one that cannot be read is passed over. *ret is yours, NULL when there is none. */
int keyframe_find(struct store *store, const char *assessment_id, int64_t after, int64_t seq,
		  const struct fold_source *source, struct fold **ret, struct err *err);

/* A text of a keyframe, for fold_source. ERR_INTEGRITY when it is missing or damaged. */
int keyframe_text(struct store *store, const char *assessment_id, const char *hash, size_t limit,
		  struct buf *out, struct err *err);

#endif
