/* harbor_image.c - see harbor_image.h */
#include "task/harbor_image.h"

#include "base/auto.h"
#include "base/fs.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define DEFAULT_BASE "/app"
#define SHOWN 100	/* bytes of a line in the report */
#define SPACE " \t\r\n"
#define COPIES_MOST 1000

/* One COPY of the last stage. */
struct copy {
	json_t *words;		/* sources, then the target */
	char *workdir;		/* where it stands */
	int line;
};

struct reading {
	struct harbor_image *image;
	struct import_draft *draft;
	const struct import_source *source;
	const char *context;
	char *file;		/* the Dockerfile's path in the package */
	int line;		/* on which the instruction begins */
	char *workdir;
	struct copy copies[COPIES_MOST];
	size_t copy_count;
};

void harbor_image_release(struct harbor_image *image)
{
	free(image->base);
	buf_release(&image->env);
}

static void drop_copies(struct reading *reading)
{
	for (size_t i = 0; i < reading->copy_count; i++) {
		json_decref(reading->copies[i].words);
		free(reading->copies[i].workdir);
	}
	reading->copy_count = 0;
}

static void reading_free(struct reading **reading)
{
	drop_copies(*reading);
	free((*reading)->file);
	free((*reading)->workdir);
	free(*reading);
}

/* --- environment */

static bool is_name(const char *name)
{
	if (!isalpha((unsigned char)*name) && *name != '_')
		return false;
	for (; *name; name++)
		if (!isalnum((unsigned char)*name) && *name != '_')
			return false;
	return true;
}

void harbor_image_set(struct harbor_image *image, struct import_draft *draft, const char *where,
		      const char *name, const char *value)
{
	AUTO_FREE char *what = buf_format("%s%s", where, name);

	if (!is_name(name) || strchr(value, '$')) {
		import_draft_left_out(draft, what, "its value is made of other variables");
		return;
	}
	if (!strcmp(name, "PATH") || !strcmp(name, "HOME")) {
		import_draft_left_out(draft, what, "is what tali says it is");
		return;
	}
	buf_add_format(&image->env, "export %s='", name);
	for (; *value; value++)
		buf_add_str(&image->env, *value == '\'' ? "'\\''" : (char[]){ *value, 0 });
	buf_add_str(&image->env, "'\n");
	import_draft_changed(draft, what, "is set for tests and the solution, not for a candidate");
}

/* The word at *at, without its quotes, and *at after it; yours. */
static char *take_word(const char **at, const char *ends)
{
	struct buf word = BUF_INIT(1 << 16);
	const char *c = *at;
	char quote = 0;

	for (; *c && (quote || !strchr(ends, *c)); c++) {
		if (*c == '\\' && c[1] && quote != '\'')
			buf_add_byte(&word, *++c);
		else if (quote ? *c == quote : *c == '"' || *c == '\'')
			quote = quote ? 0 : *c;
		else
			buf_add_byte(&word, *c);
	}
	*at = c;
	return buf_take(&word);
}

/* ENV NAME=VALUE ..., or the old ENV NAME VALUE. */
static void read_env(struct reading *reading, const char *rest)
{
	AUTO_FREE char *where = buf_format("%s:%d: ENV ", reading->file, reading->line);

	while (*(rest += strspn(rest, SPACE))) {
		AUTO_FREE char *name = take_word(&rest, "=" SPACE);
		AUTO_FREE char *value = NULL;
		bool old = *rest != '=';

		rest += old ? strspn(rest, SPACE) : 1;
		value = take_word(&rest, old ? "\n" : SPACE);
		harbor_image_set(reading->image, reading->draft, where, name, value);
	}
}

/* --- paths */

/* `path` as seen from the folder `from`, without "." and ".."; yours. */
static char *resolve(const char *from, const char *path)
{
	AUTO_FREE char *whole = *path == '/' ? buf_strdup(path) : fs_join(from, path);
	struct buf out = BUF_INIT(1 << 16);

	for (const char *at = whole; *at;) {
		size_t len = strcspn(at, "/");

		if (len == 2 && !memcmp(at, "..", 2)) {
			const char *slash = strrchr(buf_str(&out), '/');

			out.len = slash ? (size_t)(slash - out.data) : 0;
			if (out.data)
				out.data[out.len] = '\0';
		} else if (len && !(len == 1 && *at == '.')) {
			buf_add_byte(&out, '/');
			buf_add(&out, at, len);
		}
		at += len + (at[len] == '/');
	}
	if (!out.len)
		buf_add_byte(&out, '/');
	return buf_take(&out);
}

