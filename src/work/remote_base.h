/* remote_base.h - the files of a session as the server is known to have them
 *
 * STATE/base/index.json: {"schema": "tali.base/1", "done": N, "files": {PATH: {"rev", "hash",
 * "executable"}}}; STATE/base/HASH is a content by its SHA-256. The index alone says what is true:
 * it is replaced as a whole when the contents are on disk, and `done` is the last line of the queue
 * that is part of it. What no file needs any more is removed afterwards. */
#ifndef TALI_REMOTE_BASE_H
#define TALI_REMOTE_BASE_H

#include "base/buf.h"
#include "base/hash.h"
#include "work/remote_state.h"

#include <jansson.h>

#define REMOTE_FILES_MOST 10000		/* that are followed */
#define REMOTE_FILE_MOST (10u << 20)	/* bytes, as the server's own limit */

#define REMOTE_REV_UNSURE (-1)		/* the content is there, its number has to be asked */

struct remote_file {
	char *path;
	int64_t rev;			/* number of the event that changed it last */
	bool executable;
	char hash[HASH_HEX_SIZE];
	char *data;			/* NULL: in STATE/base */
	size_t len;
};

struct remote_base;

/* Without an index it has no files. NULL: ERR_ENV, ERR_INTEGRITY. */
struct remote_base *remote_base_open(const struct remote_state *state, struct err *err);
void remote_base_close(struct remote_base **base);
/* One that moves on without the other; it can be saved nowhere. */
struct remote_base *remote_base_copy(const struct remote_base *base);

size_t remote_base_count(const struct remote_base *base);
/* In the order of their paths; borrowed until one is added or removed. */
struct remote_file *remote_base_at(const struct remote_base *base, size_t index);
struct remote_file *remote_base_find(const struct remote_base *base, const char *path);

/* The content, into `ret` (set up here; to be released also on error). ERR_INTEGRITY when it is not
 * what it was. */
int remote_base_read(const struct remote_base *base, const struct remote_file *file,
		     struct buf *ret, struct err *err);
/* Whether every content is there and what it was; ERR_INTEGRITY says which is not. */
int remote_base_check(const struct remote_base *base, struct err *err);
/* The file is so from now on. `path` must be confined. Copies. */
struct remote_file *remote_base_put(struct remote_base *base, const char *path, const void *data,
				    size_t len, bool executable, int64_t rev);
void remote_base_remove(struct remote_base *base, const char *path);

/* What an event `edit` or `file` does to it; `payloads` as in tali.batch/1. Others do nothing.
 * ERR_INTEGRITY when it does not fit. */
int remote_base_apply(struct remote_base *base, const char *kind, const json_t *data,
		      const json_t *payloads, struct err *err);

/* Nothing was ever saved. */
bool remote_base_is_new(const struct remote_base *base);
int64_t remote_base_done(const struct remote_base *base);
/* On disk with 0; ERR_ENV: it is there as it was. */
int remote_base_save(struct remote_base *base, int64_t done, struct err *err);

#endif
