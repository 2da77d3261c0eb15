/* repo.c - see repo.h */
#include "workspace/repo.h"

#include "base/auto.h"
#include "workspace/repo_internal.h"
#include "workspace/repo_stage.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

const struct fs_limits repo_limits = {
	.files = 20000,
	.bytes = 256u << 20,
	.file_bytes = 32u << 20,
	.depth = FS_PATH_FOLDERS,
};

/* core.bigFileThreshold bounds the memory of delta compression. The rest is for git itself, which
 * serves clone and push from this repository: what a candidate pushes is checked, nothing of it
 * runs, and the commits of the alternate are not told (git would announce them as ".have"). */
static const char BARE_CONFIG[] = "[core]\n"
				  "\trepositoryformatversion = 0\n"
				  "\tfilemode = true\n"
				  "\tbare = true\n"
				  "\thooksPath = /dev/null\n"
				  "\tbigFileThreshold = 4m\n"
				  "\talternateRefsPrefixes = refs/none/\n"
				  "[receive]\n"
				  "\tdenyDeletes = true\n"
				  "\tautogc = false\n"
				  "\tmaxInputSize = 256m\n"
				  "[transfer]\n"
				  "\tfsckObjects = true\n"
				  "[gc]\n"
				  "\tauto = 0\n";

int repo_git_err(struct err *err, const char *format, ...)
{
	const git_error *last = git(error_last)();
	char what[256];
	enum err_code code = ERR_ENV;
	va_list args;

	va_start(args, format);
	vsnprintf(what, sizeof(what), format, args);
	va_end(args);
	switch (last ? last->klass : GIT_ERROR_NONE) {
	case GIT_ERROR_ODB:
	case GIT_ERROR_OBJECT:
	case GIT_ERROR_ZLIB:
	case GIT_ERROR_TREE:
	case GIT_ERROR_TAG:
	case GIT_ERROR_INDEXER:
	case GIT_ERROR_SHA: code = ERR_INTEGRITY;
	}
	return err_set(err, code, "%s: %s", what, last ? last->message : "libgit2 failed");
}

int repo_parse_oid(git_oid *ret, const char *hex, struct err *err)
{
	if (!hex || strlen(hex) != GIT_OID_HEXSZ || git(oid_fromstr)(ret, hex) < 0)
		return err_set(err, ERR_INPUT, "'%.60s' is not an object id", hex ? hex : "");
	return 0;
}

static int refuse_path(const char *path, struct err *err)
{
	char shown[200];
	unsigned folders = 0;
	size_t i;

	for (i = 0; path[i]; i++)
		folders += path[i] == '/';
	snprintf(shown, sizeof(shown), "%s", path);
	for (i = 0; shown[i]; i++)
		if ((unsigned char)shown[i] < 0x20 || (unsigned char)shown[i] >= 0x7f)
			shown[i] = '?';
	if (folders > repo_limits.depth)
		return err_set(err, ERR_INPUT, "'%s': folders are nested more than %u deep", shown,
			       repo_limits.depth);
	return err_set(err, ERR_INPUT, "'%s': the name is not allowed", shown);
}

int repo_check_path(const char *path, struct err *err)
{
	return fs_path_confined(path) ? 0 : refuse_path(path, err);
}

int repo_path_add(char path[REPO_PATH_SIZE], size_t len, const char *name, struct err *err)
{
	size_t name_len = strlen(name), at = len;

	if (len + 1 + name_len > REPO_PATH_MOST)
		return err_set(err, ERR_INPUT, "'%.100s...': the path is too long", path);
	if (len)
		path[at++] = '/';
	memcpy(path + at, name, name_len + 1);
	if (strchr(name, '/') || !fs_path_confined(name))
		return refuse_path(path, err);
	return (int)(at + name_len);
}

git_tree *repo_tree(struct repo *repo, const git_oid *id, struct err *err)
{
	char hex[REPO_OID_SIZE];
	git_tree *tree;

	if (git(tree_lookup)(&tree, repo->git, id) == 0)
		return tree;
	repo_git_err(err, "tree %s", git(oid_tostr)(hex, sizeof(hex), id));
	return NULL;
}

/* --- open and create */

static int open_parts(struct repo *repo, const char *path, struct err *err)
{
	AUTO_FREE char *objects = fs_join(path, "objects");
	int rc = git(repository_open_bare)(&repo->git, path);

	if (rc == GIT_ENOTFOUND)
		return err_set(err, ERR_NOT_FOUND, "'%s' is not a repository", path);
	if (rc < 0 || git(repository_odb)(&repo->odb, repo->git) < 0)
		return repo_git_err(err, "cannot open repository '%s'", path);
	repo->path = buf_strdup(path);
	repo->stage = repo_stage_new(repo->git, repo->odb, objects, err);
	return repo->stage ? 0 : -1;
}

struct repo *repo_open(const char *path, struct err *err)
{
	AUTO(repo_close) struct repo *repo = NULL;

	if (git_library_load(err) < 0)
		return NULL;	/* without it there is nothing to close with */
	repo = buf_alloc(sizeof(*repo));
	return open_parts(repo, path, err) < 0 ? NULL : TAKE(repo);
}

