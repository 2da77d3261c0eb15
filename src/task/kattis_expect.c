/* kattis_expect.c - what a submission of a Kattis package must get */
#include "task/kattis_expect.h"

#include "base/auto.h"
#include "base/json.h"

#include <ctype.h>
#include <string.h>

#define AC 1u
#define WA 2u
#define TLE 4u
#define RTE 8u
#define CE 16u
#define ANY (AC | WA | TLE | RTE)
#define MISSING 0.001		/* points: less than this below all are all */
#define MOST_STEPS 1000	/* of matching one pattern */
#define MOST_PATTERN 1000	/* bytes */
#define MOST_RULES 200

static const struct {
	const char *folder;
	unsigned permitted, required, legacy_permitted;
} folders[] = {
	{ "accepted", AC, 0, AC },
	{ "partially_accepted", ANY, 0, ANY },
	{ "rejected", ANY, WA | TLE | RTE, ANY },
	{ "wrong_answer", AC | WA, WA, AC | WA },
	{ "time_limit_exceeded", AC | TLE, TLE, AC | WA | TLE },
	{ "run_time_error", AC | RTE, RTE, ANY },
	{ "brute_force", AC | RTE | TLE, RTE | TLE, AC | RTE | TLE },
	{ "compiler_error", CE, CE, CE },
	{ "compile_error", CE, CE, CE },
};
#define FOLDERS (sizeof(folders) / sizeof(*folders))

/* --- patterns: '*' stands for what is within a name, "{a,b}" for one of several */

static bool match(const char *pattern, const char *text, int *steps);

/* `pattern` begins with '{'; tries each choice before what follows the '}'. */
static bool match_choices(const char *pattern, const char *text, int *steps)
{
	const char *end = strchr(pattern, '}'), *at = pattern + 1;

	if (!end)
		return false;
	while (at <= end) {
		size_t len = strcspn(at, ",}");
		AUTO_FREE char *one = buf_format("%.*s%s", (int)len, at, end + 1);

		if (match(one, text, steps))
			return true;
		at += len + 1;
	}
	return false;
}

static bool match(const char *pattern, const char *text, int *steps)
{
	for (; *pattern; pattern++, text++) {
		if (--*steps < 0)
			return false;
		if (*pattern == '{')
			return match_choices(pattern, text, steps);
		if (*pattern == '*') {
			size_t most = strcspn(text, "/");

			for (size_t i = 0; i <= most; i++) {
				if (match(pattern + 1, text + i, steps))
					return true;
			}
			return false;
		}
		if (*pattern != *text)
			return false;
	}
	return !*text;
}

/* Whether the pattern meets the path or a folder above it. */
static bool meets(const char *pattern, const char *path)
{
	AUTO_FREE char *copy = buf_strdup(path);
	char *slash;
	int steps = MOST_STEPS;

	if (strlen(pattern) > MOST_PATTERN)
		return false;
	while (!match(pattern, copy, &steps)) {
		slash = strrchr(copy, '/');
		if (!slash)
			return false;
		*slash = '\0';
	}
	return true;
}

/* --- submissions.yaml */

int kattis_expect_rules(const struct kattis *kattis, json_t **ret, struct err *err)
{
	AUTO_JSON json_t *rules = NULL;

	if (!kattis->modern || !import_source_has(kattis->source, KATTIS_SUBMISSIONS_YAML)) {
		*ret = json_object();
		return 0;
	}
	if (import_source_yaml(kattis->source, KATTIS_SUBMISSIONS_YAML, &rules, err) < 0)
		return -1;
	if (json_is_null(rules)) {
		*ret = json_object();
		return 0;
	}
	if (!json_is_object(rules))
		return kattis_fail(kattis, KATTIS_SUBMISSIONS_YAML, NULL, err,
				   "must hold patterns with rules");
	if (json_object_size(rules) > MOST_RULES)
		return kattis_fail(kattis, KATTIS_SUBMISSIONS_YAML, NULL, err,
				   "has more than %d rules", MOST_RULES);
	*ret = TAKE(rules);
	return 0;
}

static unsigned verdict_bit(const char *word)
{
	static const char *const words[] = { "AC", "WA", "TLE", "RTE" };

	for (unsigned i = 0; i < 4; i++) {
		if (word && !strcmp(words[i], word))
			return 1u << i;
	}
	return 0;
}

