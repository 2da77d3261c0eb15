/* repo_pack.c - see repo_pack.h */
#include "workspace/repo_pack.h"

#include "base/auto.h"
#include "workspace/oid_map.h"
#include "workspace/pack_scan.h"
#include "workspace/repo_internal.h"
#include "workspace/repo_stage.h"

#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

/* --- out */

struct walk {
	struct repo *repo;
	git_repository *bare;	/* the same objects without refs: the order in a pack heeds tags */
	git_packbuilder *builder;
	struct oid_map seen;
	struct step {
		git_oid id;
		git_object_t type;
		char *name;	/* by which libgit2 finds what to make a delta from */
	} *steps;		/* a stack: seen, and still to be put in */
	size_t count, size;
};

static void walk_release(struct walk *walk)
{
	while (walk->count)
		free(walk->steps[--walk->count].name);
	free(walk->steps);
	oid_map_release(&walk->seen);
	git(packbuilder_free)(walk->builder);
	git(repository_free)(walk->bare);
}

static void push(struct walk *walk, const git_oid *id, git_object_t type, const char *name)
{
	if (!oid_map_add(&walk->seen, id, 0))
		return;
	if (walk->count == walk->size) {
		walk->size = walk->size ? walk->size * 2 : 256;
		walk->steps = buf_realloc(walk->steps, walk->size, sizeof(*walk->steps));
	}
	walk->steps[walk->count++] = (struct step){ *id, type, buf_strdup(name) };
}

static int push_commit(struct walk *walk, const git_oid *id, struct err *err)
{
	char hex[REPO_OID_SIZE];
	git_commit *commit;
	unsigned i;

	if (git(commit_lookup)(&commit, walk->repo->git, id) < 0)
		return repo_git_err(err, "commit %s", git(oid_tostr)(hex, sizeof(hex), id));
	push(walk, git(commit_tree_id)(commit), GIT_OBJECT_TREE, "");
	for (i = 0; i < git(commit_parentcount)(commit); i++)
		push(walk, git(commit_parent_id)(commit, i), GIT_OBJECT_COMMIT, NULL);
	git(commit_free)(commit);
	return 0;
}

static int push_tree(struct walk *walk, const git_oid *id, struct err *err)
{
	AUTO(repo_free_tree) git_tree *tree = repo_tree(walk->repo, id, err);
	size_t i;

	if (!tree)
		return -1;
	for (i = 0; i < git(tree_entrycount)(tree); i++) {
		const git_tree_entry *entry = git(tree_entry_byindex)(tree, i);

		/* the commit of a submodule lies in another repository */
		if (git(tree_entry_type)(entry) != GIT_OBJECT_COMMIT)
			push(walk, git(tree_entry_id)(entry), git(tree_entry_type)(entry),
			     git(tree_entry_name)(entry));
	}
	return 0;
}

static int put_in(struct walk *walk, const struct step *step, struct err *err)
{
	char hex[REPO_OID_SIZE];

	if (git(packbuilder_insert)(walk->builder, &step->id, step->name) < 0)
		return repo_git_err(err, "object %s",
				    git(oid_tostr)(hex, sizeof(hex), &step->id));
	switch (step->type) {
	case GIT_OBJECT_COMMIT: return push_commit(walk, &step->id, err);
	case GIT_OBJECT_TREE: return push_tree(walk, &step->id, err);
	default: return 0;
	}
}

static int collect(struct walk *walk, const git_oid *commit, struct err *err)
{
	push(walk, commit, GIT_OBJECT_COMMIT, NULL);
	while (walk->count) {
		struct step step = walk->steps[--walk->count];
		int rc = put_in(walk, &step, err);

		free(step.name);
		if (rc < 0)
			return -1;
	}
	return 0;
}

struct outlet {
	int (*write)(void *arg, const void *data, size_t len, struct err *err);
	void *arg;
	struct err *err;
	bool failed;
};

static int pass_on(void *data, size_t len, void *arg)
{
	struct outlet *outlet = arg;

	outlet->failed = outlet->write(outlet->arg, data, len, outlet->err) < 0;
	return outlet->failed ? -1 : 0;
}

/* Deltas are tried between a few objects of at most 4 MiB. libgit2 1.5 takes that bound from
 * pack.deltaCacheSize, by a slip; and it reads settings from files only. */
