/* folder_change.h - what an assistant changes in a work folder: in the folder, and on the record
 *
 * In one transaction: the events that tell it (origin "ai"), and a snapshot of what the folder
 * holds with it, so that whoever records the same folder meanwhile (a shell) finds it moved. */
#ifndef TALI_FOLDER_CHANGE_H
#define TALI_FOLDER_CHANGE_H

#include "assess/run_setting.h"
#include "journal/event_list.h"

/* A file as it shall be. */
struct folder_file {
	char *path;			/* confined */
	char oid[REPO_OID_SIZE];	/* a blob that is staged in the repository */
	bool executable;
};

/* All zero is empty, but for the repository. */
struct folder_change {
	struct repo *repo;		/* of the assessment, borrowed */
	const char *from;		/* tree of the folder that it was made from, borrowed */
	struct folder_file *files;
	size_t count;
	bool full;			/* some are not there: LIVE_FILES_MOST others are */
	unsigned kept;			/* not changed: the candidate's is another one meanwhile,
					 * or there is a link or a folder */
};

void folder_change_release(struct folder_change *change);
/* Copies path and id. */
void folder_change_add(struct folder_change *change, const char *path, const char *oid,
		       bool executable);

/* Makes the change, and stores `told` (may be NULL; copied) ahead of it. The folder is that of the
 * setting. ERR_STATE when the assessment is not active or its time is up: then nothing is changed;
 * ERR_ENV. */
int folder_change_make(struct folder_change *change, struct store *store,
		       const struct run_setting *setting, const struct event_list *told,
		       struct err *err);

#endif
