/* text_positions.c - see text_positions.h */
#include "journal/text_positions.h"

#include "base/auto.h"

#include <stdbool.h>
#include <string.h>

#define BLOCK 4096	/* bytes of a block; an edit makes it up to twice as large */

struct block {
	char *data;
	size_t len, units;
};

struct text_positions {
	enum foreign_positions positions;
	struct block *blocks;	/* at least one */
	size_t count, size;
	size_t bytes;
	/* the place of the last edit: a block, and what lies before it */
	size_t here, units_before, bytes_before;
};

static size_t units_of(const struct text_positions *text, unsigned char byte)
{
	switch (text->positions) {
	case FOREIGN_BYTES: return 1;
	case FOREIGN_UTF16: return (byte & 0xc0) == 0x80 ? 0 : byte >= 0xf0 ? 2 : 1;
	default: return (byte & 0xc0) == 0x80 ? 0 : 1;
	}
}

static size_t count_units(const struct text_positions *text, const char *data, size_t len)
{
	size_t units = 0, i;

	for (i = 0; i < len; i++)
		units += units_of(text, (unsigned char)data[i]);
	return units;
}

/* Makes room for `more` blocks at `at`. */
static void open_gap(struct text_positions *text, size_t at, size_t more)
{
	if (text->count + more > text->size) {
		text->size = (text->count + more) * 2;
		text->blocks = buf_realloc(text->blocks, text->size, sizeof(*text->blocks));
	}
	memmove(text->blocks + at + more, text->blocks + at,
		(text->count - at) * sizeof(*text->blocks));
	text->count += more;
}

static struct block make_block(const struct text_positions *text, const char *data, size_t len)
{
	struct block block = { buf_alloc(2 * BLOCK), len, count_units(text, data, len) };

	if (len)
		memcpy(block.data, data, len);
	return block;
}

static bool within_character(const char *data, size_t at, size_t len)
{
	return at < len && ((unsigned char)data[at] & 0xc0) == 0x80;
}

/* Puts bytes at a byte of a block: there when they fit, else in blocks of their own. */
static void insert(struct text_positions *text, size_t which, size_t at, const char *data,
		   size_t len)
{
	struct block *block = &text->blocks[which];
	AUTO(buf_release) struct buf whole = BUF_INIT(block->len + len + 1);
	size_t pieces, i, from;

	text->bytes += len;
	if (block->len + len <= 2 * BLOCK) {
		memmove(block->data + at + len, block->data + at, block->len - at);
		if (len)
			memcpy(block->data + at, data, len);
		block->len += len;
		block->units += count_units(text, data, len);
		return;
	}
	buf_add(&whole, block->data, at);
	buf_add(&whole, data, len);
	buf_add(&whole, block->data + at, block->len - at);
	pieces = (whole.len + BLOCK - 1) / BLOCK;
	free(block->data);
	open_gap(text, which + 1, pieces - 1);
	for (i = 0, from = 0; i < pieces; i++) {
		size_t some = whole.len - from < BLOCK ? whole.len - from : BLOCK;

		while (within_character(whole.data, from + some, whole.len))
			some++;
		text->blocks[which + i] = make_block(text, whole.data + from, some);
		from += some;
	}
}

struct text_positions *text_positions_new(const char *data, size_t len,
					  enum foreign_positions positions)
{
	struct text_positions *text = buf_alloc(sizeof(*text));

	text->positions = positions;
	open_gap(text, 0, 1);
	text->blocks[0] = make_block(text, "", 0);
	insert(text, 0, 0, data, len);
	return text;
}

void text_positions_free(struct text_positions **text)
{
	size_t i;

	if (!*text)
		return;
	for (i = 0; i < (*text)->count; i++)
		free((*text)->blocks[i].data);
	free((*text)->blocks);
	free(*text);
	*text = NULL;
}

/* Goes to the block that holds the unit; its end counts to it. */
static void go_to(struct text_positions *text, size_t unit)
{
	while (unit < text->units_before) {
		text->here--;
		text->units_before -= text->blocks[text->here].units;
		text->bytes_before -= text->blocks[text->here].len;
	}
	while (unit - text->units_before > text->blocks[text->here].units &&
	       text->here + 1 < text->count) {
		text->units_before += text->blocks[text->here].units;
		text->bytes_before += text->blocks[text->here].len;
		text->here++;
	}
}

/* The byte of a block at which its unit begins. */
static int byte_of(const struct text_positions *text, const struct block *block, size_t unit,
		   size_t *ret, struct err *err)
{
	size_t at = 0, seen = 0;

	while (seen < unit && at < block->len) {
		seen += units_of(text, (unsigned char)block->data[at++]);
		while (text->positions != FOREIGN_BYTES &&
		       within_character(block->data, at, block->len))
			at++;
	}
	if (seen < unit)
		return err_set(err, ERR_INPUT, "the text is not that long");
	if (seen > unit || within_character(block->data, at, block->len))
		return err_set(err, ERR_INPUT, "a position lies within a character");
	*ret = at;
	return 0;
}

/* Takes an empty block away, unless it is the last. */
static void drop_block(struct text_positions *text, size_t which)
{
	free(text->blocks[which].data);
	text->count--;
	memmove(text->blocks + which, text->blocks + which + 1,
		(text->count - which) * sizeof(*text->blocks));
}

/* Removes units from a byte of the block at hand on. */
static int delete(struct text_positions *text, size_t at, size_t units, size_t *ret_bytes,
		  struct err *err)
{
	size_t which = text->here;

	*ret_bytes = 0;
	while (units > 0) {
		struct block *block = &text->blocks[which];
		size_t before = count_units(text, block->data, at);
		size_t some = block->units - before < units ? block->units - before : units;
		size_t end;

		if (byte_of(text, block, before + some, &end, err) < 0)
			return -1;
		memmove(block->data + at, block->data + end, block->len - end);
		*ret_bytes += end - at;
		text->bytes -= end - at;
		block->len -= end - at;
		block->units -= some;
		units -= some;
		if (!block->len && which != text->here)
			drop_block(text, which);
		else
			which++;
		at = 0;
		if (units > 0 && which == text->count)
			return err_set(err, ERR_INPUT, "the text is not that long");
	}
	return 0;
}

int text_positions_edit(struct text_positions *text, size_t at, size_t deleted,
			const char *inserted, size_t len, size_t *ret_at, size_t *ret_deleted,
			struct err *err)
{
	size_t byte;

	go_to(text, at);
	if (byte_of(text, &text->blocks[text->here], at - text->units_before, &byte, err) < 0)
		return -1;
	*ret_at = text->bytes_before + byte;
	if (delete(text, byte, deleted, ret_deleted, err) < 0)
		return -1;
	if (text->bytes + len > FOREIGN_FILE_MAX)
		return err_set(err, ERR_INPUT, "the text grows past %u bytes", FOREIGN_FILE_MAX);
	insert(text, text->here, byte, inserted, len);
	return 0;
}

void text_positions_copy(const struct text_positions *text, struct buf *out)
{
	size_t i;

	for (i = 0; i < text->count; i++)
		buf_add(out, text->blocks[i].data, text->blocks[i].len);
}
