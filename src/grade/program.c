/* program.c - which program of a tree is meant */
#include "grade/program.h"

#include "base/auto.h"
#include "base/buf.h"
#include "grade/grade_text.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#define SOURCE_MAX (1 << 20)	     /* bytes of a file that is searched for its entry point */
#define CLASS_MAX 4096		     /* bytes of a class with its package */
#define SOURCES_MAX (64 << 10)	     /* bytes of all names: they are arguments */
#define COMMAND_MAX (4 * SOURCES_MAX) /* of a shell line that has them */

const struct plan_limits program_compiler_least = {
	.cpu_ms = 60 * 1000,
	.wall_ms = 120 * 1000,
	.memory = 2048ull << 20,
	.processes = 256,
	.output = 1 << 20,
	.disk = 1024ull << 20,
	.inodes = 10 * 1000,
	.file_size = 1024ull << 20,
	.open_files = 256,
};

struct source {
	char *path;
	char oid[REPO_OID_SIZE];
	const struct language *language;
	bool own; /* not in start/ as it is */
	bool entry; /* has the entry point; set by look_for_entries */
};

struct search {
	struct repo *repo;
	const struct manifest *manifest;
	json_t *start;	/* path -> object id */
	json_t *hidden; /* the same */
	struct source *sources;
	size_t count;
	uint64_t *bytes; /* of each language of the manifest, own files */
	bool *found;
	bool needs_entry; /* the main file is one that has the entry point */
};

void program_free_words(char ***words)
{
	for (char **word = *words; word && *word; word++)
		free(*word);
	free(*words);
	*words = NULL;
}

void program_release(struct program *program)
{
	program_free_words(&program->sources);
	free(program->main);
	free(program->class);
	free(program->fault);
	*program = (struct program)PROGRAM_INIT;
}

static void search_release(struct search *search)
{
	for (size_t i = 0; i < search->count; i++)
		free(search->sources[i].path);
	free(search->sources);
	free(search->bytes);
	free(search->found);
	json_decref(search->start);
	json_decref(search->hidden);
}

/* --- the files */

static int note_file(void *arg, const struct repo_file *file, struct err *err)
{
	(void)err;
	json_object_set_new(arg, file->path, json_string(file->oid));
	return 0;
}

static int note_folder(struct search *search, const char *task_tree, const char *name,
		       json_t *files, struct err *err)
{
	const struct repo_layer layer = {
		.tree = task_tree, .from = name, .to = "", .optional = true
	};
	char tree[REPO_OID_SIZE];

	if (repo_lay_trees(search->repo, &layer, 1, tree, err) < 0)
		return -1;
	return repo_each_file(search->repo, tree, note_file, files, err);
}

static void add_source(struct search *search, const struct repo_file *file, int language)
{
	const char *known = json_string_value(json_object_get(search->start, file->path));
	struct source *source;

	search->sources = buf_realloc(search->sources, search->count + 1, sizeof(*source));
	source = &search->sources[search->count++];
	*source = (struct source){
		.path = buf_strdup(file->path),
		.language = language_find(search->manifest->languages[language]),
		.own = !known || strcmp(known, file->oid) != 0,
	};
	memcpy(source->oid, file->oid, sizeof(source->oid));
	if (!source->own)
		return;
	search->found[language] = true;
	search->bytes[language] += file->size;
}

static int find_source(void *arg, const struct repo_file *file, struct err *err)
{
	struct search *search = arg;

	(void)err;
	if (!strncmp(file->path, "files/", 6) || json_object_get(search->hidden, file->path))
		return 0;
	for (int i = 0; search->manifest->languages[i]; i++) {
		const struct language *language = language_find(search->manifest->languages[i]);

		if (language && language_has_source(language, file->path)) {
			add_source(search, file, i);
			return 0;
		}
	}
	return 0;
}

static int find_sources(struct search *search, const char *tree, const char *task_tree,
			struct err *err)
{
	size_t languages = 0;

