/* task_put.c - see task_put.h */
#include "assess/task_put.h"

#include "base/auto.h"
#include "base/buf.h"
#include "base/fs.h"
#include "base/json.h"
#include "task/language.h"
#include "task/task_folder.h"
#include "workspace/repo.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>

#define LENGTH(array) (sizeof(array) / sizeof((array)[0]))

#ifndef TALI_TEMPLATE_DIR
#define TALI_TEMPLATE_DIR "/usr/local/share/tali/templates"
#endif

/* A copy of the folder that we may change. */
static char *copy_folder(const char *folder, struct err *err)
{
	AUTO(fs_temp_release) char *copy = fs_temp_dir("tali-task", err);
	AUTO_FD int from = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	AUTO_FD int to = copy ? open(copy, O_RDONLY | O_DIRECTORY | O_CLOEXEC) : -1;

	if (!copy)
		return NULL;
	if (from < 0 || to < 0) {
		err_sys(err, "%s", folder);
		return NULL;
	}
	if (fs_copy_tree(from, to, &repo_limits, NULL, err) < 0)
		return NULL;
	return TAKE(copy);
}

/* "" becomes null. */
static int change_text(json_t *root, const char *key, const char *value, struct err *err)
{
	if (value &&
	    json_object_set_new(root, key, *value ? json_string(value) : json_null()) < 0)
		return err_set(err, ERR_INPUT, "%s: not UTF-8", key);
	return 0;
}

