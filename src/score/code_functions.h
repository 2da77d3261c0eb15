/* code_functions.h - the functions of a source file: where, how long, how many ways through
 *
 * Found by what the tokens look like, in each language: `def`, `fn`, `func`, `function`; NAME(…){;
 * and arrows with a block that have a name. Expressions without a block (lambdas, closures) are
 * part of what they stand in. Complexity is McCabe's (1976) with his conditions: 1 + branches,
 * loops, cases, handlers, conditional expressions, logical operators; a nested function has its
 * own. */
#ifndef TALI_CODE_FUNCTIONS_H
#define TALI_CODE_FUNCTIONS_H

#include "score/code_head.h"

struct code_function {
	uint32_t file;			/* for who has several files; 0 here */
	uint32_t line, lines;		/* of its head, from 1; lines from there to its end */
	uint32_t complexity;		/* at least 1 */
	uint32_t nesting;		/* blocks within blocks of it; 0 none */
	uint32_t parameters;
	bool is_public, documented;	/* by a comment right above, or a docstring */
	bool changed;			/* for who knows; false here */
	char name[CODE_HEAD_NAME];	/* as in code_head.h */
};

/* Calls visit for each function when it ends, so an inner one comes first. */
void code_functions_find(const struct code_text *text,
			 void (*visit)(void *arg, const struct code_function *function),
			 void *arg);

#endif
