/* text_patch.c - see text_patch.h */
#include "workspace/text_patch.h"

#include "base/auto.h"
#include "workspace/git_library.h"
#include "workspace/repo_internal.h"

#include <string.h>

static void free_patch(git_patch **patch)
{
	git(patch_free)(*patch);
}

static bool is_binary(const char *text, size_t len)
{
	return len > TEXT_PATCH_MAX || (len && memchr(text, '\0', len));
}

static int line_number(int number)
{
	return number > 0 ? number : 0;
}

static int tell_line(const git_diff_line *line,
		     int (*visit)(void *arg, const struct text_patch_line *line, struct err *err),
		     void *arg, struct err *err)
{
	struct text_patch_line told = {
		.origin = line->origin, .before = line_number(line->old_lineno),
		.after = line_number(line->new_lineno), .text = line->content,
		.len = line->content_len,
	};

	/* '=', '<' and '>' only tell that a file ends without an end of line */
	if (told.origin != ' ' && told.origin != '+' && told.origin != '-')
		return 0;
	while (told.len && (told.text[told.len - 1] == '\n' || told.text[told.len - 1] == '\r'))
		told.len--;
	return visit(arg, &told, err);
}

static int tell_hunk(git_patch *patch, size_t hunk,
		     int (*visit)(void *arg, const struct text_patch_line *line, struct err *err),
		     void *arg, struct err *err)
{
	const struct text_patch_line begin = { .origin = '@' };
	int count = git(patch_num_lines_in_hunk)(patch, hunk), i;
	const git_diff_line *line;

	if (visit(arg, &begin, err) < 0)
		return -1;
	for (i = 0; i < count; i++) {
		if (git(patch_get_line_in_hunk)(&line, patch, hunk, (size_t)i) < 0)
			return repo_git_err(err, "cannot compare");
		if (tell_line(line, visit, arg, err) < 0)
			return -1;
	}
	return 0;
}

int text_patch(const char *before, size_t before_len, const char *after, size_t after_len,
	       int (*visit)(void *arg, const struct text_patch_line *line, struct err *err),
	       void *arg, bool *ret_shown, struct err *err)
{
	AUTO(free_patch) git_patch *patch = NULL;
	git_diff_options options;
	size_t count, i;

	*ret_shown = !is_binary(before, before_len) && !is_binary(after, after_len);
	if (git_library_load(err) < 0)
		return -1;
	if (!*ret_shown)
		return 0;
	git(diff_options_init)(&options, GIT_DIFF_OPTIONS_VERSION);
	options.context_lines = TEXT_PATCH_CONTEXT;
	if (git(patch_from_buffers)(&patch, before, before_len, NULL, after, after_len, NULL,
				    &options) < 0)
		return repo_git_err(err, "cannot compare");
	count = git(patch_num_hunks)(patch);
	for (i = 0; i < count; i++)
		if (tell_hunk(patch, i, visit, arg, err) < 0)
			return -1;
	return 0;
}
