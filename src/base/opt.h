/* opt.h - command-line options as one table that parses, prints help and feeds the completions
 *
 * An entry binds one target: flag, str, num, list, or pos (positional; `rest` for the last ones).
 * "--name=value", "--name value", "-kvalue", "-k value", bundled flags, and "--" are understood. */
#ifndef TALI_OPT_H
#define TALI_OPT_H

#include "base/err.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

struct opt_list {
	const char **items;	/* borrowed from argv; the array is freed by opt_list_release */
	size_t count;
};

struct opt {
	bool *flag;
	const char **str;
	long *num;			/* non-negative decimal number */
	struct opt_list *list;		/* an option that may come again */
	const char **pos;		/* a positional argument */
	struct opt_list *rest;		/* all further positional arguments */
	const char *name;		/* long name, or the positional's word, e.g. "ASSESSMENT" */
	const char *arg;		/* name of the option's value */
	const char *help;
	char key;			/* short option letter or 0 */
	bool optional;			/* positional: may be left out; rest: may be empty */
	bool command; /* rest: begins at the first positional, options end there */
};

void opt_list_release(struct opt_list *list);

/* Parses argv[0..argc) (without command name) by the tables `opts` and `common` (either may be
 * NULL), each ended by an entry without target. ERR_USAGE says what is wrong with which word. */
int opt_parse(int argc, char **argv, const struct opt *opts, const struct opt *common,
	      struct err *err);

/* "[-n] [--format FORMAT] ASSESSMENT": the synopsis without the command; written to `out`. */
void opt_print_synopsis(FILE *out, const struct opt *opts);

/* One aligned line per entry: "  -n, --dry-run      do not record the result". */
void opt_print_help(FILE *out, const struct opt *opts);

#endif
