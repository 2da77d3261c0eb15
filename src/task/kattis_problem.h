/* kattis_problem.h - what a Kattis/ICPC problem package says of itself: problem.yaml in both of its
 * versions, and DOMjudge's domjudge-problem.ini and .timelimit
 *
 * https://www.kattis.com/problem-package-format/spec/2025-09 and .../legacy */
#ifndef TALI_KATTIS_PROBLEM_H
#define TALI_KATTIS_PROBLEM_H

#include "task/task_import.h"

#define KATTIS_PROBLEM_YAML "problem.yaml"
#define KATTIS_PROBLEM_INI "domjudge-problem.ini"

/* A package being converted, handed from module to module. */
struct kattis {
	struct import_call *call;		/* borrowed */
	const struct import_source *source;	/* borrowed */
	struct import_draft *draft;		/* the call's */
	json_t *root;		/* problem.yaml, or an empty object */
	json_t *ini;		/* domjudge-problem.ini as an object of strings */
	bool modern;		/* 2025-09, else legacy */
	bool scoring, interactive;
	bool custom;		/* there is a validator of its own */
	bool custom_score;	/* which may give scores (legacy says so) */
	char *title;
	json_t *flags;		/* legacy: words of validator_flags */
	json_t *validator;	/* argv of the validator of its own; or NULL */
};

void kattis_release(struct kattis *kattis);

/* Reads it into `kattis`, whose call, source and draft are set, and writes title, languages and
 * limits into the draft's manifest. ERR_INPUT "FILE:LINE: what": an unknown key or version (in
 * legacy an unknown key is noted in the report), a wrong value, and the types that tali has no test
 * for (multi-pass, submit-answer). */
int kattis_problem_read(struct kattis *kattis, struct err *err);

/* ERR_INPUT "FILE:LINE: what"; the line is that of the first `key:` in the file, and is left out
 * where there is none. */
__attribute__((format(printf, 5, 6)))
int kattis_fail(const struct kattis *kattis, const char *file, const char *key, struct err *err,
		const char *format, ...);

/* Refuses what is no object, and in 2025-09 a key that is not in `known` (ends with NULL; in legacy
 * it goes to the report). */
int kattis_check_keys(const struct kattis *kattis, const char *file, const json_t *object,
		      const char *const *known, struct err *err);

/* Array of the words of a text, at white space; yours. NULL gives none. */
json_t *kattis_words(const char *text);

/* A name that packages may use: letters, digits, '_', and then also '.' and '-'. The format says
 * that others are to be treated as if they were not there. With `whole`, all parts of a path. */
bool kattis_is_name(const char *name);
bool kattis_is_path(const char *path);

/* Copies a file with the constants of problem.yaml put in ("{{name}}"; only where the package has
 * any). */
int kattis_copy(const struct kattis *kattis, const char *from, const char *to, bool executable,
		struct err *err);
/* The text with the constants put in; yours. */
char *kattis_constants(const struct kattis *kattis, const char *text, size_t len, size_t *ret_len);

#endif
