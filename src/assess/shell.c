/* shell.c - see shell.h */
#include "assess/shell.h"

#include "assess/deadline.h"
#include "assess/run_setting.h"
#include "assess/run_words.h"
#include "assess/shell_record.h"
#include "assess/shell_turn.h"
#include "assess/terminal_plan.h"
#include "base/auto.h"

#include <poll.h>
#include <stdlib.h>

struct shell {
	const struct shell_request *request;
	struct run_setting setting;
	struct shell_record *record;
	struct shell_turn turn;
};

static int fill(void *arg, int work_fd, struct err *err)
{
	struct shell *shell = arg;
	const struct run_setting *setting = &shell->setting;

	if (repo_materialise(setting->repo, setting->snapshot.tree, work_fd, err) < 0)
		return -1;
	return shell_turn_begin(&shell->turn, work_fd, err);
}

static enum sandbox_turn take_turn(void *arg, struct err *err)
{
	struct shell *shell = arg;

	(void)err;
	return shell_turn_take(&shell->turn);
}

static int collect(void *arg, int work_fd, struct err *err)
{
	struct shell *shell = arg;

	(void)work_fd;
	(void)err;
	shell_turn_finish(&shell->turn);
	return 0;
}

static int run(struct shell *shell, const struct plan *plan, struct run_report *ret_report,
	       struct err *err)
{
	const struct sandbox_io io = {
		.arg = shell, .fill = fill, .wake_fd = shell->turn.epoll, .turn = take_turn,
		.collect = collect,
	};

	shell->turn.output_most = plan->limits.output;
	if (sandbox_run(shell->request->sandbox, plan, &io, ret_report, err) == 0)
		return 0;
	/* the sandbox has died, but the folder is still there as long as we look at it */
	shell_turn_finish(&shell->turn);
	return -1;
}

static int run_and_record(struct shell *shell, struct shell_result *ret, struct err *err)
{
	const struct shell_request *request = shell->request;
	struct plan plan = { .cwd = request->session->below, .stdin_fd = shell->turn.slave,
			     .allow_weak = shell->setting.allow_weak };
	struct terminal_plan terminal;
	int columns, rows;

	host_terminal_size(&shell->turn.host, &columns, &rows);
	if (terminal_plan_make(&terminal, &plan, &shell->setting.manifest, request->argv,
			       shell->turn.host.out_is_terminal ? getenv("TERM") : NULL, err) < 0 ||
	    run_words_fit(shell->setting.repo, shell->setting.snapshot.tree, &plan.limits, err) <
		    0 ||
	    shell_record_start(shell->record, plan.argv, columns, rows, err) < 0 ||
	    run(shell, &plan, &ret->report, err) < 0)
		return -1;
	if (shell->turn.failed.code != ERR_NONE) {
		*err = shell->turn.failed;
		return -1;
	}
	ret->end = shell->turn.end;
	ret->kept = shell_record_kept(shell->record);
	ret->left_out = watch_left_out(shell->turn.watch);
	if (shell_record_end(shell->record, &ret->report, err) < 0)
		return -1;
	return shell_record_snapshot(shell->record, err);
}

/* All was saved ahead of it: the rest of the time goes by, and the work is handed in. */
static int hand_in(const struct shell *shell, struct err *err)
{
	int64_t left = shell_turn_left(&shell->turn);

	if (shell->turn.end != SHELL_TIME_UP)
		return 0;
	if (left > 0 && left <= SHELL_TURN_LEAD_MS)
		poll(NULL, 0, (int)left);
	return deadline_enforce(shell->request->store, err);
}

static int open_and_run(struct shell *shell, struct shell_result *ret, struct err *err)
{
	const struct shell_request *request = shell->request;
	int result = -1;

	if (shell_turn_open(&shell->turn, request->store, shell->record, request->in, request->out,
			    err) == 0)
		result = run_and_record(shell, ret, err);
	/* whoever waits for the deadline has his terminal back */
	shell_turn_close(&shell->turn);
	return result < 0 ? -1 : hand_in(shell, err);
}

static void release(struct shell *shell)
{
	shell_record_close(&shell->record);
	run_setting_release(&shell->setting);
}

int shell_run(const struct shell_request *request, struct shell_result *ret, struct err *err)
{
	AUTO(release) struct shell shell = { .request = request, .setting = RUN_SETTING_INIT };

	*ret = (struct shell_result){ .end = SHELL_ENDED };
	if (run_setting_prepare(request->store, request->session, "to open a shell", "run",
				request->allow_weak, &shell.setting, err) < 0)
		return -1;
	shell.record = shell_record_open(request->store, &shell.setting, err);
	return shell.record ? open_and_run(&shell, ret, err) : -1;
}
