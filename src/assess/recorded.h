/* recorded.h - the files of a session as its record has them, for whoever has no work folder
 *
 * The record (journal/fold.h) may be ahead of the newest snapshot: what a page or a shell
 * acknowledged is in it. */
#ifndef TALI_RECORDED_H
#define TALI_RECORDED_H

#include "assess/snapshot.h"
#include "journal/fold.h"
#include "replay/replay_tree.h"

struct recorded {
	char tree[REPO_OID_SIZE];	/* staged */
	int64_t next_seq;		/* of the event after those that it was made of */
	json_t *open;			/* {path: SHA-256} of texts changed since a snapshot */
};

#define RECORDED_INIT { .tree = "" }
void recorded_release(struct recorded *recorded);

/* After the newest event that is there; `repo` is the assessment's. Costs nothing when no file was
 * changed after the newest snapshot: then it is that one's tree. No transaction may be open. */
int recorded_read(struct store *store, struct repo *repo, const char *assessment_id,
		  struct recorded *ret, struct err *err);

/* The same of a fold that stands at the newest event; `after` is the seq of the newest snapshot. */
int recorded_of_fold(struct replay_tree *writer, struct fold *fold, int64_t after,
		     struct recorded *ret, struct err *err);

/* For snapshot_commit, with a struct recorded as arg. */
json_t *recorded_texts(void *recorded, const char *before, const char *tree, struct err *err);

#endif
