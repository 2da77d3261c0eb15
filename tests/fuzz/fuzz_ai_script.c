/* fuzz_ai_script.c - scripts of any bytes: what is taken answers, and the answer can be read */
#include "ai/ai_script.h"
#include "ai/ai_wire.h"
#include "base/auto.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void demand(bool holds)
{
	if (!holds)
		abort();
}

static void play(const json_t *script, const char *messages)
{
	struct ai_request request = AI_REQUEST_INIT;
	AUTO(ai_script_play_release) struct ai_script_play play = AI_SCRIPT_PLAY_INIT;
	AUTO(ai_answer_release) struct ai_answer answer = AI_ANSWER_INIT;
	const char *piece;
	size_t len, all = 0;

	request.model = buf_strdup("m");
	request.messages = json_loads(messages, 0, NULL);
	ai_script_answer(script, &request, &play);
	while (ai_script_next(&play, &piece, &len))
		all += len;
	demand(all == play.bytes.len);
	ai_wire_find("messages")->read_answer(buf_str(&play.bytes), play.bytes.len, play.stream,
					      &answer);
	demand(play.cut || play.status != 200 || play.bytes.full ||
	       (answer.complete && !answer.error));
	demand(play.status == 200 || answer.error);
	ai_request_release(&request);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct err err = ERR_INIT;
	AUTO_JSON json_t *script = NULL;
	AUTO_FREE char *models = NULL;

	if (size > 65536)
		return 0;
	script = ai_script_parse((const char *)data, size, "script", &err);
	demand(script || (err.code == ERR_INPUT && *err.text));
	if (!script)
		return 0;
	models = ai_script_models(script);
	demand(*models);
	play(script, "[]");
	play(script, "[{\"role\":\"user\",\"block\":{\"type\":\"text\",\"text\":\"a\"}},"
		     "{\"role\":\"assistant\",\"block\":{\"type\":\"text\",\"text\":\"b\"}},"
		     "{\"role\":\"user\",\"block\":{\"type\":\"text\",\"text\":\"thank you\"}}]");
	return 0;
}
