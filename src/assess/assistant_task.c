/* assistant_task.c - see assistant_task.h */
#include "assess/assistant_task.h"

#include "ai/prompt.h"
#include "base/auto.h"
#include "base/buf.h"
#include "base/json.h"
#include "store/task.h"
#include "workspace/repo_read.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define CANARY "canary"
#define CANARY_LEAST 16		/* letters and digits */

void assistant_task_release(struct assistant_task *task)
{
	json_decref(task->manifest);
	free(task->statement);
	ai_guard_free(&task->guard);
	ai_guard_free(&task->told);
	*task = (struct assistant_task)ASSISTANT_TASK_INIT;
}

/* --- the guard */

static bool is_word(char byte)
{
	return isalnum((unsigned char)byte) || byte == '-' || byte == '_';
}

static void add_canaries(struct ai_guard *guard, const char *text)
{
	for (const char *at = text; (at = strcasestr(at, CANARY));) {
		char word[AI_GUARD_CANARY_MAX + 1];
		size_t len = 0, letters = 0;

		for (; len < AI_GUARD_CANARY_MAX && is_word(at[len]); len++)
			letters += isalnum((unsigned char)at[len]) != 0;
		memcpy(word, at, len);
		word[len] = '\0';
		if (letters >= CANARY_LEAST && (at == text || !is_word(at[-1])))
			ai_guard_add_canary(guard, word);
		at += strlen(CANARY);
	}
}

static void add_secret(struct ai_guard *guard, const char *text, size_t len)
{
	ai_guard_add_secret(guard, text, len);
	add_canaries(guard, text);
}

/* All texts of a value of the manifest. */
static void add_texts(struct ai_guard *guard, const json_t *value)
{
	const char *key;
	json_t *member;
	size_t i;

	if (json_is_string(value))
		add_secret(guard, json_string_value(value), json_string_length(value));
	json_array_foreach(value, i, member)
		add_texts(guard, member);
	json_object_foreach((json_t *)value, key, member)
		add_texts(guard, member);
}

struct sorting {
	struct repo *repo;
	struct ai_guard *guard;
};

static bool is_below(const char *path, const char *folder)
{
	return strncmp(path, folder, strlen(folder)) == 0;
}

static int sort_file(void *arg, const struct repo_file *file, struct err *err)
{
	struct sorting *sorting = arg;
	AUTO(buf_release) struct buf text = BUF_INIT(ASSISTANT_TASK_FILE_MAX);
	bool secret = is_below(file->path, "hidden/") || is_below(file->path, "solution/") ||
		      is_below(file->path, "variants/");
	bool given = is_below(file->path, "start/") || is_below(file->path, "files/") ||
		     !strcmp(file->path, "README.md");

	if ((!secret && !given) || file->size > ASSISTANT_TASK_FILE_MAX)
		return 0;
	if (repo_read_blob(sorting->repo, file->oid, ASSISTANT_TASK_FILE_MAX, &text, err) < 0)
		return -1;
	if (memchr(buf_str(&text), '\0', text.len))
		return 0;	/* no text */
	if (secret)
		add_secret(sorting->guard, buf_str(&text), text.len);
	else
		ai_guard_add_public(sorting->guard, buf_str(&text), text.len);
	return 0;
}

/* --- the whole */

static int read_files(struct store *store, const struct assessment *assessment,
		      struct assistant_task *ret, struct err *err)
{
	AUTO_FREE char *name = buf_format("task-%s", assessment->task_id);
	AUTO_FREE char *path = store_repo_path(store, name);
	AUTO(repo_close) struct repo *repo = repo_open(path, err);
	AUTO(buf_release) struct buf statement = BUF_INIT(ASSISTANT_TASK_FILE_MAX);
	struct sorting sorting = { repo, ret->guard };

	if (!repo || repo_read_file(repo, assessment->task_version, "README.md",
				    ASSISTANT_TASK_FILE_MAX, &statement, err) < 0)
		return -1;
	ret->statement = buf_take(&statement);
	return repo_each_file(repo, assessment->task_version, sort_file, &sorting, err);
}

/* The manifest; yours. */
static json_t *read_manifest(struct store *store, const struct assessment *assessment,
			     struct err *err)
{
	AUTO(task_version_release) struct task_version version = TASK_VERSION_INIT;

	if (task_version_get(store, assessment->task_id, assessment->task_version, &version,
			     err) < 0)
		return NULL;
	return json_parse(version.manifest, strlen(version.manifest), "task.json", err);
}

int assistant_task_hides(struct store *store, const struct assessment *assessment, struct err *err)
{
	AUTO_JSON json_t *manifest = NULL;
	struct ai_policy policy;

	if (assessment->status != STATUS_ACTIVE)
		return 0;
	manifest = read_manifest(store, assessment, err);
	if (!manifest)
		return -1;
	policy = ai_policy_of(json_object_get(manifest, "ai"));
	return policy.kind != AI_POLICY_OFF && !policy.tools;
}

int assistant_task_policy(struct store *store, const struct assessment *assessment,
			  struct assistant_task *ret, struct err *err)
{
	ret->manifest = read_manifest(store, assessment, err);
	if (!ret->manifest)
		return -1;
	ret->policy = ai_policy_of(json_object_get(ret->manifest, "ai"));
	return 0;
}

/* The instruction may be too short to be looked for without the words that stand around it. */
static void guard_mistake(struct assistant_task *task)
{
	AUTO_FREE char *text = task->planted ? prompt_planted(task->planted) : NULL;

	if (!text)
		return;
	add_secret(task->guard, text, strlen(text));
	add_secret(task->told, text, strlen(text));
}

int assistant_task_read(struct store *store, const struct assessment *assessment,
			struct assistant_task *ret, struct err *err)
{
	const json_t *planted;

	if (assistant_task_policy(store, assessment, ret, err) < 0)
		return -1;
	if (ret->policy.kind == AI_POLICY_OFF)
		return 0;
	ret->guard = ai_guard_new();
	ret->told = ai_guard_new();
	planted = json_object_get(json_object_get(ret->manifest, "ai"), "planted");
	if (ret->policy.kind == AI_POLICY_PLANTED)
		ret->planted = json_str(planted, "instruction", NULL);
	ret->planted_at = json_int(planted, "at", 1);
	add_texts(ret->guard, json_object_get(ret->manifest, "rubric"));
	guard_mistake(ret);
	return read_files(store, assessment, ret, err);
}
