/* fold_source.h - where a fold gets the contents that events only name */
#ifndef TALI_FOLD_SOURCE_H
#define TALI_FOLD_SOURCE_H

#include "store/store.h"
#include "workspace/repo.h"

/* Each returns 0 or -1 with an error: ERR_INPUT when larger than `limit`, ERR_INTEGRITY when it is
 * missing or changed. `out` is set up by the function and the caller's to release. */
struct fold_source {
	void *arg;
	/* A payload of an event by its SHA-256. */
	int (*payload)(void *arg, const char *hash, size_t limit, struct buf *out, struct err *err);
	/* A file of a snapshot by its git id. */
	int (*blob)(void *arg, const char *oid, size_t limit, struct buf *out, struct err *err);
	/* What differs between two trees (`before` is NULL for the empty one): visit gets each path
	 * with what stands there in `after`, oid NULL when nothing does. */
	int (*tree)(void *arg, const char *before, const char *after,
		    int (*visit)(void *visit_arg, const char *path, const char *oid,
				 bool executable, struct err *err),
		    void *visit_arg, struct err *err);
	/* A text that fold_pack handed out, by its SHA-256. Only for unpacked folds. */
	int (*text)(void *arg, const char *hash, size_t limit, struct buf *out, struct err *err);
};

/* The source of an assessment in a store. `repo` is its repository (assess/snapshot.h opens it);
 * NULL when there is none yet. Both are borrowed and must stay. */
struct fold_stored {
	struct store *store;
	struct repo *repo;
};
/* `text` is NULL: replay/keyframe.h has them. */
struct fold_source fold_source_stored(struct fold_stored *stored);

#endif
