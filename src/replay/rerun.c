/* rerun.c - see rerun.h */
#include "replay/rerun.h"

#include "base/buf.h"

#include <stdlib.h>
#include <string.h>

/* Separate, so that the list may grow while grades are borrowed. */
struct graded {
	char tree[REPO_OID_SIZE];
	struct grade grade;
};

struct rerun {
	struct grade_request request;
	struct graded **list;
	size_t count;
};

struct rerun *rerun_new(const struct grade_request *request)
{
	struct rerun *rerun = buf_alloc(sizeof(*rerun));

	rerun->request = *request;
	return rerun;
}

void rerun_free(struct rerun **rerun)
{
	size_t i;

	if (!*rerun)
		return;
	for (i = 0; i < (*rerun)->count; i++) {
		grade_release(&(*rerun)->list[i]->grade);
		free((*rerun)->list[i]);
	}
	free((*rerun)->list);
	free(*rerun);
	*rerun = NULL;
}

const struct grade *rerun_tree(struct rerun *rerun, const char *tree, struct err *err)
{
	struct grade_request request = rerun->request;
	struct graded *graded;
	size_t i;

	for (i = 0; i < rerun->count; i++)
		if (!strcmp(rerun->list[i]->tree, tree))
			return &rerun->list[i]->grade;
	graded = buf_alloc(sizeof(*graded));
	memcpy(graded->tree, tree, REPO_OID_SIZE);
	request.tree = graded->tree;
	if (grade_run(&request, &graded->grade, err) < 0) {
		grade_release(&graded->grade);
		free(graded);
		return NULL;
	}
	rerun->list = buf_realloc(rerun->list, rerun->count + 1, sizeof(struct graded *));
	rerun->list[rerun->count++] = graded;
	return &graded->grade;
}

size_t rerun_count(const struct rerun *rerun)
{
	return rerun->count;
}
