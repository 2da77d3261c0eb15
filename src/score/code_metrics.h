/* code_metrics.h - what the changed code of a submission is like, in numbers
 *
 * "Changed" is a line of the submission that holds a token and whose text, without white space at
 * its ends, is no line of the starter; a line of brackets alone goes with the line before it. So
 * code that was moved, renamed with its file, or indented anew is not changed code. A function is
 * changed when one of its lines is. All numbers are counts; whoever wants a ratio makes it. */
#ifndef TALI_CODE_METRICS_H
#define TALI_CODE_METRICS_H

#include "score/code_functions.h"

#define CODE_METRICS_FILE_MAX (1u << 20)	/* bytes; nobody writes a larger file */
#define CODE_METRICS_FUNCTIONS 20000		/* most that are told one by one */
#define CODE_METRICS_FINDINGS 1000		/* likewise */

/* Of a file, or of all. */
struct code_count {
	uint32_t lines;			/* all lines that hold a token */
	uint32_t changed_lines;		/* those that changed; of these: */
	uint32_t code_lines;		/* hold more than a comment */
	uint32_t comment_lines;		/* hold a comment and nothing else (also docstrings) */
	uint32_t duplicate_lines;	/* stand in 6 lines of code that stand elsewhere too */
	uint32_t leftovers;		/* findings of the three kinds that are leftovers */
	/* of changed functions: */
	uint32_t functions;
	uint32_t public_functions, documented;	/* public ones; those of them with a doc comment */
	uint32_t complexity, complexity_max;	/* sum, greatest */
	uint32_t function_lines, function_lines_max;
	uint32_t nesting_max;		/* blocks within blocks */
	/* of names that changed lines define (code_names.h); different ones of each file */
	uint32_t names, short_names, odd_names;
};

struct code_file {
	char *path;
	const char *language;		/* borrowed for good */
	struct code_count count;
};

enum code_fault {
	CODE_FAULT_DEBUG_PRINT,		/* the first three are leftovers: code_leftovers.h */
	CODE_FAULT_COMMENTED_CODE,
	CODE_FAULT_TODO,
	CODE_FAULT_DUPLICATE,
	CODE_FAULTS
};

struct code_finding {
	enum code_fault fault;
	uint32_t file, line, lines;
	uint32_t other_file, other_line;	/* of a duplicate: where it stood first */
};

/* Plain data. Files are in the order of adding, the rest by file, then by line. */
struct code_metrics {
	struct code_count total;
	struct code_file *files;
	size_t file_count;
	struct code_function *functions;	/* also those that are not changed */
	size_t function_count;
	struct code_finding *findings;
	size_t finding_count;
	uint32_t left_out;		/* files that are too large, or too many */
};

#define CODE_METRICS_INIT { .left_out = 0 }
void code_metrics_release(struct code_metrics *metrics);

/* Counting goes on in a meter: first every file of the starter, then every file of the submission,
 * in git's order, then the end. */
struct code_meter;
struct code_meter *code_metrics_begin(void);
/* Ends a meter without a result; NULL inside is fine. For AUTO. */
void code_metrics_drop(struct code_meter **meter);

/* A file of the starter, whatever its path. Copies what it needs. */
void code_metrics_starter(struct code_meter *meter, const char *path, const char *text,
			  size_t len);
/* A file of the submission; any bytes. False when it is not read as code: its name is of no
 * language (code_language_of), or it is too large (then `left_out` counts it). Copies what it
 * needs. */
bool code_metrics_add(struct code_meter *meter, const char *path, const char *text, size_t len);

/* Takes the meter. */
void code_metrics_end(struct code_meter **meter, struct code_metrics *ret);

/* "debug_print", "commented_code", "todo", "duplicate"; borrowed for good. */
const char *code_metrics_fault_name(enum code_fault fault);

#endif
