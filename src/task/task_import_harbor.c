/* task_import_harbor.c - see task_import_harbor.h
 *
 *	task.toml		schemas 1.0 to 1.4
 *	instruction.md		the statement
 *	environment/		how the container is made (harbor_image.h) -> start/
 *	tests/test.sh		leaves a reward in /logs/verifier -> a test, report "reward"
 *	solution/solve.sh	run once, now (harbor_solution.h) -> solution/
 *
 * Terminal-Bench had task.yaml with the instruction inside, Dockerfile, run-tests.sh, whose exit
 * status counts, and solution.sh. Both become the same: scripts run by share/import/harbor/run.sh
 * in hidden/.harbor. */
#include "task/task_import_harbor.h"

#include "base/auto.h"
#include "base/json.h"
#include "base/share.h"
#include "task/harbor_image.h"
#include "task/harbor_solution.h"
#include "task/harbor_text.h"
#include "task/import_naming.h"
#include "task/language.h"
#include "task/toml.h"

#include <ctype.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define PLACE "hidden/.harbor/"
#define STATEMENT_MOST (1 << 20)
#define TEST_SECONDS 600	/* what Harbor gives when nothing is said */
#define WALL_SECONDS_MAX 7200
#define CPU_SECONDS_MAX 3600
#define MEMORY_MB_MAX 16384

struct harbor {
	struct import_call *call;
	const struct import_source *source;
	struct import_draft *draft;
	json_t *config;
	bool old;		/* of Terminal-Bench */
	struct harbor_image image;
};

static void harbor_release(struct harbor *harbor)
{
	json_decref(harbor->config);
	harbor_image_release(&harbor->image);
}

static bool is_old(const struct import_source *source)
{
	return import_source_has(source, "task.yaml") && import_source_has(source, "run-tests.sh");
}

static bool detect(const struct import_source *source)
{
	return is_old(source) || (import_source_has(source, "task.toml") &&
				  (import_source_has(source, "instruction.md") ||
				   import_source_has_folder(source, "steps") ||
				   import_source_has_folder(source, "environment")));
}

/* --- the configuration */

/* What stands at "table.key", or in the old form at "key"; borrowed, or NULL. */
static json_t *setting(const struct harbor *harbor, const char *table, const char *key)
{
	return json_object_get(harbor->old ? harbor->config
					   : json_object_get(harbor->config, table), key);
}

static int number_of(const struct harbor *harbor, const char *table, const char *key, double *ret,
		     struct err *err)
{
	const json_t *value = setting(harbor, table, key);

	if (!value)
		return 0;
	if (!json_is_number(value))
		return err_set(err, ERR_INPUT, "%s: %s%s%s must be a number",
			       harbor->old ? "task.yaml" : "task.toml", harbor->old ? "" : table,
			       harbor->old ? "" : ".", key);
	*ret = json_number_value(value);
	return 0;
}

/* "4G", "512M": the old way to say memory. MiB; 0 for what is none. */
static double megabytes(const char *text)
{
	char *end;
	double number = strtod(text, &end);

	switch (toupper((unsigned char)*end)) {
	case 'T': return number * 1024 * 1024;
	case 'G': return number * 1024;
	case 'M': return number;
	case 'K': return number / 1024;
	default: return 0;
	}
}

static double within(double value, double least, double most)
{
	return value < least ? least : value > most ? most : value;
}

static int set_limits(struct harbor *harbor, struct err *err)
{
	double seconds = TEST_SECONDS, memory = megabytes(
		json_str(json_object_get(harbor->config, "environment"), "memory", ""));
	json_t *limits = json_object();

	json_object_set_new(import_draft_manifest(harbor->draft), "limits", limits);
	if (number_of(harbor, "verifier", harbor->old ? "max_test_timeout_sec" : "timeout_sec",
		      &seconds, err) < 0 ||
	    number_of(harbor, "environment", "memory_mb", &memory, err) < 0)
		return -1;
	json_object_set_new(limits, "wall_seconds",
			    json_integer((json_int_t)ceil(within(seconds, 1, WALL_SECONDS_MAX))));
	json_object_set_new(limits, "cpu_seconds",
			    json_integer((json_int_t)ceil(within(seconds, 1, CPU_SECONDS_MAX))));
	if (memory > 0)
		json_object_set_new(limits, "memory_mb", json_integer((json_int_t)ceil(within(
							memory, 64, MEMORY_MB_MAX))));
	if (seconds > WALL_SECONDS_MAX || memory > MEMORY_MB_MAX)
		import_draft_changed(harbor->draft, "limits", "are the highest that there are");
	return 0;
}

