/* code_tree.c - see code_tree.h */
#include "score/code_tree.h"

#include "base/auto.h"
#include "score/code_language.h"
#include "score/path_kind.h"

#include <jansson.h>
#include <string.h>

#define START "start/"

struct reading {
	struct repo *repo;
	struct code_meter *meter;
	size_t files;
	json_t *given;		/* {object of a file of the starter: true} */
	uint32_t left_out;
	bool starter, found;
};

static void reading_release(struct reading *reading)
{
	json_decref(reading->given);
}

static void add(struct reading *reading, const char *path, const struct buf *text)
{
	reading->files++;
	if (reading->starter)
		code_metrics_starter(reading->meter, path, buf_str(text), text->len);
	else if (code_metrics_add(reading->meter, path, buf_str(text), text->len))
		reading->found = true;
}

/* What is not read is told of, unless the candidate was given it as it is: who writes a comment of
 * 1 MiB into a file, or 5000 files before it, is not to have better code by that. */
static void leave_out(struct reading *reading, const struct repo_file *file)
{
	reading->left_out += !reading->starter && !json_object_get(reading->given, file->oid);
}

static int read_file(void *arg, const struct repo_file *file, struct err *err)
{
	struct reading *reading = arg;
	AUTO(buf_release) struct buf text = { 0 };
	const char *path = file->path;

	if (reading->starter) {
		if (strncmp(path, START, strlen(START)) != 0)
			return 0;
		path += strlen(START);
	}
	if (!code_language_of(path) || (!reading->starter && path_kind_of(path) == PATH_TEST))
		return 0;
	if (reading->starter)
		json_object_set_new(reading->given, file->oid, json_true());
	if (reading->files == CODE_TREE_FILES || file->size > CODE_METRICS_FILE_MAX) {
		leave_out(reading, file);
		return 0;
	}
	if (repo_read_blob(reading->repo, file->oid, CODE_METRICS_FILE_MAX, &text, err) < 0)
		return -1;
	add(reading, path, &text);
	return 0;
}

int code_tree_measure(struct repo *repo, const char *tree, const char *task_tree,
		      struct code_metrics *ret, bool *ret_found, struct err *err)
{
	AUTO(code_metrics_drop) struct code_meter *meter = code_metrics_begin();
	AUTO(reading_release) struct reading reading = {
		.repo = repo, .meter = meter, .given = json_object(), .starter = true,
	};

	if (repo_each_file(repo, task_tree, read_file, &reading, err) < 0)
		return -1;
	reading.starter = false;
	reading.files = 0;
	if (repo_each_file(repo, tree, read_file, &reading, err) < 0)
		return -1;
	code_metrics_end(&meter, ret);
	ret->left_out += reading.left_out;
	*ret_found = reading.found;
	return 0;
}
