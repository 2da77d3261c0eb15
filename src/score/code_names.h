/* code_names.h - the names that a source file gives: how many, too short, in two styles
 *
 * A name is given where something is assigned or declared: functions, variables, parameters of
 * typed languages. What is used only is not counted, since others chose it. */
#ifndef TALI_CODE_NAMES_H
#define TALI_CODE_NAMES_H

#include "score/code_text.h"

struct code_names {
	uint32_t names;		/* different ones */
	uint32_t short_names;	/* of one letter, and none of: i j k m n x y z e f _ */
	uint32_t odd_names;	/* the fewer of snake_case and camelCase */
};

/* Counts those on lines for which `wanted` is set (by line, from 1; NULL: all). */
void code_names_count(const struct code_text *text, const bool *wanted, struct code_names *ret);

#endif