static int set_time(struct harbor *harbor, struct err *err)
{
	double minutes = 0;

	if (number_of(harbor, "metadata", "expert_time_estimate_min", &minutes, err) < 0)
		return -1;
	if (minutes > 0) {
		int whole = (int)ceil(within(minutes, 5, 480));
		AUTO_FREE char *what = buf_format("time_limit_minutes is %d", whole);

		json_object_set_new(import_draft_manifest(harbor->draft), "time_limit_minutes",
				    json_integer(whole));
		import_draft_changed(harbor->draft, what,
				     "is an expert's time: give others more");
	}
	return 0;
}

static void set_difficulty(struct harbor *harbor)
{
	static const char *const words[][2] = {
		{ "easy", "basic" }, { "medium", "intermediate" }, { "hard", "advanced" },
	};
	const json_t *value = setting(harbor, "metadata", "difficulty");
	const char *word = json_is_string(value) ? json_string_value(value) : "";

	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++)
		if (!strcasecmp(word, words[i][0]))
			json_object_set_new(import_draft_manifest(harbor->draft), "difficulty",
					    json_string(words[i][1]));
}

static void set_type(struct harbor *harbor)
{
	static const char *const words[][2] = {
		{ "debugging", "bug_fix" }, { "bug-fix", "bug_fix" }, { "bug_fix", "bug_fix" },
		{ "refactoring", "refactoring" }, { "algorithms", "algorithm" },
	};
	const json_t *value = setting(harbor, "metadata", "category");
	const char *word = json_is_string(value) ? json_string_value(value) : "";

	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++)
		if (!strcasecmp(word, words[i][0]))
			json_object_set_new(import_draft_manifest(harbor->draft), "type",
					    json_string(words[i][1]));
}

/* Small letters, digits, '-' and '_', at most 32; once each, at most 32. */
static void add_tag(json_t *tags, const char *word)
{
	char tag[33] = "";
	size_t len = 0, i;
	json_t *other;

	for (; *word && len < 32; word++) {
		if (isalnum((unsigned char)*word) || *word == '_')
			tag[len++] = (char)tolower((unsigned char)*word);
		else if (len && tag[len - 1] != '-')
			tag[len++] = '-';
	}
	while (len && tag[len - 1] == '-')
		len--;
	tag[len] = '\0';
	json_array_foreach(tags, i, other)
		if (!strcmp(json_string_value(other), tag))
			return;
	if (len && json_array_size(tags) < 32)
		json_array_append_new(tags, json_string(tag));
}

static void set_tags(struct harbor *harbor)
{
	const json_t *lists[] = {
		harbor->old ? NULL : setting(harbor, "task", "keywords"),
		setting(harbor, "metadata", "tags"),
	};
	const json_t *category = setting(harbor, "metadata", "category");
	json_t *tags = json_array(), *tag;
	size_t i, j;

	for (j = 0; j < 2; j++)
		json_array_foreach(lists[j], i, tag)
			if (json_is_string(tag))
				add_tag(tags, json_string_value(tag));
	if (json_is_string(category))
		add_tag(tags, json_string_value(category));
	if (json_array_size(tags))
		json_object_set(import_draft_manifest(harbor->draft), "tags", tags);
	json_decref(tags);
}

static void set_env(struct harbor *harbor, const char *table)
{
	AUTO_FREE char *where = buf_format("task.toml: %s.env.", table);
	const char *name;
	json_t *value;

	json_object_foreach(json_object_get(json_object_get(harbor->config, table), "env"), name,
			    value)
		harbor_image_set(&harbor->image, harbor->draft, where, name,
				 json_is_string(value) ? json_string_value(value) : "$");
}

/* --- what of it a task has not */

