/* explain.h - prints why a subitem has its value (tali.explain/1) for people */
#ifndef TALI_EXPLAIN_H
#define TALI_EXPLAIN_H

#include <jansson.h>
#include <stdio.h>

void explain_print(FILE *out, const json_t *document);

#endif
