/* prompt_quality.h - one prompt as 0 to 10 points, and for what
 *
 * Only by its form: what it names, says and carries. Words are looked for in English, German,
 * French and Spanish; marks (code, paths, arrows) count in any language. */
#ifndef TALI_PROMPT_QUALITY_H
#define TALI_PROMPT_QUALITY_H

#include "score/facts.h"

enum prompt_part {
	PROMPT_PLACE,		/* 2: names a file of the work; 1: a line, or something as code */
	PROMPT_EXPECTED,	/* 2: what should be, by two marks of it; 1: by one */
	PROMPT_CONSTRAINTS,	/* 1: what must not be, or only be */
	PROMPT_EVIDENCE,	/* 2: an error or output and code; 1: one of them */
	PROMPT_LENGTH,		/* 2: 15 to 400 words; 1: 8 to 1000 */
	PROMPT_NOT_BARE,	/* 1: more than "fix it": 5 different words */
	PROMPT_PARTS
};

struct prompt_quality {
	int parts[PROMPT_PARTS];
	int value;		/* their sum */
};

/* "place", ...; borrowed for good. */
const char *prompt_quality_part_name(enum prompt_part part);

struct prompt_quality prompt_quality(const struct facts *facts, const char *text, size_t len);

/* The next path of the work from `from` on (an index) that a prompt names, whole or by the name of
 * its file; -1. */
int64_t prompt_quality_path(const struct facts *facts, const char *text, size_t len, size_t from);

#endif
