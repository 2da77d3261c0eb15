/* import_draft.h - one task folder being written from a package, with what the report says of it */
#ifndef TALI_IMPORT_DRAFT_H
#define TALI_IMPORT_DRAFT_H

#include "task/import_source.h"

struct import_draft;

/* Begins a folder in the folder `into`. Its name is `wanted_name` made valid (small letters, digits
 * and '-', 2 to 64 of them) and different from those that `into` holds; the report says when it
 * had to be changed. NULL with ERR_ENV. */
struct import_draft *import_draft_new(const char *into, const char *wanted_name, struct err *err);
void import_draft_free(struct import_draft **draft);

const char *import_draft_name(const struct import_draft *draft);	/* borrowed */
const char *import_draft_folder(const struct import_draft *draft);	/* its path; borrowed */

/* The object that becomes task.json, borrowed: fill it. It has schema and name. */
json_t *import_draft_manifest(struct import_draft *draft);
/* task.json is this text, whatever the object holds (a native task keeps its bytes). */
void import_draft_keep_manifest(struct import_draft *draft, const char *text, size_t len);

/* Makes the folder and those above it; one that is there is fine. ERR_INPUT when the path is not
 * confined. */
int import_draft_folder_at(struct import_draft *draft, const char *path, struct err *err);
/* Writes a file and the folders above it. ERR_INPUT when the path is not confined, is taken, or is
 * not UTF-8. */
int import_draft_put(struct import_draft *draft, const char *path, const void *data, size_t len,
		     bool executable, struct err *err);
int import_draft_put_text(struct import_draft *draft, const char *path, const char *text,
			  struct err *err);
/* Whether the draft has a file or folder of that path. */
bool import_draft_has(const struct import_draft *draft, const char *path);
/* Copies a file of the package byte for byte and keeps whether it is executable. Says nothing in
 * the report: see import_draft_mapped. */
int import_draft_copy(struct import_draft *draft, const struct import_source *source,
		      const char *from, const char *to, struct err *err);
/* Copies and reports "FROM -> TO". */
int import_draft_map(struct import_draft *draft, const struct import_source *source,
		     const char *from, const char *to, struct err *err);

/* What the report says. `why` is one clause, small letter first, no full stop. What is not UTF-8
 * or has control characters is shown with '?'. At most 20,000 notes of each kind are kept. */
void import_draft_mapped(struct import_draft *draft, const char *from, const char *to);
void import_draft_changed(struct import_draft *draft, const char *what, const char *why);
void import_draft_left_out(struct import_draft *draft, const char *what, const char *why);

/* Any bytes as a JSON string of one line, shown so; yours. */
json_t *import_draft_shown(const char *text);
/* {what, why}, shown so; yours. */
json_t *import_draft_note(const char *what, const char *why);

/* Writes task.json and start/. What the manifest must have and lacks gets a default (title: the
 * name; difficulty intermediate; 60 minutes), and the report says so. */
int import_draft_finish(struct import_draft *draft, struct err *err);

/* {name, folder, id, version, mapped, changed, left_out}, one entry of "tasks" in tali.import/1;
 * yours. Where the task went (folder; id and version) is null. */
json_t *import_draft_report(const struct import_draft *draft);

#endif
