/* manifest_check.h - what may be wrong with a manifest that is valid by its schema */
#ifndef TALI_MANIFEST_CHECK_H
#define TALI_MANIFEST_CHECK_H

#include "task/manifest.h"

struct manifest_faults {
	const char *text;	/* the manifest, valid JSON */
	json_t *list;		/* of {line, pointer, message}, kept in the order of lines */
};

/* Adds a fault of the value at `pointer`. */
void manifest_fault(struct manifest_faults *faults, const char *pointer, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* Adds all faults of a manifest that has been read from a root that is valid by schema. */
void manifest_check(const struct manifest *manifest, struct manifest_faults *faults);

#endif
