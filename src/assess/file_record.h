/* file_record.h - what the record of an assessment says of its files, and how a change in the
 * sandbox becomes events of it
 *
 * The record is the fold of the journal (tali-journal(5)): a snapshot makes it what its tree holds,
 * events `edit` and `file` move it on. Each change that is told here is written back into the
 * candidate's folder (write_back.h) and becomes the events that lead from what the record says to
 * what is in the sandbox. */
#ifndef TALI_FILE_RECORD_H
#define TALI_FILE_RECORD_H

#include "workspace/watch.h"
#include "assess/write_back.h"
#include "journal/event_list.h"

#include <jansson.h>

#define FILE_RECORD_CONTENT_MAX (16u << 20)	/* bytes of a file that goes in as a whole */
#define FILE_RECORD_CONTENTS_MAX (256u << 20)	/* and of all of them in one session */
#define FILE_RECORD_TEXTS_MAX (64u << 20)	/* bytes of texts that are kept in memory */

struct file_record;

/* The record stands at a snapshot with this tree, which is also what the sandbox and the
 * candidate's folder hold. `repo` is borrowed, folder_fd is copied. NULL on error. */
struct file_record *file_record_open(struct repo *repo, const char *tree, int folder_fd,
				     struct err *err);
void file_record_close(struct file_record **record);

/* Adds the events of a change to the list. */
int file_record_change(struct file_record *record, const struct watch_change *change,
		       struct event_list *list, struct err *err);

/* The events that were added since the last file_record_settle could not be stored: meanwhile the
 * record has come to stand at a snapshot with this tree. Replaces them by such that lead on from
 * there. */
int file_record_again(struct file_record *record, const char *tree, struct event_list *list,
		      struct err *err);

/* The events added so far are stored. */
void file_record_settle(struct file_record *record);

/* The record stands at a snapshot with this tree from now on; no events are waiting. */
int file_record_rebase(struct file_record *record, const char *tree, struct err *err);

/* {path: SHA-256} of the texts whose every change is on record and that stand so in the tree.
 * Yours; NULL on error. */
json_t *file_record_texts(struct file_record *record, const char *tree, struct err *err);

/* Files that the candidate's folder kept as they are there, and not as they are in the sandbox. */
unsigned file_record_kept(const struct file_record *record);

#endif
