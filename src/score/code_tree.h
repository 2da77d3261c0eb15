/* code_tree.h - the changed code of a submitted tree, measured against the starter of its task */
#ifndef TALI_CODE_TREE_H
#define TALI_CODE_TREE_H

#include "score/code_metrics.h"
#include "workspace/repo.h"

#define CODE_TREE_FILES 5000	/* most files that are read, of the starter and of the submission */

/* `task_tree` is the whole task folder; its start/ is the starter. Tests are left out: theirs are
 * other virtues. What is larger than CODE_METRICS_FILE_MAX or past CODE_TREE_FILES is not read; of
 * it, left_out counts what is not the starter's. Sets `ret` up; yours. *ret_found is false when the
 * submission has no file that is read as code. */
int code_tree_measure(struct repo *repo, const char *tree, const char *task_tree,
		      struct code_metrics *ret, bool *ret_found, struct err *err);

#endif
