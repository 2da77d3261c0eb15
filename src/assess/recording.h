/* recording.h - a recording of another program becomes an assessment that can be replayed */
#ifndef TALI_RECORDING_H
#define TALI_RECORDING_H

#include "journal/foreign.h"
#include "store/assessment.h"

struct recording_request {
	const char *path;		/* may be a gzip file */
	const char *format;		/* as foreign_find knows it */
	struct foreign_options options;	/* file may be NULL: named after the path */
};

/* Makes, all or nothing, an assessment of the stub task "recording", handed in and sealed by this
 * store: its events have the instants of the recording, shifted when it does not tell when it was,
 * or tells of the future. ERR_USAGE (format), ERR_INPUT, ERR_INTEGRITY (the recording contradicts
 * itself), ERR_NOT_FOUND. */
int recording_import(struct store *store, const struct recording_request *request,
		     struct assessment *ret, struct err *err);

/* What the recording calls itself, or the name of the task when the assessment is no recording or
 * the recording does not say; borrowed. */
const char *recording_title(const struct assessment *assessment);

#endif
