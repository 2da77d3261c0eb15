/* manifest.h - task.json read into a value (format: tali-task(5), share/schema/tali.task-1.json) */
#ifndef TALI_MANIFEST_H
#define TALI_MANIFEST_H

#include "base/err.h"

#include <jansson.h>
#include <stdbool.h>

#define MANIFEST_FILE "task.json"
#define MANIFEST_MAX_BYTES (1 << 20)

enum manifest_kind { MANIFEST_IO, MANIFEST_COMMAND, MANIFEST_INTERACTIVE };
enum manifest_report {
	MANIFEST_EXIT, MANIFEST_JUNIT, MANIFEST_TAP, MANIFEST_CTRF, MANIFEST_GOTEST, MANIFEST_REWARD
};
enum manifest_compare {
	MANIFEST_EXACT, MANIFEST_TOKENS, MANIFEST_FLOAT, MANIFEST_KATTIS, MANIFEST_VALIDATOR
};

struct manifest_test {
	const char *id;
	enum manifest_kind kind;
	bool hidden;
	double points;
	const char **argv;		/* ends with NULL */
	enum manifest_report report;	/* command tests */
	const char *dir;		/* io and interactive tests: below hidden/ or start/ */
	enum manifest_compare compare;	/* io tests */
	double float_rel, float_abs;
	bool kattis_case, kattis_space;	/* they matter */
	bool kattis_float;		/* a tolerance is said: float_rel or float_abs */
	const char **validator;		/* argv, ends with NULL; or NULL */
	const char **interactor;	/* argv, ends with NULL; or NULL */
	const char **validator_args;	/* of either, after the feedback folder; or NULL */
	bool validator_score;		/* either may leave a score */
	bool aggregate_min;		/* every case has the share of the lowest */
	bool stop_early;
	const char **requires;		/* ids of earlier tests, ends with NULL; or NULL */
	const json_t *cases;		/* glob -> {weight, tags}; or NULL */
	const char **must_fail;		/* names of control cases, ends with NULL; or NULL */
};

struct manifest_variant {
	const char *name;
	const char *expect;		/* verdict word, "passed" or "tampered"; or NULL, then: */
	const char **permitted;		/* verdict words, ends with NULL; NULL is all */
	const char **required;		/* verdict words, ends with NULL; NULL is none */
	bool has_points;		/* the grade has points_low to points_high */
	double points_low, points_high;
	const char **fails;		/* globs of case ids, ends with NULL; NULL when not said */
};

/* All strings are borrowed from `root`; the arrays belong to the manifest. */
struct manifest {
	json_t *root;
	const char *name, *title, *type, *difficulty;
	const char **languages;		/* at least one, ends with NULL */
	bool languages_listed;		/* as a list: the submission chooses */
	int time_limit_minutes;
	int attempts;
	const char **run, **build;	/* argv or NULL */
	bool build_language;		/* build is the compile command of the language */
	const char **judge_build;	/* argv or NULL */
	struct manifest_test *tests;
	int test_count;
	const char **protected_globs;	/* of the manifest and all languages, ends with NULL */
	struct manifest_variant *variants;
	int variant_count;
	int64_t opens_ms, closes_ms;	/* 0 when not said */
};

#define MANIFEST_INIT { 0 }
void manifest_release(struct manifest *manifest);

/* Parses and checks the text alone: schema, duplicate test ids, points, weights, rubric sums
 * (100), paths confined, opens before closes. Every fault is one line "NAME:LINE: POINTER: what"
 * in err (the first) and, when `all` is not NULL, in all (a JSON array of {line, pointer,
 * message}). ERR_INPUT. */
int manifest_parse(const char *text, size_t len, const char *name, struct manifest *ret,
		   json_t *all, struct err *err);

/* Limits of one step: house defaults, then the language's, then the manifest's. `language` is the
 * one that was chosen; NULL where none is: of several each limit is then the largest. */
struct plan_limits;
struct language;
int manifest_limits(const struct manifest *manifest, const struct language *language,
		    struct plan_limits *ret, struct err *err);

/* "{program}", the word of an argument vector that stands for the run command of the language. */
#define MANIFEST_PROGRAM "{program}"

/* Whether language and program of a submission have to be found in its files (grade/program.h):
 * languages are listed, the build is the language's, or some command holds MANIFEST_PROGRAM. */
bool manifest_finds_program(const struct manifest *manifest);

/* The languages of a manifest's JSON as people read them, "python, c++"; yours. */
char *manifest_language_text(const json_t *root);

/* Weight (default 1) of a case of a test, and whether it carries a tag. `case_name` is what
 * follows "TEST/". */
double manifest_case_weight(const struct manifest_test *test, const char *case_name);
bool manifest_case_tagged(const struct manifest_test *test, const char *case_name, const char *tag);
/* Whether the manifest gives the tag to any case of the test, whatever cases there are. */
bool manifest_test_tags(const struct manifest_test *test, const char *tag);
/* All tags of the case as a JSON array of strings; yours. */
json_t *manifest_case_tags(const struct manifest_test *test, const char *case_name);

#endif
