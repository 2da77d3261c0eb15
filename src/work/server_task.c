/* server_task.c - see server_task.h */
#include "work/server_task.h"

#include "base/auto.h"
#include "base/fs.h"
#include "base/json.h"
#include "task/step_limits.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>

#define FILE_NAME "task.json"
#define FILE_MOST ((size_t)1 << 20)
#define WORDS_MOST 64

void server_task_release(struct server_task *task)
{
	for (size_t i = 0; task->run && task->run[i]; i++)
		free(task->run[i]);
	free(task->run);
	*task = (struct server_task)SERVER_TASK_INIT;
}

static int read_task(const json_t *json, struct server_task *ret, struct err *err)
{
	const json_t *words = json_object_get(json, "run");
	size_t count = json_array_size(words);

	if (count > WORDS_MOST ||
	    step_limits_read(json_object_get(json, "languages"),
				 json_object_get(json, "limits"), &ret->limits, err) < 0)
		return err_set(err, ERR_ENV, "what the server says of the task makes no sense");
	ret->run = count ? buf_alloc((count + 1) * sizeof(*ret->run)) : NULL;
	for (size_t i = 0; i < count; i++) {
		const char *word = json_string_value(json_array_get(words, i));

		if (!word)
			return err_set(err, ERR_ENV, "what the server runs are no words");
		ret->run[i] = buf_strdup(word);
	}
	return 0;
}

/* The parts that are used here. */
static json_t *parts_of(const json_t *session)
{
	static const char *const names[] = { "run", "languages", "limits" };
	const json_t *task = json_object_get(session, "task");
	json_t *parts = json_object();

	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
		json_object_set(parts, names[i], json_object_get(task, names[i]));
	return parts;
}

/* That it cannot be kept shows when it is needed. */
static void keep(const char *path, const json_t *parts)
{
	AUTO_FREE char *text = json_canonical(parts);
	struct err ignored = ERR_INIT;

	fs_write(path, 0600, text, strlen(text), &ignored);
}

static json_t *read_kept(const char *path)
{
	AUTO(buf_release) struct buf text = { 0 };
	struct err ignored = ERR_INIT;

	if (fs_read(AT_FDCWD, path, FILE_MOST, &text, &ignored) < 0)
		return NULL;
	return json_parse(buf_str(&text), text.len, path, &ignored);
}

int server_task_get(struct remote *remote, struct server_task *ret, struct err *err)
{
	AUTO_FREE char *path = fs_join(remote->state.path, FILE_NAME);
	AUTO_JSON json_t *session = NULL, *parts = NULL;
	int status;

	session = remote_json(remote, "GET", "/api/v1/session", NULL, &status, err);
	if (session && strcmp(json_str(session, "status", ""), "active") != 0)
		return err_set(err, ERR_STATE, "the assessment is %.20s; it must be active to run "
			       "programs", json_str(session, "status", "?"));
	if (session) {
		parts = parts_of(session);
		keep(path, parts);
	} else if (err->code == ERR_ENV) {
		parts = read_kept(path);
	}
	if (!parts)
		return -1;
	*err = (struct err)ERR_INIT;
	return read_task(parts, ret, err);
}
