/* kattis_statement.c - the statement of a Kattis package as README.md */
#include "task/kattis_statement.h"

#include "base/auto.h"
#include "base/fs.h"
#include "base/json.h"
#include "task/html_markdown.h"
#include "task/tex_formula.h"
#include "task/tex_markdown.h"

#include <string.h>

#define MOST_README (2 << 20)
#define MOST_SAMPLE 4000	/* bytes of a sample's file that the statement shows */
#define NO_MORE 1000000	/* number of a sample that is never there */
#define FILES "files/"

static const char *const folders[] = { "statement", "problem_statement", "" };
static const char *const kinds[] = { "md", "tex", "html", "pdf" };
#define COUNT(list) (sizeof(list) / sizeof(*(list)))

struct found {
	const char *path;	/* borrowed from the source */
	size_t kind;		/* of `kinds` */
	bool is_english;
	bool in_folder;		/* not in the top of the package */
};

/* --- finding it */

/* "problem.en.tex", or "problem.tex" (English) */
static bool read_name(const char *name, struct found *ret)
{
	const char *dot = strrchr(name, '.');

	if (strncmp(name, "problem.", 8) != 0 || strchr(name, '/'))
		return false;
	ret->is_english = dot == name + 7 || !strncmp(name + 8, "en.", 3) ||
			  !strncmp(name + 8, "en-", 3);
	for (ret->kind = 0; ret->kind < COUNT(kinds); ret->kind++) {
		if (!strcmp(dot + 1, kinds[ret->kind]))
			return true;
	}
	return false;
}

static bool is_better(const struct found *a, const struct found *b)
{
	if (a->in_folder != b->in_folder)
		return a->in_folder;
	if (a->is_english != b->is_english)
		return a->is_english;
	return a->kind < b->kind;
}

/* The best of a folder's statements; the others are noted. */
static void look_in(const struct kattis *kattis, const char *folder, struct found *best)
{
	size_t prefix = *folder ? strlen(folder) + 1 : 0, count;
	const char *const *paths;

	import_source_list(kattis->source, folder, &paths, &count);
	for (size_t i = 0; i < count; i++) {
		struct found one = { .path = paths[i], .in_folder = prefix > 0 };
		const char *other = NULL;

		if (!read_name(paths[i] + prefix, &one))
			continue;
		if (!best->path || is_better(&one, best)) {
			other = best->path;
			*best = one;
		} else if (one.path != best->path) {
			other = one.path;
		}
		if (other)
			import_draft_left_out(kattis->draft, other,
					      "a task has one statement, in English where there is "
					      "one");
	}
}

/* --- samples */

static void add_file(const struct kattis *kattis, const char *title, const char *path,
		     struct buf *out)
{
	AUTO(buf_release) struct buf text = BUF_INIT(MOST_SAMPLE);
	struct err ignored = ERR_INIT;
	const char *fence = "```";

	buf_add_format(out, "%s\n\n", title);
	if (import_source_text(kattis->source, path, MOST_SAMPLE, &text, &ignored) < 0) {
		buf_add_str(out, "(see the folder `sample`)\n\n");
		return;
	}
	if (strstr(buf_str(&text), fence))
		fence = "~~~~~~~~";
	buf_add_format(out, "%s\n%s%s%s\n\n", fence, buf_str(&text),
		       text.len && text.data[text.len - 1] == '\n' ? "" : "\n", fence);
}

/* The first of these files that is there, or NULL; yours. */
static char *first_of(const struct kattis *kattis, const char *stem, const char *const *endings)
{
	for (; *endings; endings++) {
		AUTO_FREE char *path = buf_format("%s%s", stem, *endings);

		if (import_source_has(kattis->source, path))
			return TAKE(path);
	}
	return NULL;
}

static void add_sample(const struct kattis *kattis, const char *path, int number, struct buf *out)
{
	static const char *const inputs[] = { ".in.statement", ".in", NULL };
	static const char *const outputs[] = { ".ans.statement", ".out", ".ans", NULL };
	static const char *const talks[] = { ".interaction", NULL };
	AUTO_FREE char *stem = buf_format("%.*s", (int)(strrchr(path, '.') - path), path);
	AUTO_FREE char *talk = first_of(kattis, stem, talks);
	AUTO_FREE char *input = first_of(kattis, stem, inputs);
	AUTO_FREE char *output = first_of(kattis, stem, outputs);

	if (kattis->interactive && !talk)
		return;		/* its data are not for candidates to see */
	if (out->len && strncmp(out->data + out->len - 2, "\n\n", 2) != 0)
		buf_add_str(out, out->data[out->len - 1] == '\n' ? "\n" : "\n\n");
	buf_add_format(out, "## Sample %d\n\n", number);
	if (talk) {
		add_file(kattis, "`<` is what the program reads, `>` what it writes:", talk, out);
		return;
	}
	if (input)
		add_file(kattis, "Input:", input, out);
	if (output)
		add_file(kattis, "Output:", output, out);
}

