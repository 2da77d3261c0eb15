/* language.c - see language.h */
#include "task/language.h"

#include "base/buf.h"
#include "base/json.h"
#include "base/share.h"
#include "base/spelling.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

/* Written once by read_all under `once`, kept as long as the process. */
static struct language *languages;
static int count;
static const char **caches;
static json_t *root;
static pthread_once_t once = PTHREAD_ONCE_INIT;

const char **language_words(const json_t *array)
{
	const char **words;
	const json_t *word;
	size_t i;

	if (!json_is_array(array))
		return NULL;
	words = buf_alloc((json_array_size(array) + 1) * sizeof(*words));
	json_array_foreach(array, i, word)
		words[i] = json_string_value(word);
	return words;
}

static void read_language(const json_t *entry, struct language *ret)
{
	const json_t *test = json_object_get(entry, "test");

	*ret = (struct language){
		.name = json_str(entry, "name", ""),
		.title = json_str(entry, "title", ""),
		.extensions = language_words(json_object_get(entry, "extensions")),
		.headers = language_words(json_object_get(entry, "headers")),
		.entry = json_str(entry, "entry", NULL),
		.detect = language_words(json_object_get(entry, "detect")),
		.debian = language_words(json_object_get(entry, "debian")),
		.compile = language_words(json_object_get(entry, "compile")),
		.run = language_words(json_object_get(entry, "run")),
		.test = language_words(json_object_get(test, "argv")),
		.test_report = json_str(test, "report", NULL),
		.limits = json_object_get(entry, "limits"),
		.protected_globs = language_words(json_object_get(entry, "protected")),
	};
}

static void read_all(void)
{
	const struct share_file *file = share_find("languages.json");
	struct err ignored = ERR_INIT;
	const json_t *list, *entry;
	size_t i;

	if (!file)
		abort();
	root = json_parse(file->data, file->size, file->name, &ignored);
	list = json_object_get(root, "languages");
	caches = language_words(json_object_get(root, "caches"));
	if (!json_is_array(list) || !caches)
		abort();
	languages = buf_alloc(json_array_size(list) * sizeof(*languages));
	json_array_foreach(list, i, entry)
		read_language(entry, &languages[i]);
	count = (int)json_array_size(list);
}

int language_count(void)
{
	pthread_once(&once, read_all);
	return count;
}

const struct language *language_at(int index)
{
	return index >= 0 && index < language_count() ? &languages[index] : NULL;
}

const struct language *language_find(const char *name)
{
	for (int i = 0; i < language_count(); i++) {
		if (!strcmp(languages[i].name, name))
			return &languages[i];
	}
	return NULL;
}

static bool ends_in_any(const char *path, const char **endings)
{
	size_t len = strlen(path);

	for (; endings && *endings; endings++) {
		size_t end = strlen(*endings);

		if (len > end && path[len - end - 1] != '/' && !strcmp(path + len - end, *endings))
			return true;
	}
	return false;
}

bool language_has_source(const struct language *language, const char *path)
{
	return ends_in_any(path, language->extensions) && !ends_in_any(path, language->headers);
}

static bool is_of(const struct language *language, const char *path)
{
	size_t len = strlen(path);

	for (const char **ending = language->extensions; *ending; ending++) {
		size_t ending_len = strlen(*ending);

		if (len > ending_len && !strcmp(path + len - ending_len, *ending))
			return true;
	}
	return false;
}

const struct language *language_of_paths(const char *const *paths, size_t path_count)
{
	const struct language *found = NULL;
	size_t most = 0;

	for (int number = 0; number < language_count(); number++) {
		size_t files = 0;

		for (size_t i = 0; i < path_count; i++)
			files += is_of(language_at(number), paths[i]);
		if (files > most) {
			most = files;
			found = language_at(number);
		}
	}
	return found;
}

const struct language *language_near(const char *name)
{
	for (int i = 0; i < language_count(); i++) {
		if (spelling_near(name, languages[i].name))
			return &languages[i];
	}
	return NULL;
}

const char *const *language_caches(void)
{
	pthread_once(&once, read_all);
	return caches;
}
