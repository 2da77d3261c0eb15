/* code_leftovers.h - what was meant to go before handing in: TODO, code in comments, debug prints
 *
 * Each is told only where it is plain; what might be meant is none:
 *	- TODO, FIXME, XXX or HACK as a word of a comment
 *	- comments of a line each that read as statements of the language; lines that follow each
 *	  other are one
 *	- debugger calls, and prints whose text begins with "debug", "here", "xxx", ">>>", "***" */
#ifndef TALI_CODE_LEFTOVERS_H
#define TALI_CODE_LEFTOVERS_H

#include "score/code_text.h"

enum code_leftover { CODE_LEFTOVER_DEBUG_PRINT, CODE_LEFTOVER_CODE, CODE_LEFTOVER_TODO };

/* Calls visit for each, those in comments first; `lines` from `line` on, at least 1. */
void code_leftovers_find(const struct code_text *text,
			 void (*visit)(void *arg, enum code_leftover what, uint32_t line,
				       uint32_t lines),
			 void *arg);

#endif
