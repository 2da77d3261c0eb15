/* kattis_submissions.c - the example submissions of a Kattis package as reference solution and
 * variants */
#include "task/kattis_submissions.h"

#include "base/auto.h"
#include "base/json.h"
#include "task/kattis_expect.h"
#include "task/language.h"

#include <ctype.h>
#include <string.h>

#define FOLDER "submissions/"
#define MOST_VARIANTS 100
#define MOST_SUBMISSIONS 500	/* that are looked at */
#define MOST_NAME 56		/* bytes of a variant's name, before a number */
#define SOURCE_BYTES (1 << 20)	/* of a source that is searched for tags */

struct submission {
	char *path;		/* below submissions/: "accepted/a.py", a file or a folder */
	const char **files;	/* paths in the package, borrowed from the source */
	size_t count;
	struct kattis_expect expect;
};

struct submissions {
	struct submission *list;
	size_t count;
};

static void submissions_release(struct submissions *all)
{
	for (size_t i = 0; i < all->count; i++) {
		free(all->list[i].path);
		free(all->list[i].files);
	}
	free(all->list);
}

/* --- finding them */

/* "accepted/a" of "submissions/accepted/a/b.py"; NULL for files that are not in a folder of
 * submissions/. Yours. */
static char *submission_path(const char *file)
{
	const char *below = file + strlen(FOLDER);
	const char *name = strchr(below, '/');

	if (!name)
		return NULL;
	return buf_format("%.*s", (int)(name + 1 - below + (ptrdiff_t)strcspn(name + 1, "/")),
			  below);
}

static void add_file(struct submissions *all, const char *file, char *path)
{
	struct submission *last = all->count ? &all->list[all->count - 1] : NULL;

	if (!last || strcmp(last->path, path) != 0) {
		all->list = buf_realloc(all->list, all->count + 1, sizeof(*all->list));
		last = &all->list[all->count++];
		*last = (struct submission){ .path = buf_strdup(path) };
	}
	last->files = buf_realloc(last->files, last->count + 1, sizeof(*last->files));
	last->files[last->count++] = file;
}

static void find_all(const struct kattis *kattis, struct submissions *all)
{
	const char *const *files;
	size_t count;

	import_source_list(kattis->source, "submissions", &files, &count);
	for (size_t i = 0; i < count; i++) {
		AUTO_FREE char *path = submission_path(files[i]);

		if (!strcmp(files[i], KATTIS_SUBMISSIONS_YAML))
			continue;
		if (path && kattis_is_path(files[i]) && all->count < MOST_SUBMISSIONS)
			add_file(all, files[i], path);
		else if (!strstr(files[i], "/."))
			import_draft_left_out(kattis->draft, files[i],
					      path ? "not a name that packages may use, or one "
						     "of too many"
						   : "lies in no folder of submissions/");
	}
}

/* --- languages */

static bool has_extension(const struct language *language, const char *file)
{
	const char *dot = strrchr(file, '.');

	for (const char **one = language->extensions; dot && *one; one++) {
		if (!strcmp(*one, dot))
			return true;
	}
	return false;
}

static const char *language_of_file(const char *file)
{
	const char *dot = strrchr(file, '.');

	if (!dot || !strcmp(dot, ".h") || !strcmp(dot, ".hpp"))
		return NULL;
	for (int i = 0; i < language_count(); i++) {
		if (has_extension(language_at(i), file))
			return language_at(i)->name;
	}
	return NULL;
}

static bool is_offered(const struct kattis *kattis, const char *name)
{
	const json_t *list = json_object_get(import_draft_manifest(kattis->draft), "language");
	const json_t *item;
	size_t i;

	json_array_foreach(list, i, item) {
		if (name && !strcmp(json_string_value(item), name))
			return true;
	}
	return false;
}

static bool is_python2(const struct kattis *kattis, const char *file)
{
	AUTO(buf_release) struct buf text = BUF_INIT(SOURCE_BYTES);
	struct err ignored = ERR_INIT;
	const char *tag;

	if (import_source_read(kattis->source, file, SOURCE_BYTES, &text, &ignored) < 0)
		return false;
	tag = strstr(buf_str(&text), "python2");
	return !strncmp(buf_str(&text), "#!", 2) && tag &&
	       (size_t)(tag - text.data) < strcspn(text.data, "\n");
}

/* Whether tali builds it; else it is noted. */
static bool is_usable(const struct kattis *kattis, const struct submission *one)
{
	AUTO_FREE char *whole = buf_format(FOLDER "%s", one->path);
	const char *language = NULL;

	for (size_t i = 0; i < one->count && !language; i++)
		language = language_of_file(one->files[i]);
	if (is_offered(kattis, language) &&
	    !(one->count == 1 && !strcmp(language, "python") &&
	      is_python2(kattis, one->files[0])) &&
	    kattis_expect_language(&one->expect, language))
		return true;
	import_draft_left_out(kattis->draft, whole, "in no language that the task offers");
	return false;
}

/* --- what is expected */

