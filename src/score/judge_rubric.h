/* judge_rubric.h - what a judge is asked about a subitem: share/rubric/judge.json, read once
 *
 *	{"schema": "tali.judge/1", "version": TEXT, "answer": SCHEMA, "attacks": [WORDS],
 *	 "subitems": [{"name", "title", "ask", "evidence": KINDS, "levels": [5 texts]}]}
 *
 * "evidence" names the kinds of pieces that are shown (judge_material.h). A subitem that is not
 * there is counted, and nothing of it is left to judge: nobody is asked. The file is compiled in
 * and checked by a test; a fault in it aborts. Any thread may ask. */
#ifndef TALI_JUDGE_RUBRIC_H
#define TALI_JUDGE_RUBRIC_H

#include <jansson.h>
#include <stddef.h>

#define JUDGE_LEVELS 5		/* 0 to 4 */

struct judge_aspect {
	const char *name;		/* of the subitem */
	const char *title, *ask;
	const char *evidence;		/* kinds, separated by blanks */
	const char *levels[JUDGE_LEVELS];
};

/* "1"; borrowed for good, as all that follows. */
const char *judge_rubric_version(void);
/* The schema of an answer. */
const json_t *judge_rubric_answer(void);
/* Words of who speaks to the judge (judge_text.h): lower case, "A ... B" is both near each other.
 * NULL past the end. */
const char *judge_rubric_attack(size_t i);
/* NULL past the end; NULL when nobody is asked about the subitem. */
const struct judge_aspect *judge_rubric_at(size_t i);
const struct judge_aspect *judge_rubric_find(const char *subitem);

#endif