/* What of `path` lies below `base` ("" is base itself); NULL when it does not. */
static const char *below(const char *path, const char *base)
{
	size_t len = strlen(base);

	if (strncmp(path, base, len) != 0 || (path[len] && path[len] != '/'))
		return NULL;
	return path[len] ? path + len + 1 : path + len;
}

/* --- copies */

/* A workspace has the statement and the attachments at these places; yours. */
static char *place_in_task(struct reading *reading, const char *path)
{
	const char *attached = below(path, "files");

	if (attached && *attached) {
		import_draft_changed(reading->draft, path,
				     "is an attachment here, which is read-only");
		return buf_format("files/%s", attached);
	}
	if (!strcmp(path, "README.md")) {
		import_draft_changed(reading->draft, path,
				     "is README.project.md, as README.md is the statement");
		return buf_strdup("start/README.project.md");
	}
	return buf_format("start/%s", path);
}

static int copy_file(struct reading *reading, const char *from, const char *target,
		     struct err *err)
{
	const char *path = below(target, reading->image->base);
	AUTO_FREE char *to = NULL, *why = NULL;

	if (!path || !*path) {
		why = buf_format("goes to %s, outside of %s, which is all that a candidate gets",
				 target, reading->image->base);
		import_draft_left_out(reading->draft, from, why);
		return 0;
	}
	to = place_in_task(reading, path);
	if (import_draft_has(reading->draft, to)) {
		import_draft_left_out(reading->draft, from, "another file is at its place");
		return 0;
	}
	return import_draft_map(reading->draft, reading->source, from, to, err);
}

static bool describes_image(const char *path)
{
	static const char *const names[] = { "Dockerfile", ".dockerignore", "docker-compose.yaml",
					     "docker-compose.yml", "compose.yaml" };

	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
		if (!strcmp(path, names[i]))
			return true;
	return false;
}

/* In the old layout the context is the whole package. */
static bool belongs_to_task(const struct reading *reading, const char *path)
{
	static const char *const names[] = { "task.yaml", "task.toml", "run-tests.sh",
					     "solution.sh", "solution.yaml", "instruction.md" };

	if (*reading->context)
		return false;
	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
		if (!strcmp(path, names[i]))
			return true;
	return below(path, "tests") || below(path, "solution");
}

/* Files below a folder of the context, or those that a pattern names, to the folder `target`. */
static int copy_several(struct reading *reading, const char *from, const char *target, bool glob,
			size_t *ret_count, struct err *err)
{
	AUTO_FREE char *folder = *reading->context && *from && !glob
				      ? fs_join(reading->context, from)
				      : buf_strdup(*from && !glob ? from : reading->context);
	size_t skip = *folder ? strlen(folder) + 1 : 0, count;
	const char *const *paths;

	import_source_list(reading->source, folder, &paths, &count);
	for (size_t i = 0; i < count; i++) {
		const char *inside = paths[i] + skip, *slash = strrchr(inside, '/');
		AUTO_FREE char *to = NULL;

		if (glob ? !fs_path_match(from, inside)
			 : !*from && (describes_image(inside) || belongs_to_task(reading, inside)))
			continue;
		to = fs_join(target, glob && slash ? slash + 1 : inside);
		++*ret_count;
		if (copy_file(reading, paths[i], to, err) < 0)
			return -1;
	}
	return 0;
}

static bool is_folder(const struct reading *reading, const char *word, const char *target)
{
	size_t len = strlen(word);
	const char *inside = below(target, reading->image->base);
	AUTO_FREE char *start = buf_format("start/%s", inside ? inside : "");
	AUTO_FREE char *path = fs_join(import_draft_folder(reading->draft), start);

	return (len && word[len - 1] == '/') || !strcmp(word, ".") || !strcmp(word, "..") ||
	       (inside && (!*inside || fs_is_dir(path)));
}

