/* task_export_harbor.c - see task_export_harbor.h */
#include "task/task_export_harbor.h"

#include "base/auto.h"
#include "base/buf.h"
#include "base/fs.h"
#include "base/json.h"
#include "base/share.h"
#include "sandbox/plan.h"
#include "task/language.h"

#include <string.h>

#define TEXT_MOST (1 << 20)

static int put(struct export_call *call, const char *path, const struct buf *text, struct err *err)
{
	return import_draft_put(call->package, path, buf_str(text), text->len, false, err);
}

static int put_share(struct export_call *call, const char *name, const char *to, struct err *err)
{
	AUTO_FREE char *whole = buf_format("export/harbor/%s", name);
	const struct share_file *file = share_find(whole);

	if (!file)
		return err_set(err, ERR_ENV, "%s is missing", whole);
	return import_draft_put(call->package, to, file->data, file->size, true, err);
}

/* All files below `from` that `wanted` (may be NULL) wants, below `to`. */
static int copy_all(struct export_call *call, const char *from, const char *to,
		    bool (*wanted)(const struct manifest *manifest, const char *path),
		    struct err *err)
{
	size_t skip = strlen(from) + 1, count;
	const char *const *paths;

	import_source_list(call->source, from, &paths, &count);
	for (size_t i = 0; i < count; i++) {
		AUTO_FREE char *target = fs_join(to, paths[i] + skip);

		if ((!wanted || wanted(call->manifest, paths[i] + skip)) &&
		    import_draft_copy(call->package, call->source, paths[i], target, err) < 0)
			return -1;
	}
	return 0;
}

static bool is_protected(const struct manifest *manifest, const char *path)
{
	for (const char **glob = manifest->protected_globs; *glob; glob++)
		if (fs_path_match(*glob, path))
			return true;
	return false;
}

/* --- task.toml */

/* JSON's escapes are TOML's. */
static void add_value(struct buf *out, const char *key, const json_t *value)
{
	AUTO_FREE char *text = json_dumps(value, JSON_ENCODE_ANY);

	buf_add_format(out, "%s = %s\n", key, text);
}

static void add_string(struct buf *out, const char *key, const char *value)
{
	AUTO_JSON json_t *string = json_string(value);

	add_value(out, key, string);
}

static const char *difficulty_of(const struct manifest *manifest)
{
	if (!strcmp(manifest->difficulty, "basic"))
		return "easy";
	return !strcmp(manifest->difficulty, "advanced") ? "hard" : "medium";
}

static int put_toml(struct export_call *call, const struct plan_limits *limits, struct err *err)
{
	const struct manifest *manifest = call->manifest;
	const json_t *tags = json_object_get(manifest->root, "tags");
	AUTO(buf_release) struct buf out = BUF_INIT(TEXT_MOST);
	AUTO_FREE char *name = buf_format("tali/%s", manifest->name);
	/* io tests run their command once for each case */
	unsigned long seconds = limits->wall_ms / 1000 * ((unsigned)manifest->test_count + 1);

	buf_add_str(&out, "schema_version = \"1.1\"\n\n[task]\n");
	add_string(&out, "name", name);
	add_string(&out, "description", manifest->title);
	if (tags)
		add_value(&out, "keywords", tags);
	buf_add_str(&out, "\n[metadata]\n");
	add_string(&out, "difficulty", difficulty_of(manifest));
	add_string(&out, "category", manifest->type);
	buf_add_format(&out, "\n[verifier]\ntimeout_sec = %lu.0\n", seconds < 600 ? 600 : seconds);
	buf_add_format(&out, "\n[agent]\ntimeout_sec = %d.0\n", manifest->time_limit_minutes * 60);
	buf_add_format(&out, "\n[environment]\nbuild_timeout_sec = 900.0\ncpus = 1\n"
		       "memory_mb = %lu\nstorage_mb = 10240\nallow_internet = false\n",
		       (unsigned long)(limits->memory >> 20) + 512);
	return put(call, "task.toml", &out, err);
}

/* --- environment/ */

