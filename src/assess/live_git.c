/* live_git.c - see live_git.h */
#include "assess/live_git.h"

#include "assess/live_files.h"
#include "assess/live_fold.h"
#include "base/auto.h"
#include "base/share.h"
#include "store/config.h"
#include "store/event.h"

#include <stdlib.h>
#include <string.h>

static const char *const names[] = {
	[LIVE_GIT_UPLOAD_PACK] = "git-upload-pack", [LIVE_GIT_RECEIVE_PACK] = "git-receive-pack",
};

const char *live_git_name(enum live_git_service service)
{
	return names[service];
}

/* One call of git. */
struct serving {
	struct live *live;
	struct store *store;
	enum live_git_service service;
	struct assessment assessment;
	struct repo_serve_pack pack;
	struct repo *repo;		/* a handle of its own */
	bool allow_weak;
	int64_t saved_at;		/* seq of the newest event that the pack has */
	struct buf *out;
	struct buf said;		/* by git, to its standard error */
	char laid[REPO_OID_SIZE];	/* tree of main before */
	char pushed[REPO_OID_SIZE];	/* commit of main afterwards */
	bool attributes;		/* there are some in it */
	struct event_list list;
	struct err fault;		/* why a push that git took is not taken */
};

static void release_serving(struct serving *serving)
{
	assessment_release(&serving->assessment);
	repo_serve_pack_release(&serving->pack);
	repo_close(&serving->repo);
	buf_release(&serving->said);
	event_list_release(&serving->list);
}

/* --- before: what is there, as a pack */

/* The commit that a push adds to, as the first line of its request says (gitprotocol-pack(5)):
 * "LENGTH" OLD " " NEW " " REF. False: it says none, and git will tell. */
static bool read_old(const struct buf *asked, char ret[REPO_OID_SIZE])
{
	const char *old = buf_str(asked) + 4;

	if (asked->len < 4 + REPO_OID_SIZE || old[REPO_OID_SIZE - 1] != ' ' ||
	    strspn(old, "0123456789abcdef") != REPO_OID_SIZE - 1)
		return false;
	memcpy(ret, old, REPO_OID_SIZE - 1);
	ret[REPO_OID_SIZE - 1] = '\0';
	return true;
}

struct look_for_snapshot {
	const char *commit;
	int64_t seq;		/* of its event, -1 */
};

static int see_mark(void *arg, const struct event *event, struct err *err)
{
	struct look_for_snapshot *look = arg;

	(void)err;
	if (!strcmp(event->kind, "snapshot") && strstr(event->data, look->commit))
		look->seq = event->seq;
	return 0;
}

/* git was told main before it sent its push. What was saved since then does not make it wrong: it
 * is served main as it was, and what it changes is compared with what the others did. */
static int go_back(struct serving *serving, const struct buf *asked, struct err *err)
{
	char old[REPO_OID_SIZE];
	struct look_for_snapshot look = { .commit = old, .seq = -1 };

	if (!asked || serving->service != LIVE_GIT_RECEIVE_PACK || !read_old(asked, old) ||
	    !strcmp(old, serving->pack.commit))
		return 0;
	if (event_each_mark(serving->store, serving->live->id, see_mark, &look, err) < 0)
		return -1;
	if (look.seq < 0)
		return 0;
	memcpy(serving->pack.commit, old, REPO_OID_SIZE);
	serving->saved_at = look.seq;
	return 0;
}

/* Under the lock. A push is not told what was saved since the last snapshot as a commit of its own:
 * whoever is sent each save (tali-watch(1)) would have to pull what he is about to push. It is
 * compared file by file. */
static int save(struct serving *serving, struct err *err)
{
	struct live *live = serving->live;
	struct snapshot snapshot;
	struct err over = ERR_INIT;

	if (live_require_active(live, &over) == 0)
		return serving->service == LIVE_GIT_RECEIVE_PACK ?
		       journal_writer_check(live->table->writer, live->id, err) :
		       live_snapshot(live, "idle", &snapshot, err);
	if (serving->service == LIVE_GIT_RECEIVE_PACK)
		return err_set(err, ERR_STATE, "nothing can be pushed: %s", over.text);
	return *live->assessment.commit ? 0 :
		       err_set(err, ERR_STATE, "the work has not begun: there is nothing yet");
}

static void copy_pack(struct repo_serve_pack *to, const struct repo_serve_pack *from)
{
	memcpy(to->commit, from->commit, sizeof(to->commit));
	buf_add(&to->pack, buf_str(&from->pack), from->pack.len);
	buf_add(&to->index, buf_str(&from->index), from->index.len);
}

