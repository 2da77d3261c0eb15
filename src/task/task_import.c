/* task_import.c - see task_import.h */
#include "task/task_import.h"

#include "base/auto.h"
#include "base/fs.h"
#include "base/json.h"
#include "base/owned_folder.h"
#include "sandbox/sandbox.h"
#include "task/task_folder.h"
#include "task/task_import_classroom.h"
#include "task/task_import_coderunner.h"
#include "task/task_import_exercism.h"
#include "task/task_import_harbor.h"
#include "task/task_import_kattis.h"
#include "task/task_import_task.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>

/* In the order in which they are asked whether a package is theirs. */
static const struct import_format *const formats[] = {
	&task_import_task,
	&task_import_exercism,
	&task_import_classroom,
	&task_import_coderunner,
	&task_import_harbor,
	&task_import_kattis,
};
#define FORMATS (sizeof(formats) / sizeof(*formats))

struct task_import {
	struct import_source *source;
	const struct import_format *format;
	char *from;
	struct owned_folder folder;	/* the temporary one */
	struct import_call call;
	char *to;		/* where they were moved */
};

void task_import_close(struct task_import **import)
{
	struct task_import *old = *import;

	*import = NULL;
	if (!old)
		return;
	for (size_t i = 0; i < old->call.draft_count; i++)
		import_draft_free(&old->call.drafts[i]);
	free(old->call.drafts);
	json_decref(old->call.left_out);
	import_source_close(&old->source);
	owned_folder_release(&old->folder);
	free(old->from);
	free(old->to);
	free(old);
}

/* --- the format */

static void list_formats(struct buf *out)
{
	for (size_t i = 0; i < FORMATS; i++)
		buf_add_format(out, "%s%s", i ? ", " : "", formats[i]->name);
}

static const struct import_format *find_format(const char *name, struct err *err)
{
	AUTO(buf_release) struct buf names = BUF_INIT(1000);

	for (size_t i = 0; i < FORMATS; i++)
		if (!strcmp(formats[i]->name, name))
			return formats[i];
	list_formats(&names);
	err_set(err, ERR_USAGE, "no format '%s'; there are %s", name, buf_str(&names));
	return NULL;
}

static const struct import_format *detect_format(const struct import_source *source,
						 const char *from, struct err *err)
{
	AUTO(buf_release) struct buf names = BUF_INIT(1000);

	for (size_t i = 0; i < FORMATS; i++)
		if (formats[i]->detect(source))
			return formats[i];
	list_formats(&names);
	err_set(err, ERR_INPUT, "'%s' is no package that tali knows (%s)", from, buf_str(&names));
	return NULL;
}

/* --- the call */

struct import_draft *import_call_draft(struct import_call *call, const char *wanted_name,
				       struct err *err)
{
	const char *name = call->name ? call->name : wanted_name;
	struct import_draft *draft;

	if (call->name && call->draft_count) {
		err_set(err, ERR_USAGE, "the package has several tasks, which cannot all be '%s'",
			call->name);
		return NULL;
	}
	if (call->draft_count >= TASK_IMPORT_MAX_TASKS) {
		err_set(err, ERR_INPUT, "more than %d tasks in one package", TASK_IMPORT_MAX_TASKS);
		return NULL;
	}
	draft = import_draft_new(call->into, name, err);
	if (!draft)
		return NULL;
	call->drafts = buf_realloc(call->drafts, call->draft_count + 1, sizeof(*call->drafts));
	call->drafts[call->draft_count++] = draft;
	return draft;
}

void import_call_left_out(struct import_call *call, const char *what, const char *why)
{
	json_array_append_new(call->left_out, import_draft_note(what, why));
}

static struct sandbox *sandbox_of(struct import_call *call, struct err *err)
{
	if (!call->sandbox)
		err_set(err, ERR_ENV, "this package can be read with a sandbox only");
	return call->sandbox;
}

/* --- all of it */

/* The folder of the drafts: in the folder where they are wanted, as files cannot be moved to
 * another file system. */
static int make_temp(struct task_import *import, const char *into, struct err *err)
{
	if (!into)
		return owned_folder_make(NULL, "tali-import", &import->folder, err);
	if (fs_mkdirs(into, 0777, err) < 0)
		return -1;
	return owned_folder_make(into, ".tali-import", &import->folder, err);
}

/* The name of a native task may be wrong, and its faults have no need of it. */
static int check_draft(struct task_import *import, struct import_draft *draft, json_t *faults,
		       struct err *err)
{
	AUTO(manifest_release) struct manifest manifest = MANIFEST_INIT;

