/* keyframe.c - see keyframe.h
 *
 * A piece in the database begins with a byte: 'D', and a zlib stream of its content; or 'L', and
 * the SHA-256 of the pieces that make it up. */
#include "replay/keyframe.h"

#include "base/auto.h"
#include "journal/fold_pack.h"
#include "store/checkpoint.h"
#include "workspace/deflate.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#define EVENT_WORK 200		/* of an event besides its bytes */
#define SNAPSHOT_WORK (32u << 10)

#define PIECE_LEAST 1024
#define PIECE_MOST 16384
#define PIECE_MASK UINT64_C(0xffe0000000000000)	/* one place in 2048 ends a piece */

enum { PIECE_DATA = 'D', PIECE_LIST = 'L' };

struct keyframe {
	int64_t seq;
	char hash[HASH_HEX_SIZE];	/* of the event */
	struct hash state;
};

struct keyframe_piece {
	struct hash hash;
	struct buf data;	/* as it goes into the database */
};

size_t keyframe_work(const char *kind, const char *data)
{
	size_t work = EVENT_WORK + strlen(data);

	return !strcmp(kind, "snapshot") ? work + SNAPSHOT_WORK : work;
}

/* --- where pieces end: a gear hash, of which the last 64 bytes decide */

struct gear {
	uint64_t of[256];
};

/* Numbers without a pattern (splitmix64), always the same. */
static struct gear make_gear(void)
{
	struct gear gear;
	uint64_t byte;

	for (byte = 0; byte < 256; byte++) {
		uint64_t x = (byte + 1) * UINT64_C(0x9e3779b97f4a7c15);

		x = (x ^ x >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
		x = (x ^ x >> 27) * UINT64_C(0x94d049bb133111eb);
		gear.of[byte] = x ^ x >> 31;
	}
	return gear;
}

static size_t piece_len(const struct gear *gear, const uint8_t *data, size_t len)
{
	size_t most = len < PIECE_MOST ? len : PIECE_MOST, at;
	uint64_t state = 0;

	if (len <= PIECE_LEAST)
		return len;
	for (at = PIECE_LEAST - 64; at < most; at++) {
		state = (state << 1) + gear->of[data[at]];
		if (at >= PIECE_LEAST && !(state & PIECE_MASK))
			return at + 1;
	}
	return most;
}

/* --- writing */

static void forget_pieces(struct keyframe_batch *batch)
{
	size_t i;

	for (i = 0; i < batch->piece_count; i++)
		buf_release(&batch->pieces[i].data);
	batch->count = batch->piece_count = batch->bytes = 0;
}

void keyframe_release(struct keyframe_batch *batch)
{
	forget_pieces(batch);
	free(batch->list);
	free(batch->pieces);
	free(batch->seen);
	*batch = (struct keyframe_batch){ .count = 0 };
}

static size_t slot_of(const struct keyframe_batch *batch, const struct hash *hash)
{
	static const struct hash none;
	uint64_t start;
	size_t slot;

	memcpy(&start, hash->bytes, sizeof(start));
	slot = (size_t)start & (batch->seen_size - 1);
	while (memcmp(&batch->seen[slot], &none, HASH_SIZE) != 0 &&
	       memcmp(&batch->seen[slot], hash, HASH_SIZE) != 0)
		slot = (slot + 1) & (batch->seen_size - 1);
	return slot;
}

static void grow_seen(struct keyframe_batch *batch)
{
	static const struct hash none;
	struct keyframe_batch old = *batch;
	size_t i;

	batch->seen_size = old.seen_size ? old.seen_size * 2 : 1024;
	batch->seen = buf_alloc(batch->seen_size * sizeof(*batch->seen));
	for (i = 0; i < old.seen_size; i++)
		if (memcmp(&old.seen[i], &none, HASH_SIZE) != 0)
			batch->seen[slot_of(batch, &old.seen[i])] = old.seen[i];
	free(old.seen);
}

/* True the first time. */
static bool see(struct keyframe_batch *batch, const struct hash *hash)
{
	size_t slot;

	if (batch->seen_count * 2 >= batch->seen_size)
		grow_seen(batch);
	slot = slot_of(batch, hash);
	if (!memcmp(&batch->seen[slot], hash, HASH_SIZE))
		return false;
	batch->seen[slot] = *hash;
	batch->seen_count++;
	return true;
}

static struct buf *new_piece(struct keyframe_batch *batch, const struct hash *hash, char kind)
{
	struct keyframe_piece *piece;

	if ((batch->piece_count & (batch->piece_count - 1)) == 0)
		batch->pieces = buf_realloc(batch->pieces,
					    batch->piece_count ? batch->piece_count * 2 : 1,
					    sizeof(*batch->pieces));
	piece = &batch->pieces[batch->piece_count++];
	*piece = (struct keyframe_piece){ .hash = *hash, .data = BUF_INIT(SIZE_MAX) };
	buf_add_byte(&piece->data, kind);
	return &piece->data;
}

static void add_data(struct keyframe_batch *batch, const struct hash *hash, const void *data,
		     size_t len)
{
	struct buf *piece;

	if (!see(batch, hash))
		return;
	piece = new_piece(batch, hash, PIECE_DATA);
	deflate_add(piece, data, len);
	batch->bytes += piece->len;
}

/* Also for fold_pack. */
static int keep(void *arg, const struct hash *hash, const void *bytes, size_t len, struct err *err)
{
	struct keyframe_batch *batch = arg;
	AUTO(buf_release) struct buf list = BUF_INIT(SIZE_MAX);
	struct gear gear;
	size_t at, piece;

	(void)err;
	if (len <= PIECE_MOST / 2) {
		add_data(batch, hash, bytes, len);
		return 0;
	}
	if (!see(batch, hash))
		return 0;
	gear = make_gear();
	for (at = 0; at < len; at += piece) {
		const uint8_t *data = (const uint8_t *)bytes + at;
		struct hash piece_hash;

		piece = piece_len(&gear, data, len - at);
		piece_hash = hash_of(data, piece);
		add_data(batch, &piece_hash, data, piece);
		buf_add(&list, piece_hash.bytes, HASH_SIZE);
	}
	buf_add(new_piece(batch, hash, PIECE_LIST), list.data, list.len);
	batch->bytes += list.len;
	return 0;
}

int keyframe_add(struct keyframe_batch *batch, struct fold *fold, const char *hash,
		 struct err *err)
{
	AUTO(buf_release) struct buf state = BUF_INIT(FOLD_PACK_MAX);
	struct keyframe *frame;

