/* reporting_changes.h - what the candidate changed, file by file, for a report */
#ifndef TALI_REPORTING_CHANGES_H
#define TALI_REPORTING_CHANGES_H

#include "workspace/repo.h"

#include <jansson.h>

/* "changes" of tali.report/1: from tree to tree, within the limits of reporting.h; yours. NULL on
 * error. */
json_t *reporting_changes(struct repo *repo, const char *before, const char *after,
			  struct err *err);

#endif
