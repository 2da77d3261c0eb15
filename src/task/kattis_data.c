/* kattis_data.c - the test data of a Kattis package as cases and groups */
#include "task/kattis_data.h"

#include "base/auto.h"
#include "base/fs.h"
#include "base/json.h"

#include <string.h>

static const char *const group_keys[] = {
	"max_score", "score_aggregation", "static_validation_score", "require_pass", "args",
	"input_validator_args", "static_validator_args", "output_validator_args",
	"input_visualizer_args", "output_visualizer_args", "full_feedback", NULL
};
static const char *const legacy_group_keys[] = {
	"on_reject", "grading", "grader_flags", "input_validator_flags",
	"output_validator_flags", "accept_score", "reject_score", "range", NULL
};
static const char *const case_keys[] = {
	"args", "input_validator_args", "output_validator_args", "input_visualizer_args",
	"output_visualizer_args", "full_feedback", "hint", "description", NULL
};

void kattis_group_free(struct kattis_group **group)
{
	struct kattis_group *old = *group;

	*group = NULL;
	if (!old)
		return;
	for (size_t i = 0; i < old->group_count; i++)
		kattis_group_free(&old->groups[i]);
	for (size_t i = 0; i < old->case_count; i++) {
		free(old->cases[i].answer);
		json_decref(old->cases[i].args);
		json_decref(old->cases[i].flags);
	}
	free(old->groups);
	free(old->cases);
	free(old->path);
	free(old->config_file);
	json_decref(old->config);
	json_decref(old->args);
	json_decref(old->flags);
	free(old);
}

void kattis_group_cases(const struct kattis_group *group, struct kattis_case ***ret,
			size_t *ret_count)
{
	*ret = buf_realloc(*ret, *ret_count + group->case_count + 1, sizeof(**ret));
	for (size_t i = 0; i < group->case_count; i++)
		(*ret)[(*ret_count)++] = &group->cases[i];
	for (size_t i = 0; i < group->group_count; i++)
		kattis_group_cases(group->groups[i], ret, ret_count);
}

/* --- configuration */

/* A list of texts, with the constants put in; *ret is left alone when the key is not there. For the
 * format's own tools 1e-6 without quotes is a text. */
static int read_args(const struct kattis *kattis, const char *file, const json_t *config,
		     const char *key, json_t **ret, struct err *err)
{
	const json_t *list = json_object_get(config, key), *word;
	AUTO_JSON json_t *made = json_array();
	size_t i;

	if (!list)
		return 0;
	if (!json_is_array(list))
		return kattis_fail(kattis, file, key, err, "%s must be a list of texts", key);
	json_array_foreach(list, i, word) {
		AUTO_FREE char *text = NULL, *number = NULL;
		const char *said = json_string_value(word);
		size_t len;

		if (json_is_number(word))
			said = number = json_dumps(word,
						   JSON_ENCODE_ANY | JSON_REAL_PRECISION(15));
		if (!said || !*said)
			return kattis_fail(kattis, file, key, err, "%s must be a list of texts",
					   key);
		text = kattis_constants(kattis, said, strlen(said), &len);
		json_array_append_new(made, json_string(text));
	}
	json_decref(*ret);
	*ret = TAKE(made);
	return 0;
}

/* "flags", or {name, flags}: words after those of the whole problem. */
static int read_legacy_flags(const struct kattis *kattis, struct kattis_group *group,
			     struct err *err)
{
	const json_t *said = json_object_get(group->config, "output_validator_flags");
	const char *text = json_is_object(said) ? json_str(said, "flags", "")
						: json_string_value(said);
	AUTO_JSON json_t *own = kattis_words(text);

	if (said && !text)
		return kattis_fail(kattis, group->config_file, "output_validator_flags", err,
				   "output_validator_flags must be a text");
	group->args = json_array();
	group->flags = json_copy(kattis->flags);
	json_array_extend(group->flags, own);
	return 0;
}

static int read_modern_args(const struct kattis *kattis, struct kattis_group *group,
			    struct err *err)
{
	const struct kattis_group *parent = group->parent;

	group->args = parent ? json_copy(parent->args) : json_array();
	group->flags = parent ? json_copy(parent->flags) : json_array();
	if (read_args(kattis, group->config_file, group->config, "args", &group->args, err) < 0)
		return -1;
	return read_args(kattis, group->config_file, group->config, "output_validator_args",
			 &group->flags, err);
}

/* The legacy format takes the file of a group whole, or else that of the nearest group above. Its
 * usual tool, by which authors check their packages, takes of that one each key that the own file
 * lacks: where that is another thing, people are to know. */
