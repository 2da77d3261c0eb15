/* score_output.h - where `tali score` prints: standard output in one format, and files, each in its
 * own */
#ifndef TALI_SCORE_OUTPUT_H
#define TALI_SCORE_OUTPUT_H

#include "cmd.h"

#include "report/result.h"

struct score_output;

struct score_output_plan {
	const char *format;		/* what --format says, else text or json */
	const struct opt_list *words;	/* of -o: "[FORMAT=]FILE" */
	bool several;			/* there may be more than one submission */
};

/* Reads the words. A file without a format is written in that of its suffix, else in that of
 * standard output. ERR_USAGE for a format that is not known or has room for one submission only,
 * ERR_INPUT for a file whose folder is not there. */
struct score_output *score_output_open(const struct cmd_ctx *ctx,
				       const struct score_output_plan *plan, struct err *err);
void score_output_close(struct score_output **output);

/* True when something other than text or JSON on standard output is wanted. */
bool score_output_is_special(const struct score_output *output);

/* Takes note of a submission; what can be printed at once is. The item is copied. */
int score_output_add(struct score_output *output, const struct result_item *item, struct err *err);

/* Prints the rest and writes the files, each whole or not at all; what is no regular file (a pipe,
 * a device) is written as it is. Appends to the files that $GITHUB_STEP_SUMMARY and $GITHUB_OUTPUT
 * name, when a format has something for them. */
int score_output_finish(struct score_output *output, struct err *err);

#endif
