/* result.h - score documents (tali.score/1) in the formats of people, pipelines and platforms
 *
 * One table names the formats; each is a writer over the same documents. A submission that could
 * not be graded is told as an error, in the words that the format has for one, never as a test that
 * failed. */
#ifndef TALI_RESULT_H
#define TALI_RESULT_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

/* One submission; all is borrowed. */
struct result_item {
	const char *name;	/* of its archive; NULL: it has none, and is told at length */
	const json_t *document;	/* NULL: it was not graded */
	const char *fault;	/* then: why not */
	bool refused;		/* then: because of what was handed in; else our side failed */
};

typedef void result_writer(FILE *out, const struct result_item *items, size_t count);

struct result_format {
	const char *name;	/* "junit" */
	const char *help;	/* one line for people */
	const char *media;	/* "application/xml" */
	const char *suffix;	/* of files that are clearly this; NULL: none */
	bool lines;		/* writing the items one by one is the same as all at once; those
				 * that were not graded are left out */
	bool single;		/* has room for one submission only */
	result_writer *write;
	/* What is appended to the files that a runner of GitHub names in $GITHUB_STEP_SUMMARY and
	 * in $GITHUB_OUTPUT; NULL: nothing. */
	result_writer *summary, *outputs;
};

/* Ends with a NULL name. */
extern const struct result_format result_formats[];

/* NULL when there is none. */
const struct result_format *result_format_find(const char *name);

/* By the end of the file's name; NULL when that is not clear. */
const struct result_format *result_format_of_file(const char *path);

/* "text, json, ...": all names; yours. */
char *result_format_names(void);

/* Percent of the grade in the document. */
double result_percent(const json_t *document);

#endif
