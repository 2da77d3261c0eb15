/* task_export.h - task folders as packages of other formats, by one table of formats
 *
 * A format is one line of the table in task_export.c, and a file task_export_NAME.c with one
 * function, which writes the package through an import_draft: files, and notes on what was changed
 * and left out. */
#ifndef TALI_TASK_EXPORT_H
#define TALI_TASK_EXPORT_H

#include "task/import_draft.h"
#include "task/import_source.h"
#include "task/manifest.h"

struct export_call {
	const struct import_source *source;	/* the task folder */
	const struct manifest *manifest;
	struct import_draft *package;	/* written here; its manifest is not used */
};

struct export_format {
	const char *name;
	/* ERR_INPUT when the format cannot hold such a task at all. */
	int (*run)(struct export_call *call, struct err *err);
};

/* Checks the task in `folder` and writes it as a package of the format into a new folder in
 * `into`, whose path is *ret_folder, yours. *ret_report: {changed: [{what, why}], left_out: [{what,
 * why}]}, yours. ERR_USAGE (no such format; the names are listed), ERR_INPUT. */
int task_export_write(const char *folder, const char *as, const char *into, char **ret_folder,
		      json_t **ret_report, struct err *err);

#endif