static void add_packages(struct buf *out, const struct manifest *manifest)
{
	AUTO_JSON json_t *packages = json_pack("{s:b, s:b}", "bash", 1, "python3", 1);
	const char *name;
	json_t *value;

	for (const char **word = manifest->languages; *word; word++) {
		const struct language *language = language_find(*word);

		for (const char **debian = language ? language->debian : NULL; debian && *debian;
		     debian++)
			json_object_set_new(packages, *debian, json_true());
	}
	json_object_foreach(packages, name, value)
		buf_add_format(out, " %s", name);
}

static int put_environment(struct export_call *call, struct err *err)
{
	AUTO(buf_release) struct buf out = BUF_INIT(TEXT_MOST);

	buf_add_str(&out, "FROM debian:bookworm-slim\n"
			  "RUN apt-get update && \\\n"
			  "    apt-get install -y --no-install-recommends");
	add_packages(&out, call->manifest);
	buf_add_str(&out, " && \\\n    rm -rf /var/lib/apt/lists/*\n"
			  "ENV LANG=C.UTF-8 TZ=UTC\n"
			  "WORKDIR /app\n"
			  "COPY workspace/ /app/\n");
	if (put(call, "environment/Dockerfile", &out, err) < 0 ||
	    import_draft_folder_at(call->package, "environment/workspace", err) < 0 ||
	    copy_all(call, "start", "environment/workspace", NULL, err) < 0)
		return -1;
	return copy_all(call, "files", "environment/workspace/files", NULL, err);
}

/* --- tests/ */

static json_t *words_json(const char *const *words)
{
	json_t *array = words ? json_array() : json_null();

	for (; words && *words; words++)
		json_array_append_new(array, json_string(*words));
	return array;
}

static void note_folders(const struct import_source *source, const char *top, json_t *folders)
{
	size_t skip = strlen(top) + 1, count;
	const char *const *paths;

	import_source_list(source, top, &paths, &count);
	for (size_t i = 0; i < count; i++) {
		AUTO_FREE char *path = buf_strdup(paths[i] + skip);

		for (char *slash = strrchr(path, '/'); slash; slash = strrchr(path, '/')) {
			*slash = '\0';
			json_object_set_new(folders, path, json_true());
		}
	}
}

/* The folders that only hidden/ has. */
static json_t *hidden_folders(const struct import_source *source)
{
	AUTO_JSON json_t *known = json_object();
	AUTO_JSON json_t *hidden = json_object();
	json_t *list = json_array(), *value;
	const char *path;

	note_folders(source, "start", known);
	note_folders(source, "hidden", hidden);
	json_object_foreach(hidden, path, value)
		if (!json_object_get(known, path))
			json_array_append_new(list, json_string(path));
	return list;
}

/* Those that a script can run; yours. */
static json_t *tests_json(struct export_call *call)
{
	const json_t *list = json_object_get(call->manifest->root, "tests");
	json_t *tests = json_array();

	for (int i = 0; i < call->manifest->test_count; i++) {
		const struct manifest_test *test = &call->manifest->tests[i];
		AUTO_FREE char *what = buf_format("test %s", test->id);

		if (test->kind == MANIFEST_INTERACTIVE)
			import_draft_left_out(call->package, what,
					      "is interactive: its points do not count");
		else
			json_array_append(tests, json_array_get(list, (size_t)i));
	}
	return tests;
}

static bool has_points(const json_t *tests)
{
	const json_t *test;
	size_t i;

	json_array_foreach(tests, i, test)
		if (json_number_value(json_object_get(test, "points")) > 0)
			return true;
	return false;
}

