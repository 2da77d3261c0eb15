/* reporting_changes.c - see reporting_changes.h */
#include "assess/reporting_changes.h"

#include "assess/reporting.h"
#include "base/auto.h"
#include "base/buf.h"
#include "base/utf8.h"
#include "workspace/text_patch.h"

#include <string.h>

struct changes {
	struct repo *repo;
	const char *before, *after;
	json_t *files;			/* of the value */
	size_t lines;			/* so far */
	int64_t left_out;		/* files beyond the limit */
};

struct patch_lines {
	struct changes *changes;
	json_t *lines;			/* of the file */
	bool cut;
};

/* As JSON wants it: UTF-8 without control characters, and not too long. Yours. */
static json_t *safe_line(const char *text, size_t len)
{
	AUTO(buf_release) struct buf line = BUF_INIT(REPORTING_LINE_BYTES + 8);
	size_t at, width;

	for (at = 0; at < len && line.len < REPORTING_LINE_BYTES; at += width ? width : 1) {
		bool plain = (unsigned char)text[at] >= ' ' || text[at] == '\t';

		width = utf8_char(text + at, len - at);
		if (width && plain && text[at] != 0x7f)
			buf_add(&line, text + at, width);
		else
			buf_add_str(&line, "\xef\xbf\xbd");
	}
	if (at < len)
		buf_add_str(&line, "\xe2\x80\xa6");
	return json_string(buf_str(&line));
}

static int add_line(void *arg, const struct text_patch_line *line, struct err *err)
{
	const char origin[] = { line->origin, '\0' };
	struct patch_lines *patch = arg;

	(void)err;
	if (patch->cut || patch->changes->lines >= REPORTING_CHANGES_LINES) {
		patch->cut = true;
		return 0;
	}
	patch->changes->lines++;
	json_array_append_new(patch->lines,
			      json_pack("{s:s, s:i, s:i, s:o}", "origin", origin, "before",
					line->before, "after", line->after, "text",
					safe_line(line->text, line->len)));
	return 0;
}

/* *ret_fits false for one that is too large to be shown. */
static int read_side(struct repo *repo, const char *tree, const char *path, bool there,
		     struct buf *out, bool *ret_fits, struct err *err)
{
	struct err read_err = ERR_INIT;

	if (!there || repo_read_file(repo, tree, path, TEXT_PATCH_MAX, out, &read_err) == 0)
		return 0;
	if (read_err.code == ERR_INPUT) {
		*ret_fits = false;
		return 0;
	}
	*err = read_err;
	return -1;
}

static int add_lines(struct changes *changes, const struct repo_change *change, json_t *lines,
		     const char **ret_why, struct err *err)
{
	AUTO(buf_release) struct buf before = BUF_INIT(TEXT_PATCH_MAX);
	AUTO(buf_release) struct buf after = BUF_INIT(TEXT_PATCH_MAX);
	struct patch_lines patch = { .changes = changes, .lines = lines };
	bool fits = true, shown;

	if (read_side(changes->repo, changes->before, change->path, change->status != 'A', &before,
		      &fits, err) < 0 ||
	    read_side(changes->repo, changes->after, change->path, change->status != 'D', &after,
		      &fits, err) < 0)
		return -1;
	if (!fits) {
		*ret_why = "too large to be shown";
		return 0;
	}
	if (text_patch(buf_str(&before), before.len, buf_str(&after), after.len, add_line, &patch,
		       &shown, err) < 0)
		return -1;
	*ret_why = !shown ? "not a text" : patch.cut ? "shortened: see the repository" : NULL;
	return 0;
}

static int add_file(void *arg, const struct repo_change *change, struct err *err)
{
	const char status[] = { change->status, '\0' };
	struct changes *changes = arg;
	json_t *lines = json_array();
	const char *why = NULL;

	if (json_array_size(changes->files) >= REPORTING_CHANGES_FILES) {
		changes->left_out++;
		json_decref(lines);
		return 0;
	}
	if (add_lines(changes, change, lines, &why, err) < 0) {
		json_decref(lines);
		return err_wrap(err, "'%s'", change->path);
	}
	json_array_append_new(changes->files,
			      json_pack("{s:o, s:s, s:i, s:i, s:o, s:s?}", "path",
					safe_line(change->path, strlen(change->path)), "status",
					status, "added", (int)change->added, "removed",
					(int)change->removed, "lines", lines, "why", why));
	return 0;
}

json_t *reporting_changes(struct repo *repo, const char *before, const char *after,
			  struct err *err)
{
	struct changes changes = { .repo = repo, .before = before, .after = after,
				   .files = json_array() };

	if (repo_diff(repo, before, after, add_file, &changes, err) < 0) {
		json_decref(changes.files);
		return NULL;
	}
	return json_pack("{s:o, s:I}", "files", changes.files, "left_out",
			 (json_int_t)changes.left_out);
}
