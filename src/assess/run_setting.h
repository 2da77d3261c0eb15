/* run_setting.h - what a run of the candidate's stands on: the work as it was saved before it */
#ifndef TALI_RUN_SETTING_H
#define TALI_RUN_SETTING_H

#include "work/session.h"
#include "assess/snapshot.h"
#include "task/manifest.h"

struct run_setting {
	struct assessment assessment;
	struct repo *repo;
	struct snapshot snapshot;
	struct manifest manifest;
	bool allow_weak;
	int folder_fd;			/* the work folder */
};

#define RUN_SETTING_INIT { .folder_fd = -1 }
void run_setting_release(struct run_setting *setting);

/* Every run begins by saving what it runs: takes a snapshot of the work folder for `reason`.
 * ERR_STATE "...; it must be active VERB" or when time is up. */
int run_setting_prepare(struct store *store, const struct session *session, const char *verb,
			const char *reason, bool allow_weak, struct run_setting *ret,
			struct err *err);

#endif
