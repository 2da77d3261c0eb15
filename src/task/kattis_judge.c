/* kattis_judge.c - the programs of a Kattis package around a submission
 *
 * A validator lies in hidden/judge/; judge_build compiles it there, to judge/run. Names in the
 * shell line are kattis_is_path ones: no character of them means anything to a shell. */
#include "task/kattis_judge.h"

#include "base/auto.h"
#include "base/json.h"

#include <string.h>

#define JUDGE "hidden/judge/"
#define MAIN_BYTES (1 << 20)	/* of a source that is searched for an entry point */

/* The files of one program, all below `folder` of the package. */
struct program {
	char *folder;
	const char **files;	/* borrowed from the source */
	size_t count;
};

static void program_release(struct program *program)
{
	free(program->folder);
	free(program->files);
}

/* Path of a file within the program. */
static const char *inside(const struct program *program, size_t i)
{
	return program->files[i] + strlen(program->folder) + 1;
}

static bool has_ending(const char *name, const char *const *endings)
{
	const char *dot = strrchr(name, '.');

	for (; dot && *endings; endings++) {
		if (!strcmp(dot, *endings))
			return true;
	}
	return false;
}

/* --- finding it */

static void read_files(const struct kattis *kattis, struct program *program)
{
	const char *const *paths;
	size_t count;

	import_source_list(kattis->source, program->folder, &paths, &count);
	program->files = buf_alloc((count + 1) * sizeof(*program->files));
	for (size_t i = 0; i < count; i++) {
		if (kattis_is_path(paths[i] + strlen(program->folder) + 1))
			program->files[program->count++] = paths[i];
	}
}

/* Narrows the folder down to its only subfolder when it has no files of its own. Fails when there
 * are several: which of them says yes then? */
static int enter_folder(const struct kattis *kattis, struct program *program, struct err *err)
{
	size_t part = 0;
	char *below;

	for (size_t i = 0; i < program->count; i++) {
		size_t len = strcspn(inside(program, i), "/");

		if (!inside(program, i)[len])
			return 0;
		if (i && (len != part || strncmp(inside(program, i), inside(program, 0), len)))
			return err_set(err, ERR_INPUT, "%s: has several programs, and tali runs "
				       "one validator", program->folder);
		part = len;
	}
	below = buf_format("%s/%.*s", program->folder, (int)part, inside(program, 0));
	program_release(program);
	*program = (struct program){ .folder = below };
	read_files(kattis, program);
	return 0;
}

static int find_program(struct kattis *kattis, struct program *program, struct err *err)
{
	const char *other = kattis->modern ? "output_validators" : "output_validator";
	const char *usual = kattis->modern ? "output_validator" : "output_validators";

	program->folder = buf_strdup(import_source_has_folder(kattis->source, usual) ? usual
										     : other);
	read_files(kattis, program);
	if (program->count == 0)
		return 0;
	return enter_folder(kattis, program, err);
}

/* --- how it is built and called */

static const char *const c_endings[] = { ".c", NULL };
static const char *const cpp_endings[] = { ".cpp", ".cc", ".cxx", ".c++", ".C", NULL };
static const char *const python_endings[] = { ".py", ".py3", NULL };
static const char *const java_endings[] = { ".java", NULL };

static size_t count_sources(const struct program *program, const char *const *endings)
{
	size_t count = 0;

	for (size_t i = 0; i < program->count; i++)
		count += has_ending(program->files[i], endings);
	return count;
}

/* The source with `word`, or the first one when there is no other; -1 when there is no telling. */
static int find_entry(const struct kattis *kattis, const struct program *program,
		      const char *const *endings, const char *word)
{
	bool alone = count_sources(program, endings) == 1;
	struct err ignored = ERR_INIT;

	for (size_t i = 0; i < program->count; i++) {
		AUTO(buf_release) struct buf text = BUF_INIT(MAIN_BYTES);

		if (!has_ending(program->files[i], endings))
			continue;
		if (alone || (import_source_read(kattis->source, program->files[i], MAIN_BYTES,
						 &text, &ignored) == 0 &&
			      strstr(buf_str(&text), word)))
			return (int)i;
	}
	return -1;
}

