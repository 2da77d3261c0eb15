/* task_import.h - packages of other formats as task folders, by one table of formats
 *
 *	FROM -> import_source -> one format -> import_drafts -> task_folder_check of each
 *
 * The drafts lie in a temporary folder until all of them are in order. Then the caller stores them,
 * or task_import_move puts them where they are wanted: all or none.
 *
 * A format is one line of the table in task_import.c, and a file task_import_NAME.c with two
 * functions: whether a package looks like one, and the conversion, which makes one draft or more by
 * import_call_draft. A draft need not be finished: that is done for all. */
#ifndef TALI_TASK_IMPORT_H
#define TALI_TASK_IMPORT_H

#include "task/import_draft.h"
#include "task/import_source.h"

struct sandbox;

/* Most tasks of one package. */
#define TASK_IMPORT_MAX_TASKS 1000

/* What a format works with. */
struct import_call {
	const struct import_source *source;
	const char *into;	/* where drafts are made */
	const char *name;	/* what the user calls the task; NULL: as the package says */
	char version[32];	/* of the package's format; the format fills it in, "" is none */
	/* The sandbox, where a program must read the package; NULL with ERR_ENV. */
	struct sandbox *(*sandbox_of)(struct import_call *call, struct err *err);
	struct sandbox *sandbox;
	bool allow_weak;	/* for plans: limits may be weak */
	struct import_draft **drafts;
	size_t draft_count;
	json_t *left_out;	/* import_call_left_out */
};

/* A new draft, owned by the call. ERR_INPUT past TASK_IMPORT_MAX_TASKS, ERR_USAGE for a second one
 * when the user gave a name. */
struct import_draft *import_call_draft(struct import_call *call, const char *wanted_name,
				       struct err *err);

/* Reports what of the package became no task at all, as import_draft_left_out does of a task. */
void import_call_left_out(struct import_call *call, const char *what, const char *why);

struct import_format {
	const char *name;
	/* Quick and without errors: names of files, a few bytes of them. */
	bool (*detect)(const struct import_source *source);
	int (*run)(struct import_call *call, struct err *err);
};

struct task_import_ask {
	const char *from;
	const char *as;		/* a format; NULL: detected */
	const char *name;	/* of the task; NULL: as the package says */
	const char *into;	/* folder in which the temporary one is made; NULL: $TMPDIR */
	struct sandbox *sandbox;	/* may be NULL */
	bool allow_weak;
};

struct task_import;

/* Converts and checks. The faults of all drafts go to `faults` as task_folder_check says. ERR_USAGE
 * (no such format; the names are listed), ERR_INPUT (the package is not in order, or of no known
 * format). */
struct task_import *task_import_open(const struct task_import_ask *ask, json_t *faults,
				     struct err *err);
/* Removes what is still in the temporary folder. */
void task_import_close(struct task_import **import);

size_t task_import_count(const struct task_import *import);
/* Path of the folder of a task; borrowed. */
const char *task_import_folder(const struct task_import *import, size_t i);

/* Moves all folders to TO/NAME, or none: ERR_STATE when one is there already. `to` must be the
 * `into` of the ask. */
int task_import_move(struct task_import *import, const char *to, struct err *err);

/* tali.import/1: {schema, format, version|null, from, tasks: [{name, folder|null, id|null,
 * version|null, mapped: [{from, to}], changed: [{what, why}], left_out: [{what, why}]}], left_out};
 * yours. `folder` is set once they were moved; id and version are for who stores them. */
json_t *task_import_report(const struct task_import *import);

#endif
