/* journal_export.c - see journal_export.h */
#include "journal/journal_export.h"

#include "base/auto.h"
#include "base/buf.h"
#include "base/json.h"
#include "journal/chain.h"
#include "journal/journal_check.h"
#include "journal/journal_git.h"
#include "store/score_row.h"

#include <stdlib.h>
#include <string.h>

struct export {
	FILE *out;
	bool work_alone;	/* up to the seal */
	struct journal_check check;
	int64_t scores;
	/* of the pack */
	unsigned char piece[JOURNAL_PACK_PIECE];
	size_t piece_len;
	int64_t pack_size;	/* written, without what is in piece */
	struct hash_stream pack_hash;
};

static int write_line(FILE *out, json_t *line, struct err *err)
{
	AUTO_JSON json_t *owned = line;
	AUTO_FREE char *text = json_canonical(owned);

	if (fputs(text, out) < 0 || putc('\n', out) < 0)
		return err_sys(err, "cannot write");
	return 0;
}

static int write_event(void *arg, const struct event *event, struct err *err)
{
	struct export *export = arg;
	AUTO_FREE char *text = NULL;

	if (export->work_alone && export->check.signatures)
		return 0;
	if (journal_check_event(&export->check, event, err) < 0)
		return -1;
	text = chain_canonical(event, true);
	if (fprintf(export->out, "{\"event\":%s}\n", text) < 0)
		return err_sys(err, "cannot write");
	return 0;
}

static int compare_text(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static int write_blob(const struct export *export, struct store *store, const char *hash,
		      struct err *err)
{
	size_t len = 0;
	AUTO_FREE void *data = event_blob_get(store, hash, &len, err);
	AUTO_FREE char *base64 = data ? hash_base64(data, len) : NULL;

	if (!data)
		return -1;
	return write_line(export->out, json_pack("{s:{s:s, s:s, s:I}}", "blob", "data", base64,
						 "hash", hash, "size", (json_int_t)len), err);
}

static int write_blobs(const struct export *export, struct store *store, struct err *err)
{
	AUTO_FREE const char **hashes = NULL;
	size_t count = json_object_size(export->check.blobs), i = 0;
	const char *hash;
	json_t *size;

	hashes = buf_alloc((count + 1) * sizeof(*hashes));
	json_object_foreach(export->check.blobs, hash, size)
		hashes[i++] = hash;
	qsort(hashes, count, sizeof(*hashes), compare_text);
	for (i = 0; i < count; i++)
		if (write_blob(export, store, hashes[i], err) < 0)
			return -1;
	return 0;
}

static int write_score(void *arg, const struct score_row *row, struct err *err)
{
	struct export *export = arg;

	/* one that was made since the events were read */
	if (export->scores == (int64_t)json_array_size(export->check.scores))
		return 0;
	if (journal_check_score(&export->check, export->scores++, row->number, row->result, err) <
	    0)
		return -1;
	return write_line(export->out, json_pack("{s:{s:I, s:s}}", "score", "number",
						 (json_int_t)row->number, "result", row->result),
			  err);
}

static int flush_piece(struct export *export, struct err *err)
{
	AUTO_FREE char *base64 = hash_base64(export->piece, export->piece_len);
	json_t *line;

	if (!export->piece_len)
		return 0;
	line = json_pack("{s:{s:I, s:s}}", "pack", "at", (json_int_t)export->pack_size, "data",
			 base64);
	hash_stream_add(&export->pack_hash, export->piece, export->piece_len);
	export->pack_size += (int64_t)export->piece_len;
	export->piece_len = 0;
	return write_line(export->out, line, err);
}

static int add_to_pack(void *arg, const void *data, size_t len, struct err *err)
{
	struct export *export = arg;
	const unsigned char *at = data;

	while (len > 0) {
		size_t room = sizeof(export->piece) - export->piece_len;
		size_t some = len < room ? len : room;

		memcpy(export->piece + export->piece_len, at, some);
		export->piece_len += some;
		at += some;
		len -= some;
		if (export->piece_len == sizeof(export->piece) && flush_piece(export, err) < 0)
			return -1;
	}
	return 0;
}

static int write_pack(struct export *export, struct store *store, const char *assessment_id,
		      struct err *err)
{
	const char *commit = json_str(export->check.row, "commit", "");
	AUTO_FREE char *path = store_repo_path(store, assessment_id);
	AUTO(repo_close) struct repo *repo = NULL;
	uint64_t objects;

	if (!*commit)
		return 0;
	repo = repo_open(path, err);
	if (!repo) {
		err->code = err->code == ERR_NOT_FOUND ? ERR_INTEGRITY : err->code;
		return -1;
	}
	if (journal_git_check(repo, &export->check, &objects, err) < 0 ||
	    repo_pack_write(repo, commit, add_to_pack, export, err) < 0)
		return -1;
	return flush_piece(export, err);
}

static int write_end(struct export *export, struct err *err)
{
	struct hash hash = hash_stream_end(&export->pack_hash);
	char hex[HASH_HEX_SIZE];

	return write_line(export->out,
			  json_pack("{s:{s:I, s:I, s:I, s:{s:s, s:I}}}", "end", "blobs",
				    (json_int_t)json_object_size(export->check.blobs), "events",
				    (json_int_t)export->check.next_seq, "scores",
				    (json_int_t)export->scores, "pack", "hash",
				    hash_hex(&hash, hex), "size", (json_int_t)export->pack_size),
			  err);
}

static int write_all(struct export *export, struct store *store,
		     const struct assessment *assessment, struct err *err)
{
	AUTO_FREE char *key = hash_base64(export->check.public_key, SIGN_PUBLIC_SIZE);
	const char *id = assessment->id;

	if (write_line(export->out, json_pack("{s:s, s:s, s:s}", "assessment", id, "public_key",
					      key, "schema", JOURNAL_EXPORT_SCHEMA), err) < 0 ||
	    event_each(store, id, 0, write_event, export, err) < 0 ||
	    journal_check_end(&export->check, err) < 0 || write_blobs(export, store, err) < 0 ||
	    score_row_each(store, id, write_score, export, err) < 0 ||
	    journal_check_scores(&export->check, export->scores, err) < 0 ||
	    write_pack(export, store, id, err) < 0 || write_end(export, err) < 0)
		return -1;
	return fflush(export->out) != 0 ? err_sys(err, "cannot write") : 0;
}

static int export_to(FILE *out, bool work_alone, struct store *store,
		     const struct assessment *assessment, struct err *err)
{
	AUTO_FREE struct export *export = buf_alloc(sizeof(*export));
	uint8_t public_key[SIGN_PUBLIC_SIZE];
	int result;

	if (assessment_signer(store, assessment, public_key, err) < 0)
		return -1;
	export->out = out;
	export->work_alone = work_alone;
	hash_stream_init(&export->pack_hash);
	journal_check_start(&export->check, assessment->id, public_key);
	result = write_all(export, store, assessment, err);
	journal_check_release(&export->check);
	return result;
}

int journal_export(struct store *store, const struct assessment *assessment, FILE *out,
		   struct err *err)
{
	return export_to(out, false, store, assessment, err);
}

int journal_export_work(struct store *store, const struct assessment *assessment, FILE *out,
			struct err *err)
{
	return export_to(out, true, store, assessment, err);
}
