/* term.h - what a person sees: colours and safe text; plain when it is not a terminal */
#ifndef TALI_TERM_H
#define TALI_TERM_H

#include <stdbool.h>
#include <stdio.h>

enum term_style { TERM_PLAIN, TERM_BOLD, TERM_DIM, TERM_GREEN, TERM_RED, TERM_YELLOW };

/* True when colour is wanted on `file`: a terminal, NO_COLOR not set, TERM not "dumb". */
bool term_colour(FILE *file);

/* Prints text in a style when `file` wants colour; control characters are shown as "\xNN". */
void term_print(FILE *file, enum term_style style, const char *text);

/* Same for who prints much and asked before: `colour` is what term_colour said of the file. */
void term_paint(FILE *file, bool colour, enum term_style style, const char *text);

/* Same without style: the only way foreign text reaches a terminal. */
void term_print_safe(FILE *file, const char *text);

#endif
