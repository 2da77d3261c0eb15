/* code_tokens.h - source text as tokens: names, numbers, strings, comments
 *
 * A tokenizer, not a parser: what it reads need not compile, and any bytes give tokens. A quote or
 * comment that is never closed ends with its line, or with the text where it may hold lines. Each
 * byte is looked at a bounded number of times, nothing is allocated, and nothing but white space
 * lies between two tokens.
 *
 *	struct code_reader reader;
 *	struct code_token token;
 *
 *	code_tokens_open(&reader, code_language_of(path), text, len);
 *	while (code_tokens_next(&reader, &token))
 *		...
 */
#ifndef TALI_CODE_TOKENS_H
#define TALI_CODE_TOKENS_H

#include "score/code_language.h"

#include <stdint.h>

enum code_kind {
	CODE_NAME,
	CODE_KEYWORD,		/* token.word says of which sort */
	CODE_NUMBER,
	CODE_STRING,		/* with its quotes; regular expressions, here-documents */
	CODE_OPERATOR,		/* one byte, or two to three that belong together */
	CODE_COMMENT,		/* with its marks, without the newline */
	CODE_DIRECTIVE,		/* "#" and its word, of a preprocessor; what follows is tokens */
	CODE_KINDS
};

struct code_token {
	enum code_kind kind;
	enum code_word word;	/* CODE_WORD_NAME unless a keyword */
	const char *text;	/* into the text; not ended by NUL */
	size_t len;		/* at least 1 */
	uint32_t line;		/* on which it begins, from 1 */
	uint32_t column;	/* from 0, in bytes, a tab goes to the next multiple of 8 */
	bool first;		/* first token of its line */
};

/* Where reading stands. Fields are the module's own. */
struct code_reader {
	const struct code_language *language;
	const char *text;
	size_t len, at;
	uint32_t line, column;
	bool fresh;		/* no token yet on this line */
	bool operand;		/* an operand may stand here: `/` begins a regular expression */
	bool arithmetic;	/* in (( )) of a shell */
	size_t heredoc_at, heredoc_len;	/* the word that ends a here-document; 0: none waits */
};

/* `text` is borrowed while reading, and may hold any bytes. `language` is not NULL. */
void code_tokens_open(struct code_reader *reader, const struct code_language *language,
		      const char *text, size_t len);

/* The next token; false at the end. */
bool code_tokens_next(struct code_reader *reader, struct code_token *ret);

/* "name", "keyword", ...; borrowed for good. */
const char *code_tokens_kind_name(enum code_kind kind);

/* Whether a token is exactly this text. */
bool code_tokens_is(const struct code_token *token, const char *text);

#endif
