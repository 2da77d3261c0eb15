/* journal_git.c - see journal_git.h */
#include "journal/journal_git.h"

#include "base/json.h"

#include <string.h>

static int check_commit(struct repo *repo, const char *what, const json_t *said, struct err *err)
{
	const char *commit = json_str(said, "commit", "");
	char tree[REPO_OID_SIZE];

	if (repo_commit_tree(repo, commit, tree, err) < 0) {
		err->code = ERR_INTEGRITY;
		return err_wrap(err, "%s %s", what, commit);
	}
	if (strcmp(tree, json_str(said, "tree", "")) != 0)
		return err_set(err, ERR_INTEGRITY, "%s %s holds another tree", what, commit);
	return 0;
}

int journal_git_check(struct repo *repo, const struct journal_check *check, uint64_t *ret_objects,
		      struct err *err)
{
	const char *newest = json_str(check->row, "commit", "");
	const char *sealed = json_str(check->seal, "commit", "");
	json_t *snapshot;
	size_t i;

	*ret_objects = 0;
	if (check->seal && strcmp(sealed, newest) != 0)
		return err_set(err, ERR_INTEGRITY, "the submission is not the one that was sealed");
	if (!*newest)
		return 0;
	if (!repo)
		return err_set(err, ERR_INTEGRITY, "the repository is missing");
	if (repo_verify_count(repo, newest, ret_objects, err) < 0)
		return -1;
	json_array_foreach(check->snapshots, i, snapshot)
		if (check_commit(repo, "snapshot", snapshot, err) < 0)
			return -1;
	return check->seal ? check_commit(repo, "submission", check->seal, err) : 0;
}
