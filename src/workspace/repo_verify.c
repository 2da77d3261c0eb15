/* repo_verify.c - see repo_verify.h
 *
 * libgit2 computes the hash of everything it reads (GIT_OPT_ENABLE_STRICT_HASH_VERIFICATION, which
 * repo.c sets) whether it was loose or packed. But it keeps what it has read: so the objects are
 * read through a database of their own, whose memory is empty. */
#include "workspace/repo_verify.h"

#include "base/auto.h"
#include "workspace/oid_map.h"
#include "workspace/repo_internal.h"

struct pending {
	git_oid id;
	git_object_t type;
};

struct verify {
	git_odb *odb;
	git_repository *git;
	struct oid_map seen;
	struct pending *pending; /* a stack: seen, and still to be read */
	size_t count, size;
};

static void verify_release(struct verify *verify)
{
	oid_map_release(&verify->seen);
	free(verify->pending);
	git(repository_free)(verify->git);
	git(odb_free)(verify->odb);
}

static void push(struct verify *verify, const git_oid *id, git_object_t type)
{
	if (!oid_map_add(&verify->seen, id, 0))
		return;
	if (verify->count == verify->size) {
		verify->size = verify->size ? verify->size * 2 : 256;
		verify->pending = buf_realloc(verify->pending, verify->size,
					      sizeof(*verify->pending));
	}
	verify->pending[verify->count++] = (struct pending){ *id, type };
}

static void push_tree(struct verify *verify, const git_tree *tree)
{
	size_t i;

	for (i = 0; i < git(tree_entrycount)(tree); i++) {
		const git_tree_entry *entry = git(tree_entry_byindex)(tree, i);

		/* the commit of a submodule lies in another repository */
		if (git(tree_entry_type)(entry) != GIT_OBJECT_COMMIT)
			push(verify, git(tree_entry_id)(entry), git(tree_entry_type)(entry));
	}
}

static void push_commit(struct verify *verify, const git_commit *commit)
{
	unsigned i;

	for (i = 0; i < git(commit_parentcount)(commit); i++)
		push(verify, git(commit_parent_id)(commit, i), GIT_OBJECT_COMMIT);
	push(verify, git(commit_tree_id)(commit), GIT_OBJECT_TREE);
}

static int bad_object(const git_oid *id, struct err *err)
{
	const git_error *last = git(error_last)();
	char hex[REPO_OID_SIZE];

	git(oid_tostr)(hex, sizeof(hex), id);
	return err_set(err, last && last->klass == GIT_ERROR_OS ? ERR_ENV : ERR_INTEGRITY,
		       "object %s is missing or damaged: %s", hex, last ? last->message : "");
}

static int verify_one(struct verify *verify, const struct pending *next, struct err *err)
{
	git_object *object;

	if (git(object_lookup)(&object, verify->git, &next->id, next->type) < 0)
		return bad_object(&next->id, err);
	switch (git(object_type)(object)) {
	case GIT_OBJECT_COMMIT: push_commit(verify, (const git_commit *)object); break;
	case GIT_OBJECT_TREE: push_tree(verify, (const git_tree *)object); break;
	case GIT_OBJECT_TAG:
		push(verify, git(tag_target_id)((const git_tag *)object),
		     git(tag_target_type)((const git_tag *)object));
		break;
	default: break;
	}
	git(object_free)(object);
	return 0;
}

int repo_verify_count(struct repo *repo, const char *oid, uint64_t *ret_objects, struct err *err)
{
	AUTO(verify_release) struct verify verify = { .odb = NULL };
	AUTO_FREE char *objects = fs_join(repo->path, "objects");
	git_oid id;

	if (repo_parse_oid(&id, oid, err) < 0)
		return -1;
	if (git(odb_open)(&verify.odb, objects) < 0 ||
	    git(repository_wrap_odb)(&verify.git, verify.odb) < 0)
		return repo_git_err(err, "cannot read '%s'", objects);
	push(&verify, &id, GIT_OBJECT_ANY);
	while (verify.count > 0) {
		struct pending next = verify.pending[--verify.count];

		if (verify_one(&verify, &next, err) < 0)
			return -1;
	}
	*ret_objects = verify.seen.count;
	return 0;
}

int repo_verify(struct repo *repo, const char *oid, struct err *err)
{
	uint64_t objects;

	return repo_verify_count(repo, oid, &objects, err);
}
