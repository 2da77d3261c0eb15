/* code_head.h - where a function begins, and what its first lines say: name, parameters, public
 *
 * Each looks at a bounded number of tokens, and at the parameters. */
#ifndef TALI_CODE_HEAD_H
#define TALI_CODE_HEAD_H

#include "score/code_text.h"

#define CODE_HEAD_NAME 64	/* bytes of a name that are kept, with the NUL */

struct code_head {
	uint32_t line;			/* on which it begins, with decorators and modifiers */
	uint32_t parameters;		/* without self, cls and a receiver */
	size_t body;			/* token of its brace; CODE_TEXT_NONE: indented */
	bool is_public;			/* as if it were not within another function */
	bool documented;		/* a comment ends on the line above */
	char name[CODE_HEAD_NAME];	/* cut between characters; "" when it has none */
};

/* Whether the word at `at` (def, func, fn) begins a function that has a body. */
bool code_head_word(const struct code_text *text, size_t at, struct code_head *ret);

/* Whether the brace at `brace` begins the body of a function whose head needs no word of its own
 * (CODE_BARE_FUNCTIONS). `inside`: it stands in another function. */
bool code_head_bare(const struct code_text *text, size_t brace, bool inside,
		    struct code_head *ret);

#endif