static int copy_source(struct reading *reading, const struct copy *copy, const char *word,
		       const char *target, bool to_folder, struct err *err)
{
	AUTO_FREE char *rooted = resolve("/", word);
	const char *from = rooted + 1, *slash = strrchr(rooted, '/');
	AUTO_FREE char *path = *reading->context && *from ? fs_join(reading->context, from)
						   : buf_strdup(*from ? from : reading->context);
	AUTO_FREE char *to = to_folder ? fs_join(target, slash + 1) : buf_strdup(target);
	bool glob = strpbrk(from, "*?[") != NULL;
	size_t count = 0;

	if (!glob && *from && import_source_has(reading->source, path) &&
	    !import_source_has_folder(reading->source, path))
		return copy_file(reading, path, to, err);
	if ((glob || !*from || import_source_has_folder(reading->source, path)) &&
	    copy_several(reading, from, target, glob, &count, err) < 0)
		return -1;
	if (count || !*from)
		return 0;
	return err_set(err, ERR_INPUT, "%s:%d: '%s' is not in the package", reading->file,
		       copy->line, word);
}

static int do_copy(struct reading *reading, const struct copy *copy, struct err *err)
{
	size_t count = json_array_size(copy->words) - 1;
	const char *word = json_string_value(json_array_get(copy->words, count));
	AUTO_FREE char *target = resolve(copy->workdir, word);
	bool to_folder = count > 1 || is_folder(reading, word, target);

	for (size_t i = 0; i < count; i++)
		if (copy_source(reading, copy, json_string_value(json_array_get(copy->words, i)),
				target, to_folder, err) < 0)
			return -1;
	return 0;
}

/* --- instructions */

static void leave_out(struct reading *reading, const char *instruction, const char *rest,
		      const char *why)
{
	AUTO_FREE char *what = buf_format("%s:%d: %s %.*s%s", reading->file, reading->line,
					  instruction, SHOWN, rest,
					  strlen(rest) > SHOWN ? "..." : "");

	import_draft_left_out(reading->draft, what, why);
}

/* The words of a COPY, in either form; yours, or NULL. */
static json_t *copy_words(const char *rest)
{
	AUTO_JSON json_t *words = NULL;
	size_t i;
	json_t *word;

	if (*rest == '[') {
		words = json_loads(rest, 0, NULL);
		json_array_foreach(words, i, word)
			if (!json_is_string(word))
				return NULL;
	} else {
		words = json_array();
		while (*(rest += strspn(rest, SPACE))) {
			AUTO_FREE char *text = take_word(&rest, SPACE);

			json_array_append_new(words, json_string(text));
		}
	}
	return json_array_size(words) >= 2 ? json_incref(words) : NULL;
}

static void read_copy(struct reading *reading, const char *instruction, const char *rest)
{
	const char *whole = rest;
	json_t *words;

	while (!strncmp(rest, "--", 2)) {
		if (!strncmp(rest, "--from", 6)) {
			leave_out(reading, instruction, whole, "comes from another image");
			return;
		}
		rest += strcspn(rest, SPACE);
		rest += strspn(rest, SPACE);
	}
	if (strstr(rest, "<<") || strchr(rest, '$') || strstr(rest, "://") ||
	    strstr(rest, "git@")) {
		leave_out(reading, instruction, whole, "is not a file of the package");
		return;
	}
	if (!strcasecmp(instruction, "ADD") && strstr(rest, ".tar")) {
		leave_out(reading, instruction, whole, "unpacks an archive: put its files there");
		return;
	}
	words = copy_words(rest);
	if (!words || reading->copy_count == COPIES_MOST) {
		json_decref(words);
		leave_out(reading, instruction, whole, "cannot be understood");
		return;
	}
	reading->copies[reading->copy_count++] = (struct copy){
		words, buf_strdup(reading->workdir), reading->line
	};
}

static void read_from(struct reading *reading, const char *rest)
{
	drop_copies(reading);
	buf_clear(&reading->image->env);
	free(reading->workdir);
	reading->workdir = buf_strdup("/");
	leave_out(reading, "FROM", rest,
		  "no image is made: what it brings must be on the machine that runs tests");
}

static void read_workdir(struct reading *reading, const char *rest)
{
	AUTO_FREE char *path = take_word(&rest, SPACE);
	AUTO_FREE char *old = reading->workdir;

	if (strchr(path, '$')) {
		leave_out(reading, "WORKDIR", path, "is made of variables");
		old = NULL;
		return;
	}
	reading->workdir = resolve(old, path);
}