static void add_sources(const struct program *program, const char *const *endings, struct buf *line)
{
	for (size_t i = 0; i < program->count; i++) {
		if (has_ending(program->files[i], endings))
			buf_add_format(line, " ./%s", inside(program, i));
	}
}

static void set_build(const struct kattis *kattis, const char *line)
{
	AUTO_FREE char *whole = buf_format("cd judge && %s", line);

	json_object_set_new(import_draft_manifest(kattis->draft), "judge_build",
			    json_pack("[s, s, s]", "sh", "-c", whole));
}

static bool has_file(const struct program *program, const char *name)
{
	for (size_t i = 0; i < program->count; i++) {
		if (!strcmp(inside(program, i), name))
			return true;
	}
	return false;
}

static int plan_python(struct kattis *kattis, const struct program *program, struct err *err)
{
	AUTO_FREE char *path = NULL;
	int entry = find_entry(kattis, program, python_endings, "__main__");

	if (has_file(program, "__main__.py"))
		path = buf_strdup("judge");
	else if (entry >= 0)
		path = buf_format("judge/%s", inside(program, (size_t)entry));
	else
		return err_set(err, ERR_INPUT, "%s: has no __main__.py", program->folder);
	kattis->validator = json_pack("[s, s]", "python3", path);
	return 0;
}

static int plan_java(struct kattis *kattis, const struct program *program, struct err *err)
{
	AUTO(buf_release) struct buf line = BUF_INIT(100000);
	int entry = find_entry(kattis, program, java_endings, "void main");
	AUTO_FREE char *name = NULL;

	if (entry < 0)
		return err_set(err, ERR_INPUT, "%s: no class has a main", program->folder);
	name = buf_strdup(inside(program, (size_t)entry));
	*strrchr(name, '.') = '\0';
	buf_add_str(&line, "javac -J-Xmx640m -J-XX:+UseSerialGC -encoding UTF-8 -d .");
	add_sources(program, java_endings, &line);
	set_build(kattis, buf_str(&line));
	kattis->validator = json_pack("[s, s, s, s, s, s]", "java", "-Xmx640m",
				      "-XX:+UseSerialGC", "-cp", "judge",
				      strrchr(name, '/') ? strrchr(name, '/') + 1 : name);
	return 0;
}

static int plan_program(struct kattis *kattis, const struct program *program, struct err *err)
{
	AUTO(buf_release) struct buf line = BUF_INIT(100000);
	bool is_cpp = count_sources(program, cpp_endings) > 0;

	if (has_file(program, "build") || has_file(program, "run")) {
		if (has_file(program, "build"))
			set_build(kattis, "./build");
		kattis->validator = json_pack("[s]", "judge/run");
	} else if (is_cpp || count_sources(program, c_endings)) {
		buf_add_str(&line, is_cpp ? "g++ -std=gnu++20 -O2 -o run"
					  : "gcc -std=gnu17 -O2 -o run");
		add_sources(program, is_cpp ? cpp_endings : c_endings, &line);
		buf_add_str(&line, " -lm");
		set_build(kattis, buf_str(&line));
		kattis->validator = json_pack("[s]", "judge/run");
	} else if (count_sources(program, python_endings)) {
		return plan_python(kattis, program, err);
	} else if (count_sources(program, java_endings)) {
		return plan_java(kattis, program, err);
	} else {
		return err_set(err, ERR_INPUT, "%s: is in none of the languages of validators (C, "
			       "C++, Python, Java, or with `build` and `run`)", program->folder);
	}
	return 0;
}

static int copy_program(const struct kattis *kattis, const struct program *program,
			struct err *err)
{
	AUTO_FREE char *shown = buf_format("%s/**", program->folder);