void repo_close(struct repo **repo)
{
	if (!*repo)
		return;
	git(odb_free)((*repo)->odb);
	git(repository_free)((*repo)->git);
	free((*repo)->path);
	free(*repo);
	*repo = NULL;
}

static int write_unsynced(const char *path, const char *text, struct err *err)
{
	AUTO_FD int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);

	return fd < 0 || fs_write_all(fd, text, strlen(text)) < 0 ? err_sys(err, "%s", path) : 0;
}

/* Writes a file of a repository unless it is there; `replace` also when it says something else. */
static int lay_out_file(const char *repo, const char *name, const char *text, bool replace,
			bool passing, struct err *err)
{
	AUTO_FREE char *path = fs_join(repo, name);
	AUTO(buf_release) struct buf old = BUF_INIT(0);
	struct err ignored = ERR_INIT;

	if (fs_read(AT_FDCWD, path, 65536, &old, &ignored) == 0 &&
	    (!replace || !strcmp(buf_str(&old), text)))
		return 0;
	return passing ? write_unsynced(path, text, err)
		       : fs_write(path, 0644, text, strlen(text), err);
}

/* The last part of `there` when it lies in the same folder as `here`, else NULL. */
static const char *name_beside(const char *here, const char *there)
{
	const char *name = strrchr(there, '/') + 1;
	size_t folder = (size_t)(name - there);

	return !strncmp(here, there, folder) && !strchr(here + folder, '/') ? name : NULL;
}

/* One that lies beside is named from here, so that the folder of both can be moved. */
static int lay_out_alternate(const char *repo, const char *alternate, struct err *err)
{
	AUTO_FREE char *here = realpath(repo, NULL);
	AUTO_FREE char *there = realpath(alternate, NULL);
	AUTO_FREE char *line = NULL;
	const char *name;

	if (!here || !there)
		return err_sys(err, "%s", here ? alternate : repo);
	if (strchr(there, '\n') || there[0] != '/')
		return err_set(err, ERR_INPUT, "the path of a repository holds a line break");
	name = name_beside(here, there);
	line = name ? buf_format("../../%s/objects\n", name) : buf_format("%s/objects\n", there);
	return lay_out_file(repo, "objects/info/alternates", line, true, false, err);
}

int repo_lay_out(const char *path, const char *config, const char *alternate, bool passing,
		 struct err *err)
{
	static const char *const folders[] = { "objects/info", "objects/pack", "refs/heads",
					       "refs/tags", "info" };
	size_t i;

	for (i = 0; i < sizeof(folders) / sizeof(folders[0]); i++) {
		AUTO_FREE char *folder = fs_join(path, folders[i]);

		if (fs_mkdirs(folder, 0755, err) < 0)
			return -1;
	}
	if (lay_out_file(path, "config", config, false, passing, err) < 0)
		return -1;
	if (alternate && lay_out_alternate(path, alternate, err) < 0)
		return -1;
	return lay_out_file(path, "HEAD", "ref: refs/heads/main\n", false, passing, err);
}

static struct repo *create(const char *path, const char *alternate, bool passing, struct err *err)
{
	if (repo_lay_out(path, BARE_CONFIG, alternate, passing, err) < 0) {
		err_wrap(err, "cannot create repository '%s'", path);
		return NULL;
	}
	return repo_open(path, err);
}

struct repo *repo_create(const char *path, const char *alternate, struct err *err)
{
	return create(path, alternate, false, err);
}

struct repo *repo_create_passing(const char *path, struct err *err)
{
	return create(path, NULL, true, err);
}

/* --- commits and refs */

/* What git itself would leave of a name: no angle brackets and control characters, and not only
 * punctuation. Yours. */
static char *signing(const char *text)
{
	char *plain = buf_alloc(strlen(text) + sizeof("unknown")), *end = plain;

	for (; *text; text++)
		if (*text != '<' && *text != '>' && (unsigned char)*text >= 0x20 && *text != 0x7f)
			*end++ = *text;
	if (strspn(plain, " .,:;\"\\'") == strlen(plain))
		memcpy(plain, "unknown", sizeof("unknown"));
	return plain;
}

/* The parents that there are; -1 when one of them is missing. */
static int read_parents(struct repo *repo, const struct repo_commit *commit, git_oid ids[2],
			struct err *err)
{
	const char *const texts[] = { commit->parent, commit->merged };
	int count = 0;

	for (int i = 0; i < 2; i++) {
		if (!texts[i])
			continue;
		if (repo_parse_oid(&ids[count], texts[i], err) < 0)
			return -1;
		if (!git(odb_exists)(repo->odb, &ids[count++]))
			return err_set(err, ERR_INTEGRITY, "commit %s is missing", texts[i]);
	}
	return count;
}

