/* prompt.h - what tali's own assistant is told before a conversation (share/prompts/)
 *
 * Nothing secret goes in: the statement is what the candidate reads, and hidden tests, rubric and
 * reference are not among what can be given. The one exception is the mistake of a planted task. */
#ifndef TALI_PROMPT_H
#define TALI_PROMPT_H

#include "ai/ai_policy.h"

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

#define PROMPT_STATEMENT_MAX ((size_t)256 << 10)	/* bytes of it that are told */
#define PROMPT_MARK_LEN 26

/* All borrowed. */
struct prompt_config {
	enum ai_policy_kind policy;
	bool agent;
	const char *mark;	/* around what is data: PROMPT_MARK_LEN characters nobody knows */
	const char *statement;	/* Markdown */
	const char *planted;	/* the mistake of the next answer, or NULL */
};

/* What the model alone is told of the mistake: how it is to be made, and which. Yours. */
char *prompt_planted(const char *planted);

/* The system prompt. Yours. */
char *prompt_system(const struct prompt_config *config);

/* A file of the work as a text that goes with the candidate's. `more`: it is longer. Yours. */
char *prompt_file(const char *mark, const char *path, const char *text, size_t len, bool more);

#endif