static int prepare(struct serving *serving, const struct buf *asked, struct err *err)
{
	struct live *live = serving->live;
	AUTO(live_release_hold) struct live *held = NULL;
	struct repo_serve_pack fresh = REPO_SERVE_PACK_INIT;

	if (!live->table->sandbox)
		return err_set(err, ERR_ENV, "there is no sandbox");
	if (live_hold(live, serving->store, err) < 0)
		return -1;
	held = live;
	if (save(serving, err) < 0 ||
	    config_bool(serving->store, "sandbox.allow_weak", &serving->allow_weak, err) < 0)
		return -1;
	serving->allow_weak |= live->table->allow_weak;
	if (strcmp(live->served.commit, live->assessment.commit) != 0) {
		if (repo_serve_pack_make(live->repo, live->assessment.commit, &fresh, err) < 0) {
			repo_serve_pack_release(&fresh);
			return -1;
		}
		repo_serve_pack_release(&live->served);
		live->served = fresh;
	}
	copy_pack(&serving->pack, &live->served);
	serving->saved_at = live->snapshot;
	if (go_back(serving, asked, err) < 0)
		return -1;
	return assessment_get(serving->store, live->id, &serving->assessment, err);
}

/* --- git, in the sandbox */

static int fill(void *arg, int work_fd, struct err *err)
{
	const struct serving *serving = arg;
	const struct share_file *hook = share_find("git/pre-receive");

	return repo_serve_lay(&serving->pack, serving->service == LIVE_GIT_RECEIVE_PACK ?
			      hook->data : NULL, work_fd, err);
}

static void output(void *arg, int stream, const void *data, size_t len)
{
	struct serving *serving = arg;

	buf_add(stream == 1 ? serving->out : &serving->said, data, len);
}

static int collect(void *arg, int work_fd, struct err *err)
{
	struct serving *serving = arg;

	(void)err;
	if (repo_serve_take(serving->repo, &serving->pack, work_fd, serving->pushed,
			    &serving->attributes, &serving->fault) < 0)
		serving->pushed[0] = '\0';
	return 0;
}

/* "version=2" and its like; anything else is not handed on. */
static bool is_protocol(const char *protocol)
{
	return protocol && strncmp(protocol, "version=", 8) == 0 && protocol[8] >= '0' &&
	       protocol[8] <= '2' && !protocol[9];
}

/* `asked` NULL: the refs. */
static int run_git(struct serving *serving, const char *protocol, const struct buf *asked,
		   struct err *err)
{
	AUTO_FREE char *wish = buf_format("GIT_PROTOCOL=%s", is_protocol(protocol) ? protocol : "");
	const char *env[] = { "PATH=/usr/bin:/bin", "HOME=/tmp", "LANG=C.UTF-8",
			      "GIT_CONFIG_NOSYSTEM=1", "GIT_CONFIG_GLOBAL=/dev/null", wish, NULL };
	const char *argv[] = { "git", names[serving->service] + 4, "--stateless-rpc",
			       asked ? "/work" : "--http-backend-info-refs",
			       asked ? NULL : "/work", NULL };
	AUTO_FD int input = asked ? sandbox_stdin(buf_str(asked), asked->len, err) : -1;
	struct sandbox_io io = { .arg = serving, .fill = fill, .output = output,
				 .collect = asked && serving->service == LIVE_GIT_RECEIVE_PACK ?
					    collect : NULL };
	struct plan plan = { .argv = argv, .env = env, .stdin_fd = input,
			     .limits = plan_default_limits,
			     .allow_weak = serving->allow_weak };
	struct run_report report;
	char text[64];

	if (asked && input < 0)
		return -1;
	plan.limits.memory = 512u << 20;
	plan.limits.output = REPO_SERVE_PACK_MOST;
	plan.limits.disk = 4 * REPO_SERVE_PACK_MOST;
	plan.limits.file_size = 2 * REPO_SERVE_PACK_MOST;
	if (sandbox_run(serving->live->table->sandbox, &plan, &io, &report, err) < 0)
		return -1;
	if (report.verdict != VERDICT_OK && !serving->out->len)
		return err_set(err, report.verdict == VERDICT_RUNTIME_ERROR ? ERR_INPUT : ERR_ENV,
			       "git: %s: %.300s", run_report_text(&report, text),
			       buf_str(&serving->said));
	return 0;
}

/* --- after a push */

static bool changed_meanwhile(const struct serving *serving, const char *path,
			      const struct fold_file *file)
{
	return file ? file->seq > serving->saved_at
		    : repo_has(serving->repo, serving->laid, path);
}

static int refuse_changed(const char *path, struct err *err)
{
	return err_set(err, ERR_NO, "'%s' was changed elsewhere meanwhile: git pull, then push "
		       "again", path);
}

/* Changed to the same on both sides is no conflict: then there is nothing to note. */
static int take_file(void *arg, const char *path, const char *oid, bool executable,
		     struct err *err)
{
	struct serving *serving = arg;
	struct live *live = serving->live;
	const struct fold_file *file = fold_file(live->fold, path);
	bool changed = changed_meanwhile(serving, path, file);
	AUTO(buf_release) struct buf content = { 0 };
	size_t noted = serving->list.count;