static void read_instruction(struct reading *reading, const char *line)
{
	size_t len = strcspn(line, SPACE);
	AUTO_FREE char *instruction = buf_format("%.*s", (int)len, line);
	const char *rest = line + len + strspn(line + len, SPACE);

	if (!strcasecmp(instruction, "FROM"))
		read_from(reading, rest);
	else if (!strcasecmp(instruction, "WORKDIR"))
		read_workdir(reading, rest);
	else if (!strcasecmp(instruction, "COPY") || !strcasecmp(instruction, "ADD"))
		read_copy(reading, instruction, rest);
	else if (!strcasecmp(instruction, "ENV"))
		read_env(reading, rest);
	else if (!strcasecmp(instruction, "RUN"))
		leave_out(reading, "RUN", rest,
			  "is not run: what it makes is missing, what it installs must be on "
			  "the machine");
	else
		leave_out(reading, instruction, rest, "is for containers");
}

/* The word that ends a text within the Dockerfile, and true, when the line begins one. */
static bool begins_text(const char *line, char word[64])
{
	const char *at = strstr(line, "<<");
	size_t len;

	if (!at)
		return false;
	at += 2 + (at[2] == '-');
	at += *at == '"' || *at == '\'';
	for (len = 0; isalnum((unsigned char)at[len]) || at[len] == '_'; len++)
		;
	if (!len || len >= 64)
		return false;
	snprintf(word, 64, "%.*s", (int)len, at);
	return true;
}

static char *trimmed(const char *line, size_t len)
{
	while (len && strchr(SPACE, line[len - 1]))
		len--;
	while (len && strchr(SPACE, *line))
		line++, len--;
	return buf_format("%.*s", (int)len, line);
}

/* Lines that end in '\' go on in the next; comments between them do not count. */
static void read_lines(struct reading *reading, const char *text)
{
	AUTO(buf_release) struct buf whole = BUF_INIT(IMPORT_SOURCE_MAX_TEXT);
	char ending[64] = "";
	int number = 1;

	for (; *text; number++) {
		size_t len = strcspn(text, "\n");
		AUTO_FREE char *line = trimmed(text, len);
		size_t line_len = strlen(line);
		bool goes_on = line_len && line[line_len - 1] == '\\';

		text += len + (text[len] == '\n');
		if (*ending) {
			if (!strcmp(line, ending))
				*ending = '\0';
			continue;
		}
		if (*line == '#' || (!line_len && !whole.len))
			continue;
		if (!whole.len)
			reading->line = number;
		buf_add(&whole, line, line_len - goes_on);
		if (goes_on && *text)
			continue;
		if (!begins_text(buf_str(&whole), ending))
			*ending = '\0';
		read_instruction(reading, buf_str(&whole));
		buf_clear(&whole);
	}
}

/* --- all of it */

static void choose_base(struct reading *reading)
{
	AUTO_FREE char *what = NULL;
	const char *workdir = reading->workdir;

	if (!strcmp(workdir, "/") || below(workdir, DEFAULT_BASE))
		workdir = DEFAULT_BASE;
	reading->image->base = buf_strdup(workdir);
	if (strcmp(workdir, DEFAULT_BASE) == 0)
		return;
	what = buf_format("the folder %s", workdir);
	import_draft_changed(reading->draft, what,
			     "is called /app, in the statement and in scripts too: it is the "
			     "workspace");
}

static int read_dockerfile(struct reading *reading, struct err *err)
{
	AUTO(buf_release) struct buf text = BUF_INIT(IMPORT_SOURCE_MAX_TEXT);

	if (import_source_text(reading->source, reading->file, IMPORT_SOURCE_MAX_TEXT, &text, err) <
	    0)
		return -1;
	read_lines(reading, buf_str(&text));
	choose_base(reading);
	for (size_t i = 0; i < reading->copy_count; i++)
		if (do_copy(reading, &reading->copies[i], err) < 0)
			return -1;
	return 0;
}

int harbor_image_read(struct harbor_image *image, struct import_draft *draft,
		      const struct import_source *source, const char *context, struct err *err)
{
	AUTO(reading_free) struct reading *reading = buf_alloc(sizeof(*reading));
	size_t count = 0;

	reading->image = image;
	reading->draft = draft;
	reading->source = source;
	reading->context = context;
	reading->workdir = buf_strdup("/");
	reading->file = *context ? fs_join(context, "Dockerfile") : buf_strdup("Dockerfile");
	if (import_source_has(source, reading->file))
		return read_dockerfile(reading, err);
	image->base = buf_strdup(DEFAULT_BASE);
	return *context ? copy_several(reading, "", DEFAULT_BASE, false, &count, err) : 0;
}