/* Sample `*next` and, with `all`, those after it. */
static void add_samples(const struct kattis *kattis, int *next, bool all, struct buf *out)
{
	const char *const *paths;
	size_t count;
	int number = 0, first = *next;

	if (*next == NO_MORE)
		return;
	import_source_list(kattis->source, "data/sample", &paths, &count);
	for (size_t i = 0; i < count; i++) {
		bool is_case = fs_path_ends(paths[i], ".in");
		bool is_talk = fs_path_ends(paths[i], ".interaction");
		AUTO_FREE char *input = is_talk ? buf_format("%.*s.in", (int)strlen(paths[i]) - 12,
							     paths[i])
						: NULL;

		if (!is_case && !(is_talk && !import_source_has(kattis->source, input)))
			continue;
		if (!kattis_is_path(paths[i]) || ++number < *next)
			continue;
		add_sample(kattis, paths[i], number, out);
		*next = number + 1;
		if (!all)
			return;
	}
	if (all || *next == first)
		*next = NO_MORE;
}

/* Puts samples where "{{nextsample}}" and "{{remainingsamples}}" stand, and at the end. */
static void lay_samples(const struct kattis *kattis, const char *text, struct buf *out)
{
	static const char one[] = "{{nextsample}}", rest[] = "{{remainingsamples}}";
	int next = 1;

	while (*text) {
		if (!strncmp(text, one, strlen(one))) {
			add_samples(kattis, &next, false, out);
			text += strlen(one);
			text += strspn(text, "\n");
		} else if (!strncmp(text, rest, strlen(rest))) {
			add_samples(kattis, &next, true, out);
			text += strlen(rest);
			text += strspn(text, "\n");
		} else {
			buf_add_byte(out, *text++);
		}
	}
	add_samples(kattis, &next, true, out);
}

/* --- pictures and attachments */

static bool is_picture(const char *name)
{
	static const char *const endings[] = { ".png", ".jpg", ".jpeg", ".svg", ".gif" };
	const char *dot = strrchr(name, '.');

	for (size_t i = 0; dot && i < COUNT(endings); i++) {
		if (!strcmp(dot, endings[i]))
			return true;
	}
	return false;
}

static int copy_pictures(const struct kattis *kattis, const char *folder, struct err *err)
{
	const char *const *paths;
	size_t count;

	import_source_list(kattis->source, folder, &paths, &count);
	for (size_t i = 0; i < count; i++) {
		const char *name = paths[i] + strlen(folder) + 1;
		AUTO_FREE char *to = buf_format(FILES "%s", name);
		struct found ignored;

		if (!is_picture(name) && *name != '.' && !read_name(name, &ignored))
			import_draft_left_out(kattis->draft, paths[i],
					      "of what a statement uses, pictures come along");
		if (is_picture(name) &&
		    import_draft_map(kattis->draft, kattis->source, paths[i], to, err) < 0)
			return -1;
	}
	return 0;
}

static int copy_attachments(const struct kattis *kattis, struct err *err)
{
	const char *const *paths;
	size_t count;

	import_source_list(kattis->source, "attachments", &paths, &count);
	for (size_t i = 0; i < count; i++) {
		AUTO_FREE char *to = buf_format(FILES "%s", paths[i] + strlen("attachments/"));

		if (import_draft_has(kattis->draft, to))
			import_draft_left_out(kattis->draft, paths[i],
					      "a picture of the statement has its name");
		else if (import_draft_map(kattis->draft, kattis->source, paths[i], to, err) < 0)
			return -1;
	}
	return 0;
}

/* Bytes before the ')'; 0 when it is not near. */
static size_t name_len(const char *text)
{
	size_t len = 0;

	while (len < 256 && text[len] && text[len] != ')' && text[len] != '\n')
		len++;
	return len < 256 && text[len] == ')' ? len : 0;
}