static int make_commit(git_oid *ret, struct repo *repo, const struct repo_commit *commit,
		       const git_oid *tree, struct err *err)
{
	git_oid ids[2];
	const git_oid *parents[] = { &ids[0], &ids[1] };
	AUTO_FREE char *name = signing(commit->name), *email = signing(commit->email);
	int rc, count = read_parents(repo, commit, ids, err);
	git_signature *who;

	if (count < 0)
		return -1;
	if (git(signature_new)(&who, name, email, commit->time_ms / 1000, 0) < 0)
		return err_set(err, ERR_INPUT, "'%s <%s>' cannot sign a commit", commit->name,
			       commit->email);
	rc = git(commit_create_from_ids)(ret, repo->git, NULL, who, who, NULL, commit->message,
					 tree, (size_t)count, parents);
	git(signature_free)(who);
	return rc < 0 ? repo_git_err(err, "cannot write the commit") : 0;
}

int repo_write_commit(struct repo *repo, const struct repo_commit *commit,
		      char ret_commit[REPO_OID_SIZE], struct err *err)
{
	git_oid tree, id;

	if (repo_parse_oid(&tree, commit->tree, err) < 0)
		return -1;
	if (!git(odb_exists)(repo->odb, &tree))
		return err_set(err, ERR_INTEGRITY, "tree %s is missing", commit->tree);
	if (make_commit(&id, repo, commit, &tree, err) < 0)
		return -1;
	git(oid_tostr)(ret_commit, REPO_OID_SIZE, &id);
	return 0;
}

int repo_commit_adds(struct repo *repo, const char *commit, const char *before, struct err *err)
{
	git_oid now, then;
	int adds;

	if (!strcmp(commit, before))
		return 1;
	if (repo_parse_oid(&now, commit, err) < 0 || repo_parse_oid(&then, before, err) < 0)
		return -1;
	adds = git(graph_descendant_of)(repo->git, &now, &then);
	return adds < 0 ? repo_git_err(err, "commit %s", commit) : adds;
}

int repo_publish(struct repo *repo, struct err *err)
{
	return repo_stage_publish(repo->stage, err);
}

int repo_commit_tree(struct repo *repo, const char *commit, char ret_tree[REPO_OID_SIZE],
		     struct err *err)
{
	git_commit *found;
	git_oid id;

	if (repo_parse_oid(&id, commit, err) < 0)
		return -1;
	if (git(commit_lookup)(&found, repo->git, &id) < 0)
		return repo_git_err(err, "commit %s", commit);
	git(oid_tostr)(ret_tree, REPO_OID_SIZE, git(commit_tree_id)(found));
	git(commit_free)(found);
	return 0;
}

int repo_commit_author(struct repo *repo, const char *commit, char **ret_name, char **ret_email,
		       struct err *err)
{
	const git_signature *author;
	git_commit *found;
	git_oid id;

	if (repo_parse_oid(&id, commit, err) < 0)
		return -1;
	if (git(commit_lookup)(&found, repo->git, &id) < 0)
		return repo_git_err(err, "commit %s", commit);
	author = git(commit_author)(found);
	*ret_name = buf_strdup(author->name);
	*ret_email = buf_strdup(author->email);
	git(commit_free)(found);
	return 0;
}

/* The file is made beside refs/, because git takes whatever lies below refs/ for a ref; and without
 * git's lock file, because one that a crash leaves behind would block the ref for ever. It changes
 * places with the old one, which serves next time: on ext4 a new file costs far more than an old
 * one where files were removed lately. */
static int replace_ref(struct repo *repo, const char *path, const char *hex, struct err *err)
{
	AUTO_FREE char *spare = fs_join(repo->path, "ref.new");
	AUTO_FD int fd = open(spare, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);

	if (fd < 0)
		return err_sys(err, "%s", spare);
	if (fs_write_all(fd, hex, strlen(hex)) < 0 || fs_write_all(fd, "\n", 1) < 0)
		return err_sys(err, "%s", spare);
	if (renameat2(AT_FDCWD, spare, AT_FDCWD, path, RENAME_EXCHANGE) < 0 &&
	    rename(spare, path) < 0)
		return err_sys(err, "%s", path);
	return 0;
}

int repo_set_ref(struct repo *repo, const char *ref, const char *oid, struct err *err)
{
	AUTO_FREE char *path = fs_join(repo->path, ref);
	AUTO_FREE char *folder = buf_strdup(path);
	int valid = 0;
	git_oid id;

	if (repo_parse_oid(&id, oid, err) < 0)
		return -1;
	if (strncmp(ref, "refs/", 5) || git(reference_name_is_valid)(&valid, ref) < 0 || !valid)
		return err_set(err, ERR_INPUT, "'%s' is not the name of a ref", ref);
	if (!git(odb_exists)(repo->odb, &id))
		return err_set(err, ERR_INTEGRITY, "object %s is missing", oid);
	*strrchr(folder, '/') = '\0';
	if (!fs_is_dir(folder) && fs_mkdirs(folder, 0755, err) < 0)
		return -1;
	return replace_ref(repo, path, oid, err);
}

int repo_get_ref(struct repo *repo, const char *ref, char ret_oid[REPO_OID_SIZE], struct err *err)
{
	git_oid id;
	int rc = git(reference_name_to_id)(&id, repo->git, ref);

	(void)err;
	if (rc < 0)
		ret_oid[0] = '\0';
	else
		git(oid_tostr)(ret_oid, REPO_OID_SIZE, &id);
	return 0;
}
