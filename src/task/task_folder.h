/* task_folder.h - checks a whole task folder: manifest, entries, links, and what the manifest
 * points at */
#ifndef TALI_TASK_FOLDER_H
#define TALI_TASK_FOLDER_H

#include "task/manifest.h"

/* Reads and checks the folder at `path`. Faults (all of them, not only the first) go to
 * `faults`, a JSON array of {file, line, pointer, message}; err holds the first as "FILE:LINE:
 * POINTER: what". Checked: the manifest (manifest_parse), unknown top-level entries, missing
 * README.md or start/, start/README.md or start/files (they would hide the statement and the
 * attachments), symbolic links (any is refused), paths that are not confined, files over the
 * limits, `dir` of io tests exists with at least one NAME.in and each has its answer, variants
 * named in the manifest exist as folders and the other way round, hidden tests do not live in
 * start/. ERR_INPUT. */
int task_folder_check(const char *path, struct manifest *ret_manifest, json_t *faults,
		      struct err *err);

#endif
