/* program.h - which program of a tree is meant: its language, its main file, its commands
 *
 * For manifests where the submission chooses (manifest_finds_program). Files of hidden/ and files/
 * never count. The language is the one of the manifest with the most bytes in source files that are
 * not in start/ as they are, the first of the manifest's where two have the same; a single language
 * that is not in a list is not chosen. All source files of that language belong to the program,
 * those of start/ too. The main file is, of these,
 *	the only one;
 *	else the one named main or Main: at the top, or in a folder when it is not of start/;
 *	else the only one that is not of start/;
 *	else the one named like its folder;
 *	else the one with the entry point (share/languages.json);
 *	else the first by path;
 * of several such one that is not of start/ before others, and the one in fewer folders. Where a
 * file of a compiled language has the entry point, only those that have it count, but for the first
 * two. */
#ifndef TALI_PROGRAM_H
#define TALI_PROGRAM_H

#include "sandbox/plan.h"
#include "task/language.h"
#include "task/manifest.h"
#include "workspace/repo.h"

struct program {
	const struct language *language;	/* NULL: there is none */
	char *main;				/* path; none begins with '-' or '@' */
	char *class;				/* a class named like the file, with its package */
	char **sources;				/* paths, ends with NULL */
	char *fault;				/* why there is none, for people; or NULL */
};

#define PROGRAM_INIT { 0 }
void program_release(struct program *program);

/* Finds the program in `tree`, a tree of the repository like `task_tree`, the task folder. That
 * there is none is `fault`, not an error. -1 when our side failed. */
int program_find(struct repo *repo, const struct manifest *manifest, const char *tree,
		 const char *task_tree, struct program *ret, struct err *err);

/* The argument vector with each word MANIFEST_PROGRAM replaced by the run command of the program,
 * or as it is when there is none. Ends with NULL; see program_free_words. */
char **program_words(const struct program *program, const char *const *argv);

/* The compile command; NULL when nothing is compiled. See program_free_words. */
char **program_compile(const struct program *program);

/* What compilers need at least, however small a task's programs have to be. */
extern const struct plan_limits program_compiler_least;

/* Whether a command of the manifest, or of a person, names the program: MANIFEST_PROGRAM in it. */
bool program_is_named(const struct manifest *manifest, const char *const *argv);

/* What a person's Run of `argv` does on `tree`, and its limits. Where the program is named:
 * program_words, or where the manifest builds with the language's command, a shell that compiles
 * first, with a compiler's limits. Else `argv` as it is, and the repository may be NULL. The words
 * are yours, see program_free_words. ERR_INPUT when there is no program. */
int program_run(struct repo *repo, const struct manifest *manifest, const char *tree,
		const char *task_tree, const char *const *argv, char ***ret_words,
		struct plan_limits *ret_limits, struct err *err);

/* The words as one line that a shell runs in the same way; of a shell with its line, that line.
 * Yours. */
char *program_line(const char *const *words);

void program_free_words(char ***words);

#endif
