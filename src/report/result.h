/* result.h - prints one score document (tali.score/1) for people or machines */
#ifndef TALI_RESULT_H
#define TALI_RESULT_H

#include "base/err.h"

#include <jansson.h>
#include <stdio.h>

/* format "text" or "json". ERR_USAGE for another one. */
int result_print(FILE *out, const char *format, const json_t *document, struct err *err);

/* Percent of the grade in the document. */
double result_percent(const json_t *document);

#endif
