/* ai_script.h - the provider that plays a file: for trying things out, and for tests
 *
 *	{"schema": "tali.script/1", "models": [NAME], "turns": [
 *	 {"when": TEXT, "answer": TEXT or [{"type": "text", "text"} or
 *				    {"type": "tool_use", "name", "input"}],
 *	  "stop": WORD, "chunk_ms": N, "usage": {"input_tokens", "output_tokens"},
 *	  "status": N, "error": TEXT, "cut": true}]}
 *
 * (share/schema/tali.script-1.json; tali-ai-provider-add(1) says what it means.) An answer is what
 * a provider of the Messages API would send, byte for byte, so it goes the way of all answers. */
#ifndef TALI_AI_SCRIPT_H
#define TALI_AI_SCRIPT_H

#include "ai/ai_request.h"
#include "base/buf.h"
#include "base/err.h"

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define AI_SCRIPT_MAX ((size_t)1 << 20)	/* bytes of a script */

/* A script that was checked; yours. NULL: ERR_INPUT with the line and what is wrong, or of a file
 * ERR_NOT_FOUND, ERR_ENV. */
json_t *ai_script_parse(const char *text, size_t len, const char *name, struct err *err);
json_t *ai_script_read(const char *path, struct err *err);

/* Its models, as provider.models has them: separated by blanks. Yours. */
char *ai_script_models(const json_t *script);

/* One answer, to be sent piece by piece. */
struct ai_script_play {
	int status;		/* of HTTP */
	bool stream;		/* events; else a JSON document */
	bool cut;		/* it breaks off behind its last byte */
	int64_t chunk_ms;	/* between two pieces */
	struct buf bytes;
	size_t at;		/* of them are sent */
};

#define AI_SCRIPT_PLAY_INIT { .status = 0 }
void ai_script_play_release(struct ai_script_play *play);

/* What the script answers to a request of any protocol. */
void ai_script_answer(const json_t *script, const struct ai_request *request,
		      struct ai_script_play *ret);

/* The next piece: of a stream an event. Borrowed; false at the end. */
bool ai_script_next(struct ai_script_play *play, const char **ret, size_t *ret_len);

#endif
