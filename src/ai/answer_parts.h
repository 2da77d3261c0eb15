/* answer_parts.h - the blocks of an answer that come in pieces, several at a time
 *
 * A part has two numbers of the protocol: which item, and which part of it. Pieces find their part
 * by them, in whatever order they come; in the end parts are in the order of their numbers. */
#ifndef TALI_ANSWER_PARTS_H
#define TALI_ANSWER_PARTS_H

#include "base/buf.h"

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define ANSWER_PARTS_MAX 2048	/* pieces of further parts are dropped */

enum answer_part_kind {
	ANSWER_PART_TEXT,
	ANSWER_PART_THINKING,
	ANSWER_PART_TOOL,	/* `text` is its input as JSON text */
	ANSWER_PART_BLOCK	/* `block` is all of it */
};

struct answer_part {
	int64_t item, part;
	enum answer_part_kind kind;
	struct buf text;
	struct buf signature;
	struct buf id, name;	/* of a tool */
	json_t *block;		/* whole, or of a tool the input it began with; or NULL */
	bool raw_input;		/* the input of the tool is text, not JSON */
};

struct answer_parts {
	struct answer_part *list;
	size_t count, size;
};

#define ANSWER_PARTS_INIT { 0 }
void answer_parts_release(struct answer_parts *parts);

/* The part with these numbers, made of this kind when it is new. Borrowed until the next call. NULL
 * when there are too many, or a number is below 0. */
struct answer_part *answer_parts_at(struct answer_parts *parts, int64_t item, int64_t part,
				    enum answer_part_kind kind);

/* Takes all parts of an item out. */
void answer_parts_drop(struct answer_parts *parts, int64_t item);

/* Appends the string to the text of a part (which may be NULL). No string: nothing. */
void answer_part_add(struct answer_part *part, const json_t *string);

/* Puts the whole text in place of the pieces. No string: nothing. */
void answer_part_set(struct answer_part *part, const json_t *string);

/* Appends their blocks to an array, in order. Parts without text are left out, tools are not. */
void answer_parts_blocks(struct answer_parts *parts, json_t *blocks);

#endif
