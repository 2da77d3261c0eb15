/* answer_parts.c - see answer_parts.h */
#include "ai/answer_parts.h"

#include "ai/ai_blocks.h"
#include "base/auto.h"

#include <stdlib.h>
#include <string.h>

#define TEXT_MAX ((size_t)64 << 20)	/* more than any answer that is kept */

static void release_part(struct answer_part *part)
{
	buf_release(&part->text);
	buf_release(&part->signature);
	buf_release(&part->id);
	buf_release(&part->name);
	json_decref(part->block);
}

void answer_parts_release(struct answer_parts *parts)
{
	for (size_t i = 0; i < parts->count; i++)
		release_part(&parts->list[i]);
	free(parts->list);
	*parts = (struct answer_parts)ANSWER_PARTS_INIT;
}

struct answer_part *answer_parts_at(struct answer_parts *parts, int64_t item, int64_t part,
				    enum answer_part_kind kind)
{
	struct answer_part *found;

	/* pieces mostly belong to the part that came last */
	for (size_t i = parts->count; i-- > 0;)
		if (parts->list[i].item == item && parts->list[i].part == part)
			return &parts->list[i];
	if (item < 0 || part < 0 || parts->count == ANSWER_PARTS_MAX)
		return NULL;
	if (parts->count == parts->size) {
		parts->size = parts->size ? 2 * parts->size : 8;
		parts->list = buf_realloc(parts->list, parts->size, sizeof(*parts->list));
	}
	found = &parts->list[parts->count++];
	*found = (struct answer_part){
		.item = item,
		.part = part,
		.kind = kind,
		.text = BUF_INIT(TEXT_MAX),
		.signature = BUF_INIT(TEXT_MAX),
		.id = BUF_INIT(TEXT_MAX),
		.name = BUF_INIT(TEXT_MAX),
	};
	return found;
}

void answer_parts_drop(struct answer_parts *parts, int64_t item)
{
	size_t kept = 0;

	for (size_t i = 0; i < parts->count; i++) {
		if (parts->list[i].item == item)
			release_part(&parts->list[i]);
		else
			parts->list[kept++] = parts->list[i];
	}
	parts->count = kept;
}

void answer_part_add(struct answer_part *part, const json_t *string)
{
	if (part && json_is_string(string))
		buf_add(&part->text, json_string_value(string), json_string_length(string));
}

void answer_part_set(struct answer_part *part, const json_t *string)
{
	if (!part || !json_is_string(string))
		return;
	buf_clear(&part->text);
	answer_part_add(part, string);
}

static int by_number(const void *left, const void *right)
{
	const struct answer_part *a = left, *b = right;

	if (a->item != b->item)
		return a->item < b->item ? -1 : 1;
	return a->part < b->part ? -1 : a->part > b->part;
}

static json_t *input_of(struct answer_part *part)
{
	if (part->raw_input)
		return json_stringn(buf_str(&part->text), part->text.len);
	if (!part->text.len && part->block)
		return json_incref(part->block);
	return ai_blocks_input(buf_str(&part->text), part->text.len);
}

static json_t *block_of(struct answer_part *part)
{
	switch (part->kind) {
	case ANSWER_PART_TEXT:
		return part->text.len ? ai_blocks_text(buf_str(&part->text)) : NULL;
	case ANSWER_PART_THINKING:
		if (!part->text.len && !part->signature.len)
			return NULL;
		return ai_blocks_thinking(buf_str(&part->text), buf_str(&part->signature));
	case ANSWER_PART_TOOL:
		return ai_blocks_tool_use(buf_str(&part->id), buf_str(&part->name),
					  input_of(part));
	case ANSWER_PART_BLOCK:
		return json_incref(part->block);
	}
	return NULL;
}

void answer_parts_blocks(struct answer_parts *parts, json_t *blocks)
{
	if (parts->count)
		qsort(parts->list, parts->count, sizeof(*parts->list), by_number);
	for (size_t i = 0; i < parts->count; i++) {
		json_t *block = block_of(&parts->list[i]);

		if (block)
			json_array_append_new(blocks, block);
	}
}