	if (import_draft_finish(draft, err) < 0)
		return -1;
	if (task_folder_check(import_draft_folder(draft), &manifest, faults, err) == 0)
		return 0;
	return import->call.draft_count == 1 ? -1
					     : err_wrap(err, "task '%s'", import_draft_name(draft));
}

static int refuse_empty(const struct task_import *import, struct err *err)
{
	const json_t *first = json_array_get(import->call.left_out, 0);

	if (!first)
		return err_set(err, ERR_INPUT, "the package has no task");
	return err_set(err, ERR_INPUT, "the package has no task that can be read: %s: %s",
		       json_str(first, "what", ""), json_str(first, "why", ""));
}

static int convert(struct task_import *import, const struct task_import_ask *ask, json_t *faults,
		   struct err *err)
{
	if (ask->as && !(import->format = find_format(ask->as, err)))
		return -1;
	import->source = import_source_open(ask->from, err);
	if (!import->source)
		return -1;
	if (!import->format && !(import->format = detect_format(import->source, ask->from, err)))
		return -1;
	if (make_temp(import, ask->into, err) < 0)
		return -1;
	import->call = (struct import_call){
		.source = import->source,
		.into = import->folder.path,
		.name = ask->name,
		.sandbox_of = sandbox_of,
		.sandbox = ask->sandbox,
		.allow_weak = ask->allow_weak,
		.left_out = json_array(),
	};
	if (import->format->run(&import->call, err) < 0) {
		/* what is missing in the package is its fault, not a name that does not exist */
		if (err->code == ERR_NOT_FOUND)
			err->code = ERR_INPUT;
		return -1;
	}
	for (size_t i = 0; i < import->call.draft_count; i++)
		if (check_draft(import, import->call.drafts[i], faults, err) < 0)
			return -1;
	return import->call.draft_count ? 0 : refuse_empty(import, err);
}

struct task_import *task_import_open(const struct task_import_ask *ask, json_t *faults,
				     struct err *err)
{
	AUTO(task_import_close) struct task_import *import = buf_alloc(sizeof(*import));

	import->from = buf_strdup(ask->from);
	if (convert(import, ask, faults, err) < 0)
		return NULL;
	return TAKE(import);
}

size_t task_import_count(const struct task_import *import)
{
	return import->call.draft_count;
}

const char *task_import_folder(const struct task_import *import, size_t i)
{
	return import_draft_folder(import->call.drafts[i]);
}

/* --- where they are wanted */

/* Back to where they were: from the `count`-th to the first. */
static void move_back(struct task_import *import, int to, size_t count)
{
	while (count--) {
		struct import_draft *draft = import->call.drafts[count];

		renameat2(to, import_draft_name(draft), AT_FDCWD, import_draft_folder(draft),
			  RENAME_NOREPLACE);
	}
}

int task_import_move(struct task_import *import, const char *to, struct err *err)
{
	AUTO_FD int fd = open(to, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	if (fd < 0)
		return err_sys(err, "'%s'", to);
	for (size_t i = 0; i < import->call.draft_count; i++) {
		const struct import_draft *draft = import->call.drafts[i];

		if (renameat2(AT_FDCWD, import_draft_folder(draft), fd, import_draft_name(draft),
			      RENAME_NOREPLACE) == 0)
			continue;
		if (errno == EEXIST)
			err_set(err, ERR_STATE, "'%s/%s' is there already", to,
				import_draft_name(draft));
		else
			err_sys(err, "'%s/%s'", to, import_draft_name(draft));
		move_back(import, fd, i);
		return -1;
	}
	import->to = buf_strdup(to);
	return fsync(fd) < 0 ? err_sys(err, "'%s'", to) : 0;
}

json_t *task_import_report(const struct task_import *import)
{
	json_t *tasks = json_array();

	for (size_t i = 0; i < import->call.draft_count; i++) {
		const struct import_draft *draft = import->call.drafts[i];
		json_t *task = import_draft_report(draft);

		if (import->to) {
			AUTO_FREE char *folder = fs_join(import->to, import_draft_name(draft));

			json_object_set_new(task, "folder", json_string(folder));
		}
		json_array_append_new(tasks, task);
	}
	return json_pack("{s:s, s:s, s:s?, s:o, s:o, s:O}", "schema", "tali.import/1", "format",
			 import->format->name, "version",
			 *import->call.version ? import->call.version : NULL, "from",
			 import_draft_shown(import->from),
			 "tasks", tasks, "left_out", import->call.left_out);
}
