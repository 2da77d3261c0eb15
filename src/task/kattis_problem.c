/* kattis_problem.c - what a Kattis/ICPC problem package says of itself */
#include "task/kattis_problem.h"

#include "base/auto.h"
#include "base/json.h"
#include "task/kattis_limits.h"
#include "task/language.h"

#include <ctype.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#define PROBLEM KATTIS_PROBLEM_YAML
#define INI KATTIS_PROBLEM_INI
#define CODE_BYTES (32 << 20)	/* most bytes of a program's file */

void kattis_release(struct kattis *kattis)
{
	json_decref(kattis->root);
	json_decref(kattis->ini);
	json_decref(kattis->flags);
	json_decref(kattis->validator);
	free(kattis->title);
	kattis->root = kattis->ini = kattis->flags = kattis->validator = NULL;
	kattis->title = NULL;
}

/* --- faults with a line */

static bool line_has_key(const char *line, const char *key)
{
	size_t len = strlen(key);

	line += strspn(line, " -");
	line += *line == '"' || *line == '\'';
	if (strncmp(line, key, len) != 0)
		return false;
	line += len;
	line += *line == '"' || *line == '\'';
	line += strspn(line, " ");
	return *line == ':' || *line == '=';
}

static int line_of_key(const struct import_source *source, const char *file, const char *key)
{
	AUTO(buf_release) struct buf text = BUF_INIT(IMPORT_SOURCE_MAX_TEXT);
	struct err ignored = ERR_INIT;
	int number = 0;

	if (!key || import_source_read(source, file, IMPORT_SOURCE_MAX_TEXT, &text, &ignored) < 0)
		return 0;
	for (const char *line = buf_str(&text); line; line = strchr(line, '\n')) {
		line += number++ > 0;
		if (line_has_key(line, key))
			return number;
	}
	return 0;
}

int kattis_fail(const struct kattis *kattis, const char *file, const char *key, struct err *err,
		const char *format, ...)
{
	int line = line_of_key(kattis->source, file, key);
	char what[400];
	va_list args;

	va_start(args, format);
	vsnprintf(what, sizeof(what), format, args);
	va_end(args);
	if (line == 0)
		return err_set(err, ERR_INPUT, "%s: %s", file, what);
	return err_set(err, ERR_INPUT, "%s:%d: %s", file, line, what);
}

static bool is_known(const char *key, const char *const *known)
{
	while (*known && strcmp(*known, key) != 0)
		known++;
	return *known != NULL;
}

int kattis_check_keys(const struct kattis *kattis, const char *file, const json_t *object,
		      const char *const *known, struct err *err)
{
	const char *key;
	json_t *ignored;

	if (!json_is_object(object))
		return kattis_fail(kattis, file, NULL, err, "must hold keys with values");
	json_object_foreach((json_t *)object, key, ignored) {
		AUTO_FREE char *what = NULL;

		if (is_known(key, known))
			continue;
		if (kattis->modern)
			return kattis_fail(kattis, file, key, err, "unknown key '%s'", key);
		what = buf_format("%s: %s", file, key);
		import_draft_left_out(kattis->draft, what, "not a key of the legacy format");
	}
	return 0;
}

/* --- names, words and constants */

bool kattis_is_name(const char *name)
{
	size_t len = strlen(name);

	if (len == 0 || len > 255 || *name == '.' || *name == '-')
		return false;
	for (; *name; name++) {
		if (!isalnum((unsigned char)*name) && !strchr("_.-", *name))
			return false;
	}
	return true;
}

bool kattis_is_path(const char *path)
{
	AUTO_FREE char *copy = buf_strdup(path);
	char *rest = copy, *part;

	while ((part = strsep(&rest, "/"))) {
		if (!kattis_is_name(part))
			return false;
	}
	return true;
}

