/* coderunner_kind.h - the question types of CodeRunner that become tasks, and how each is run
 *
 * A question type is a template that joins the answer with the code of a test case: what stands
 * before, the answer, the code of the case in what is around it. Written by what CodeRunner's
 * documentation and its built-in templates say. */
#ifndef TALI_CODERUNNER_KIND_H
#define TALI_CODERUNNER_KIND_H

#include <stdbool.h>

struct coderunner_kind {
	const char *name;		/* "c_function" */
	const char *language;
	const char *file, *suffix;	/* of the answer: "answer.c", "c" */
	const char *program;		/* the file that is joined: "program.c" */
	const char *before;		/* text in front of the answer, or NULL */
	const char *edit;		/* script for sed: what becomes of the answer, or NULL */
	const char *after;		/* a line behind the answer, without "'"; or NULL */
	bool extra;			/* the "extra" of a case stands before its code */
	const char *code_before, *code_after;	/* around the code of a case */
	bool whole;			/* the answer is a program: cases have no code */
	const char *build;		/* shell line, NULL: nothing is built before the tests */
	const char *run;		/* shell line, when it is joined */
};

/* NULL when the type is not known. */
const struct coderunner_kind *coderunner_kind_find(const char *name);

/* "python3, c_function, ..." */
const char *coderunner_kind_names(void);

#endif
