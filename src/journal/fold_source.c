/* fold_source.c - see fold_source.h */
#include "journal/fold_source.h"

#include "base/auto.h"
#include "store/event.h"

static int stored_payload(void *arg, const char *hash, size_t limit, struct buf *out,
			  struct err *err)
{
	struct fold_stored *stored = arg;
	size_t len = 0;
	AUTO_FREE char *data = event_blob_get(stored->store, hash, &len, err);

	*out = (struct buf)BUF_INIT(limit);
	if (!data)
		return -1;
	if (len > limit)
		return err_set(err, ERR_INPUT, "payload %s is larger than %zu bytes", hash, limit);
	buf_add(out, data, len);
	return 0;
}

static int need_repo(const struct fold_stored *stored, struct err *err)
{
	return stored->repo ? 0 : err_set(err, ERR_INTEGRITY, "the repository is missing");
}

static int stored_blob(void *arg, const char *oid, size_t limit, struct buf *out, struct err *err)
{
	struct fold_stored *stored = arg;

	*out = (struct buf)BUF_INIT(limit);
	return need_repo(stored, err) < 0 ? -1
					  : repo_read_blob(stored->repo, oid, limit, out, err);
}

static int stored_tree(void *arg, const char *before, const char *after,
		       int (*visit)(void *visit_arg, const char *path, const char *oid,
				    bool executable, struct err *err),
		       void *visit_arg, struct err *err)
{
	struct fold_stored *stored = arg;

	return need_repo(stored, err) < 0
		       ? -1
		       : repo_diff_ids(stored->repo, before, after, visit, visit_arg, err);
}

struct fold_source fold_source_stored(struct fold_stored *stored)
{
	return (struct fold_source){ .arg = stored, .payload = stored_payload, .blob = stored_blob,
				     .tree = stored_tree };
}