json_t *kattis_words(const char *text)
{
	AUTO_FREE char *copy = buf_strdup(text ? text : "");
	json_t *words = json_array();
	char *rest = copy, *word;

	while ((word = strsep(&rest, " \t\r\n"))) {
		if (*word)
			json_array_append_new(words, json_string(word));
	}
	return words;
}

/* The value of the constant whose "{{name}}" begins at `text`, as text; NULL when there is none.
 * Yours. */
static char *constant_at(const json_t *constants, const char *text, size_t len, size_t *ret_len)
{
	const char *end = len > 4 ? memmem(text, len < 260 ? len : 260, "}}", 2) : NULL;
	AUTO_FREE char *name = NULL;
	const json_t *value;

	if (!end)
		return NULL;
	name = buf_format("%.*s", (int)(end - text - 2), text + 2);
	value = json_object_get(constants, name);
	*ret_len = (size_t)(end - text) + 2;
	if (json_is_string(value))
		return buf_strdup(json_string_value(value));
	return value ? json_dumps(value, JSON_ENCODE_ANY | JSON_REAL_PRECISION(15)) : NULL;
}

char *kattis_constants(const struct kattis *kattis, const char *text, size_t len, size_t *ret_len)
{
	const json_t *constants = json_object_get(kattis->root, "constants");
	AUTO(buf_release) struct buf out = BUF_INIT(2 * (size_t)CODE_BYTES);
	char *result;

	for (size_t i = 0; i < len; i++) {
		bool begins = text[i] == '{' && i + 1 < len && text[i + 1] == '{';
		size_t taken = 0;
		AUTO_FREE char *value =
			begins ? constant_at(constants, text + i, len - i, &taken) : NULL;

		if (value)
			buf_add_str(&out, value);
		else
			buf_add_byte(&out, text[i]);
		i += value ? taken - 1 : 0;
	}
	*ret_len = out.len;
	buf_add(&out, "", 0);
	result = buf_take(&out);
	return result;
}

int kattis_copy(const struct kattis *kattis, const char *from, const char *to, bool executable,
		struct err *err)
{
	AUTO(buf_release) struct buf text = BUF_INIT(CODE_BYTES);
	AUTO_FREE char *made = NULL;
	size_t len = 0;

	executable = executable || import_source_executable(kattis->source, from);
	if (import_source_read(kattis->source, from, CODE_BYTES, &text, err) < 0)
		return -1;
	if (json_object_size(json_object_get(kattis->root, "constants")) == 0)
		return import_draft_put(kattis->draft, to, buf_str(&text), text.len, executable,
					err);
	made = kattis_constants(kattis, buf_str(&text), text.len, &len);
	return import_draft_put(kattis->draft, to, made, len, executable, err);
}

/* --- DOMjudge's own files */

/* "key = 'value'" */
static void read_ini_line(char *line, json_t *ret)
{
	char *equals = strchr(line, '='), *value, *end;

	line += strspn(line, " \t");
	if (!equals || *line == '#' || *line == ';')
		return;
	value = equals + 1 + strspn(equals + 1, " \t'\"");
	end = value + strlen(value);
	while (end > value && strchr(" \t\r'\"", end[-1]))
		*--end = '\0';
	while (equals > line && strchr(" \t=", *equals))
		*equals-- = '\0';
	json_object_set_new(ret, line, json_string(value));
}

static int read_ini(struct kattis *kattis, struct err *err)
{
	static const char *const used[] = { "name", "timelimit", "special_compare", "special_run",
					    NULL };
	AUTO(buf_release) struct buf text = BUF_INIT(IMPORT_SOURCE_MAX_TEXT);
	AUTO_FREE char *copy = NULL;
	char *rest, *line;
	const char *key;
	json_t *ignored;

	kattis->ini = json_object();
	if (!import_source_has(kattis->source, INI))
		return 0;
	if (import_source_text(kattis->source, INI, IMPORT_SOURCE_MAX_TEXT, &text, err) < 0)
		return -1;
	copy = rest = buf_take(&text);
	while ((line = strsep(&rest, "\n")))
		read_ini_line(line, kattis->ini);
	json_object_foreach(kattis->ini, key, ignored) {
		AUTO_FREE char *what = buf_format(INI ": %s", key);

		if (!is_known(key, used))
			import_draft_left_out(kattis->draft, what, "tali has no use for it");
	}
	for (int i = 2; used[i]; i++) {
		if (*json_str(kattis->ini, used[i], ""))
			return kattis_fail(kattis, INI, used[i], err,
					   "%s names a program of the judge's installation, which "
					   "is not in the package", used[i]);
	}
	return 0;
}