	if (!oid)
		return changed && file ? refuse_changed(path, err)
				       : live_note_gone(live, &serving->list, path, err);
	if (!file && changed)
		return refuse_changed(path, err);
	if (!file && fold_file_count(live->fold) >= LIVE_FILES_MOST)
		return err_set(err, ERR_NO, "more than %d files", LIVE_FILES_MOST);
	if (repo_read_blob(serving->repo, oid, LIVE_UPLOAD_MOST, &content, err) < 0)
		return err->code != ERR_INPUT ? err_wrap(err, "'%s'", path) :
			       err_set(err, ERR_NO, "'%s': a file has at most %u MiB", path,
				       LIVE_UPLOAD_MOST >> 20);
	if (live_note_file(live, &serving->list, path, &content, executable, err) < 0)
		return -1;
	return changed && serving->list.count > noted ? refuse_changed(path, err) : 0;
}

/* 1: others changed files meanwhile. */
static int store_files(struct serving *serving, struct err *err)
{
	struct live *live = serving->live;
	char tree[REPO_OID_SIZE];

	event_list_release(&serving->list);
	if (live_require_active(live, err) < 0 ||
	    repo_commit_tree(serving->repo, serving->pack.commit, serving->laid, err) < 0 ||
	    repo_commit_tree(serving->repo, serving->pushed, tree, err) < 0)
		return -1;
	if (repo_diff_ids(serving->repo, serving->laid, tree, take_file, serving, err) < 0) {
		live_drop_fold(live);	/* it may be ahead */
		return -1;
	}
	return live_store(live, &serving->list, err);
}

static int take_push(struct serving *serving, struct err *err)
{
	struct live *live = serving->live;
	AUTO(live_release_hold) struct live *held = NULL;
	struct snapshot snapshot;
	int done = 1;

	if (live_hold(live, serving->store, err) < 0)
		return -1;
	held = live;
	for (int tries = 0; tries < LIVE_TRIES && done == 1; tries++)
		done = store_files(serving, err);
	if (done == 1)
		done = live_too_busy(err);
	if (done < 0 || live_snapshot_push(live, serving->pushed, &snapshot, err) < 0)
		return -1;
	live_tell(live, "reset", json_object());
	return 0;
}

/* A line of the protocol on a band: 1 what receive-pack reports, 2 what the user reads. */
static void add_line(struct buf *out, int band, const void *data, size_t len)
{
	buf_add_format(out, "%04zx%c", len + 5, band);
	buf_add(out, data, len);
}

/* Before what git answered. */
static void say_before(struct buf *out, const char *sentence)
{
	AUTO(buf_release) struct buf answer = BUF_INIT(out->len + 4096);

	add_line(&answer, 2, sentence, strlen(sentence));
	buf_add(&answer, buf_str(out), out->len);
	out->len = 0;
	buf_add(out, buf_str(&answer), answer.len);
}

void live_git_refusal(struct buf *out, const char *why)
{
	static const char report[] = "000eunpack ok\n" "001fng refs/heads/main refused\n" "0000";
	AUTO_FREE char *sentence = buf_format("tali: %.800s\n", why);

	out->len = 0;
	add_line(out, 2, sentence, strlen(sentence));
	add_line(out, 1, report, sizeof(report) - 1);
	buf_add(out, "0000", 4);
}

static int end_push(struct serving *serving, struct err *err)
{
	if (serving->fault.code == ERR_NONE && *serving->pushed &&
	    strcmp(serving->pushed, serving->pack.commit) != 0)
		take_push(serving, &serving->fault);
	if (serving->fault.code == ERR_NONE) {
		if (serving->attributes)
			say_before(serving->out, "tali: .gitattributes means nothing here: files "
				   "are taken as they are\n");
		return 0;
	}
	if (serving->fault.code == ERR_ENV) {
		*err = serving->fault;
		return -1;
	}
	live_git_refusal(serving->out, serving->fault.text);
	return 0;
}

static int serve(struct live *live, struct store *store, enum live_git_service service,
		 const char *protocol, const struct buf *asked, struct buf *out, struct err *err)
{
	AUTO(release_serving) struct serving serving = {
		.live = live, .store = store, .service = service, .assessment = ASSESSMENT_INIT,
		.pack = REPO_SERVE_PACK_INIT, .out = out, .said = BUF_INIT(4096),
		.fault = ERR_INIT,
	};

	if (prepare(&serving, asked, err) < 0)
		return -1;
	serving.repo = snapshot_repo(store, &serving.assessment, err);
	/* what is refused, or changes no file, may stay in the repository as well */
	if (asked && service == LIVE_GIT_RECEIVE_PACK)
		journal_writer_count(live->table->writer, live->id, (int64_t)asked->len);
	if (!serving.repo || run_git(&serving, protocol, asked, err) < 0)
		return -1;
	return asked && service == LIVE_GIT_RECEIVE_PACK ? end_push(&serving, err) : 0;
}

int live_git_refs(struct live *live, struct store *store, enum live_git_service service,
		  const char *protocol, struct buf *out, struct err *err)
{
	return serve(live, store, service, protocol, NULL, out, err);
}

int live_git_ask(struct live *live, struct store *store, enum live_git_service service,
		 const char *protocol, const struct buf *asked, struct buf *out, struct err *err)
{
	return serve(live, store, service, protocol, asked, out, err);
}