static void note_not_inherited(const struct kattis *kattis, const struct kattis_group *group)
{
	AUTO(buf_release) struct buf what = BUF_INIT(1000);
	const struct kattis_group *parent = group->parent;

	for (const char *const *key = legacy_group_keys; parent && *key; key++) {
		if (!json_object_get(parent->config, *key) || json_object_get(group->config, *key))
			continue;
		if (!strcmp(*key, "input_validator_flags"))
			continue;
		buf_add_format(&what, "%s %s", what.len ? "," : ":", *key);
	}
	if (what.len) {
		AUTO_FREE char *line = buf_format("%s%s", group->config_file, buf_str(&what));

		import_draft_changed(kattis->draft, line,
				     "not there, so as by default: the format takes nothing of "
				     "the file of the group above, but problemtools would");
	}
}

/* The file is read where it stands, else the parent's holds (legacy), else nothing. */
static int read_config(const struct kattis *kattis, struct kattis_group *group, struct err *err)
{
	const char *name = kattis->modern ? "test_group.yaml" : "testdata.yaml";
	const struct kattis_group *parent = group->parent;

	group->config_file = buf_format("data/%s%s%s", group->path, *group->path ? "/" : "", name);
	if (import_source_has(kattis->source, group->config_file)) {
		if (import_source_yaml(kattis->source, group->config_file, &group->config,
				       err) < 0)
			return -1;
		if (json_is_null(group->config)) {
			json_decref(group->config);
			group->config = json_object();
		}
		if (kattis_check_keys(kattis, group->config_file, group->config,
				      kattis->modern ? group_keys : legacy_group_keys, err) < 0)
			return -1;
		if (!kattis->modern)
			note_not_inherited(kattis, group);
	} else {
		free(group->config_file);
		group->config_file = buf_strdup(parent && !kattis->modern ? parent->config_file
									  : "");
		group->config = parent && !kattis->modern ? json_copy(parent->config)
							  : json_object();
	}
	return kattis->modern ? read_modern_args(kattis, group, err)
			      : read_legacy_flags(kattis, group, err);
}

static struct kattis_group *new_group(const struct kattis *kattis, const char *path,
				      struct kattis_group *parent, struct err *err)
{
	AUTO(kattis_group_free) struct kattis_group *group = buf_alloc(sizeof(*group));

	group->path = buf_strdup(path);
	group->parent = parent;
	if (read_config(kattis, group, err) < 0)
		return NULL;
	return TAKE(group);
}

/* --- cases */

/* In 2025-09 folders of a group are no groups: their cases are the group's. */
static struct kattis_group *group_of(const struct kattis *kattis, struct kattis_group *at,
				     const char *path, struct err *err)
{
	size_t skip = strlen("data/") + strlen(at->path) + 1;
	const char *slash = strchr(path + skip, '/');
	AUTO_FREE char *below = NULL;
	struct kattis_group *made;

	if (!slash || (kattis->modern && at->parent))
		return at;
	below = buf_format("%.*s", (int)(slash - path - strlen("data/")), path + strlen("data/"));
	for (size_t i = 0; i < at->group_count; i++) {
		if (!strcmp(at->groups[i]->path, below))
			return group_of(kattis, at->groups[i], path, err);
	}
	made = new_group(kattis, below, at, err);
	if (!made)
		return NULL;
	at->groups = buf_realloc(at->groups, at->group_count + 1, sizeof(*at->groups));
	at->groups[at->group_count++] = made;
	return group_of(kattis, made, path, err);
}

/* Keys that candidates would see. Each is noted once for the folder of the data. */
static void note_keys(const struct kattis *kattis, const struct kattis_group *group,
		      const json_t *config, json_t *noted)
{
	static const char *const keys[] = { "hint", "description", "full_feedback" };

	for (size_t i = 0; i < sizeof(keys) / sizeof(*keys); i++) {
		AUTO_FREE char *what = buf_format("data/%.*s/**.yaml: %s",
						  (int)strcspn(group->path, "/"), group->path,
						  keys[i]);

		if (!json_object_get(config, keys[i]) || json_object_get(noted, what))
			continue;
		json_object_set_new(noted, what, json_true());
		import_draft_left_out(kattis->draft, what, "tests of tali have no place for it");
	}
}

static int read_case_config(const struct kattis *kattis, const struct kattis_group *group,
			    const char *stem, struct kattis_case *one, json_t *noted,
			    struct err *err)
{
	AUTO_FREE char *file = buf_format("%s.yaml", stem);
	AUTO_JSON json_t *config = NULL;

	if (!kattis->modern || !import_source_has(kattis->source, file))
		return 0;
	if (import_source_yaml(kattis->source, file, &config, err) < 0)
		return -1;
	if (json_is_null(config))
		return 0;
	if (kattis_check_keys(kattis, file, config, case_keys, err) < 0 ||
	    read_args(kattis, file, config, "args", &one->args, err) < 0)
		return -1;
	note_keys(kattis, group, config, noted);
	return read_args(kattis, file, config, "output_validator_args", &one->flags, err);
}

