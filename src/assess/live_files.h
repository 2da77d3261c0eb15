/* live_files.h - the files of a live session: looking at them, changing them */
#ifndef TALI_LIVE_FILES_H
#define TALI_LIVE_FILES_H

#include "assess/live.h"
#include "base/buf.h"

#define LIVE_UPLOAD_MOST (10u << 20)	/* bytes of a file that is put */
#define LIVE_FILES_MOST 5000		/* files of a session */

/* {rev, files: [{path, rev, size, text, executable}], limits, running, ended, output, run, test}.
 * `rev` of a file is the seq of the event that changed it last, `running` is {run, kind: "run" or
 * "test"} or null, `ended` the id of what ran before it or null, `output` {run, text, cut} when
 * that was a run: the end of what it wrote, and whether there was more; `run` and `test` what the
 * newest of them told. Yours. ERR_STATE before the work began. */
json_t *live_workspace(struct live *live, struct store *store, struct err *err);

/* The bytes of a file; sets `out` up. ERR_NOT_FOUND. */
int live_read(struct live *live, struct store *store, const char *path, struct buf *out,
	      int64_t *ret_rev, struct err *err);

/* Packs all files as a .tar.gz below `top` into the file at `path`. */
int live_pack(struct live *live, struct store *store, const char *path, const char *top,
	      struct err *err);

/* --- changing: ERR_STATE unless it is active and there is time left */

#define LIVE_ANY_REV (-1)	/* whatever is there */
#define LIVE_NO_FILE (-2)	/* nothing may be there */

/* Writes a file as a whole. `rev` is what must be there. *ret_rev is set also when it fails with
 * ERR_STATE because something else is: to the rev of that, 0 for nothing. It is -1 when it fails
 * for another reason. */
int live_put(struct live *live, struct store *store, const char *path, const void *data,
	     size_t len, int64_t rev, int64_t *ret_rev, struct err *err);
/* The same of what an assistant wrote: on record as its own. */
int live_put_by_ai(struct live *live, struct store *store, const char *path, const void *data,
		   size_t len, int64_t rev, int64_t *ret_rev, struct err *err);
/* "create" (a file, empty), "delete", "rename" (to): of a file, or of a folder with all in it. A
 * folder is there as long as a file is in it. */
int live_file(struct live *live, struct store *store, const char *op, const char *path,
	      const char *to, int64_t *ret_rev, struct err *err);

#endif