	while (search->manifest->languages[languages])
		languages++;
	search->bytes = buf_alloc(languages * sizeof(*search->bytes));
	search->found = buf_alloc(languages * sizeof(*search->found));
	search->start = json_object();
	search->hidden = json_object();
	if (note_folder(search, task_tree, "start", search->start, err) < 0 ||
	    note_folder(search, task_tree, "hidden", search->hidden, err) < 0)
		return -1;
	return repo_each_file(search->repo, tree, find_source, search, err);
}

static const struct language *choose_language(const struct search *search)
{
	const struct manifest *manifest = search->manifest;
	int best = -1;

	if (!manifest->languages_listed)
		return language_find(manifest->languages[0]);
	for (int i = 0; manifest->languages[i]; i++)
		if (search->found[i] && (best < 0 || search->bytes[i] > search->bytes[best]))
			best = i;
	return best < 0 ? NULL : language_find(manifest->languages[best]);
}

/* Leaves the files of one language. */
static void keep_language(struct search *search, const struct language *language)
{
	size_t kept = 0;

	for (size_t i = 0; i < search->count; i++) {
		if (search->sources[i].language == language)
			search->sources[kept++] = search->sources[i];
		else
			free(search->sources[i].path);
	}
	search->count = kept;
}

/* --- the main file */