	if (fold_pack(fold, keep, batch, &state, err) < 0)
		return -1;
	batch->list = buf_realloc(batch->list, batch->count + 1, sizeof(*batch->list));
	frame = &batch->list[batch->count++];
	*frame = (struct keyframe){ .seq = fold_seq(fold),
				    .state = hash_of(state.data, state.len) };
	snprintf(frame->hash, sizeof(frame->hash), "%s", hash);
	return keep(batch, &frame->state, state.data, state.len, err);
}

int keyframe_write(struct keyframe_batch *batch, struct store *store, const char *assessment_id,
		   struct err *err)
{
	AUTO(store_rollback) struct store *tx = store;
	size_t i;

	if (!batch->count)
		return 0;
	if (store_begin(store, err) < 0)
		return -1;
	for (i = 0; i < batch->piece_count; i++) {
		const struct keyframe_piece *piece = &batch->pieces[i];

		if (checkpoint_add_piece(store, assessment_id, &piece->hash, piece->data.data,
					 piece->data.len, err) < 0)
			return -1;
	}
	for (i = 0; i < batch->count; i++) {
		const struct keyframe *frame = &batch->list[i];

		if (checkpoint_add(store, assessment_id, frame->seq, frame->hash, &frame->state,
				   err) < 0)
			return -1;
	}
	if (store_commit(store, err) < 0)
		return -1;
	forget_pieces(batch);
	return 0;
}

/* --- reading; each gives 1 read, 0 missing or damaged, -1 */

static int read_row(struct store *store, const char *assessment_id, const struct hash *hash,
		    struct buf *row, struct err *err)
{
	int found = checkpoint_get_piece(store, assessment_id, hash, row, err);

	return found < 0 ? -1 : found && row->len > 1;
}

static int add_content(struct buf *out, const struct buf *row, struct err *err)
{
	if (row->data[0] != PIECE_DATA)
		return 0;
	if (deflate_read(out, row->data + 1, row->len - 1, PIECE_MOST, err) < 0) {
		*err = (struct err)ERR_INIT;
		return 0;
	}
	return !out->full;
}

static int add_list(struct buf *out, struct store *store, const char *assessment_id,
		    const struct buf *list, struct err *err)
{
	size_t at;

	for (at = 1; at + HASH_SIZE <= list->len; at += HASH_SIZE) {
		AUTO(buf_release) struct buf row = BUF_INIT(2 * PIECE_MOST);
		struct hash hash;
		int result;

		memcpy(hash.bytes, list->data + at, HASH_SIZE);
		result = read_row(store, assessment_id, &hash, &row, err);
		if (result == 1)
			result = add_content(out, &row, err);
		if (result != 1)
			return result;
	}
	return 1;
}

static int read_whole(struct store *store, const char *assessment_id, const struct hash *hash,
		      struct buf *out, struct err *err)
{
	AUTO(buf_release) struct buf row = BUF_INIT(FOLD_PACK_MAX);
	int result = read_row(store, assessment_id, hash, &row, err);
	struct hash is;

	if (result == 1)
		result = row.data[0] == PIECE_LIST ? add_list(out, store, assessment_id, &row, err)
						   : add_content(out, &row, err);
	if (result != 1)
		return result;
	is = hash_of(buf_str(out), out->len);
	return !memcmp(&is, hash, sizeof(is));
}

int keyframe_text(struct store *store, const char *assessment_id, const char *hash, size_t limit,
		  struct buf *out, struct err *err)
{
	struct hash digest;
	int result = hash_from_hex(hash, &digest, err);

	*out = (struct buf)BUF_INIT(limit);
	if (result == 0)
		result = read_whole(store, assessment_id, &digest, out, err);
	if (result == 0)
		return err_set(err, ERR_INTEGRITY, "text %s of a checkpoint is missing or damaged",
			       hash);
	return result < 0 ? -1 : 0;
}

int keyframe_find(struct store *store, const char *assessment_id, int64_t after, int64_t seq,
		  const struct fold_source *source, struct fold **ret, struct err *err)
{
	struct err ignored = ERR_INIT;

	*ret = NULL;
	for (;; seq--) {
		AUTO(buf_release) struct buf state = BUF_INIT(FOLD_PACK_MAX);
		struct hash hash;
		int found = checkpoint_find(store, assessment_id, seq, &seq, &hash, err);

		if (found <= 0 || seq <= after)
			return found < 0 ? -1 : 0;
		found = read_whole(store, assessment_id, &hash, &state, err);
		if (found < 0)
			return -1;
		if (found)
			*ret = fold_unpack(source, buf_str(&state), state.len, &ignored);
		if (*ret && fold_seq(*ret) == seq)
			return 0;
		fold_free(ret);
	}
}
