/* language.h - the programming languages, read from share/languages.json
 *
 * That file holds {schema, caches: [names], languages: [{name, title, extensions, headers, entry,
 * detect, debian, compile, run, test, limits, protected}]}. In the commands {main} is the path of
 * the main source file, {stem} that path without extension, {class} the class of Java that is named
 * like it, with its package, {report} the report that tests write, the word {sources} all source
 * files, and {package} those in the folder of the main one. They are what a new task begins with
 * and what its author edits; compile and run are also what "build": "language" and {program} of a
 * manifest stand for (grade/program.h). */
#ifndef TALI_LANGUAGE_H
#define TALI_LANGUAGE_H

#include <jansson.h>
#include <stdbool.h>

/* All of it borrowed for ever; every array ends with NULL. */
struct language {
	const char *name, *title;
	const char **extensions;	/* with the dot, the usual one first */
	const char **headers;		/* those of them that are no program; or NULL */
	const char *entry;		/* text that a file with the entry point holds; or NULL */
	const char **detect;		/* argv that exits with 0 where the language is installed */
	const char **debian;		/* packages that bring it, and what its tests call */
	const char **compile;		/* argv, or NULL when nothing is compiled */
	const char **run;		/* argv */
	const char **test;		/* argv, or NULL when there is no usual way */
	const char *test_report;	/* "junit", "tap", "exit"; NULL when test is */
	const json_t *limits;		/* as in a manifest; goes over the house's limits */
	/* Runner configuration and modules that would take the runner's place: globs of paths that
	 * no candidate has reason to edit, put back from the task before grading. */
	const char **protected_globs;
};

/* NULL when there is no such language. */
const struct language *language_find(const char *name);

/* In the order of the file, from 0 to language_count() - 1. */
int language_count(void);
const struct language *language_at(int index);

/* Whether the path is that of a source file of the language, no header. */
bool language_has_source(const struct language *language, const char *path);

/* The language of most of the paths, by their extensions; NULL when they are of none. */
const struct language *language_of_paths(const char *const *paths, size_t path_count);

/* The language whose name is nearly this, for "did you mean"; or NULL. */
const struct language *language_near(const char *name);

/* Names of files and folders that never enter a snapshot; ends with NULL. */
const char *const *language_caches(void);

/* Array of the strings of a JSON array, borrowed from it, ended with NULL; the array is yours. NULL
 * when `array` is not an array. */
const char **language_words(const json_t *array);

#endif
