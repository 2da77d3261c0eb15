/* folder_bench.h - a workbench over a work folder on this machine: `tali agent`
 *
 * The folder is the candidate's, who may work in it meanwhile. Before each change it is saved (a
 * snapshot); what the assistant changes then stands on the record as its own, with a snapshot of
 * that, and in the folder. What the candidate changed in between keeps the candidate's version. */
#ifndef TALI_FOLDER_BENCH_H
#define TALI_FOLDER_BENCH_H

#include "work/session.h"
#include "assess/workbench.h"
#include "sandbox/sandbox.h"

/* Session and sandbox are borrowed. NULL: ERR_ENV. */
struct workbench *folder_bench_new(const struct session *session, struct sandbox *sandbox,
				   bool allow_weak, struct err *err);

#endif
