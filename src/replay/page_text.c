/* page_text.c - see page_text.h */
#include "replay/page_text.h"

#include "base/buf.h"
#include "base/utf8.h"

#include <stdlib.h>
#include <string.h>

#define BLOCK_MAX 2048 /* bytes of a block */
#define BLOCK_CUT 1024 /* of each when a larger piece is cut: room to grow */

struct block {
	char *bytes; /* room for BLOCK_MAX */
	size_t len;
	size_t lines; /* line feeds in it */
	size_t tail;  /* units after the last of them, or all */
};

struct page_text {
	struct block *blocks;
	size_t count, room, len;
};

/* --- counting */

/* Goes on from a place over some bytes. */
static struct page_place pass(struct page_place place, const char *bytes, size_t len)
{
	size_t i, size;

	for (i = 0; i < len; i += size) {
		/* most is plain */
		if ((unsigned char)bytes[i] < 0x80) {
			size = 1;
			if (bytes[i] == '\n')
				place = (struct page_place){ place.line + 1, 0 };
			else
				place.column++;
			continue;
		}
		size = utf8_char(bytes + i, len - i);
		place.column += size == 4 ? 2 : 1;
		size = size ? size : 1;
	}
	return place;
}

static void count(struct block *block)
{
	struct page_place place = pass((struct page_place){ 0 }, block->bytes, block->len);

	block->lines = place.line;
	block->tail = place.column;
}

/* The block that holds byte `at` (the last one when it ends it), and the byte where it begins. */
static size_t find_block(const struct page_text *text, size_t at, size_t *ret_start,
			 struct page_place *place)
{
	size_t i, start = 0;

	for (i = 0; i + 1 < text->count && start + text->blocks[i].len <= at; i++) {
		const struct block *block = &text->blocks[i];

		start += block->len;
		if (!place)
			continue;
		place->column = block->lines ? block->tail : place->column + block->tail;
		place->line += block->lines;
	}
	*ret_start = start;
	return i;
}

struct page_place page_text_place(const struct page_text *text, size_t at)
{
	struct page_place place = { 0 };
	size_t start, i;

	if (!text->count)
		return place;
	i = find_block(text, at, &start, &place);
	at -= start;
	return pass(place, text->blocks[i].bytes,
		    at < text->blocks[i].len ? at : text->blocks[i].len);
}

/* --- changing */

/* Puts `more` empty blocks in the place of `gone` ones from `first` on. */
static void replace_blocks(struct page_text *text, size_t first, size_t gone, size_t more)
{
	size_t i, rest = text->count - first - gone;

	for (i = first; i < first + gone; i++)
		free(text->blocks[i].bytes);
	if (text->count - gone + more > text->room) {
		text->room = (text->count - gone + more) * 2;
		text->blocks = buf_realloc(text->blocks, text->room, sizeof(*text->blocks));
	}
	if (rest)
		memmove(text->blocks + first + more, text->blocks + first + gone,
			rest * sizeof(*text->blocks));
	text->count += more - gone;
	for (i = first; i < first + more; i++)
		text->blocks[i] = (struct block){ .bytes = buf_alloc(BLOCK_MAX) };
}

/* As much of it as goes in a block, not ending inside a character. */
static size_t piece_len(const char *bytes, size_t len)
{
	size_t cut = BLOCK_CUT;

	if (len <= BLOCK_CUT)
		return len;
	while (cut > BLOCK_CUT - 4 && utf8_inside(bytes[cut]))
		cut--;
	return cut;
}

static size_t piece_count(const char *bytes, size_t len)
{
	size_t pieces = 0, at = 0;

	for (; at < len; pieces++)
		at += piece_len(bytes + at, len - at);
	return pieces;
}

/* These blocks become those bytes. */
static void lay(struct page_text *text, size_t first, size_t gone, const char *bytes, size_t len)
{
	size_t i, at = 0, more = piece_count(bytes, len);

	replace_blocks(text, first, gone, more);
	for (i = first; i < first + more; i++) {
		struct block *block = &text->blocks[i];

		block->len = piece_len(bytes + at, len - at);
		memcpy(block->bytes, bytes + at, block->len);
		at += block->len;
		count(block);
	}
}

static void edit_in_block(struct block *block, size_t at, size_t del, const char *ins, size_t len)
{
	memmove(block->bytes + at + len, block->bytes + at + del, block->len - at - del);
	if (len)
		memcpy(block->bytes + at, ins, len);
	block->len = block->len - del + len;
	count(block);
}

void page_text_edit(struct page_text *text, size_t at, size_t del, const char *ins, size_t len)
{
	size_t start, last_start, first, last, rest;
	struct buf joined = BUF_INIT(SIZE_MAX);

	at = at > text->len ? text->len : at;
	del = del > text->len - at ? text->len - at : del;
	text->len = text->len - del + len;
	if (!text->count) {
		lay(text, 0, 0, ins, len);
		return;
	}
	first = find_block(text, at, &start, NULL);
	if (at - start + del <= text->blocks[first].len &&
	    text->blocks[first].len - del + len <= BLOCK_MAX) {
		edit_in_block(&text->blocks[first], at - start, del, ins, len);
		return;
	}
	last = find_block(text, at + del, &last_start, NULL);
	rest = at + del - last_start;
	buf_add(&joined, text->blocks[first].bytes, at - start);
	buf_add(&joined, ins, len);
	buf_add(&joined, text->blocks[last].bytes + rest, text->blocks[last].len - rest);
	lay(text, first, last - first + 1, buf_str(&joined), joined.len);
	buf_release(&joined);
}

/* --- the whole */

struct page_text *page_text_new(const char *bytes, size_t len)
{
	struct page_text *text = buf_alloc(sizeof(*text));

	page_text_edit(text, 0, 0, bytes, len);
	return text;
}

void page_text_free(struct page_text **text)
{
	struct page_text *old = *text;
	size_t i;

	if (!old)
		return;
	for (i = 0; i < old->count; i++)
		free(old->blocks[i].bytes);
	free(old->blocks);
	free(old);
	*text = NULL;
}

size_t page_text_len(const struct page_text *text)
{
	return text->len;
}

void page_text_copy(const struct page_text *text, char *out)
{
	size_t i;

	for (i = 0; i < text->count; i++) {
		memcpy(out, text->blocks[i].bytes, text->blocks[i].len);
		out += text->blocks[i].len;
	}
}

bool page_text_equal(const struct page_text *text, const char *bytes, size_t len)
{
	size_t i;

	if (text->len != len)
		return false;
	for (i = 0; i < text->count; i++) {
		if (memcmp(text->blocks[i].bytes, bytes, text->blocks[i].len) != 0)
			return false;
		bytes += text->blocks[i].len;
	}
	return true;
}
