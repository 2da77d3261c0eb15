/* fold_files.h - the files of a fold: what events do to them, and their comparison with snapshots
 *
 * Internal to the fold. A content is either a text of its own, with a mark on every byte, or the
 * whole of a blob (a file of a tree, or a payload) with one mark for all of it, which is read when
 * something needs it. */
#ifndef TALI_FOLD_FILES_H
#define TALI_FOLD_FILES_H

#include "base/hash.h"
#include "journal/fold.h"

struct fold_entry {
	struct fold_file file;		/* its path is owned */
	bool present;			/* false: only the tree of the last snapshot has it */
	bool touched;			/* since that snapshot */

	/* "" when the text is a content of its own; else a git id (40) or a SHA-256 (64) */
	char base[HASH_HEX_SIZE];
	enum text_origin base_origin;
	int64_t base_seq;
	struct text *text;		/* its own, or that of base once it was read */
	/* of a text of its own: it was handed out by fold_pack as this, and not changed since; then
	 * `text` may be NULL until it is needed */
	bool kept;
	struct hash kept_hash;
	size_t kept_len;
	bool other;			/* base was read, and is no text to be followed */

	char tree[REPO_OID_SIZE];	/* what the last snapshot has here; "" for nothing */
	bool tree_executable;
};

struct fold_files {
	const struct fold_source *source;
	struct fold_entry **entries;	/* by path */
	size_t count;
	uint64_t bytes;			/* of texts of their own */
	char tree[REPO_OID_SIZE];	/* of the last snapshot; "" before the first */
	struct fold_entry **present;	/* those that are there; made when asked for */
	size_t present_count;
	bool present_known;
};

#define FOLD_TEXTS_MAX (256u << 20)	/* bytes of all texts of a fold */

void fold_files_release(struct fold_files *files);

/* What stands at a path or was there at the last snapshot; NULL for neither. */
struct fold_entry *fold_files_find(const struct fold_files *files, const char *path);
/* The same, but NULL when it is not there now. */
struct fold_entry *fold_files_there(const struct fold_files *files, const char *path);
/* Makes an entry for a path that has none: nothing is there yet. */
struct fold_entry *fold_files_add(struct fold_files *files, const char *path);
/* Nothing is there from now on. */
void fold_files_remove(struct fold_files *files, struct fold_entry *entry);
/* Drops the entries that neither are there nor were at the last snapshot. */
void fold_files_sweep(struct fold_files *files);

/* Sees to it that `text` is there unless it is no text (`other`). */
int fold_files_load(struct fold_files *files, struct fold_entry *entry, struct err *err);
/* The content from now on: a blob as a whole, or `bytes` by the smallest edits when both are
 * texts. */
void fold_files_set_base(struct fold_files *files, struct fold_entry *entry, const char *id,
			 enum text_origin origin, int64_t seq);
int fold_files_become(struct fold_files *files, struct fold_entry *entry, const char *bytes,
		      size_t len, enum text_origin origin, int64_t seq, struct err *err);
/* A content of a git id or SHA-256. ERR_INPUT past limit. */
int fold_files_read(const struct fold_files *files, const char *id, size_t limit, struct buf *out,
		    struct err *err);

/* The events. ERR_INPUT when it does not fit; the caller says which event. */
int fold_files_edit(struct fold_files *files, const json_t *edit, int64_t seq, struct err *err);
int fold_files_file(struct fold_files *files, const json_t *data, int64_t seq, struct err *err);
void fold_files_open(struct fold_files *files, const json_t *data);
void fold_files_cursor(struct fold_files *files, const json_t *data);

#endif
