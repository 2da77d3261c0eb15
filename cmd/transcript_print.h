/* transcript_print.h - transcripts beside the record, as lines for people */
#ifndef TALI_TRANSCRIPT_PRINT_H
#define TALI_TRANSCRIPT_PRINT_H

#include <jansson.h>
#include <stdio.h>

/* Prints a tali.transcripts/1; nothing for JSON's null. */
void transcript_print(FILE *out, const json_t *compared);

#endif