static int change_texts(json_t *root, const struct task_changes *changes, struct err *err)
{
	const struct { const char *key, *value; } texts[] = {
		{ "name", changes->name }, { "title", changes->title },
		{ "type", changes->type }, { "difficulty", changes->difficulty },
		{ "language", changes->language }, { "visibility", changes->visibility },
		{ "opens", changes->opens }, { "closes", changes->closes },
	};
	size_t i;

	for (i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		if (change_text(root, texts[i].key, texts[i].value, err) < 0)
			return -1;
	return 0;
}

static int apply_changes(const char *folder, const struct task_changes *changes, struct err *err)
{
	AUTO_FREE char *path = fs_join(folder, MANIFEST_FILE);
	AUTO_JSON json_t *root = json_read(path, MANIFEST_MAX_BYTES, err);
	AUTO_JSON json_t *before = json_deep_copy(root);
	AUTO_FREE char *text = NULL;
	AUTO_FREE char *lines = NULL;

	if (!root || change_texts(root, changes, err) < 0)
		return -1;
	if (changes->time_limit_minutes)
		json_object_set_new(root, "time_limit_minutes",
				    json_integer(changes->time_limit_minutes));
	if (changes->attempts)
		json_object_set_new(root, "attempts", json_integer(changes->attempts));
	if (json_equal(root, before))
		return 0;
	text = json_dumps(root, JSON_INDENT(2) | JSON_REAL_PRECISION(15));
	lines = buf_format("%s\n", text);
	return fs_write(path, 0644, lines, strlen(lines), err);
}

static struct repo *open_repo(const struct store *store, const char *kind, const char *id,
			      struct err *err)
{
	AUTO_FREE char *name = buf_format("%s-%s", kind, id);
	AUTO_FREE char *path = store_repo_path(store, name);

	return repo_create(path, NULL, err);
}

/* Writes the folder into both repositories of the task: everything into the one, what candidates
 * may have into the other. */
static int write_trees(struct store *store, const char *task_id, const char *folder,
		       struct task_version *version, struct err *err)
{
	AUTO(repo_close) struct repo *whole = open_repo(store, "task", task_id, err);
	AUTO(repo_close)
	struct repo *start = whole ? open_repo(store, "start", task_id, err) : NULL;
	AUTO_FD int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	struct repo_skip skip = { .names = language_caches() };
	struct repo_layer layers[] = {
		{ version->version, "start", "", true },
		{ version->version, "README.md", "README.md", false },
		{ version->version, "files", "files", true },
	};

	if (!start)
		return -1;
	if (fd < 0)
		return err_sys(err, "%s", folder);
	if (repo_write_folder(whole, fd, NULL, &skip, version->version, NULL, err) < 0 ||
	    repo_lay_trees(whole, layers, 3, version->start_tree, err) < 0)
		return -1;
	if (repo_publish(whole, err) < 0 ||
	    repo_copy_tree(start, whole, version->start_tree, err) < 0)
		return -1;
	return repo_publish(start, err);
}

static int read_manifest_text(const char *folder, struct task_version *version, struct err *err)
{
	AUTO_FREE char *path = fs_join(folder, MANIFEST_FILE);
	struct buf text = { 0 };

	if (fs_read(AT_FDCWD, path, MANIFEST_MAX_BYTES, &text, err) < 0)
		return -1;
	version->manifest = buf_take(&text);
	return 0;
}

/* Change, check, write: gives a version whose objects are all in the task's repositories. */
static int prepare_in_place(struct store *store, const char *task_id, const char *folder,
			    const struct task_changes *changes, json_t *faults,
			    struct task_version *version, struct manifest *manifest,
			    struct err *err)
{
	if (apply_changes(folder, changes, err) < 0 ||
	    task_folder_check(folder, manifest, faults, err) < 0 ||
	    read_manifest_text(folder, version, err) < 0)
		return -1;
	return write_trees(store, task_id, folder, version, err);
}

static int prepare(struct store *store, const char *task_id, const char *folder,
		   const struct task_changes *changes, json_t *faults, struct task_version *version,
		   struct manifest *manifest, struct err *err)
{
	AUTO(fs_temp_release) char *copy = NULL;

	if (!changes->in_place) {
		if (task_folder_check(folder, manifest, faults, err) < 0)
			return -1;
		manifest_release(manifest);
		folder = copy = copy_folder(folder, err);
		if (!copy)
			return -1;
	}
	return prepare_in_place(store, task_id, folder, changes, faults, version, manifest, err);
}

static void set_visibility(struct task *task, const struct manifest *manifest)
{
	free(task->visibility);
	task->visibility = buf_strdup(json_str(manifest->root, "visibility", "private"));
}

/* A task whose objects are all in its repositories, and which the database does not know yet. */
struct new_task {
	struct task task;
	struct task_version version;
};

static void free_new_tasks(struct new_task **tasks)
{
	struct new_task *task = *tasks;

	for (; task && *task->task.id; task++) {
		task_release(&task->task);
		task_version_release(&task->version);
	}
	free(*tasks);
}

static int prepare_new(struct store *store, const char *folder, const struct task_changes *changes,
		       const char *template_name, json_t *faults, struct new_task *ret,
		       struct err *err)
{
	AUTO(manifest_release) struct manifest manifest = MANIFEST_INIT;
	struct task *task = &ret->task;

	rand_id(task->id);
	if (prepare(store, task->id, folder, changes, faults, &ret->version, &manifest, err) < 0)
		return -1;
	task->name = buf_strdup(manifest.name);
	task->template_name = buf_strdup(template_name ? template_name : "");
	memcpy(task->version, ret->version.version, sizeof(task->version));
	set_visibility(task, &manifest);
	return 0;
}

static int add_new(struct store *store, struct new_task *new, struct err *err)
{
	int taken = task_name_taken(store, new->task.name, err);

	if (taken == 1)
		return err_set(err, ERR_STATE, "there is a task '%s' already", new->task.name);
	if (taken < 0 || task_add(store, &new->task, err) < 0)
		return -1;
	return task_version_add(store, new->task.id, &new->version, err);
}

/* What was written for tasks that did not come to be. */
static void remove_repos(const struct store *store, const struct new_task *task)
{
	static const char *const kinds[] = { "task", "start" };
	struct err ignored = ERR_INIT;

	for (; *task->task.id; task++)
		for (size_t i = 0; i < 2; i++) {
			AUTO_FREE char *name = buf_format("%s-%s", kinds[i], task->task.id);
			AUTO_FREE char *path = store_repo_path(store, name);

			fs_remove_tree(AT_FDCWD, path, &ignored);
		}
}

/* Leaves the transaction open. */
static int put_all(struct store *store, const char *const *folders, size_t count,
		   const struct task_changes *changes, const char *template_name, json_t *faults,
		   struct new_task *tasks, struct err *err)
{
	size_t i;

	for (i = 0; i < count; i++)
		if (prepare_new(store, folders[i], changes, template_name, faults, &tasks[i],
				err) < 0)
			return -1;
	if (store_begin(store, err) < 0)
		return -1;
	for (i = 0; i < count; i++)
		if (add_new(store, &tasks[i], err) < 0)
			return -1;
	return 0;
}

int task_put_new_all(struct store *store, const char *const *folders, size_t count,
		     const struct task_changes *changes, const char *template_name, json_t *faults,
		     struct task *ret, struct err *err)
{
	AUTO(free_new_tasks)
	struct new_task *tasks = buf_alloc((count + 1) * sizeof(*tasks));
	AUTO(store_rollback) struct store *tx = store;

	if (put_all(store, folders, count, changes, template_name, faults, tasks, err) < 0) {
		remove_repos(store, tasks);
		return -1;
	}
	if (store_commit(store, err) < 0)
		return -1;
	for (size_t i = 0; i < count; i++) {
		ret[i] = tasks[i].task;
		tasks[i].task = (struct task)TASK_INIT;
		memcpy(tasks[i].task.id, ret[i].id, sizeof(ret[i].id));
	}
	return 0;
}

int task_put_new(struct store *store, const char *folder, const struct task_changes *changes,
		 const char *template_name, json_t *faults, struct task *ret, struct err *err)
{
	int taken;

	if (changes->name && (taken = task_name_taken(store, changes->name, err)) != 0)
		return taken < 0 ? -1 : err_set(err, ERR_STATE, "there is a task '%s' already",
						changes->name);
	return task_put_new_all(store, &folder, 1, changes, template_name, faults, ret, err);
}

int task_put_version(struct store *store, struct task *task, const char *folder,
		     const struct task_changes *changes, json_t *faults, bool *ret_changed,
		     struct err *err)
{
	AUTO(manifest_release) struct manifest manifest = MANIFEST_INIT;
	AUTO(task_version_release) struct task_version version = TASK_VERSION_INIT;
	AUTO(store_rollback) struct store *tx = store;
	int taken = 0;

	if (task->stub)
		return task_refuse_stub(task->name, err);
	if (prepare(store, task->id, folder, changes, faults, &version, &manifest, err) < 0)
		return -1;
	*ret_changed = strcmp(version.version, task->version) != 0;
	if (store_begin(store, err) < 0)
		return -1;
	if (strcmp(manifest.name, task->name) != 0)
		taken = task_name_taken(store, manifest.name, err);
	if (taken == 1)
		return err_set(err, ERR_STATE, "there is a task '%s' already", manifest.name);
	free(task->name);
	task->name = buf_strdup(manifest.name);
	memcpy(task->version, version.version, sizeof(task->version));
	set_visibility(task, &manifest);
	if (taken < 0 || task_version_add(store, task->id, &version, err) < 0 ||
	    task_save(store, task, err) < 0)
		return -1;
	return store_commit(store, err);
}

int task_put_out(struct store *store, const struct task *task, const char *version,
		 const char *folder, struct err *err)
{
	AUTO_FREE char *name = buf_format("task-%s", task->id);
	AUTO_FREE char *path = store_repo_path(store, name);
	AUTO(repo_close) struct repo *repo = NULL;
	AUTO(task_version_release) struct task_version found = TASK_VERSION_INIT;
	AUTO_FD int fd = -1;
	struct dirent *entry;
	bool empty = true;
	DIR *dir;

	if (task_version_get(store, task->id, version ? version : task->version, &found, err) < 0)
		return -1;
	if (!*found.start_tree)
		return task_refuse_stub(task->name, err);
	repo = repo_open(path, err);
	if (!repo || fs_mkdirs(folder, 0777, err) < 0)
		return -1;
	dir = opendir(folder);
	while (dir && (entry = readdir(dir)))
		empty &= !strcmp(entry->d_name, ".") || !strcmp(entry->d_name, "..");
	if (dir)
		closedir(dir);
	if (!empty)
		return err_set(err, ERR_STATE, "%s is not empty", folder);
	fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		return err_sys(err, "%s", folder);
	return repo_materialise(repo, found.version, fd, err);
}

/* The levels of the question bank, by which its names are put together. */
static const char *const bank[] = { "easy-", "medium-", "hard-" };

/* Which level of the bank a name belongs to; LENGTH(bank) for none. */
static size_t level_of(const char *name)
{
	size_t level = 0;

	while (level < LENGTH(bank) && strncmp(name, bank[level], strlen(bank[level])))
		level++;
	return level;
}

static int is_visible(const struct dirent *entry)
{
	return entry->d_name[0] != '.';
}

/* Adds "a, b, c", or "easy-{a,b,c}" for a level of the bank. */
static void list_level(struct dirent *const *entries, int count, size_t level, struct buf *out)
{
	bool banked = level < LENGTH(bank);
	const char *name;
	int listed = 0;

	for (int i = 0; i < count; i++) {
		name = entries[i]->d_name;
		if (level_of(name) != level)
			continue;
		if (banked && !listed)
			buf_add_format(out, "%s%s{", out->len ? ", " : "", bank[level]);
		else if (out->len)
			buf_add_str(out, banked ? "," : ", ");
		buf_add_str(out, banked ? name + strlen(bank[level]) : name);
		listed++;
	}
	if (banked && listed)
		buf_add_str(out, "}");
}

static void list_templates(const char *folder, struct buf *out)
{
	struct dirent **entries = NULL;
	int count = scandir(folder, &entries, is_visible, alphasort);

	list_level(entries, count, LENGTH(bank), out);
	for (size_t level = 0; level < LENGTH(bank); level++)
		list_level(entries, count, level, out);
	while (count > 0)
		free(entries[--count]);
	free(entries);
}

char *task_put_template(const char *name, struct err *err)
{
	const char *from_env = getenv("TALI_TEMPLATES");
	const char *folder = from_env && *from_env ? from_env : TALI_TEMPLATE_DIR;
	AUTO_FREE char *path = fs_join(folder, name);
	struct buf names = BUF_INIT(400);

	if (fs_path_confined(name) && !strchr(name, '/') && fs_is_dir(path))
		return TAKE(path);
	list_templates(folder, &names);
	if (names.len)
		err_set(err, ERR_NOT_FOUND, "no template '%s' (there are: %s)", name,
			buf_str(&names));
	else
		err_set(err, ERR_NOT_FOUND, "no templates in '%s' (TALI_TEMPLATES names another "
			"folder)", folder);
	buf_release(&names);
	return NULL;
}
