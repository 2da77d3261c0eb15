/* term.h - what a person sees: colours, tables, progress; plain when it is not a terminal */
#ifndef TALI_TERM_H
#define TALI_TERM_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

enum term_style { TERM_PLAIN, TERM_BOLD, TERM_DIM, TERM_GREEN, TERM_RED, TERM_YELLOW };

/* True when colour is wanted on `file`: a terminal, NO_COLOR not set, TERM not "dumb". */
bool term_colour(FILE *file);

/* Prints text in a style when `file` wants colour; control characters are shown as "\xNN". */
void term_print(FILE *file, enum term_style style, const char *text);

/* Same without style: the only way foreign text reaches a terminal. */
void term_print_safe(FILE *file, const char *text);

/* A progress line on stderr: drawn only on a terminal and when not quiet; erased at the end. */
struct term_progress {
	const char *what;
	int64_t drawn_ms;
	bool on;
};
void term_progress_start(struct term_progress *progress, const char *what, bool quiet);
void term_progress_step(struct term_progress *progress, unsigned done, unsigned total);
/* Takes the line away until the next step: before anything else is printed. */
void term_progress_hide(struct term_progress *progress);
void term_progress_end(struct term_progress *progress);

#endif
