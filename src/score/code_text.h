/* code_text.h - a whole source file as tokens: comments apart, brackets paired, lines told apart
 *
 * Comments are no tokens here, and neither are python's docstrings (a string that is a statement).
 * Lines of a preprocessor count as code, but their tokens are left out: macros need not be
 * balanced. */
#ifndef TALI_CODE_TEXT_H
#define TALI_CODE_TEXT_H

#include "score/code_tokens.h"

#define CODE_TEXT_NONE UINT32_MAX

enum code_line {
	CODE_LINE_CODE = 1 << 0,	/* holds (part of) a token */
	CODE_LINE_COMMENT = 1 << 1,
};

struct code_text {
	const struct code_language *language;
	const char *bytes;		/* borrowed */
	size_t len;
	struct code_token *tokens;
	uint32_t *partners;		/* index of the other bracket, or CODE_TEXT_NONE */
	uint32_t *comments_before;	/* how many comments stand before this token */
	size_t count;
	struct code_token *comments;
	size_t comment_count;
	uint8_t *holds;			/* by line, from 1 to `lines`: enum code_line */
	uint32_t lines;
};

#define CODE_TEXT_INIT { .count = 0 }
void code_text_release(struct code_text *text);

/* Reads `len` bytes, fewer than 2^31, into an empty text. They are borrowed as long as it is used.
 * Memory is about 60 bytes for each token. */
void code_text_read(struct code_text *text, const struct code_language *language,
		    const char *bytes, size_t len);

/* Whether token `index` is there and is exactly this. */
bool code_text_is(const struct code_text *text, size_t index, const char *word);
/* Whether it is one of these, up to a NULL. */
bool code_text_is_any(const struct code_text *text, size_t index, const char *const *words);

/* The line on which a token ends. */
uint32_t code_text_last_line(const struct code_token *token);

#endif
