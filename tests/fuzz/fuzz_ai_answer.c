/* fuzz_ai_answer.c - answers of any bytes, in each protocol, whole and as a stream
 *
 * Whatever comes, blocks have their shape and texts are UTF-8 (they can be written as JSON). */
#include "ai/ai_blocks.h"
#include "ai/ai_wire.h"
#include "ai/wire_chat.h"
#include "base/utf8.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void demand(bool holds)
{
	if (!holds)
		abort();
}

static void check_block(const json_t *block)
{
	const char *type = json_string_value(json_object_get(block, "type"));
	char *canonical = ai_blocks_canonical(block), *text = json_dumps(block, 0);

	demand(type && text);
	if (!strcmp(type, "text") || !strcmp(type, "thinking"))
		demand(json_is_string(json_object_get(block, "text")));
	else if (!strcmp(type, "tool_use"))
		demand(json_is_string(json_object_get(block, "id")) &&
		       json_object_get(block, "input"));
	else
		demand(!strcmp(type, "other"));
	free(canonical);
	free(text);
}

static void try_answer(const struct ai_wire *wire, const char *text, size_t size, bool stream)
{
	struct ai_answer answer = AI_ANSWER_INIT;
	const json_t *block;
	size_t i;

	wire->read_answer(text, size, stream, &answer);
	demand(json_is_array(answer.blocks));
	json_array_foreach(answer.blocks, i, block)
		check_block(block);
	demand(answer.complete || answer.error);
	demand(!answer.error || utf8_valid(answer.error, strlen(answer.error)));
	demand(answer.usage.input >= 0 && answer.usage.cache_write >= 0);
	demand(answer.usage.cache_read >= 0 && answer.usage.output >= 0);
	demand(answer.usage.reasoning <= answer.usage.output);
	demand(!answer.usage_known || answer.usage_raw);
	ai_answer_release(&answer);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	if (size > 65536)
		return 0;
	for (int i = 0; i < 2 * AI_DIALECTS; i++)
		try_answer(ai_wire_of((enum ai_dialect)(i / 2)), (const char *)data, size, i % 2);
	wire_chat_is_usage((const char *)data, size);
	return 0;
}
