/* repo_stage.c - see repo_stage.h */
#include "workspace/repo_stage.h"

#include "base/auto.h"
#include "base/buf.h"
#include "base/fs.h"
#include "workspace/loose_object.h"
#include "workspace/oid_map.h"
#include "workspace/repo_internal.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

struct staged {
	git_oid id;
	git_object_t type;
	size_t len;
	void *data;
};

struct repo_stage {
	git_odb_backend parent; /* first: libgit2 hands us this */
	git_repository *git;
	char *objects;
	struct staged *staged; /* in the order written */
	size_t count, size, bytes;
	struct oid_map map; /* id to place in staged */
};

/* --- the backend */

static void stage_forget(struct repo_stage *stage)
{
	size_t i;

	for (i = 0; i < stage->count; i++)
		free(stage->staged[i].data);
	stage->count = stage->bytes = 0;
	oid_map_release(&stage->map);
}

static const struct staged *stage_find(git_odb_backend *backend, const git_oid *id)
{
	const struct repo_stage *stage = (const struct repo_stage *)backend;
	size_t at;

	return oid_map_find(&stage->map, id, &at) ? &stage->staged[at] : NULL;
}

static int stage_write(git_odb_backend *backend, const git_oid *id, const void *data, size_t len,
		       git_object_t type)
{
	struct repo_stage *stage = (struct repo_stage *)backend;

	if (!oid_map_add(&stage->map, id, stage->count))
		return 0;
	if (stage->count == stage->size) {
		stage->size = stage->size ? stage->size * 2 : 64;
		stage->staged = buf_realloc(stage->staged, stage->size, sizeof(*stage->staged));
	}
	stage->staged[stage->count] = (struct staged){ *id, type, len, buf_alloc(len + 1) };
	if (len > 0)
		memcpy(stage->staged[stage->count].data, data, len);
	stage->count++;
	stage->bytes += len;
	return 0;
}

static int stage_read(void **data, size_t *len, git_object_t *type, git_odb_backend *backend,
		      const git_oid *id)
{
	const struct staged *staged = stage_find(backend, id);

	if (!staged)
		return GIT_ENOTFOUND;
	*data = git(odb_backend_data_alloc)(backend, staged->len + 1);
	if (!*data)
		return -1;
	memcpy(*data, staged->data, staged->len + 1);
	*len = staged->len;
	*type = staged->type;
	return 0;
}

static int stage_read_header(size_t *len, git_object_t *type, git_odb_backend *backend,
			     const git_oid *id)
{
	const struct staged *staged = stage_find(backend, id);

	if (!staged)
		return GIT_ENOTFOUND;
	*len = staged->len;
	*type = staged->type;
	return 0;
}

static int stage_exists(git_odb_backend *backend, const git_oid *id)
{
	return stage_find(backend, id) != NULL;
}

static void stage_free(git_odb_backend *backend)
{
	struct repo_stage *stage = (struct repo_stage *)backend;

	stage_forget(stage);
	free(stage->objects);
	free(stage->staged);
	free(stage);
}

struct repo_stage *repo_stage_new(git_repository *git, git_odb *odb, const char *objects,
				  struct err *err)
{
	struct repo_stage *stage = buf_alloc(sizeof(*stage));

	git(odb_init_backend)(&stage->parent, GIT_ODB_BACKEND_VERSION);
	stage->parent.read = stage_read;
	stage->parent.read_header = stage_read_header;
	stage->parent.write = stage_write;
	stage->parent.exists = stage_exists;
	stage->parent.free = stage_free;
	stage->git = git;
	stage->objects = buf_strdup(objects);
	if (git(odb_add_backend)(odb, &stage->parent, 100) == 0)
		return stage;
	stage_free(&stage->parent);
	repo_git_err(err, "cannot set up the object database");
	return NULL;
}

/* --- publishing */

int repo_stage_sync(const char *path, struct err *err)
{
	AUTO_FD int fd = open(path, O_RDONLY | O_CLOEXEC);

	return fd < 0 || fsync(fd) < 0 ? err_sys(err, "cannot sync '%s'", path) : 0;
}

struct loose_files {
	struct loose_object objects[REPO_STAGE_LOOSE];
	size_t count;
};

static void loose_files_release(struct loose_files *files)
{
	size_t i;

	for (i = 0; i < files->count; i++)
		loose_object_release(&files->objects[i]);
}

