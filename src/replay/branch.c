/* branch.c - see branch.h */
#include "replay/branch.h"

#include "base/auto.h"
#include "base/clock.h"
#include "base/fs.h"
#include "grade/grade_text.h"
#include "replay/moment.h"
#include "replay/replay_steps.h"
#include "replay/replay_tree.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <string.h>

#define SUBJECT_MOST 200	/* bytes */
#define PUBLISH_EVERY 200	/* commits: what is staged is in memory */

static int refuse_full(const char *folder, struct err *err)
{
	DIR *dir = opendir(folder);
	struct dirent *entry;
	bool full = false;

	if (!dir)
		return errno == ENOENT ? 0 : err_sys(err, "%s", folder);
	while (!full && (entry = readdir(dir)) != NULL)
		full = strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0;
	closedir(dir);
	return full ? err_set(err, ERR_STATE, "%s is not empty", folder) : 0;
}

static char *message_of(const struct branch_request *request, const struct replay_step *step)
{
	AUTO(buf_release) struct buf subject = BUF_INIT(SUBJECT_MOST * 5);
	struct buf text = BUF_INIT(SUBJECT_MOST * 5 + 400);
	char at[MOMENT_TEXT_SIZE], time[CLOCK_TEXT_SIZE];

	grade_text_show(&subject, step->label, strlen(step->label), SUBJECT_MOST);
	buf_add_format(&text, "%s\n\nEvents: %" PRId64, buf_str(&subject), step->first);
	if (step->last != step->first)
		buf_add_format(&text, "-%" PRId64, step->last);
	buf_add_format(&text, "\nAt: %s\nInstant: %s\nAssessment: %s\n",
		       moment_text(step->to - request->start, at), clock_text_ms(step->to, time),
		       request->assessment_id);
	return buf_take(&text);
}

struct writing {
	const struct branch_request *request;
	struct repo *repo;
	struct replay_tree *tree;
	char head[REPO_OID_SIZE];	/* "" before the first commit */
	size_t count;
};

static int write_step(struct writing *writing, const struct replay_step *step, struct err *err)
{
	const struct branch_request *request = writing->request;
	AUTO_FREE char *message = message_of(request, step);
	char tree[REPO_OID_SIZE], made[REPO_OID_SIZE];
	struct repo_commit commit = {
		.tree = tree, .parent = *writing->head ? writing->head : NULL,
		.name = *request->name ? request->name : "candidate",
		.email = *request->email ? request->email : "candidate", .message = message,
		.time_ms = step->to,
	};

	if (timeline_seek_seq(request->timeline, step->last, err) < 0 ||
	    replay_tree_write(writing->tree, timeline_fold(request->timeline), tree, err) < 0 ||
	    repo_write_commit(writing->repo, &commit, made, err) < 0)
		return -1;
	memcpy(writing->head, made, sizeof(made));
	writing->count++;
	return writing->count % PUBLISH_EVERY ? 0 : repo_publish(writing->repo, err);
}

static int write_steps(const struct branch_request *request, const struct replay_steps *steps,
		       size_t *ret_count, struct err *err)
{
	AUTO(replay_tree_free) struct replay_tree *tree = NULL;
	AUTO(repo_close) struct repo *repo = NULL;
	struct writing writing = { .request = request };
	size_t i;

	writing.repo = repo = repo_create(request->folder, NULL, err);
	if (!repo)
		return -1;
	writing.tree = tree = replay_tree_new(repo);
	for (i = 0; i < steps->count; i++)
		if (write_step(&writing, &steps->list[i], err) < 0)
			return -1;
	*ret_count = writing.count;
	return repo_publish(repo, err) < 0
		       ? -1
		       : repo_set_ref(repo, "refs/heads/main", writing.head, err);
}

int branch_write(const struct branch_request *request, size_t *ret_count, struct err *err)
{
	AUTO(replay_steps_release) struct replay_steps steps = REPLAY_STEPS_INIT;
	struct err ignored = ERR_INIT;

	if (refuse_full(request->folder, err) < 0 ||
	    replay_steps_read(request->store, request->assessment_id, true, &steps, err) < 0)
		return -1;
	if (!steps.count)
		return err_set(err, ERR_STATE, "nothing was done in this session yet");
	if (write_steps(request, &steps, ret_count, err) == 0)
		return 0;
	fs_remove_tree(AT_FDCWD, request->folder, &ignored);
	return -1;
}