static int put_plan(struct export_call *call, const struct plan_limits *limits, struct err *err)
{
	const struct manifest *manifest = call->manifest;
	AUTO(buf_release) struct buf out = BUF_INIT(2 * TEXT_MOST);
	AUTO_JSON json_t *tests = tests_json(call);
	AUTO_JSON json_t *plan = NULL;
	AUTO_FREE char *text = NULL;

	if (!has_points(tests))
		return err_set(err, ERR_INPUT, "Harbor can run none of the tests that have points");
	plan = json_pack("{s:O, s:o, s:o, s:f, s:o, s:o, s:o}", "tests", tests, "build",
			 words_json(manifest->build), "judge_build",
			 words_json(manifest->judge_build), "wall_seconds", limits->wall_ms / 1e3,
			 "protected", words_json(manifest->protected_globs), "caches",
			 words_json(language_caches()), "hidden_folders",
			 hidden_folders(call->source));
	text = json_dumps(plan, JSON_INDENT(1) | JSON_REAL_PRECISION(15));
	buf_add_format(&out, "%s\n", text);
	return put(call, "tests/plan.json", &out, err);
}

static int put_tests(struct export_call *call, const struct plan_limits *limits, struct err *err)
{
	if (put_share(call, "test.sh", "tests/test.sh", err) < 0 ||
	    put_share(call, "grade.py", "tests/grade.py", err) < 0 ||
	    put_plan(call, limits, err) < 0 ||
	    copy_all(call, "start", "tests/start", NULL, err) < 0 ||
	    copy_all(call, "hidden", "tests/hidden", NULL, err) < 0 ||
	    copy_all(call, "start", "tests/owned", is_protected, err) < 0)
		return -1;
	return copy_all(call, "files", "tests/owned/files", NULL, err);
}

/* --- the rest */

static int put_solution(struct export_call *call, struct err *err)
{
	if (!import_source_has_folder(call->source, "solution")) {
		import_draft_left_out(call->package, "solution", "the task has none");
		return 0;
	}
	if (put_share(call, "solve.sh", "solution/solve.sh", err) < 0)
		return -1;
	return copy_all(call, "solution", "solution/files", NULL, err);
}

static void tell_losses(struct export_call *call)
{
	static const char *const keys[][2] = {
		{ "hints", "Harbor has none" },
		{ "rubric", "Harbor knows rewards only" },
		{ "variants", "Harbor proves nothing" },
		{ "ai", "Harbor's agents are what they are" },
		{ "attempts", "Harbor tries as often as it is told to" },
		{ "opens", "Harbor runs at any time" },
		{ "closes", "Harbor runs at any time" },
		{ "run", "Harbor's agents find out how to run it" },
	};
	const json_t *root = call->manifest->root;

	for (size_t i = 0; i < sizeof(keys) / sizeof(*keys); i++) {
		const json_t *value = json_object_get(root, keys[i][0]);

		if (value && !json_is_null(value))
			import_draft_left_out(call->package, keys[i][0], keys[i][1]);
	}
	import_draft_left_out(call->package, "limits",
			      "of a run only its time is limited, and memory for the container");
	import_draft_left_out(call->package, "the sandbox",
			      "tests and the candidate's code run as one user who can read tests/, "
			      "and write the reward");
	import_draft_left_out(call->package, "the proof",
			      "a report that lacks cases is not noticed");
	import_draft_changed(call->package, "the environment",
			     "is Debian with the packages of the language: add what else it needs");
}

/* What a container has no answer to. */
static int refuse(const struct export_call *call, struct err *err)
{
	if (manifest_finds_program(call->manifest))
		return err_set(err, ERR_INPUT, "the submission of this task chooses its language, "
					       "which an exported script cannot find out");
	if (import_source_has_folder(call->source, "hidden/.harbor"))
		return err_set(err, ERR_INPUT, "the task came from Harbor: take what it came from");
	return 0;
}

static int run(struct export_call *call, struct err *err)
{
	const struct language *language = language_find(call->manifest->languages[0]);
	struct plan_limits limits;

	if (refuse(call, err) < 0 ||
	    manifest_limits(call->manifest, language, &limits, err) < 0 ||
	    import_draft_copy(call->package, call->source, "README.md", "instruction.md", err) <
		    0 ||
	    put_toml(call, &limits, err) < 0 || put_environment(call, err) < 0 ||
	    put_tests(call, &limits, err) < 0 || put_solution(call, err) < 0)
		return -1;
	tell_losses(call);
	return 0;
}

const struct export_format task_export_harbor = { "harbor", run };
