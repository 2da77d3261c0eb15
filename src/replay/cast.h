/* cast.h - a recorded terminal as an asciicast of version 3 (journal/foreign_cast.h has the format)
 */
#ifndef TALI_CAST_H
#define TALI_CAST_H

#include "store/assessment.h"

#include <stdbool.h>
#include <stdio.h>

struct cast_request {
	const char *terminal;	/* id; NULL: the first that was opened */
	const char *title;
	bool input;		/* what was typed too */
};

/* Prints it: output, sizes, the exit status, and notes as markers. Everything goes through
 * escape_filter. ERR_NOT_FOUND when there is no such terminal; then nothing was printed. */
int cast_export(struct store *store, const struct assessment *assessment,
		const struct cast_request *request, FILE *out, struct err *err);

#endif
