/* kattis_out_programs.c - the programs of a task as those of a Kattis package */
#include "task/kattis_out_programs.h"

#include "base/auto.h"
#include "base/fs.h"
#include "base/json.h"

#include <string.h>

#define TREE "output_validator/tree"

/* --- copying */

/* Copies what is below `from` and is wanted; what is there already stays. */
static int copy_all(const struct kattis_out *out, const char *from, const char *to,
		    bool (*wanted)(const struct kattis_out *out, const char *path), struct err *err)
{
	size_t skip = strlen(from) + 1, count;
	const char *const *paths;

	import_source_list(out->call->source, from, &paths, &count);
	for (size_t i = 0; i < count; i++) {
		AUTO_FREE char *target = buf_format("%s/%s", to, paths[i] + skip);

		if ((wanted && !wanted(out, paths[i] + skip)) ||
		    import_draft_has(out->call->package, target))
			continue;
		if (import_draft_copy(out->call->package, out->call->source, paths[i], target,
				      err) < 0)
			return -1;
	}
	return 0;
}

static bool is_no_case(const struct kattis_out *out, const char *path)
{
	return !kattis_out_is_case(out, path);
}

/* Of the manifest itself: those of languages are globs of what should not be there. */
static bool is_protected(const struct kattis_out *out, const char *path)
{
	const json_t *list = json_object_get(out->call->manifest->root, "protected"), *glob;
	size_t i;

	if (kattis_out_is_case(out, path))
		return false;
	json_array_foreach(list, i, glob) {
		if (fs_path_match(json_string_value(glob), path))
			return true;
	}
	return false;
}

static bool is_starter(const struct kattis_out *out, const char *path)
{
	return !kattis_out_is_case(out, path) && !is_protected(out, path);
}

/* A picture of the statement lies beside it. */
static bool is_attachment(const struct kattis_out *out, const char *path)
{
	AUTO_FREE char *picture = buf_format("statement/%s", path);

	return !import_draft_has(out->call->package, picture);
}

/* --- the validator */

/* 'word' for a shell */
static void add_quoted(struct buf *text, const char *word)
{
	buf_add_str(text, " '");
	for (; *word; word++) {
		if (*word == '\'')
			buf_add_str(text, "'\\''");
		else
			buf_add_byte(text, *word);
	}
	buf_add_byte(text, '\'');
}

static int put_script(const struct kattis_out *out, const char *path, const char *begin,
		      const char **argv, const char *end, struct err *err)
{
	AUTO(buf_release) struct buf text = BUF_INIT(1 << 20);

	buf_add_format(&text, "#!/bin/sh\n%s", begin);
	if (argv)
		buf_add_str(&text, "exec");
	for (; argv && *argv; argv++)
		add_quoted(&text, *argv);
	buf_add_str(&text, end);
	return import_draft_put(out->call->package, path, text.data, text.len, true, err);
}

int kattis_out_judge(const struct kattis_out *out, struct err *err)
{
	static const char begin[] =
		"# the judge runs in tree/, so names of files that it is given become whole ones\n"
		"whole() {\n"
		"\tcase $1 in\n"
		"\t/*) echo \"$1\" ;;\n"
		"\t*) echo \"$PWD/$1\" ;;\n"
		"\tesac\n"
		"}\n"
		"input=$(whole \"$1\") answer=$(whole \"$2\") feedback=$(whole \"$3\")\n"
		"shift 3\n"
		"cd \"$(dirname \"$0\")/tree\" || exit 1\n";

	if (!out->judge)
		return 0;
	if (copy_all(out, "hidden", TREE, is_no_case, err) < 0 ||
	    copy_all(out, "start", TREE, is_no_case, err) < 0 ||
	    put_script(out, "output_validator/run", begin, out->judge,
		       " \"$input\" \"$answer\" \"$feedback\" \"$@\"\n", err) < 0)
		return -1;
	if (!out->call->manifest->judge_build)
		return 0;
	return put_script(out, "output_validator/build", "cd tree || exit 1\n",
			  out->call->manifest->judge_build, "\n", err);
}

/* --- files */

int kattis_out_files(const struct kattis_out *out, struct err *err)
{
	if (copy_all(out, "start", "include/default", is_protected, err) < 0 ||
	    copy_all(out, "files", "attachments", is_attachment, err) < 0)
		return -1;
	return copy_all(out, "start", "attachments", is_starter, err);
}

/* --- submissions */

#define AC 1u
#define WA 2u
#define TLE 4u
#define RTE 8u

static const struct {
	const char *name;
	unsigned permitted, required;
} folders[] = {
	{ "accepted", AC, 0 },
	{ "wrong_answer", AC | WA, WA },
	{ "time_limit_exceeded", AC | TLE, TLE },
	{ "run_time_error", AC | RTE, RTE },
	{ "brute_force", AC | RTE | TLE, RTE | TLE },
	{ "rejected", AC | WA | TLE | RTE, WA | TLE | RTE },
};
#define FOLDERS (sizeof(folders) / sizeof(*folders))

