/* result.h - prints one score document (tali.score/1) for people or machines */
#ifndef TALI_RESULT_H
#define TALI_RESULT_H

#include <jansson.h>
#include <stdbool.h>
#include <stdio.h>

/* "text" or "json". */
bool result_format_known(const char *format);

/* In a known format. */
void result_print(FILE *out, const char *format, const json_t *document);

/* Percent of the grade in the document. */
double result_percent(const json_t *document);

#endif
