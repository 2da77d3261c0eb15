/* csv.h - reads comma-separated values (RFC 4180: quotes, doubled quotes, CRLF), one record at a
 * time */
#ifndef TALI_CSV_H
#define TALI_CSV_H

#include "base/err.h"

#include <stdio.h>

#define CSV_MAX_FIELDS 64
#define CSV_MAX_RECORD 65536	/* bytes */

/* Calls visit with each record and the number of its first line; empty lines and a byte order mark
 * are passed over, blanks around a field go. Fields are borrowed during the call. -1 from visit
 * stops with its error. ERR_INPUT "line N: what". */
int csv_read(FILE *file,
	     int (*visit)(void *arg, int line, char **fields, int count, struct err *err),
	     void *arg, struct err *err);

#endif
