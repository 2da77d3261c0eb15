/* remote_merge.c - see remote_merge.h */
#include "work/remote_merge.h"

#include "base/auto.h"
#include "base/fs.h"
#include "work/git_program.h"
#include "workspace/text_diff.h"

#include <string.h>

enum remote_step remote_merge_step(const char *base, const char *here, const char *there)
{
	bool changed_here = strcmp(base, here) != 0, changed_there = strcmp(base, there) != 0;

	if (!changed_here && !changed_there)
		return REMOTE_SAME;
	if (!strcmp(here, there))
		return REMOTE_MOVE_BASE;
	if (changed_here && changed_there)
		return REMOTE_BOTH;
	return changed_here ? REMOTE_SEND : REMOTE_FETCH;
}

static bool are_texts(const struct buf *base, const struct buf *here, const struct buf *there)
{
	return text_diff_fits(buf_str(base), base->len) &&
	       text_diff_fits(buf_str(here), here->len) &&
	       text_diff_fits(buf_str(there), there->len);
}

int remote_merge_lines(const char *folder, const struct buf *base, const struct buf *here,
		       const struct buf *there, struct buf *ret, struct err *err)
{
	const struct buf *texts[] = { here, base, there };
	AUTO(fs_temp_release) char *own = fs_join(folder, "merge");
	char *paths[3];
	int status = 0, i;

	*ret = (struct buf)BUF_INIT(4 * TEXT_DIFF_MAX);
	if (!are_texts(base, here, there))
		return 0;
	if (fs_mkdirs(own, 0700, err) < 0)
		return -1;
	for (i = 0; i < 3; i++) {
		AUTO_FREE char *name = buf_format("%d", i);

		paths[i] = fs_join(own, name);
		if (status == 0)
			status = fs_write(paths[i], 0600, buf_str(texts[i]), texts[i]->len, err);
	}
	if (status == 0) {
		const char *argv[] = { "git", "merge-file", "-p", "-q", paths[0], paths[1],
				       paths[2], NULL };

		status = git_program(argv, ret, err);
	}
	for (i = 0; i < 3; i++)
		free(paths[i]);
	return status < 0 ? -1 : status == 0;
}
