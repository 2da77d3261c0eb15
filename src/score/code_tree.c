/* code_tree.c - see code_tree.h */
#include "score/code_tree.h"

#include "base/auto.h"
#include "score/code_language.h"
#include "score/path_kind.h"

#include <string.h>

#define START "start/"

struct reading {
	struct repo *repo;
	struct code_meter *meter;
	size_t files;
	bool starter, found;
};

static void add(struct reading *reading, const char *path, const struct buf *text)
{
	reading->files++;
	if (reading->starter)
		code_metrics_starter(reading->meter, path, buf_str(text), text->len);
	else if (code_metrics_add(reading->meter, path, buf_str(text), text->len))
		reading->found = true;
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
	if (reading->files == CODE_TREE_FILES || !code_language_of(path) ||
	    (!reading->starter && path_kind_of(path) == PATH_TEST) ||
	    file->size > CODE_METRICS_FILE_MAX)
		return 0;
	if (repo_read_blob(reading->repo, file->oid, CODE_METRICS_FILE_MAX, &text, err) < 0)
		return -1;
	add(reading, path, &text);
	return 0;
}

int code_tree_measure(struct repo *repo, const char *tree, const char *task_tree,
		      struct code_metrics *ret, bool *ret_found, struct err *err)
{
	AUTO(code_metrics_drop) struct code_meter *meter = code_metrics_begin();
	struct reading reading = { .repo = repo, .meter = meter, .starter = true };

	if (repo_each_file(repo, task_tree, read_file, &reading, err) < 0)
		return -1;
	reading.starter = false;
	reading.files = 0;
	if (repo_each_file(repo, tree, read_file, &reading, err) < 0)
		return -1;
	code_metrics_end(&meter, ret);
	*ret_found = reading.found;
	return 0;
}