/* --- problem.yaml */

static const char *const modern_keys[] = {
	"problem_format_version", "type", "name", "uuid", "version", "credits", "source",
	"license", "rights_owner", "embargo_until", "limits", "keywords", "languages",
	"allow_file_writing", "constants", NULL
};
static const char *const legacy_keys[] = {
	"problem_format_version", "type", "name", "uuid", "author", "source", "source_url",
	"license", "rights_owner", "limits", "validation", "validator_flags", "grading",
	"keywords", NULL
};
static int read_version(struct kattis *kattis, struct err *err)
{
	const json_t *value = json_object_get(kattis->root, "problem_format_version");
	const char *version = json_string_value(value);

	if (value && !version)
		return kattis_fail(kattis, PROBLEM, "problem_format_version", err,
				   "problem_format_version must be a text");
	if (version && !strcmp(version, "2025-09"))
		kattis->modern = true;
	else if (version && strcmp(version, "legacy") != 0 && strcmp(version, "legacy-icpc") != 0)
		return kattis_fail(kattis, PROBLEM, "problem_format_version", err,
				   "version '%s' is not read: tali knows 2025-09 and legacy",
				   version);
	snprintf(kattis->call->version, sizeof(kattis->call->version), "%s",
		 kattis->modern ? "2025-09" : "legacy");
	return 0;
}

static int read_type_word(struct kattis *kattis, const char *key, const char *word, struct err *err)
{
	if (!strcmp(word, "multi-pass"))
		return kattis_fail(kattis, PROBLEM, key, err,
				   "multi-pass problems cannot be imported: a test of tali runs "
				   "the program once for each case");
	if (!strcmp(word, "submit-answer"))
		return kattis_fail(kattis, PROBLEM, key, err,
				   "submit-answer problems cannot be imported: tali grades "
				   "programs, not files of answers");
	if (!strcmp(word, "scoring"))
		kattis->scoring = true;
	else if (!strcmp(word, "interactive") && kattis->modern)
		kattis->interactive = true;
	else if (strcmp(word, "pass-fail") != 0)
		return kattis_fail(kattis, PROBLEM, key, err, "unknown type '%s'", word);
	return 0;
}

static int read_type(struct kattis *kattis, struct err *err)
{
	const json_t *type = json_object_get(kattis->root, "type"), *word;
	AUTO_JSON json_t *words = json_array();
	size_t i;

	if (json_is_array(type) && kattis->modern)
		json_array_extend(words, (json_t *)type);
	else if (type)
		json_array_append(words, (json_t *)type);
	json_array_foreach(words, i, word) {
		if (!json_is_string(word))
			return kattis_fail(kattis, PROBLEM, "type", err, "type must be a text");
		if (read_type_word(kattis, "type", json_string_value(word), err) < 0)
			return -1;
	}
	return 0;
}

/* These decide how submissions are judged: what is no text must not become a default. */
static int check_texts(const struct kattis *kattis, struct err *err)
{
	static const char *const keys[] = { "validation", "validator_flags" };

	for (size_t i = 0; i < sizeof(keys) / sizeof(*keys); i++) {
		const json_t *value = json_object_get(kattis->root, keys[i]);

		if (value && !json_is_string(value) && !json_is_null(value))
			return kattis_fail(kattis, PROBLEM, keys[i], err, "%s must be a text",
					   keys[i]);
	}
	return 0;
}