	for (size_t i = 0; i < program->count; i++) {
		AUTO_FREE char *to = buf_format(JUDGE "%s", inside(program, i));
		bool script = !strcmp(inside(program, i), "build") ||
			      !strcmp(inside(program, i), "run");

		if (kattis_copy(kattis, program->files[i], to, script, err) < 0)
			return -1;
	}
	import_draft_mapped(kattis->draft, shown, JUDGE "**");
	return 0;
}

int kattis_judge_import(struct kattis *kattis, struct err *err)
{
	AUTO(program_release) struct program program = { 0 };

	if (find_program(kattis, &program, err) < 0)
		return -1;
	if (kattis->modern)
		kattis->custom = program.count > 0;
	if (!kattis->custom && program.count)
		import_draft_left_out(kattis->draft, program.folder,
				      "problem.yaml says validation: default");
	if (kattis->interactive && !kattis->custom)
		return err_set(err, ERR_INPUT,
			       "output_validator: an interactive problem needs one");
	if (!kattis->custom)
		return 0;
	if (program.count == 0)
		return kattis_fail(kattis, "problem.yaml", "validation", err,
				   "validation is custom, but there is nothing in "
				   "output_validators/");
	if (plan_program(kattis, &program, err) < 0)
		return -1;
	return copy_program(kattis, &program, err);
}

/* --- include/ */

/* The language of tali that a folder of include/ is for. "default" is for all: NULL. */
static const char *include_language(const char *folder)
{
	static const char *const names[][2] = {
		{ "python3", "python" }, { "python", "python" }, { "cpp", "c++" },
		{ "c++", "c++" },
	};

	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
		if (!strcmp(folder, names[i][0]))
			return names[i][1];
	}
	return folder;
}

static json_t *languages_of(const struct kattis *kattis)
{
	return json_object_get(import_draft_manifest(kattis->draft), "language");
}

static int language_index(const struct kattis *kattis, const char *name)
{
	const json_t *item;
	size_t i;

	json_array_foreach(languages_of(kattis), i, item) {
		if (!strcmp(json_string_value(item), name))
			return (int)i;
	}
	return -1;
}

/* The language is no longer offered, so that nobody is graded without the files. */
static int drop_language(const struct kattis *kattis, const char *folder, struct err *err)
{
	int index = language_index(kattis, include_language(folder));
	AUTO_FREE char *what = buf_format("include/%s", folder);

	import_draft_left_out(kattis->draft, what,
			      "another language brings a file of the same name, so submissions in "
			      "this language are not taken");
	if (index >= 0)
		json_array_remove(languages_of(kattis), (size_t)index);
	if (json_array_size(languages_of(kattis)) == 0)
		return err_set(err, ERR_INPUT, "%s: no language is left", what);
	return 0;
}

static bool clashes(const struct kattis *kattis, const char *folder, const char *const *paths,
		    size_t count)
{
	size_t prefix = strlen("include/") + strlen(folder) + 1;

	for (size_t i = 0; i < count; i++) {
		AUTO_FREE char *to = buf_format("start/%s", paths[i] + prefix);

		if (import_draft_has(kattis->draft, to))
			return true;
	}
	return false;
}

static int copy_include(const struct kattis *kattis, const char *path, size_t prefix,
			struct err *err)
{
	json_t *manifest = import_draft_manifest(kattis->draft);
	AUTO_FREE char *to = buf_format("start/%s", path + prefix);

	if (!kattis_is_path(path)) {
		import_draft_left_out(kattis->draft, path, "not a name that packages may use");
		return 0;
	}
	if (kattis_copy(kattis, path, to, false, err) < 0)
		return -1;
	import_draft_mapped(kattis->draft, path, to);
	if (!json_object_get(manifest, "protected"))
		json_object_set_new(manifest, "protected", json_array());
	json_array_append_new(json_object_get(manifest, "protected"), json_string(path + prefix));
	return 0;
}

