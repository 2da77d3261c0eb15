/* fuzz_ai_request.c - bodies of requests of any bytes, in each protocol
 *
 * What is read, with its maximum lowered or its usage asked for, is read again and says the same
 * otherwise. */
#include "ai/ai_edit.h"
#include "ai/ai_wire.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define MOST 100

static void demand(bool holds)
{
	if (!holds)
		abort();
}

static void check_edited(const struct ai_wire *wire, const struct ai_request *before,
			 const struct buf *body, bool lowered)
{
	struct ai_request after = AI_REQUEST_INIT;
	struct err err = ERR_INIT;

	demand(wire->read_request(buf_str(body), body->len, &after, &err) == 0);
	demand(json_equal(before->messages, after.messages));
	demand(json_equal(before->tools, after.tools));
	demand(strcmp(before->model, after.model) == 0);
	demand(before->stream == after.stream && before->choices == after.choices);
	if (lowered)
		demand(after.max_output <= MOST);
	else
		demand(after.wants_usage && after.max_output == before->max_output);
	ai_request_release(&after);
}

static void try_wire(const struct ai_wire *wire, const char *text, size_t size)
{
	struct ai_request request = AI_REQUEST_INIT;
	struct buf lowered = BUF_INIT(size + 1000), asking = BUF_INIT(size + 1000);
	struct err err = ERR_INIT;
	bool read = wire->read_request(text, size, &request, &err) == 0;
	bool edited = wire->lower(text, size, MOST, &lowered, &err) == 0;

	if (read) {
		demand(edited);
		check_edited(wire, &request, &lowered, true);
	}
	edited = ai_edit_ask_usage(text, size, &asking, &err) == 0;
	if (read) {
		demand(edited);
		if (wire->dialect == AI_DIALECT_CHAT)
			check_edited(wire, &request, &asking, false);
	}
	buf_release(&lowered);
	buf_release(&asking);
	ai_request_release(&request);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	if (size > 65536)
		return 0;
	for (int i = 0; i < AI_DIALECTS; i++)
		try_wire(ai_wire_of((enum ai_dialect)i), (const char *)data, size);
	return 0;
}
