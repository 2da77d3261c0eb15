/* harbor_solution.h - the script that solves a Harbor task, as files that differ from start/ */
#ifndef TALI_HARBOR_SOLUTION_H
#define TALI_HARBOR_SOLUTION_H

#include "task/task_import.h"

/* Runs the script of the package (`folder`/solve.sh with all of its folder, or, with an empty
 * `folder`, solution.sh alone) in the sandbox on the draft's start/ and what it has in
 * hidden/.harbor so far, and puts the files that are new or differ into solution/. When that does
 * not work out, the report says why and there is no solution. `base`: see harbor_image.h. -1 only
 * when our side failed. */
int harbor_solution_make(struct import_call *call, struct import_draft *draft, const char *folder,
			 const char *base, struct err *err);

#endif