/* *ret is left alone when the key is not there. */
static int read_verdicts(const struct kattis *kattis, const json_t *rule, const char *key,
			 unsigned *ret, struct err *err)
{
	const json_t *list = json_object_get(rule, key), *word;
	unsigned bits = 0;
	size_t i;

	if (!list)
		return 0;
	json_array_foreach(list, i, word) {
		unsigned bit = verdict_bit(json_string_value(word));

		bits = bit ? bits | bit : CE;
		if (!bit)
			break;
	}
	if (!bits || (bits & CE))
		return kattis_fail(kattis, KATTIS_SUBMISSIONS_YAML, key, err,
				   "%s must be a list of AC, WA, TLE and RTE", key);
	*ret = bits;
	return 0;
}

static int read_points(const struct kattis *kattis, const json_t *rule, struct kattis_expect *ret,
		       struct err *err)
{
	const json_t *score = json_object_get(rule, "score");
	const json_t *low = json_is_array(score) ? json_array_get(score, 0) : score;
	const json_t *high = json_is_array(score) ? json_array_get(score, 1) : score;

	if (!score)
		return 0;
	if (!json_is_number(low) || !json_is_number(high) || json_number_value(low) < 0 ||
	    json_number_value(high) < json_number_value(low))
		return kattis_fail(kattis, KATTIS_SUBMISSIONS_YAML, "score", err,
				   "score must be a number, or the lowest and the highest");
	ret->has_points = true;
	ret->low = json_number_value(low);
	ret->high = json_number_value(high);
	return 0;
}

static int check_rule(const struct kattis *kattis, const char *pattern, const json_t *rule,
		      struct err *err)
{
	static const char *const unused[] = { "entrypoint", "message", "use_for_time_limit" };
	const char *key;
	json_t *value;

	if (!json_is_object(rule))
		return kattis_fail(kattis, KATTIS_SUBMISSIONS_YAML, pattern, err,
				   "'%s' must have keys with values", pattern);
	for (size_t i = 0; i < 3; i++) {
		AUTO_FREE char *what = buf_format(KATTIS_SUBMISSIONS_YAML ": %s: %s", pattern,
						  unused[i]);

		if (json_object_get(rule, unused[i]))
			import_draft_left_out(kattis->draft, what,
					      "variants of a task have no place for it");
	}
	json_object_foreach((json_t *)rule, key, value) {
		AUTO_FREE char *what = buf_format(KATTIS_SUBMISSIONS_YAML ": %s: %s", pattern, key);

		if (json_is_object(value))
			import_draft_left_out(kattis->draft, what,
					      "a variant is judged by all of its cases");
	}
	return 0;
}

/* Both must hold; where two sets of required verdicts have none in common, the later one does. */
static int apply_rule(const struct kattis *kattis, const char *pattern, const json_t *rule,
		      struct kattis_expect *ret, struct err *err)
{
	unsigned permitted = ANY, required = 0;

	if (check_rule(kattis, pattern, rule, err) < 0 ||
	    read_verdicts(kattis, rule, "permitted", &permitted, err) < 0 ||
	    read_verdicts(kattis, rule, "required", &required, err) < 0 ||
	    read_points(kattis, rule, ret, err) < 0)
		return -1;
	ret->permitted &= permitted;
	if (!ret->permitted)
		return kattis_fail(kattis, KATTIS_SUBMISSIONS_YAML, pattern, err,
				   "'%s' leaves no permitted verdict", pattern);
	if (required)
		ret->required = ret->required & required ? ret->required & required : required;
	ret->is_model = ret->is_model || json_flag(rule, "model_solution", false);
	ret->language = json_str(rule, "language", ret->language);
	return 0;
}

static bool is_folder(const char *name)
{
	size_t i = 0;

	while (i < FOLDERS && strcmp(folders[i].folder, name) != 0)
		i++;
	return i < FOLDERS;
}

/* A rule for the folder by name replaces what the format says of it, key by key. */
static int apply_folder(const struct kattis *kattis, const json_t *rules, const char *folder,
			struct kattis_expect *ret, struct err *err)
{
	const json_t *rule = json_object_get(rules, folder);

	*ret = (struct kattis_expect){ .permitted = ANY };
	for (size_t i = 0; i < FOLDERS; i++) {
		if (strcmp(folders[i].folder, folder) != 0)
			continue;
		ret->permitted = kattis->modern ? folders[i].permitted
						: folders[i].legacy_permitted;
		ret->required = folders[i].required;
	}
	ret->below_all = !kattis->modern && !strcmp(folder, "partially_accepted");
	if (!rule)
		return 0;
	if (check_rule(kattis, folder, rule, err) < 0 ||
	    read_verdicts(kattis, rule, "permitted", &ret->permitted, err) < 0 ||
	    read_verdicts(kattis, rule, "required", &ret->required, err) < 0)
		return -1;
	return read_points(kattis, rule, ret, err);
}

