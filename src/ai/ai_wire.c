/* ai_wire.c - see ai_wire.h */
#include "ai/ai_wire.h"

#include "ai/chat_answer.h"
#include "ai/messages_answer.h"
#include "ai/responses_answer.h"
#include "ai/wire_chat.h"
#include "ai/wire_messages.h"
#include "ai/wire_responses.h"

#include <string.h>

static const struct ai_wire wires[AI_DIALECTS] = {
	[AI_DIALECT_MESSAGES] = {
		.name = "messages",
		.dialect = AI_DIALECT_MESSAGES,
		.read_request = wire_messages_read,
		.read_answer = messages_answer_read,
		.build = wire_messages_build,
		.lower = wire_messages_lower,
	},
	[AI_DIALECT_CHAT] = {
		.name = "chat",
		.dialect = AI_DIALECT_CHAT,
		.read_request = wire_chat_read,
		.read_answer = chat_answer_read,
		.build = wire_chat_build,
		.lower = wire_chat_lower,
	},
	[AI_DIALECT_RESPONSES] = {
		.name = "responses",
		.dialect = AI_DIALECT_RESPONSES,
		.read_request = wire_responses_read,
		.read_answer = responses_answer_read,
		.lower = wire_responses_lower,
	},
};

const struct ai_wire *ai_wire_find(const char *name)
{
	for (int i = 0; i < AI_DIALECTS; i++)
		if (strcmp(wires[i].name, name) == 0)
			return &wires[i];
	return NULL;
}

const struct ai_wire *ai_wire_of(enum ai_dialect dialect)
{
	return &wires[dialect];
}