/* "custom interactive score" */
static int read_validation(struct kattis *kattis, struct err *err)
{
	const char *validation = json_str(kattis->root, "validation", "default");
	AUTO_JSON json_t *words = kattis_words(validation);
	const json_t *word;
	size_t i;

	if (check_texts(kattis, err) < 0)
		return -1;
	kattis->flags = kattis_words(json_str(kattis->root, "validator_flags", NULL));
	json_array_foreach(words, i, word) {
		const char *text = json_string_value(word);

		if (!strcmp(text, "custom"))
			kattis->custom = true;
		else if (!strcmp(text, "interactive"))
			kattis->interactive = true;
		else if (!strcmp(text, "score"))
			kattis->custom_score = true;
		else if (!strcmp(text, "multi-pass"))
			return read_type_word(kattis, "validation", text, err);
		else if (strcmp(text, "default") != 0)
			return kattis_fail(kattis, PROBLEM, "validation", err,
					   "unknown word '%s' in validation", text);
	}
	if (kattis->interactive && !kattis->custom)
		return kattis_fail(kattis, PROBLEM, "validation", err,
				   "interactive goes with custom");
	return 0;
}

static int read_grading(const struct kattis *kattis, struct err *err)
{
	static const char *const keys[] = { "objective", "show_test_data_groups", NULL };
	const json_t *grading = json_object_get(kattis->root, "grading");

	if (json_is_object(grading) && kattis_check_keys(kattis, PROBLEM, grading, keys, err) < 0)
		return -1;
	if (json_flag(grading, keys[1], false))
		import_draft_left_out(kattis->draft, PROBLEM ": show_test_data_groups",
				      "candidates see no results of hidden tests");
	if (!strcmp(json_str(grading, "objective", "max"), "min"))
		return kattis_fail(kattis, PROBLEM, "objective", err,
				   "objective min cannot be imported: more points are better");
	return 0;
}

/* The name in English, or else in the first language. */
static const char *pick_name(const json_t *name)
{
	const char *english = json_str(name, "en", NULL);
	void *first;

	if (!json_is_object(name) || english)
		return json_is_object(name) ? english : json_string_value(name);
	first = json_object_iter((json_t *)name);
	return first ? json_string_value(json_object_iter_value(first)) : NULL;
}

static void read_title(struct kattis *kattis)
{
	const char *name = pick_name(json_object_get(kattis->root, "name"));

	if (!name || !*name)
		name = json_str(kattis->ini, "name", NULL);
	kattis->title = buf_strdup(name && *name ? name : import_source_name(kattis->source));
	for (char *at = kattis->title; *at; at++) {
		if ((unsigned char)*at < 0x20 || *at == 0x7f)
			*at = ' ';
	}
	json_object_set_new(import_draft_manifest(kattis->draft), "title",
			    json_string(kattis->title));
}

/* --- languages */

static const struct {
	const char *code, *name;
} languages[] = {
	{ "python3", "python" }, { "c", "c" },		{ "cpp", "c++" },
	{ "java", "java" },	 { "javascript", "javascript" },
	{ "typescript", "typescript" },			{ "go", "go" },
	{ "rust", "rust" },	 { "bash", "bash" },	{ "perl", "perl" },
	{ "ruby", "ruby" },	 { "php", "php" },
};
#define LANGUAGES (sizeof(languages) / sizeof(*languages))

static const char *language_of_code(const char *code)
{
	for (size_t i = 0; i < LANGUAGES; i++) {
		if (!strcmp(languages[i].code, code) && language_find(languages[i].name))
			return languages[i].name;
	}
	return NULL;
}

static void add_language(const struct kattis *kattis, const char *code, json_t *ret)
{
	const char *name = language_of_code(code);
	AUTO_FREE char *what = buf_format("language %s", code);

	if (name)
		json_array_append_new(ret, json_string(name));
	else
		import_draft_left_out(kattis->draft, what, "not a language that tali builds");
}