int kattis_expect_read(const struct kattis *kattis, const json_t *rules, const char *path,
		       struct kattis_expect *ret, struct err *err)
{
	AUTO_FREE char *folder = buf_format("%.*s", (int)strcspn(path, "/"), path);
	AUTO_FREE char *whole = buf_format("submissions/%s", path);
	const char *pattern;
	json_t *rule;

	if (apply_folder(kattis, rules, folder, ret, err) < 0)
		return -1;
	json_object_foreach((json_t *)rules, pattern, rule) {
		if (strcmp(pattern, folder) != 0 && meets(pattern, path) &&
		    apply_rule(kattis, pattern, rule, ret, err) < 0)
			return -1;
	}
	if (ret->permitted == ANY && !ret->required && !is_folder(folder))
		import_draft_changed(kattis->draft, whole,
				     "the format has no such folder, so any verdict is right");
	return 0;
}

/* --- DOMjudge's tag */

static unsigned tag_bit(const char *word)
{
	static const struct {
		const char *word;
		unsigned bits;
	} words[] = {
		{ "CORRECT", AC },	    { "ACCEPTED", AC },
		{ "WRONG-ANSWER", WA },	    { "NO-OUTPUT", WA },
		{ "PRESENTATION-ERROR", WA }, { "TIMELIMIT", TLE },
		{ "TIME-LIMIT-EXCEEDED", TLE }, { "RUN-ERROR", RTE },
		{ "RUN-TIME-ERROR", RTE },  { "OUTPUT-LIMIT", RTE | WA },
		{ "MEMORY-LIMIT", RTE },    { "COMPILER-ERROR", CE },
		{ "COMPILE-ERROR", CE },
	};

	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++) {
		if (!strcmp(words[i].word, word))
			return words[i].bits;
	}
	return 0;
}

bool kattis_expect_tag(const char *source, struct kattis_expect *ret)
{
	static const char tag[] = "@EXPECTED_RESULTS@:";
	const char *at = strstr(source, tag);
	AUTO_FREE char *line = NULL;
	char *rest, *word;
	unsigned bits = 0;

	if (!at)
		return false;
	at += strlen(tag);
	line = rest = buf_format("%.*s", (int)strcspn(at, "\r\n"), at);
	for (char *c = line; *c; c++)
		*c = *c == '_' ? '-' : (char)toupper((unsigned char)*c);
	while ((word = strsep(&rest, ", \t")))
		bits |= tag_bit(word);
	*ret = (struct kattis_expect){
		.permitted = bits & CE ? ANY | CE : bits | AC,
		.required = bits & AC ? 0 : bits,
	};
	return bits != 0;
}

/* --- as a variant */

bool kattis_expect_accepted(const struct kattis_expect *expect)
{
	return expect->permitted == AC && !expect->has_points;
}

bool kattis_expect_language(const struct kattis_expect *expect, const char *name)
{
	const char *said = expect->language;

	if (!said)
		return true;
	return !strcmp(said, name) || (!strcmp(said, "cpp") && !strcmp(name, "c++")) ||
	       (!strcmp(said, "python3") && !strcmp(name, "python"));
}

/* The verdicts of tali that a set of the format's stands for. */
static json_t *verdict_list(unsigned bits)
{
	static const struct {
		const char *word;
		unsigned of;
	} words[] = {
		{ "passed", AC },	    { "wrong_answer", WA },
		{ "time_limit", TLE },	    { "wall_limit", TLE },
		{ "runtime_error", RTE },   { "memory_limit", RTE },
		{ "process_limit", RTE },   { "disk_limit", RTE },
		{ "security_violation", RTE }, { "output_limit", RTE | WA },
		{ "compile_error", CE },
	};
	json_t *list = json_array();

	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++) {
		if (words[i].of & bits)
			json_array_append_new(list, json_string(words[i].word));
	}
	return list;
}

static json_t *expect_value(const struct kattis_expect *expect)
{
	json_t *value;

	if (expect->permitted == CE)
		return json_string("compile_error");
	if (kattis_expect_accepted(expect))
		return json_string("passed");
	value = json_pack("{s:o}", "permitted", verdict_list(expect->permitted));
	if (expect->required)
		json_object_set_new(value, "required", verdict_list(expect->required));
	return value;
}

json_t *kattis_expect_json(const struct kattis_expect *expect, double points)
{
	json_t *entry = json_pack("{s:o}", "expect", expect_value(expect));

	if (expect->has_points && expect->low == expect->high)
		json_object_set_new(entry, "points", json_real(expect->low));
	else if (expect->has_points)
		json_object_set_new(entry, "points",
				    json_pack("[f, f]", expect->low, expect->high));
	else if (expect->below_all)
		json_object_set_new(entry, "points", json_pack("[f, f]", 0.0,
							       points > MISSING ? points - MISSING
										: 0.0));
	return entry;
}