/* The folder of DOMjudge's tag may be any. */
static int read_expect(const struct kattis *kattis, const json_t *rules, struct submission *one,
		       struct err *err)
{
	for (size_t i = 0; i < one->count; i++) {
		AUTO(buf_release) struct buf text = BUF_INIT(SOURCE_BYTES);
		struct err ignored = ERR_INIT;

		if (kattis->modern ||
		    import_source_read(kattis->source, one->files[i], SOURCE_BYTES, &text,
				       &ignored) < 0)
			continue;
		if (kattis_expect_tag(buf_str(&text), &one->expect))
			return 0;
	}
	return kattis_expect_read(kattis, rules, one->path, &one->expect, err);
}

static double all_points(const struct kattis *kattis)
{
	const json_t *tests = json_object_get(import_draft_manifest(kattis->draft), "tests");
	const json_t *test;
	double sum = 0;
	size_t i;

	json_array_foreach(tests, i, test)
		sum += json_number_value(json_object_get(test, "points"));
	return sum;
}

/* --- copying */

static int copy_to(const struct kattis *kattis, const struct submission *one, const char *folder,
		   struct err *err)
{
	AUTO_FREE char *whole = buf_format(FOLDER "%s", one->path);
	bool is_folder = import_source_has_folder(kattis->source, whole);

	for (size_t i = 0; i < one->count; i++) {
		const char *name = is_folder ? one->files[i] + strlen(whole) + 1
					     : strrchr(one->files[i], '/') + 1;
		AUTO_FREE char *to = buf_format("%s/%s", folder, name);

		if (kattis_copy(kattis, one->files[i], to, false, err) < 0)
			return -1;
		import_draft_mapped(kattis->draft, one->files[i], to);
	}
	return 0;
}

/* "wrong_answer/Foo.py" -> "wrong-answer-foo-py"; yours. */
static char *variant_name(const json_t *variants, const char *path)
{
	AUTO_FREE char *base = buf_strdup(path);
	char *name;

	for (char *at = base; *at; at++)
		*at = isalnum((unsigned char)*at) ? (char)tolower(*at) : '-';
	*base = *base == '-' ? 'v' : *base;
	if (strlen(base) > MOST_NAME)
		base[MOST_NAME] = '\0';
	name = buf_strdup(base);
	for (int i = 2; json_object_get(variants, name); i++) {
		free(name);
		name = buf_format("%s-%d", base, i);
	}
	return name;
}

static int add_variant(const struct kattis *kattis, const struct submission *one, json_t *variants,
		       struct err *err)
{
	AUTO_FREE char *name = variant_name(variants, one->path);
	AUTO_FREE char *folder = buf_format("variants/%s", name);

	if (json_object_size(variants) >= MOST_VARIANTS) {
		import_draft_left_out(kattis->draft, one->path,
				      "a task has at most 100 variants");
		return 0;
	}
	json_object_set_new(variants, name,
			    kattis_expect_json(&one->expect, all_points(kattis)));
	return copy_to(kattis, one, folder, err);
}

/* The first that is called the model solution, or else the first accepted one. */
static const struct submission *pick_model(const struct submissions *all)
{
	const struct submission *first = NULL;

	for (size_t i = 0; i < all->count; i++) {
		const struct submission *one = &all->list[i];

		if (!kattis_expect_accepted(&one->expect))
			continue;
		if (one->expect.is_model)
			return one;
		first = first ? first : one;
	}
	return first;
}

static int copy_all(const struct kattis *kattis, const struct submissions *all, struct err *err)
{
	const struct submission *model = pick_model(all);
	AUTO_JSON json_t *variants = json_object();

	if (model && copy_to(kattis, model, "solution", err) < 0)
		return -1;
	if (!model)
		import_draft_changed(kattis->draft, "solution",
				     "no accepted submission is in a language of the task, so "
				     "`tali task prove` has nothing to go by");
	for (size_t i = 0; i < all->count; i++) {
		if (&all->list[i] != model &&
		    add_variant(kattis, &all->list[i], variants, err) < 0)
			return -1;
	}
	if (json_object_size(variants))
		json_object_set(import_draft_manifest(kattis->draft), "variants", variants);
	return 0;
}

/* Reads what is expected of each, and takes those out that cannot be built. */
static int keep_usable(const struct kattis *kattis, struct submissions *all, const json_t *rules,
		       struct err *err)
{
	size_t kept = 0;

	for (size_t i = 0; i < all->count; i++) {
		struct submission *one = &all->list[i], other;

		if (read_expect(kattis, rules, one, err) < 0)
			return -1;
		if (!is_usable(kattis, one))
			continue;
		other = all->list[kept];
		all->list[kept++] = *one;
		*one = other;
	}
	for (size_t i = kept; i < all->count; i++) {
		free(all->list[i].path);
		free(all->list[i].files);
	}
	all->count = kept;
	return 0;
}

int kattis_submissions_import(const struct kattis *kattis, struct err *err)
{
	AUTO(submissions_release) struct submissions all = { 0 };
	AUTO_JSON json_t *rules = NULL;

	if (kattis_expect_rules(kattis, &rules, err) < 0)
		return -1;
	find_all(kattis, &all);
	if (keep_usable(kattis, &all, rules, err) < 0)
		return -1;
	return copy_all(kattis, &all, err);
}