static int add_case(const struct kattis *kattis, struct kattis_group *group, const char *path,
		    json_t *noted, struct err *err)
{
	AUTO_FREE char *stem = buf_format("%.*s", (int)strlen(path) - 3, path);
	AUTO_FREE char *answer = buf_format("%s.ans", stem);
	AUTO_FREE char *files = buf_format("%s.files", stem);
	struct kattis_case *one;

	if (import_source_has(kattis->source, files))
		return err_set(err, ERR_INPUT, "%s: cases with files of their own cannot be "
			       "imported: a test of tali gives the program standard input alone",
			       files);
	if (!import_source_has(kattis->source, answer)) {
		if (!kattis->interactive)
			return err_set(err, ERR_INPUT, "%s: has no answer (%s)", path, answer);
		free(TAKE(answer));
	}
	group->cases = buf_realloc(group->cases, group->case_count + 1, sizeof(*group->cases));
	one = &group->cases[group->case_count++];
	*one = (struct kattis_case){ .input = path,
				     .answer = TAKE(answer),
				     .args = json_copy(group->args),
				     .flags = json_copy(group->flags) };
	note_keys(kattis, group, group->config, noted);
	return read_case_config(kattis, group, stem, one, noted, err);
}

/* --- the walk */

/* Notes what is there beside cases. Kinds of files are noted once. */
static int note_other(const struct kattis *kattis, const char *name, const char *path,
		      json_t *noted, struct err *err)
{
	static const char *const kinds[] = {
		".hint", ".desc", ".png", ".jpg", ".jpeg", ".svg", ".out", ".in.statement",
		".ans.statement", ".in.download", ".ans.download", ".interaction"
	};

	for (size_t i = 0; i < sizeof(kinds) / sizeof(*kinds); i++) {
		AUTO_FREE char *what = buf_format("data/%s/**/*%s", name, kinds[i]);

		if (!fs_path_ends(path, kinds[i]))
			continue;
		if (!json_object_get(noted, what) && !fs_path_ends(path, ".interaction"))
			import_draft_left_out(kattis->draft, what,
					      "tests of tali have no place for it");
		json_object_set_new(noted, what, json_true());
		return 0;
	}
	if (fs_path_ends(path, ".ans")) {
		AUTO_FREE char *input = buf_format("%.*s.in", (int)strlen(path) - 4, path);

		if (!import_source_has(kattis->source, input))
			return err_set(err, ERR_INPUT, "%s: is an answer without %s", path, input);
		return 0;
	}
	if (!fs_path_ends(path, ".yaml") && !strstr(path, ".files/"))
		import_draft_left_out(kattis->draft, path, "belongs to no case");
	return 0;
}

static bool is_hidden_name(const char *path)
{
	return *path == '.' || strstr(path, "/.");
}

static int read_file(const struct kattis *kattis, struct kattis_group *root, const char *path,
		     json_t *noted, struct err *err)
{
	struct kattis_group *group;

	if (!kattis_is_path(path)) {
		if (!is_hidden_name(path))
			import_draft_left_out(kattis->draft, path,
					      "not a name that packages may use, so the format "
					      "says to ignore it");
		return 0;
	}
	if (!fs_path_ends(path, ".in"))
		return note_other(kattis, root->path, path, noted, err);
	group = group_of(kattis, root, path, err);
	return group ? add_case(kattis, group, path, noted, err) : -1;
}

static int by_path(const void *a, const void *b)
{
	return strcmp((*(struct kattis_group *const *)a)->path,
		      (*(struct kattis_group *const *)b)->path);
}

static void sort_groups(struct kattis_group *group)
{
	if (group->group_count)
		qsort(group->groups, group->group_count, sizeof(*group->groups), by_path);
	for (size_t i = 0; i < group->group_count; i++)
		sort_groups(group->groups[i]);
}

/* The legacy format has a configuration for all of data/; the group keeps what it took of it. */
static struct kattis_group *new_root(const struct kattis *kattis, const char *name,
				     struct err *err)
{
	AUTO(kattis_group_free) struct kattis_group *data = NULL;
	struct kattis_group *root;

	if (!kattis->modern && !(data = new_group(kattis, "", NULL, err)))
		return NULL;
	root = new_group(kattis, name, data, err);
	if (root)
		root->parent = NULL;
	return root;
}

int kattis_group_read(const struct kattis *kattis, const char *name, struct kattis_group **ret,
		      struct err *err)
{
	AUTO_FREE char *folder = buf_format("data/%s", name);
	AUTO(kattis_group_free) struct kattis_group *root = NULL;
	AUTO_JSON json_t *noted = json_object();
	const char *const *paths;
	size_t count;

	*ret = NULL;
	import_source_list(kattis->source, folder, &paths, &count);
	if (!count)
		return 0;
	root = new_root(kattis, name, err);
	if (!root)
		return -1;
	for (size_t i = 0; i < count; i++) {
		if (read_file(kattis, root, paths[i], noted, err) < 0)
			return -1;
	}
	sort_groups(root);
	if (root->case_count || root->group_count)
		*ret = TAKE(root);
	return 0;
}