static int import_folder(const struct kattis *kattis, const char *folder, struct err *err)
{
	AUTO_FREE char *whole = buf_format("include/%s", folder);
	const char *const *paths;
	size_t count;

	if (strcmp(folder, "default") != 0 &&
	    language_index(kattis, include_language(folder)) < 0) {
		import_draft_left_out(kattis->draft, whole, "not a language of the task");
		return 0;
	}
	import_source_list(kattis->source, whole, &paths, &count);
	if (clashes(kattis, folder, paths, count))
		return drop_language(kattis, folder, err);
	for (size_t i = 0; i < count; i++) {
		if (copy_include(kattis, paths[i], strlen(whole) + 1, err) < 0)
			return -1;
	}
	return 0;
}

/* include/default comes first by its turn, so a language that overrides it is the one that is
 * dropped. */
int kattis_include_import(struct kattis *kattis, struct err *err)
{
	AUTO_FREE char *last = buf_strdup("");
	const char *const *paths;
	size_t count;

	if (import_source_has_folder(kattis->source, "include/default") &&
	    import_folder(kattis, "default", err) < 0)
		return -1;
	import_source_list(kattis->source, "include", &paths, &count);
	for (size_t i = 0; i < count; i++) {
		const char *name = paths[i] + strlen("include/");
		AUTO_FREE char *folder = buf_format("%.*s", (int)strcspn(name, "/"), name);

		if (!strchr(name, '/') || !strcmp(folder, "default") || !strcmp(folder, last))
			continue;
		free(last);
		last = buf_strdup(folder);
		if (import_folder(kattis, folder, err) < 0)
			return -1;
	}
	return 0;
}

/* --- the rest */

static const struct {
	const char *path, *why;
} rest[] = {
	{ "input_validators", "the data were checked by who made the package" },
	{ "input_format_validators", "the data were checked by who made the package" },
	{ "static_validator", "tali has no static validators: submissions are judged by "
			      "what they do, and its points are taken away" },
	{ "generators", "the data are in the package" },
	{ "input_visualizer", "tali draws nothing" },
	{ "output_visualizer", "tali draws nothing" },
	{ "graders", "the grader of the format is the one that is carried over" },
	{ "solution", "a description for people" },
	{ "data/invalid_input", "it tests the package, not submissions" },
	{ "data/invalid_inputs", "it tests the package, not submissions" },
	{ "data/invalid_output", "it tests the package, not submissions" },
	{ "data/valid_output", "it tests the package, not submissions" },
};
#define REST (sizeof(rest) / sizeof(*rest))

/* "data/bad" of "data/bad/1.in", and of others what stands before the first '/'. Yours. */
static char *part_of(const char *path)
{
	size_t prefix = !strncmp(path, "data/", 5) ? 5 : 0;

	return buf_format("%.*s", (int)(prefix + strcspn(path + prefix, "/")), path);
}

/* Statements in the top of a package have names as in a folder. Names that begin with '.' are to be
 * ignored. */
static bool is_known(const char *part)
{
	static const char *const taken[] = {
		KATTIS_PROBLEM_INI, "statement", "problem_statement", "attachments", "include",
		"submissions", "data/sample", "data/secret", "data/testdata.yaml",
		"output_validator", "output_validators"
	};
	bool known = *part == '.' || !strncmp(part, "problem.", 8);

	for (size_t i = 0; i < sizeof(taken) / sizeof(*taken); i++)
		known = known || !strcmp(part, taken[i]);
	for (size_t i = 0; i < REST; i++)
		known = known || !strcmp(part, rest[i].path);
	return known;
}

void kattis_judge_note_rest(const struct kattis *kattis)
{
	AUTO_FREE char *last = buf_strdup("");
	const char *const *paths;
	size_t count;

	for (size_t i = 0; i < REST; i++) {
		if (import_source_has(kattis->source, rest[i].path))
			import_draft_left_out(kattis->draft, rest[i].path, rest[i].why);
	}
	import_source_list(kattis->source, "", &paths, &count);
	for (size_t i = 0; i < count; i++) {
		AUTO_FREE char *part = part_of(paths[i]);

		if (!is_known(part) && strcmp(part, last) != 0)
			import_draft_left_out(kattis->draft, part, "no part of the format");
		free(last);
		last = TAKE(part);
	}
}