static int begin(struct walk *walk, struct err *err)
{
	static const char SETTINGS[] = "[core]\n\tbigFileThreshold = 4m\n"
				       "[pack]\n\tdeltaCacheSize = 4m\n\twindowMemory = 32m\n";
	AUTO_FD int fd = memfd_create("pack settings", MFD_CLOEXEC);
	AUTO_FREE char *path = buf_format("/proc/self/fd/%d", fd);
	git_config *config;
	int rc;

	if (fd < 0 || fs_write_all(fd, SETTINGS, strlen(SETTINGS)) < 0)
		return err_sys(err, "cannot begin a pack");
	if (git(repository_wrap_odb)(&walk->bare, walk->repo->odb) < 0 ||
	    git(config_open_ondisk)(&config, path) < 0)
		return repo_git_err(err, "cannot begin a pack");
	rc = git(repository_set_config)(walk->bare, config);
	git(config_free)(config);
	if (rc < 0 || git(packbuilder_new)(&walk->builder, walk->bare) < 0)
		return repo_git_err(err, "cannot begin a pack");
	return 0;
}

int repo_pack_write(struct repo *repo, const char *commit,
		    int (*write)(void *arg, const void *data, size_t len, struct err *err),
		    void *arg, struct err *err)
{
	AUTO(walk_release) struct walk walk = { .repo = repo };
	struct outlet outlet = { .write = write, .arg = arg, .err = err };
	git_oid id;

	if (repo_parse_oid(&id, commit, err) < 0)
		return -1;
	if (begin(&walk, err) < 0 || collect(&walk, &id, err) < 0)
		return -1;
	if (git(packbuilder_foreach)(walk.builder, pass_on, &outlet) < 0)
		return outlet.failed ? -1 : repo_git_err(err, "cannot make the pack");
	return 0;
}

/* --- in */

static void free_indexer(git_indexer **indexer)
{
	git(indexer_free)(*indexer);
}

/* What libgit2 says of the pack is the pack's fault, unless the disk's. */
static int bad_pack(struct err *err)
{
	const git_error *last = git(error_last)();

	return err_set(err, last && last->klass == GIT_ERROR_OS ? ERR_ENV : ERR_INTEGRITY,
		       "the pack: %s", last ? last->message : "libgit2 failed");
}

static int feed(git_indexer *indexer, FILE *file, struct err *err)
{
	git_indexer_progress progress = { 0 };
	char piece[65536];
	size_t len;

	while ((len = fread(piece, 1, sizeof(piece), file)) > 0)
		if (git(indexer_append)(indexer, piece, len, &progress) < 0)
			return bad_pack(err);
	if (ferror(file))
		return err_sys(err, "cannot read the pack");
	return git(indexer_commit)(indexer, &progress) < 0 ? bad_pack(err) : 0;
}

static int sync_pack(const char *folder, const git_oid *name, struct err *err)
{
	static const char *const endings[] = { "pack", "idx" };
	char hex[REPO_OID_SIZE];
	size_t i;

	git(oid_tostr)(hex, sizeof(hex), name);
	for (i = 0; i < 2; i++) {
		AUTO_FREE char *path = buf_format("%s/pack-%s.%s", folder, hex, endings[i]);

		if (repo_stage_sync(path, err) < 0)
			return -1;
	}
	return repo_stage_sync(folder, err);
}

FILE *repo_pack_spool(struct repo *repo, struct err *err)
{
	AUTO_FREE char *path = fs_join(repo->path, "pack.XXXXXX");
	AUTO_FD int fd = mkostemp(path, O_CLOEXEC);
	FILE *file = fd < 0 ? NULL : fdopen(fd, "w+");

	if (!file) {
		err_sys(err, "cannot make '%s'", path);
		return NULL;
	}
	TAKE_FD(fd);
	unlink(path);
	return file;
}

int repo_pack_read(struct repo *repo, FILE *spool, uint64_t *ret_objects, struct err *err)
{
	AUTO_FREE char *folder = fs_join(repo->path, "objects/pack");
	AUTO(free_indexer) git_indexer *indexer = NULL;

	if (fflush(spool) != 0)
		return err_sys(err, "cannot write the pack");
	rewind(spool);
	if (pack_scan(spool, &pack_limits, ret_objects, err) < 0)
		return -1;
	rewind(spool);
	if (git(indexer_new)(&indexer, folder, 0444, NULL, NULL) < 0)
		return repo_git_err(err, "cannot write a pack to '%s'", folder);
	if (feed(indexer, spool, err) < 0)
		return -1;
	return sync_pack(folder, git(indexer_hash)(indexer), err);
}