static const char *reason(const char *key)
{
	static const struct {
		const char *key, *why; /* NULL: it is taken */
	} reasons[] = {
		{ "version", NULL }, { "schema_version", NULL }, { "task.name", NULL },
		{ "task.keywords", NULL }, { "metadata.difficulty", NULL },
		{ "metadata.category", NULL }, { "metadata.tags", NULL },
		{ "metadata.expert_time_estimate_min", NULL }, { "verifier.timeout_sec", NULL },
		{ "verifier.env", NULL }, { "solution.env", NULL }, { "environment.env", NULL },
		{ "environment.memory", NULL }, { "environment.memory_mb", NULL },
		{ "environment.build_timeout_sec", NULL }, { "instruction", NULL },
		{ "difficulty", NULL }, { "category", NULL }, { "tags", NULL },
		{ "max_test_timeout_sec", NULL }, { "expert_time_estimate_min", NULL },
		{ "agent.timeout_sec", "is the time of a program, not of a person" },
		{ "max_agent_timeout_sec", "is the time of a program, not of a person" },
		{ "environment.docker_image",
		  "no container engine is used: what it brings must be on the machine" },
		{ "environment.cpus", "CPUs are not counted, their time is" },
		{ "environment.storage", "a workspace has the limit of its language" },
		{ "environment.storage_mb", "a workspace has the limit of its language" },
		{ "environment.gpus", "a sandbox has no GPU" },
		{ "environment.gpu_types", "a sandbox has no GPU" },
		{ "environment.allow_internet", "a sandbox has no network" },
		{ "environment.network_mode", "a sandbox has no network" },
		{ "environment.allowed_hosts", "a sandbox has no network" },
		{ "verifier.network_mode", "a sandbox has no network" },
		{ "verifier.allowed_hosts", "a sandbox has no network" },
		{ "agent.network_mode", "a sandbox has no network" },
		{ "agent.allowed_hosts", "a sandbox has no network" },
		{ "environment.mcp_servers", "a task has no servers of tools" },
		{ "environment.healthcheck", "no container is started" },
		{ "verifier.environment_mode", "tests run on the workspace, in a sandbox" },
		{ "verifier.environment", "tests run on the workspace, in a sandbox" },
		{ "verifier.user", "all runs as the one user of a sandbox" },
		{ "agent.user", "all runs as the one user of a sandbox" },
		{ "task.authors", "a task names no authors" },
		{ "metadata.author_name", "a task names no authors" },
		{ "metadata.author_email", "a task names no authors" },
	};

	for (size_t i = 0; i < sizeof(reasons) / sizeof(*reasons); i++)
		if (!strcmp(reasons[i].key, key))
			return reasons[i].why;
	return "a task has nothing like it";
}

static bool says_no(const char *key, const json_t *value)
{
	return json_is_false(value) || (json_is_integer(value) && !json_integer_value(value)) ||
	       (json_is_string(value) && !strcmp(json_string_value(value), "no-network") &&
		strstr(key, "network_mode"));
}

static void leave_out(struct harbor *harbor, const char *key, const json_t *value)
{
	const char *why = reason(key);
	AUTO_FREE char *what = buf_format("%s: %s", harbor->old ? "task.yaml" : "task.toml", key);

	if (why && !says_no(key, value))
		import_draft_left_out(harbor->draft, what, why);
}

static void leave_out_rest(struct harbor *harbor)
{
	const char *table, *key;
	json_t *inner, *value;

	json_object_foreach(harbor->config, table, inner) {
		if (harbor->old || !json_is_object(inner)) {
			leave_out(harbor, table, inner);
			continue;
		}
		json_object_foreach(inner, key, value) {
			AUTO_FREE char *whole = buf_format("%s.%s", table, key);

			leave_out(harbor, whole, value);
		}
	}
}

/* --- files */

/* Lines at the top that only tell readers of training data what this is. */
static const char *skip_canary(struct harbor *harbor, const char *text)
{
	const char *at = text;

	for (;;) {
		size_t len = strcspn(at, "\n");
		AUTO_FREE char *line = buf_format("%.*s", (int)len, at);

		if (!strcasestr(line, "canary") || (*line != '#' && *line != '<'))
			break;
		at += len + (at[len] == '\n');
	}
	if (at != text)
		import_draft_left_out(harbor->draft, "canary lines of the statement",
				      "are for programs that collect texts");
	return at + strspn(at, "\n");
}

static int write_statement(struct harbor *harbor, const char *text, const char *from,
			   struct err *err)
{
	AUTO(buf_release) struct buf out = BUF_INIT(2 * STATEMENT_MOST);

	text = skip_canary(harbor, text);
	if (!*text)
		return err_set(err, ERR_INPUT, "%s: is empty", from);
	if (harbor_text_rewrite(text, strlen(text), harbor->image.base, &out))
		import_draft_changed(harbor->draft, from, "the workspace is /app in it");
	import_draft_mapped(harbor->draft, from, "README.md");
	return import_draft_put_text(harbor->draft, "README.md", buf_str(&out), err);
}

static int add_statement(struct harbor *harbor, struct err *err)
{
	AUTO(buf_release) struct buf text = BUF_INIT(STATEMENT_MOST);

	if (harbor->old)
		return write_statement(harbor, json_str(harbor->config, "instruction", ""),
				       "task.yaml: instruction", err);
	if (import_source_text(harbor->source, "instruction.md", STATEMENT_MOST, &text, err) < 0)
		return -1;
	return write_statement(harbor, buf_str(&text), "instruction.md", err);
}

