/* kattis_data.h - the test data of a Kattis package as cases and groups
 *
 * data/sample and data/secret hold NAME.in with NAME.ans; folders below them are groups, each with
 * a configuration: test_group.yaml (2025-09) or testdata.yaml (legacy, which also holds for the
 * groups below that have none). */
#ifndef TALI_KATTIS_DATA_H
#define TALI_KATTIS_DATA_H

#include "task/kattis_problem.h"

struct kattis_case {
	const char *input;	/* path of NAME.in in the package; borrowed from the source */
	char *answer;		/* path of NAME.ans; NULL when there is none (interactive only) */
	json_t *args;		/* of the program */
	json_t *flags;		/* of the validator */
};

struct kattis_group {
	char *path;		/* below data/: "secret/group1" */
	json_t *config;		/* what holds for it; an object */
	char *config_file;	/* where it stands, or "" */
	json_t *args, *flags;	/* of its cases that say nothing */
	struct kattis_group *parent;
	struct kattis_group **groups;	/* by name */
	size_t group_count;
	struct kattis_case *cases;	/* directly in it, by name */
	size_t case_count;
};

void kattis_group_free(struct kattis_group **group);

/* Reads data/NAME; NULL and no error when it is not there or empty. Checks the configuration's keys
 * and types. What belongs to cases and is not used (hints, pictures, names the format ignores) goes
 * to the report. ERR_INPUT: a case without answer, a case with files of its own (NAME.files), an
 * answer without case, a configuration that is wrong. */
int kattis_group_read(const struct kattis *kattis, const char *name, struct kattis_group **ret,
		      struct err *err);

/* All cases of a group and of those below it, in order, appended to *ret (borrowed). */
void kattis_group_cases(const struct kattis_group *group, struct kattis_case ***ret,
			size_t *ret_count);

#endif