/* "](picture.png)" of Markdown becomes "](files/picture.png)". Yours. */
static char *point_pictures(const struct kattis *kattis, const char *text)
{
	AUTO(buf_release) struct buf out = BUF_INIT(MOST_README);

	for (; *text; text++) {
		size_t len = strncmp(text, "](", 2) ? 0 : name_len(text + 2);
		AUTO_FREE char *to = len ? buf_format(FILES "%.*s", (int)len, text + 2) : NULL;

		buf_add_byte(&out, *text);
		if (to && import_draft_has(kattis->draft, to)) {
			buf_add_str(&out, "(" FILES);
			text++;
		}
	}
	buf_add(&out, "", 0);
	return buf_take(&out);
}

/* --- all of it */

static void note_unknown(const struct kattis *kattis, const char *path, const json_t *unknown)
{
	AUTO(buf_release) struct buf names = BUF_INIT(300);
	const char *name;
	json_t *ignored;

	json_object_foreach((json_t *)unknown, name, ignored)
		buf_add_format(&names, "%s%s", names.len ? ", " : "", name);
	if (!json_object_size(unknown))
		return;
	buf_add_str(&names, "");
	{
		AUTO_FREE char *why = buf_format("these commands of LaTeX stay as they are: %s",
						 buf_str(&names));

		import_draft_changed(kattis->draft, path, why);
	}
}

/* The text of the statement as Markdown, without title; yours. */
static char *convert(const struct kattis *kattis, const struct found *found, struct err *err)
{
	AUTO(buf_release) struct buf text = BUF_INIT(IMPORT_SOURCE_MAX_TEXT);
	AUTO(buf_release) struct buf out = BUF_INIT(MOST_README);
	AUTO_JSON json_t *unknown = json_object();

	if (!strcmp(kinds[found->kind], "pdf")) {
		if (import_draft_map(kattis->draft, kattis->source, found->path,
				     FILES "problem.pdf", err) < 0)
			return NULL;
		import_draft_changed(kattis->draft, found->path,
				     "README.md points at it; a PDF is not converted");
		return buf_strdup("The statement is the file `" FILES "problem.pdf`.\n");
	}
	if (import_source_text(kattis->source, found->path, IMPORT_SOURCE_MAX_TEXT, &text, err) < 0)
		return NULL;
	import_draft_mapped(kattis->draft, found->path, "README.md");
	if (!strcmp(kinds[found->kind], "tex")) {
		tex_markdown(buf_str(&text), FILES, unknown, &out);
		note_unknown(kattis, found->path, unknown);
		buf_add(&out, "", 0);
		return buf_take(&out);
	}
	if (!strcmp(kinds[found->kind], "html")) {
		html_markdown(buf_str(&text), text.len, &out);
		import_draft_changed(kattis->draft, found->path,
				     "only plain markup of HTML is kept, as Markdown");
		buf_add(&out, "", 0);
		return buf_take(&out);
	}
	tex_formula_markdown(buf_str(&text), unknown, &out);
	note_unknown(kattis, found->path, unknown);
	return point_pictures(kattis, buf_str(&out));
}

static int write_readme(const struct kattis *kattis, const char *text, struct err *err)
{
	AUTO(buf_release) struct buf out = BUF_INIT(MOST_README);
	AUTO_FREE char *whole = NULL;
	size_t len;

	whole = kattis_constants(kattis, text, strlen(text), &len);
	buf_add_format(&out, "# %s\n\n", kattis->title);
	lay_samples(kattis, whole, &out);
	if (out.full)
		return err_set(err, ERR_INPUT, "the statement is larger than %d bytes",
			       MOST_README);
	return import_draft_put(kattis->draft, "README.md", out.data, out.len, false, err);
}

int kattis_statement_import(const struct kattis *kattis, struct err *err)
{
	struct found found = { 0 };
	AUTO_FREE char *text = NULL;

	for (size_t i = 0; i < COUNT(folders); i++) {
		look_in(kattis, folders[i], &found);
		if (*folders[i] && copy_pictures(kattis, folders[i], err) < 0)
			return -1;
	}
	if (!found.path)
		return err_set(err, ERR_INPUT, "%s: there is no statement (problem.en.tex or .md)",
			       kattis->modern ? "statement" : "problem_statement");
	text = convert(kattis, &found, err);
	if (!text || write_readme(kattis, text, err) < 0)
		return -1;
	return copy_attachments(kattis, err);
}
