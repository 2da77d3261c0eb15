/* assistant_history.h - conversations with tali's own assistant, read back from the journal
 *
 * Only exchanges of tali's own assistant are read; those of other programs of the candidate over
 * the gateway are conversations of these programs. */
#ifndef TALI_ASSISTANT_HISTORY_H
#define TALI_ASSISTANT_HISTORY_H

#include "base/rand.h"
#include "store/store.h"

#include <jansson.h>
#include <stdbool.h>

struct assistant_history {
	char conversation[RAND_ID_LEN + 1];	/* "": there was none */
	char *model;		/* asked for in the newest exchange of it; NULL: there is none */
	json_t *messages;	/* [{role, block}] (ai_blocks.h) of all of it, ready to be sent
				 * again: each tool that was called has a result */
	json_t *turns;		/* for showing, see below */
	bool planted;		/* the mistake of a planted task was made, in any conversation */
	int64_t code_answers;	/* answers with code in them, in all conversations */
	char *last_model;	/* of the newest exchange of any conversation, or NULL */
};

#define ASSISTANT_HISTORY_INIT { .conversation = "" }
void assistant_history_release(struct assistant_history *history);

/* Reads the conversation of an assessment; NULL: the newest. One that is not on record is empty.
 *
 * `turns` is [{role: "user", text, files: [path]} | {role: "assistant", text, model, exchange,
 * stop?, error?, steps: [{call, tool, input, ok, text}]}] in order: what the candidate may see,
 * with all answers between two texts of his as one (texts with an empty line between them), and of
 * tries that failed only the last. `stop` is the provider's word, "stopped" when the candidate
 * ended it; `ok` is missing where the tool has not ended.
 * ERR_ENV, ERR_INTEGRITY; *ret must be released in any case. */
int assistant_history_read(struct store *store, const char *assessment_id,
			   const char *conversation, struct assistant_history *ret,
			   struct err *err);

/* Whether an answer has code in it: a fenced block, or a file that it writes. What is not whole
 * uses no tools, and a call that was cut writes nothing. */
bool assistant_history_has_code(const json_t *blocks, bool whole);

#endif