static int read_languages(struct kattis *kattis, struct err *err)
{
	const json_t *said = json_object_get(kattis->root, "languages"), *code;
	AUTO_JSON json_t *list = json_array();
	bool all = !json_is_array(said);
	size_t i;

	if (json_is_string(said) && strcmp(json_string_value(said), "all") != 0) {
		all = false;
		add_language(kattis, json_string_value(said), list);
	}
	json_array_foreach(said, i, code)
		add_language(kattis, json_string_value(code) ? json_string_value(code) : "?", list);
	for (i = 0; all && i < LANGUAGES; i++)
		add_language(kattis, languages[i].code, list);
	if (json_array_size(list) == 0)
		return kattis_fail(kattis, PROBLEM, "languages", err,
				   "none of the languages is one that tali builds");
	json_object_set(import_draft_manifest(kattis->draft), "language", list);
	return 0;
}

/* --- all of it */

static int check_constants(const struct kattis *kattis, struct err *err)
{
	const json_t *constants = json_object_get(kattis->root, "constants");
	const char *name;
	json_t *value;

	if (constants && !json_is_object(constants))
		return kattis_fail(kattis, PROBLEM, "constants", err,
				   "constants must hold names with values");
	json_object_foreach((json_t *)constants, name, value) {
		if (!json_is_string(value) && !json_is_number(value))
			return kattis_fail(kattis, PROBLEM, name, err,
					   "a constant must be a number or a text");
	}
	return 0;
}

static void note_credits(const struct kattis *kattis)
{
	static const char *const keys[] = {
		"author", "credits", "source", "source_url", "license", "rights_owner",
		"embargo_until", "keywords", "uuid", "version"
	};

	for (size_t i = 0; i < sizeof(keys) / sizeof(*keys); i++) {
		AUTO_FREE char *what = buf_format(PROBLEM ": %s", keys[i]);

		if (json_object_get(kattis->root, keys[i]))
			import_draft_left_out(kattis->draft, what,
					      "a task has no place for it; keep the package");
	}
}

/* A key without a value ("limits:", and below it comments alone) is as if it were not there. */
static void drop_nulls(json_t *object)
{
	const char *key;
	json_t *value;
	void *next;

	json_object_foreach_safe(object, next, key, value) {
		if (json_is_null(value))
			json_object_del(object, key);
	}
}

int kattis_problem_read(struct kattis *kattis, struct err *err)
{
	bool has_yaml = import_source_has(kattis->source, PROBLEM);

	if (!has_yaml)
		kattis->root = json_object();
	else if (import_source_yaml(kattis->source, PROBLEM, &kattis->root, err) < 0)
		return -1;
	if (!json_is_object(kattis->root))
		return err_set(err, ERR_INPUT, PROBLEM ":1: must hold keys with values");
	drop_nulls(kattis->root);
	drop_nulls(json_object_get(kattis->root, "limits"));
	if (read_version(kattis, err) < 0 ||
	    kattis_check_keys(kattis, PROBLEM, kattis->root,
			      kattis->modern ? modern_keys : legacy_keys, err) < 0 ||
	    read_ini(kattis, err) < 0 || read_type(kattis, err) < 0)
		return -1;
	if (kattis->modern && !pick_name(json_object_get(kattis->root, "name")))
		return kattis_fail(kattis, PROBLEM, "name", err, "name is missing, or no text");
	if (kattis->modern ? check_constants(kattis, err) < 0
			   : read_validation(kattis, err) < 0 || read_grading(kattis, err) < 0)
		return -1;
	if (!kattis->flags)
		kattis->flags = json_array();
	note_credits(kattis);
	read_title(kattis);
	return read_languages(kattis, err) < 0 || kattis_limits_read(kattis, err) < 0 ? -1 : 0;
}
