/* task_export_kattis.c - a task as a problem package of Kattis and ICPC */
#include "task/task_export_kattis.h"

#include "base/auto.h"
#include "base/hash.h"
#include "base/json.h"
#include "sandbox/plan.h"
#include "task/kattis_out_data.h"
#include "task/kattis_out_programs.h"

#include <string.h>

#define MOST_TEXT (2 << 20)
#define MOST_SAMPLE 10000	/* bytes; import shows less of one */
#define FILES "](files/"
#define SAMPLE "## Sample "

/* --- problem.yaml */

/* Says the same for the same task: by its name and title. */
static void add_uuid(const struct manifest *manifest, struct buf *text)
{
	struct hash hash = hash_of_two(manifest->name, strlen(manifest->name), manifest->title,
				       strlen(manifest->title));
	char hex[HASH_HEX_SIZE];

	hash_hex(&hash, hex);
	buf_add_format(text, "uuid: %.8s-%.4s-8%.3s-a%.3s-%.12s\n", hex, hex + 8, hex + 12,
		       hex + 15, hex + 18);
}

static void add_languages(struct export_call *call, struct buf *text)
{
	static const char *const codes[][2] = {
		{ "python", "python3" }, { "c++", "cpp" },
	};
	static const char *const same[] = { "c", "java", "javascript", "typescript", "go", "rust",
					    "bash", "perl", "ruby", "php" };
	AUTO_JSON json_t *list = json_array();

	for (const char **name = call->manifest->languages; *name; name++) {
		const char *code = NULL;
		AUTO_FREE char *what = buf_format("language %s", *name);

		for (size_t i = 0; i < 2; i++)
			code = strcmp(codes[i][0], *name) ? code : codes[i][1];
		for (size_t i = 0; i < sizeof(same) / sizeof(*same); i++)
			code = strcmp(same[i], *name) ? code : same[i];
		if (code)
			json_array_append_new(list, json_string(code));
		else
			import_draft_left_out(call->package, what, "not one of the format's");
	}
	if (json_array_size(list))
		kattis_out_line(text, "languages", list);
}

static int add_limits(struct export_call *call, struct buf *text, struct err *err)
{
	struct plan_limits limits;

	if (manifest_limits(call->manifest, NULL, &limits, err) < 0)
		return -1;
	buf_add_format(text, "limits:\n  time_limit: %.12g\n  memory: %llu\n  output: %llu\n",
		       limits.cpu_ms / 1000.0, (unsigned long long)((limits.memory >> 20)),
		       (unsigned long long)((limits.output + (1 << 20) - 1) >> 20));
	return 0;
}

static int put_problem(struct export_call *call, const struct kattis_out *out, struct err *err)
{
	AUTO(buf_release) struct buf text = BUF_INIT(MOST_TEXT);
	AUTO_JSON json_t *title = json_string(call->manifest->title);

	buf_add_format(&text, "problem_format_version: 2025-09\ntype: [%s%s]\n",
		       out->scoring ? "scoring" : "pass-fail",
		       out->interactive ? ", interactive" : "");
	kattis_out_line(&text, "name", title);
	add_uuid(call->manifest, &text);
	add_languages(call, &text);
	if (add_limits(call, &text, err) < 0)
		return -1;
	return import_draft_put(call->package, "problem.yaml", text.data, text.len, false, err);
}

/* --- statement/ */

static bool is_picture(const char *name, size_t len)
{
	static const char *const endings[] = { ".png", ".jpg", ".jpeg", ".svg" };

	for (size_t i = 0; i < sizeof(endings) / sizeof(*endings); i++) {
		size_t most = strlen(endings[i]);

		if (len > most && !memcmp(name + len - most, endings[i], most))
			return true;
	}
	return false;
}

/* Pictures are named as if they lay beside the statement, and are put there. */
static int add_picture(struct export_call *call, const char **at, struct buf *out, struct err *err)
{
	const char *name = *at + strlen(FILES);
	size_t len = strcspn(name, ")\n");
	AUTO_FREE char *from = buf_format("files/%.*s", (int)len, name);
	AUTO_FREE char *to = buf_format("statement/%.*s", (int)len, name);

	if (!is_picture(name, len) || !import_source_has(call->source, from)) {
		buf_add_str(out, FILES);
		*at = name;
		return 0;
	}
	buf_add_str(out, "](");
	*at = name;
	if (import_draft_has(call->package, to))
		return 0;
	return import_draft_copy(call->package, call->source, from, to, err);
}

