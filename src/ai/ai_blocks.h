/* ai_blocks.h - what is said to a model and by it, in one shape for all protocols
 *
 * A block is one of
 *	{type:"text", text}
 *	{type:"thinking", text, signature?}
 *	{type:"tool_use", id, name, input}		input: any value, {} when there is none
 *	{type:"tool_result", id, text, error}
 *	{type:"other", raw}				what tali does not know, as it came
 * A message list is flat: [{role, block}], role "user", "assistant" or "system"; what a tool gave
 * has the role "user". `cache_control`, which says nothing to the model, is left out everywhere. */
#ifndef TALI_AI_BLOCKS_H
#define TALI_AI_BLOCKS_H

#include "base/buf.h"

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

/* A string of an "other" block that is longer is put as "sha256:HEX:BYTES": pictures and documents
 * need not be in the journal again and again. */
#define AI_BLOCKS_RAW_MAX 16384

/* New blocks, yours. Texts are copied (NULL is ""), `input` is taken (NULL is {}), `raw` is not. */
json_t *ai_blocks_text(const char *text);
json_t *ai_blocks_thinking(const char *text, const char *signature);	/* NULL: not signed */
json_t *ai_blocks_tool_use(const char *id, const char *name, json_t *input);
json_t *ai_blocks_tool_result(const char *id, const char *text, bool error);
json_t *ai_blocks_other(const json_t *raw);

/* The input of a tool that came as text: the JSON value, or the text itself when it is none; ""
 * is {}. Yours. */
json_t *ai_blocks_input(const char *text, size_t len);
/* The input of a tool_use as it is sent again: what is no object, because it was cut, is {}, as
 * providers refuse all else. Yours. */
json_t *ai_blocks_sent_input(const json_t *block);
/* That of a call as OpenAI's protocols have it: "arguments" is such a text, the "input" of a custom
 * tool is taken as it is. NULL without. Yours. */
json_t *ai_blocks_arguments(const json_t *call, bool custom);

/* Appends {role, block} to a message list; takes the block. */
void ai_blocks_add(json_t *messages, const char *role, json_t *block);

/* Whether the block is of this type. */
bool ai_blocks_is(const json_t *block, const char *type);
/* Whether its text is nothing but white space, which providers refuse. */
bool ai_blocks_is_blank(const json_t *block);

/* The text by which blocks are compared: it says all of the block, without white space at the ends
 * of its text, 1 and 1.0 the same. Yours. NULL for what clients leave out when they send a block
 * back (thinking, empty texts): it is compared with nothing. */
char *ai_blocks_canonical(const json_t *block);

/* Appends the texts of the blocks of one type ("text" or "thinking"), with an empty line between
 * them. */
void ai_blocks_join(const json_t *blocks, const char *type, struct buf *out);

#endif