static const char *name_of(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

static size_t stem_len(const char *name)
{
	return (size_t)(strrchr(name, '.') - name);
}

static int depth_of(const char *path)
{
	int depth = 0;

	for (; *path; path++)
		depth += *path == '/';
	return depth;
}

static bool is_named_main(const struct search *search, const struct source *source)
{
	const char *name = name_of(source->path);

	(void)search;
	return stem_len(name) == 4 && (!memcmp(name, "main", 4) || !memcmp(name, "Main", 4)) &&
	       (source->own || depth_of(source->path) == 0);
}

/* A file that cannot be read, or is larger than anybody writes, has none. */
static bool holds_entry(const struct search *search, const struct source *source)
{
	AUTO(buf_release) struct buf text = BUF_INIT(0);
	const char *entry = source->language->entry;
	struct err ignored = ERR_INIT;

	return entry &&
	       repo_read_blob(search->repo, source->oid, SOURCE_MAX, &text, &ignored) == 0 &&
	       memmem(buf_str(&text), text.len, entry, strlen(entry));
}

static bool has_entry(const struct search *search, const struct source *source)
{
	(void)search;
	return source->entry;
}

static bool may_begin(const struct search *search, const struct source *source)
{
	return !search->needs_entry || source->entry;
}

static bool is_named_like_its_folder(const struct search *search, const struct source *source)
{
	const char *name = name_of(source->path), *folder;
	size_t len = stem_len(name);

	if (name < source->path + len + 1)
		return false;
	folder = name - 1 - len;
	return !memcmp(folder, name, len) && (folder == source->path || folder[-1] == '/') &&
	       may_begin(search, source);
}

/* The sources are in the order of their paths. */
static const struct source *best_of(const struct search *search,
				    bool (*fits)(const struct search *search,
						 const struct source *source))
{
	const struct source *best = NULL;

	for (size_t i = 0; i < search->count; i++) {
		const struct source *source = &search->sources[i];

		if (!fits(search, source))
			continue;
		if (!best || (source->own && !best->own) ||
		    (source->own == best->own && depth_of(source->path) < depth_of(best->path)))
			best = source;
	}
	return best;
}

static const struct source *only_own(const struct search *search)
{
	const struct source *only = NULL;

	for (size_t i = 0; i < search->count; i++) {
		if (!search->sources[i].own || !may_begin(search, &search->sources[i]))
			continue;
		if (only)
			return NULL;
		only = &search->sources[i];
	}
	return only;
}

/* What is interpreted may begin anywhere. */
static void look_for_entries(struct search *search)
{
	for (size_t i = 0; i < search->count; i++) {
		struct source *source = &search->sources[i];

		source->entry = holds_entry(search, source);
		search->needs_entry |= source->entry && source->language->compile;
	}
}

static const struct source *find_main(struct search *search)
{
	const struct source *found;

	if (search->count == 1)
		return &search->sources[0];
	found = best_of(search, is_named_main);
	if (found)
		return found;
	look_for_entries(search);
	found = only_own(search);
	if (!found)
		found = best_of(search, is_named_like_its_folder);
	if (!found)
		found = best_of(search, has_entry);
	return found ? found : best_of(search, may_begin);
}

/* --- the class in it */

/* Past white space and comments. */
static const char *skip_blank(const char *at)
{
	for (;;) {
		const char *end = NULL;

		at += strspn(at, " \t\r\n\f");
		if (!strncmp(at, "//", 2))
			end = strchr(at, '\n');
		else if (!strncmp(at, "/*", 2) && (end = strstr(at + 2, "*/")))
			end += 2;
		if (!end)
			return at;
		at = end;
	}
}

/* As in "package com . example;", which stands before everything else. */
static void add_package(struct buf *name, const char *text)
{
	static const char word[] = "package";
	const char *at = skip_blank(text);

	if (strncmp(at, word, strlen(word)) != 0)
		return;
	at += strlen(word);
	for (const char *part = skip_blank(at); part > at && *part && *part != ';';
	     part = skip_blank(part + 1))
		buf_add_byte(name, *part);
	if (name->len)
		buf_add_byte(name, '.');
}

/* A folder that holds sources is no package: the file itself says which one it is of. */
static char *class_of(const struct search *search, const struct source *source)
{
	AUTO(buf_release) struct buf text = BUF_INIT(0);
	struct buf class = BUF_INIT(CLASS_MAX);
	const char *name = name_of(source->path);
	struct err ignored = ERR_INIT;

	if (repo_read_blob(search->repo, source->oid, SOURCE_MAX, &text, &ignored) == 0)
		add_package(&class, buf_str(&text));
	buf_add(&class, name, stem_len(name));
	return buf_take(&class);
}

/* --- the program */

/* A path that no program takes for an option, or for a file of options. */
static char *as_argument(const char *path)
{
	return buf_format("%s%s", *path == '-' || *path == '@' ? "./" : "", path);
}

static void take_sources(struct search *search, struct program *program)
{
	const struct source *main = find_main(search);
	size_t bytes = 0;

	program->main = as_argument(main->path);
	program->class = class_of(search, main);
	program->sources = buf_alloc((search->count + 1) * sizeof(*program->sources));
	for (size_t i = 0; i < search->count; i++) {
		program->sources[i] = as_argument(search->sources[i].path);
		bytes += strlen(program->sources[i]) + 1;
	}
	if (bytes <= SOURCES_MAX)
		return;
	program->language = NULL;
	program->fault = buf_format("there are too many source files (%zu)", search->count);
}

int program_find(struct repo *repo, const struct manifest *manifest, const char *tree,
		 const char *task_tree, struct program *ret, struct err *err)
{
	AUTO(search_release) struct search search = { .repo = repo, .manifest = manifest };
	struct program program = PROGRAM_INIT;

	if (find_sources(&search, tree, task_tree, err) < 0)
		return err_wrap(err, "cannot find the program");
	program.language = choose_language(&search);
	if (program.language)
		keep_language(&search, program.language);
	if (program.language && search.count) {
		take_sources(&search, &program);
	} else {
		AUTO_FREE char *names = manifest_language_text(manifest->root);

		program.language = NULL;
		program.fault = buf_format("no file of %s", names);
	}
	*ret = program;
	return 0;
}

/* --- its commands */

struct words {
	char **list; /* ends with NULL */
	size_t count;
};

static void words_add(struct words *words, char *word)
{
	words->list = buf_realloc(words->list, words->count + 2, sizeof(*words->list));
	words->list[words->count++] = word;
	words->list[words->count] = NULL;
}

static bool in_one_folder(const char *a, const char *b)
{
	size_t len = (size_t)(name_of(a) - a);

	return len == (size_t)(name_of(b) - b) && !memcmp(a, b, len);
}

/* Those in the folder of the main file only, or all. */
static void add_sources(struct words *words, const struct program *program, bool all)
{
	for (char **source = program->sources; *source; source++)
		if (all || in_one_folder(*source, program->main))
			words_add(words, buf_strdup(*source));
}

static char *replaced(const char *word, const char *what, const char *with)
{
	return grade_text_replace(word, strlen(word), what, with, NULL);
}

/* One place is filled in a word: what a candidate named a file is never looked at again. */
static void add_command(struct words *words, const struct program *program, const char **command)
{
	int stem_end = (int)(strrchr(program->main, '.') - program->main);
	AUTO_FREE char *stem = buf_format("%.*s", stem_end, program->main);

	for (; *command; command++) {
		if (!strcmp(*command, "{sources}"))
			add_sources(words, program, true);
		else if (!strcmp(*command, "{package}"))
			add_sources(words, program, false);
		else if (strstr(*command, "{main}"))
			words_add(words, replaced(*command, "{main}", program->main));
		else if (strstr(*command, "{class}"))
			words_add(words, replaced(*command, "{class}", program->class));
		else
			words_add(words, replaced(*command, "{stem}", stem));
	}
}

char **program_words(const struct program *program, const char *const *argv)
{
	struct words words = { 0 };

	for (; *argv; argv++) {
		if (program->language && !strcmp(*argv, MANIFEST_PROGRAM))
			add_command(&words, program, program->language->run);
		else
			words_add(&words, buf_strdup(*argv));
	}
	return words.list;
}

char **program_compile(const struct program *program)
{
	struct words words = { 0 };

	if (program->language && program->language->compile)
		add_command(&words, program, program->language->compile);
	return words.list;
}

/* A word that a shell takes as it stands. */
static bool is_plain(const char *word)
{
	return *word && !word[strspn(word, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
					   "0123456789_-+./,:@%")];
}

static void add_quoted(struct buf *line, const char *const *words)
{
	for (; *words; words++) {
		AUTO_FREE char *word = replaced(*words, "'", "'\\''");
		const char *mark = is_plain(*words) ? "" : "'";

		buf_add_format(line, "%s%s%s%s", line->len ? " " : "", mark, word, mark);
	}
}

char *program_line(const char *const *words)
{
	struct buf line = BUF_INIT(COMMAND_MAX);

	if (words[0] && words[1] && words[2] && !words[3] && !strcmp(words[0], "sh") &&
	    !strcmp(words[1], "-c"))
		buf_add_str(&line, words[2]);
	else
		add_quoted(&line, words);
	return buf_take(&line);
}

/* A shell line that compiles and runs; takes the words of both. */
static char **compile_and_run(char **compile, char **run)
{
	struct buf line = BUF_INIT(COMMAND_MAX);
	struct words words = { 0 };

	add_quoted(&line, (const char *const *)compile);
	buf_add_str(&line, " && exec");
	add_quoted(&line, (const char *const *)run);
	program_free_words(&compile);
	program_free_words(&run);
	words_add(&words, buf_strdup("sh"));
	words_add(&words, buf_strdup("-c"));
	words_add(&words, buf_take(&line));
	return words.list;
}

bool program_is_named(const struct manifest *manifest, const char *const *argv)
{
	if (!manifest_finds_program(manifest))
		return false;
	for (; *argv; argv++)
		if (!strcmp(*argv, MANIFEST_PROGRAM))
			return true;
	return false;
}

int program_run(struct repo *repo, const struct manifest *manifest, const char *tree,
		const char *task_tree, const char *const *argv, char ***ret_words,
		struct plan_limits *ret_limits, struct err *err)
{
	AUTO(program_release) struct program program = PROGRAM_INIT;
	char **compile = NULL;

	if (program_is_named(manifest, argv)) {
		if (program_find(repo, manifest, tree, task_tree, &program, err) < 0)
			return -1;
		if (program.fault)
			return err_set(err, ERR_INPUT, "%s", program.fault);
	}
	if (manifest_limits(manifest, program.language, ret_limits, err) < 0)
		return -1;
	*ret_words = program_words(&program, argv);
	if (manifest->build_language)
		compile = program_compile(&program);
	if (compile) {
		*ret_words = compile_and_run(compile, *ret_words);
		plan_raise_limits(ret_limits, &program_compiler_least);
	}
	return 0;
}