/* Passes over a line, and over empty ones after it. */
static const char *next_line(const char *at)
{
	at += strcspn(at, "\n");
	return at + strspn(at, "\n");
}

/* Passes over a block between two lines that are the same, where one begins here. */
static const char *skip_fence(const char *at)
{
	AUTO_FREE char *close = buf_format("\n%.*s\n", (int)strcspn(at, "\n"), at);
	bool is_fence = !strncmp(at, "```", 3) || !strncmp(at, "~~~", 3);
	const char *end = is_fence ? memmem(at, strnlen(at, MOST_SAMPLE), close, strlen(close))
				   : NULL;

	return end ? next_line(end + 1) : at;
}

/* Passes over a sample as kattis_statement writes it: the heading, then blocks with a label. */
static const char *skip_sample(const char *at)
{
	static const char *const labels[] = { "Input:\n", "Output:\n", "`<` is what the program",
					      "(see the folder `sample`" };
	size_t i = 0;

	at = next_line(at);
	while (i < 4) {
		for (i = 0; i < 4 && strncmp(at, labels[i], strlen(labels[i])) != 0;)
			i++;
		if (i < 4)
			at = skip_fence(next_line(at));
	}
	return at;
}

/* Judges show title and samples themselves; a conversation that is shown as a sample stays. */
static int put_statement(struct export_call *call, const struct kattis_out *out, struct err *err)
{
	AUTO(buf_release) struct buf readme = BUF_INIT(MOST_TEXT);
	AUTO(buf_release) struct buf text = BUF_INIT(MOST_TEXT);
	const char *at;
	bool has_samples = false;

	if (import_source_text(call->source, "README.md", MOST_TEXT, &readme, err) < 0)
		return -1;
	at = buf_str(&readme);
	if (!strncmp(at, "# ", 2))
		at += strcspn(at, "\n");
	at += strspn(at, "\n");
	while (*at) {
		if (!out->interactive && !strncmp(at, SAMPLE, strlen(SAMPLE)) &&
		    (at == readme.data || at[-1] == '\n')) {
			at = skip_sample(at);
			buf_add_str(&text, "{{nextsample}}\n\n");
			has_samples = true;
		} else if (strncmp(at, FILES, strlen(FILES)) != 0)
			buf_add_byte(&text, *at++);
		else if (add_picture(call, &at, &text, err) < 0)
			return -1;
	}
	if (has_samples)
		import_draft_changed(call->package, "README.md",
				     "without its samples, which judges put in themselves");
	buf_add(&text, "", 0);
	return import_draft_put(call->package, "statement/problem.en.md", text.data, text.len,
				false, err);
}

/* --- the rest */

static int put_input_validator(struct export_call *call, struct err *err)
{
	import_draft_changed(call->package, "input_validators/any.py",
			     "takes every input, as the task says nothing about inputs");
	return import_draft_put_text(call->package, "input_validators/any.py",
				     "import sys\n\nsys.exit(42)\n", err);
}

static void note_losses(struct export_call *call)
{
	static const char *const keys[] = { "hints", "rubric", "ai", "tags" };
	const struct manifest *manifest = call->manifest;

	for (size_t i = 0; i < sizeof(keys) / sizeof(*keys); i++) {
		if (json_object_get(manifest->root, keys[i]))
			import_draft_left_out(call->package, keys[i],
					      "the format has no such thing");
	}
	import_draft_left_out(call->package, "type, difficulty, minutes",
			      "the format has no such thing");
	if (manifest->build && !manifest->build_language)
		import_draft_changed(call->package, "build",
				     "judges build submissions in their own way");
	if (strchr(manifest->name, '-'))
		import_draft_changed(call->package, "name",
				     "the format wants a folder of letters and digits alone");
}

static int run(struct export_call *call, struct err *err)
{
	AUTO(kattis_out_release) struct kattis_out out = { .call = call };

	if (kattis_out_pick(&out, err) < 0 || put_problem(call, &out, err) < 0 ||
	    put_statement(call, &out, err) < 0 || kattis_out_data(&out, err) < 0 ||
	    kattis_out_judge(&out, err) < 0 || kattis_out_files(&out, err) < 0 ||
	    kattis_out_submissions(&out, err) < 0 || put_input_validator(call, err) < 0)
		return -1;
	note_losses(call);
	return 0;
}

const struct export_format task_export_kattis = {
	.name = "kattis",
	.run = run,
};