static int put_share(struct harbor *harbor, const char *name, const char *to, bool executable,
		     struct err *err)
{
	AUTO_FREE char *whole = buf_format("import/harbor/%s", name);
	const struct share_file *file = share_find(whole);

	if (!file)
		return err_set(err, ERR_ENV, "%s is missing", whole);
	return import_draft_put(harbor->draft, to, file->data, file->size, executable, err);
}

static int add_runner(struct harbor *harbor, struct err *err)
{
	static const char *const names[] = { "apk", "apt", "apt-get", "curl", "pip", "pip3",
					     "pytest", "uv", "uvx", "wget" };

	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
		AUTO_FREE char *to = buf_format(PLACE "bin/%s", names[i]);

		if (put_share(harbor, "stand-in.sh", to, true, err) < 0)
			return -1;
	}
	if (put_share(harbor, "run.sh", PLACE "run.sh", false, err) < 0)
		return -1;
	return import_draft_put(harbor->draft, PLACE "env.sh", buf_str(&harbor->image.env),
				harbor->image.env.len, false, err);
}

/* Says it when a script would fetch something. */
static int tell_stand_ins(struct harbor *harbor, const char *path, struct err *err)
{
	static const char *const signs[] = { "apt-get ", "apt ", "apk ", "pip install", "uvx ",
					     "uv ", "curl ", "wget " };
	AUTO(buf_release) struct buf text = BUF_INIT(IMPORT_SOURCE_MAX_TEXT);

	if (import_source_text(harbor->source, path, IMPORT_SOURCE_MAX_TEXT, &text, err) < 0)
		return -1;
	for (size_t i = 0; i < sizeof(signs) / sizeof(*signs); i++)
		if (strstr(buf_str(&text), signs[i])) {
			import_draft_changed(harbor->draft, path,
					     "installs and fetches nothing (.harbor/bin has "
					     "stand-ins): what it wants must be on the machine");
			return 0;
		}
	return 0;
}

static int map_test(struct harbor *harbor, const char *from, struct err *err)
{
	const char *name = strncmp(from, "tests/", 6) ? from : from + 6;
	AUTO_FREE char *to = buf_format(PLACE "tests/%s", name);

	return harbor_text_map(harbor->draft, harbor->draft, harbor->source, harbor->image.base,
			       from, to, err);
}

static int add_tests(struct harbor *harbor, struct err *err)
{
	const char *script = harbor->old ? "run-tests.sh" : "tests/test.sh";
	const char *report = harbor->old ? "exit" : "reward";
	json_t *argv = json_pack("[s, s, s]", "sh", ".harbor/run.sh",
				 harbor->old ? "exit" : "verify");
	const char *const *paths;
	size_t count;

	if (!harbor->old)
		json_array_append_new(argv, json_string("{report}"));
	json_object_set_new(import_draft_manifest(harbor->draft), "tests",
			    json_pack("[{s:s, s:s, s:s, s:i, s:o, s:s}]", "id", "verify", "kind",
				      "command", "visibility", "hidden", "points", 100, "argv",
				      argv, "report", report));
	if (tell_stand_ins(harbor, script, err) < 0 ||
	    (harbor->old && map_test(harbor, script, err) < 0))
		return -1;
	import_source_list(harbor->source, "tests", &paths, &count);
	for (size_t i = 0; i < count; i++)
		if (map_test(harbor, paths[i], err) < 0)
			return -1;
	return 0;
}

/* What no line above has taken. */
static void leave_out_files(struct harbor *harbor)
{
	static const char *const known[] = { "environment/", "tests/", "solution/" };
	static const char *const files[] = { "task.toml", "task.yaml", "instruction.md",
					     "Dockerfile", "run-tests.sh", "solution.sh" };
	const char *const *paths;
	size_t count;

	import_source_list(harbor->source, "", &paths, &count);
	for (size_t i = 0; i < count; i++) {
		bool taken = strstr(paths[i], "compose.y") == NULL && harbor->old;

		for (size_t j = 0; j < sizeof(files) / sizeof(*files); j++)
			taken = taken || !strcmp(paths[i], files[j]);
		for (size_t j = 0; j < sizeof(known) / sizeof(*known); j++)
			taken = taken || (!strncmp(paths[i], known[j], strlen(known[j])) &&
					  !strstr(paths[i], "compose.y"));
		if (!taken)
			import_draft_left_out(harbor->draft, paths[i],
					      strstr(paths[i], "compose.y")
						      ? "no container engine is used"
						      : "is no part of a task that tali knows");
	}
}

static const struct language *language_below(const struct harbor *harbor, const char *folder)
{
	const char *const *paths;
	size_t count;

	import_source_list(harbor->source, folder, &paths, &count);
	return language_of_paths(paths, count);
}