/* The verdict of the format that a word of tali is; 0 when there is none. */
static unsigned verdict_of(const char *word)
{
	static const struct {
		const char *word;
		unsigned bit;
	} words[] = {
		{ "passed", AC },	  { "wrong_answer", WA },   { "time_limit", TLE },
		{ "wall_limit", TLE },	  { "runtime_error", RTE }, { "memory_limit", RTE },
		{ "process_limit", RTE }, { "disk_limit", RTE },    { "security_violation", RTE },
	};

	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++) {
		if (!strcmp(words[i].word, word))
			return words[i].bit;
	}
	return 0;
}

static unsigned verdicts_of(const char **words, unsigned fallback)
{
	unsigned bits = 0;

	for (const char **word = words; word && *word; word++)
		bits |= verdict_of(*word);
	return words ? bits : fallback;
}

/* An output that is too long is any of two verdicts, so alone it says neither. */
static void read_variant(const struct manifest_variant *variant, unsigned *permitted,
			 unsigned *required)
{
	unsigned bit = variant->expect ? verdict_of(variant->expect) : 0;

	if (!variant->expect) {
		*permitted = verdicts_of(variant->permitted, AC | WA | TLE | RTE);
		*required = verdicts_of(variant->required, 0);
		return;
	}
	*permitted = bit | AC;
	*required = bit & ~AC;
	if (!strcmp(variant->expect, "output_limit")) {
		*permitted = AC | WA | TLE | RTE;
		*required = WA | RTE;
	} else if (!bit) {
		*permitted = 0;
	}
}

static const char *folder_of(unsigned permitted, unsigned required)
{
	for (size_t i = 0; i < FOLDERS; i++) {
		if (folders[i].permitted == permitted && folders[i].required == required)
			return folders[i].name;
	}
	return NULL;
}

static void add_list(struct buf *rules, const char *key, unsigned bits)
{
	static const char *const names[] = { "AC", "WA", "TLE", "RTE" };
	bool first = true;

	buf_add_format(rules, "  %s: [", key);
	for (unsigned i = 0; i < 4; i++) {
		if (!(bits & (1u << i)))
			continue;
		buf_add_format(rules, "%s%s", first ? "" : ", ", names[i]);
		first = false;
	}
	buf_add_str(rules, "]\n");
}

/* The rules for a variant that no folder speaks for, or that has points. */
static void add_rules(const struct kattis_out *out, const struct manifest_variant *variant,
		      const char *folder, unsigned permitted, unsigned required, struct buf *rules)
{
	bool has_points = variant->has_points && out->scoring;

	if (folder && !has_points)
		return;
	buf_add_format(rules, "%s/%s:\n", folder ? folder : "other", variant->name);
	if (!folder)
		add_list(rules, "permitted", permitted);
	if (!folder && required)
		add_list(rules, "required", required);
	if (has_points)
		buf_add_format(rules, "  score: [%.12g, %.12g]\n", variant->points_low,
			       variant->points_high);
}

/* The files of start/ go with a submission where there is one language for all. */
static int put_submission(const struct kattis_out *out, const char *from, const char *to,
			  struct err *err)
{
	if (copy_all(out, from, to, NULL, err) < 0)
		return -1;
	return out->call->manifest->languages_listed ? 0
						     : copy_all(out, "start", to, is_starter, err);
}

static int put_variant(const struct kattis_out *out, const struct manifest_variant *variant,
		       struct buf *rules, struct err *err)
{
	AUTO_FREE char *from = buf_format("variants/%s", variant->name);
	AUTO_FREE char *to = NULL;
	unsigned permitted, required;
	const char *folder;

	read_variant(variant, &permitted, &required);
	if (!permitted) {
		AUTO_FREE char *what = buf_format("variant %s", variant->name);

		import_draft_left_out(out->call->package, what,
				      "the format has no such verdict for a submission");
		return 0;
	}
	folder = folder_of(permitted, required);
	to = buf_format("submissions/%s/%s", folder ? folder : "other", variant->name);
	add_rules(out, variant, folder, permitted, required, rules);
	if (variant->fails)
		import_draft_left_out(out->call->package, from, "which cases it fails");
	return put_submission(out, from, to, err);
}

int kattis_out_submissions(const struct kattis_out *out, struct err *err)
{
	const struct manifest *manifest = out->call->manifest;
	AUTO(buf_release) struct buf rules = BUF_INIT(1 << 20);

	if (import_source_has_folder(out->call->source, "solution")) {
		if (put_submission(out, "solution", "submissions/accepted/reference", err) < 0)
			return -1;
		buf_add_str(&rules, "accepted/reference:\n  model_solution: true\n");
	} else {
		import_draft_changed(out->call->package, "submissions/accepted",
				     "is empty: the task has no solution, and the format wants "
				     "one");
	}
	for (int i = 0; i < manifest->variant_count; i++) {
		if (put_variant(out, &manifest->variants[i], &rules, err) < 0)
			return -1;
	}
	if (!rules.len)
		return 0;
	return import_draft_put(out->call->package, "submissions/submissions.yaml", rules.data,
				rules.len, false, err);
}