static int sync_folders(struct repo_stage *stage, bool fresh, struct err *err)
{
	bool done[256] = { false };
	size_t i;

	for (i = 0; i < stage->count; i++) {
		unsigned first = stage->staged[i].id.id[0];
		AUTO_FREE char *folder = buf_format("%s/%02x", stage->objects, first);

		if (!done[first] && repo_stage_sync(folder, err) < 0)
			return -1;
		done[first] = true;
	}
	return fresh ? repo_stage_sync(stage->objects, err) : 0;
}

/* All files are written before the first fsync, which then waits for most of it: the others find
 * little left to do. */
static int publish_loose(struct repo_stage *stage, struct err *err)
{
	AUTO(loose_files_release) struct loose_files files = { .count = 0 };
	bool fresh = false;
	size_t i;

	for (; files.count < stage->count; files.count++) {
		const struct staged *staged = &stage->staged[files.count];

		if (loose_object_write(&files.objects[files.count], stage->objects, staged->type,
				       staged->data, staged->len, err) < 0)
			return -1;
	}
	for (i = 0; i < files.count; i++)
		if (loose_object_sync(&files.objects[i], err) < 0)
			return -1;
	for (i = 0; i < files.count; i++)
		if (loose_object_place(&files.objects[i], stage->objects, &stage->staged[i].id,
				       &fresh, err) < 0)
			return -1;
	return sync_folders(stage, fresh, err);
}

char *repo_stage_write_pack(git_packbuilder *builder, const char *folder, struct err *err)
{
	static const char *const endings[] = { "pack", "idx" };
	AUTO_FREE char *name = NULL;
	size_t i;

	if (git(packbuilder_write)(builder, folder, 0444, NULL, NULL) < 0) {
		repo_git_err(err, "cannot write a pack to '%s'", folder);
		return NULL;
	}
	name = buf_format("pack-%s", git(packbuilder_name)(builder));
	for (i = 0; i < 2; i++) {
		AUTO_FREE char *path = buf_format("%s/%s.%s", folder, name, endings[i]);

		if (repo_stage_sync(path, err) < 0)
			return NULL;
	}
	return TAKE(name);
}

/* The index is placed last: by it the pack is found. */
static int place_pack(struct repo_stage *stage, const char *from_folder, const char *name,
		      struct err *err)
{
	static const char *const endings[] = { "pack", "idx" };
	AUTO_FREE char *folder = fs_join(stage->objects, "pack");
	size_t i;

	for (i = 0; i < 2; i++) {
		AUTO_FREE char *from = buf_format("%s/%s.%s", from_folder, name, endings[i]);
		AUTO_FREE char *to = buf_format("%s/%s.%s", folder, name, endings[i]);

		if (rename(from, to) < 0)
			return err_sys(err, "cannot write '%s'", to);
	}
	return repo_stage_sync(folder, err);
}

static void free_builder(git_packbuilder **builder)
{
	git(packbuilder_free)(*builder);
}

/* The folder is one that `git gc` removes, by its name, when a crash has left it behind. */
static int publish_pack(struct repo_stage *stage, struct err *err)
{
	AUTO(free_builder) git_packbuilder *builder = NULL;
	AUTO(fs_temp_release) char *folder = NULL;
	AUTO_FREE char *name = NULL;
	size_t i;

	if (git(packbuilder_new)(&builder, stage->git) < 0)
		return repo_git_err(err, "cannot begin a pack");
	for (i = 0; i < stage->count; i++)
		if (git(packbuilder_insert)(builder, &stage->staged[i].id, NULL) < 0)
			return repo_git_err(err, "cannot pack an object");
	folder = buf_format("%s/tmp_objdir-tali-XXXXXX", stage->objects);
	if (!mkdtemp(folder)) {
		err_sys(err, "cannot make '%s'", folder);
		free(TAKE(folder));
		return -1;
	}
	name = repo_stage_write_pack(builder, folder, err);
	return name ? place_pack(stage, folder, name, err) : -1;
}

int repo_stage_publish(struct repo_stage *stage, struct err *err)
{
	bool pack = stage->count > REPO_STAGE_LOOSE || stage->bytes > REPO_STAGE_LOOSE_BYTES;
	int result = 0;

	if (stage->count > 0)
		result = (pack ? publish_pack : publish_loose)(stage, err);
	stage_forget(stage);
	return result;
}

int repo_stage_relieve(struct repo_stage *stage, struct err *err)
{
	return stage->bytes > REPO_STAGE_BYTES ? repo_stage_publish(stage, err) : 0;
}