/* Scripts of the package itself say the least. */
static void set_language(struct harbor *harbor)
{
	const struct language *language = language_below(harbor, "environment");
	AUTO_FREE char *what = NULL;

	if (!language)
		language = language_below(harbor, "solution");
	if (!language)
		language = language_below(harbor, "tests");
	what = buf_format("language is %s", language ? language->name : "bash");
	json_object_set_new(import_draft_manifest(harbor->draft), "language",
			    json_string(language ? language->name : "bash"));
	import_draft_changed(harbor->draft, what,
			     language ? "most files are of it" : "no file tells which it is");
}

/* --- all of it */

static int read_config(struct harbor *harbor, struct err *err)
{
	AUTO(buf_release) struct buf text = BUF_INIT(TOML_MAX_BYTES);
	struct sandbox *sandbox;
	const char *version;

	if (harbor->old) {
		snprintf(harbor->call->version, sizeof(harbor->call->version), "terminal-bench");
		if (import_source_yaml(harbor->source, "task.yaml", &harbor->config, err) < 0)
			return -1;
		return json_is_object(harbor->config)
			       ? 0
			       : err_set(err, ERR_INPUT, "task.yaml:1: is not a mapping");
	}
	sandbox = harbor->call->sandbox_of(harbor->call, err);
	if (!sandbox ||
	    import_source_text(harbor->source, "task.toml", TOML_MAX_BYTES, &text, err) < 0 ||
	    toml_parse(sandbox, harbor->call->allow_weak, buf_str(&text), text.len, "task.toml",
		       &harbor->config, err) < 0)
		return -1;
	version = json_str(harbor->config, "schema_version",
			   json_str(harbor->config, "version", ""));
	snprintf(harbor->call->version, sizeof(harbor->call->version), "%s", version);
	return 0;
}

static int refuse_steps(const struct harbor *harbor, struct err *err)
{
	if (!json_object_get(harbor->config, "steps") &&
	    !import_source_has_folder(harbor->source, "steps"))
		return 0;
	return err_set(err, ERR_INPUT, "the package is a task of several steps, which tali has no "
				       "form for");
}

static int begin(struct harbor *harbor, struct err *err)
{
	const json_t *named = harbor->old ? NULL : setting(harbor, "task", "name");
	const char *name = json_is_string(named) ? json_string_value(named)
						 : import_source_name(harbor->source);
	const char *slash = strrchr(name, '/');
	AUTO_FREE char *title = NULL;

	name = slash && slash[1] ? slash + 1 : name;
	title = import_naming_title(name);
	harbor->draft = import_call_draft(harbor->call, name, err);
	if (!harbor->draft)
		return -1;
	json_object_set_new(import_draft_manifest(harbor->draft), "title", json_string(title));
	return 0;
}

static int read_manifest(struct harbor *harbor, struct err *err)
{
	set_difficulty(harbor);
	set_type(harbor);
	set_tags(harbor);
	set_language(harbor);
	if (set_time(harbor, err) < 0 || set_limits(harbor, err) < 0)
		return -1;
	set_env(harbor, "environment");
	set_env(harbor, "verifier");
	set_env(harbor, "solution");
	leave_out_rest(harbor);
	return 0;
}

/* The solution comes before the tests, so that its script cannot see them. */
static int convert(struct harbor *harbor, struct err *err)
{
	const char *context = harbor->old ? "" : "environment";

	if (begin(harbor, err) < 0 ||
	    harbor_image_read(&harbor->image, harbor->draft, harbor->source, context, err) < 0 ||
	    read_manifest(harbor, err) < 0 || add_statement(harbor, err) < 0 ||
	    add_runner(harbor, err) < 0 ||
	    harbor_solution_make(harbor->call, harbor->draft, harbor->old ? "" : "solution",
				 harbor->image.base, err) < 0 ||
	    add_tests(harbor, err) < 0)
		return -1;
	leave_out_files(harbor);
	return 0;
}

static int run(struct import_call *call, struct err *err)
{
	AUTO(harbor_release) struct harbor harbor = {
		.call = call, .source = call->source, .old = is_old(call->source),
		.image = HARBOR_IMAGE_INIT,
	};

	if (read_config(&harbor, err) == 0 && refuse_steps(&harbor, err) == 0 &&
	    convert(&harbor, err) == 0)
		return 0;
	/* a file that should be there is a fault of the package */
	if (err->code == ERR_NOT_FOUND)
		err->code = ERR_INPUT;
	return -1;
}

const struct import_format task_import_harbor = { "harbor", detect, run };
