/* workplace_run.c - programs and tests of a session at a server */
#include "work/workplace_run.h"

#include "work/remote_stream.h"
#include "work/run_event.h"
#include "work/run_folder.h"
#include "work/server_task.h"
#include "work/workplace_sync.h"
#include "base/auto.h"
#include "base/hash.h"
#include "base/json.h"
#include "base/signals.h"
#include "sandbox/plan.h"
#include "task/manifest.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static struct workplace_remote *remote_of(struct workplace *place)
{
	return (struct workplace_remote *)place;
}

/* --- at the server: asked for, and followed in its stream */

struct errand {
	struct workplace_remote *place;
	const char *kind;		/* "run" or "test": of its events, too */
	const struct workplace_run *run;	/* NULL: tests */
	struct buf input;		/* what the program is to read */
	struct remote_stream *stream;
	char id[RAND_ID_LEN + 1];	/* "" until the server has told it */
	json_t *result;			/* the event that it ended with */
	struct signals signals;		/* SIGINT stops it, not us */
};

static void errand_release(struct errand *errand)
{
	buf_release(&errand->input);
	remote_stream_close(&errand->stream);
	json_decref(errand->result);
	signals_close(&errand->signals);
}

static int take_signals(struct errand *errand, struct err *err)
{
	static const int interrupt = SIGINT;

	return signals_open(&errand->signals, &interrupt, 1, err);
}

static int stop(struct errand *errand, struct err *err)
{
	const struct remote_ask ask = { .method = "DELETE", .path = "/api/v1/run" };
	AUTO(buf_release) struct buf answer = BUF_INIT(1 << 16);
	int status;

	while (signals_next(&errand->signals))
		continue;
	return remote_bytes(&errand->place->remote, &ask, &answer, &status, err);
}

static bool is_ours(const struct errand *errand, const json_t *data)
{
	return *errand->id && !strcmp(json_str(data, "run", ""), errand->id);
}

static void pass_output(const struct errand *errand, const json_t *data)
{
	const char *text = json_str(data, "text", "");

	if (errand->run && errand->run->output && *text)
		errand->run->output(errand->run->arg, json_int(data, "stream", 1) == 2 ? 2 : 1,
				    text, strlen(text));
}

/* Its end; 0 for what is not. */
static int take_state(struct errand *errand, const json_t *data, struct err *err)
{
	const char *state = json_str(data, "state", "");

	if (!strcmp(state, "failed"))
		return err_set(err, ERR_ENV, "%.300s", json_str(data, "message",
								"it could not be run"));
	if (strcmp(state, "done") != 0)
		return 0;
	errand->result = json_deep_copy(data);
	return 1;
}

/* The stream left something out: how it stands now. */
static int look_again(struct errand *errand, struct err *err)
{
	int status;
	AUTO_JSON json_t *session = remote_json(&errand->place->remote, "GET", "/api/v1/session",
						NULL, &status, err);
	const json_t *work = json_object_get(session, "workspace");

	if (!session)
		return -1;
	if (is_ours(errand, json_object_get(work, "running")) || !*errand->id)
		return 0;
	if (strcmp(json_str(work, "ended", ""), errand->id) != 0 || !errand->run)
		return err_set(err, ERR_ENV, "the server lost track of it: look at `tali status`, "
			       "or try again");
	errand->result = json_deep_copy(json_object_get(work, "run"));
	return 1;
}

/* 1: that was its end. */
static int take_event(struct errand *errand, const char *name, const json_t *data,
		      struct err *err)
{
	if (!strcmp(name, "output") && is_ours(errand, data))
		pass_output(errand, data);
	else if (!strcmp(name, errand->kind) && is_ours(errand, data))
		return take_state(errand, data, err);
	else if (!strcmp(name, "reset"))
		return look_again(errand, err);
	else if (!strcmp(name, "bye"))
		return err_set(err, ERR_ENV, "the server stops: what became of it is on the "
			       "record, or try again");
	return 0;
}

/* To its end. */
static int read_input(int fd, struct buf *input, struct err *err)
{
	char part[16384];
	ssize_t got;

	while ((got = read(fd, part, sizeof(part))) != 0) {
		if (got < 0 && errno != EINTR)
			return err_sys(err, "cannot read standard input");
		if (got > 0 && !buf_add(input, part, (size_t)got))
			return err_set(err, ERR_USAGE, "standard input has more than the %zu bytes "
				       "that are sent to a server", input->limit);
	}
	return 0;
}

static int ask(struct errand *errand, struct err *err)
{
	const struct workplace_run *run = errand->run;
	AUTO_FREE char *path = buf_format("/api/v1/%s", errand->kind), *base64 = NULL;
	AUTO_JSON json_t *body = json_object(), *words = NULL, *answer = NULL;
	int status;

	for (size_t i = 0; run && run->argv && run->argv[i]; i++) {
		words = words ? words : json_array();
		if (json_array_append_new(words, json_string(run->argv[i])) < 0)
			return err_set(err, ERR_USAGE, "a word of the command is not UTF-8");
	}
	if (words)
		json_object_set(body, "argv", words);
	if (run)
		json_object_set_new(body, "cwd", json_string(errand->place->session->below));
	base64 = hash_base64(buf_str(&errand->input), errand->input.len);
	json_object_set_new(body, "stdin", json_string(base64));
	answer = remote_json(&errand->place->remote, "POST", path, body, &status, err);
	if (!answer)
		return -1;
	if (strlen(json_str(answer, "run", "")) != RAND_ID_LEN)
		return err_set(err, ERR_ENV, "the server did not say what it runs");
	memcpy(errand->id, json_str(answer, "run", ""), sizeof(errand->id));
	return 0;
}

/* Only what comes behind the first event is sure to be told. */
static int await_session(struct errand *errand, struct err *err)
{
	char name[REMOTE_STREAM_NAME_MAX] = "";
	int got = 1;

	while (got == 1 && strcmp(name, "session") != 0) {
		AUTO_JSON json_t *data = NULL;

		got = remote_stream_wait(errand->stream, name, &data, err);
	}
	if (got == 1)
		return 0;
	return err->code == ERR_NONE ? err_set(err, ERR_ENV, "the server said nothing") : -1;
}

static int follow(struct errand *errand, struct err *err)
{
	struct pollfd fds[] = { { .fd = remote_stream_fd(errand->stream), .events = POLLIN },
				{ .fd = errand->signals.fd, .events = POLLIN } };
	char name[REMOTE_STREAM_NAME_MAX];
	int got, done = 0;

	while (!done) {
		AUTO_JSON json_t *data = NULL;

		got = remote_stream_next(errand->stream, name, &data, err);
		if (got < 0)
			return err->code ? -1 : err_set(err, ERR_ENV, "the server was lost: what "
							"became of it is on the record");
		if (got == 1)
			done = take_event(errand, name, data, err);
		else if (poll(fds, 2, -1) < 0 && errno != EINTR)
			return err_sys(err, "cannot wait");
		if (done == 0 && fds[1].revents && stop(errand, err) < 0)
			return -1;
		fds[1].revents = 0;
	}
	return done < 0 ? -1 : 0;
}

static int run_there(struct errand *errand, struct err *err)
{
	if (errand->run && errand->run->in >= 0 &&
	    read_input(errand->run->in, &errand->input, err) < 0)
		return -1;
	if (workplace_sync(errand->place, err) < 0 || take_signals(errand, err) < 0)
		return -1;
	errand->stream = remote_stream_open(&errand->place->remote, "GET", "/api/v1/stream", NULL,
					    err);
	if (!errand->stream || await_session(errand, err) < 0 || ask(errand, err) < 0 ||
	    follow(errand, err) < 0)
		return -1;
	/* what the run made is fetched; that it cannot be now is no fault of the run */
	return workplace_sync_after(errand->place, err);
}

#define ERRAND(name, ...) \
	AUTO(errand_release) struct errand name = { .signals = SIGNALS_INIT, \
							.input = BUF_INIT(RUN_INPUT_MOST), \
							__VA_ARGS__ }

/* tali.run/1 of the server's event, without what is not in it. */
static json_t *run_json(const json_t *told)
{
	static const char *const names[] = {
		"verdict", "exit_status", "signal", "cpu_ms", "wall_ms", "memory_peak",
		"processes_peak", "output_bytes", "weak", "recorded",
	};
	json_t *run = json_pack("{s:s}", "schema", "tali.run/1");

	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
		json_object_set(run, names[i], json_object_get(told, names[i]));
	if (!json_object_get(run, "recorded"))
		json_object_set_new(run, "recorded", json_true());
	return run;
}

static json_t *run_at_server(struct workplace_remote *place, const struct workplace_run *run,
			     struct err *err)
{
	ERRAND(errand, .place = place, .kind = "run", .run = run);

	if (run_there(&errand, err) < 0)
		return NULL;
	if (json_is_true(json_object_get(errand.result, "truncated")) && place->say)
		place->say(place->arg, "the output is too long to be shown: the record has it");
	return run_json(errand.result);
}

json_t *workplace_run_tests(struct workplace *place, struct err *err)
{
	ERRAND(errand, .place = remote_of(place), .kind = "test");
	json_t *document;

	if (run_there(&errand, err) < 0)
		return NULL;
	document = json_object_get(errand.result, "document");
	if (json_is_object(document))
		return json_incref(document);
	err_set(err, ERR_STATE, "%s", !strcmp(json_str(errand.result, "verdict", ""),
					      RUN_EVENT_STOPPED)
				      ? "the tests were stopped"
				      : "the server did not tell how the tests ended");
	return NULL;
}

/* --- here: the sandbox of this machine */

struct trial {
	struct workplace_remote *place;
	const struct workplace_run *run;
	struct plan plan;
	struct run_folder folder;
	struct buf streams[2];
	struct run_report report;
};

static void trial_release(struct trial *trial)
{
	run_folder_release(&trial->folder);
	buf_release(&trial->streams[0]);
	buf_release(&trial->streams[1]);
}

static int lay(void *arg, int work_fd, struct err *err)
{
	return run_folder_lay(&((struct trial *)arg)->folder, work_fd, err);
}

static void keep_output(void *arg, int stream, const void *data, size_t len)
{
	struct trial *trial = arg;

	buf_add(&trial->streams[stream - 1], data, len);
	if (trial->run->output)
		trial->run->output(trial->run->arg, stream, data, len);
}

static int collect(void *arg, int work_fd, struct err *err)
{
	return run_folder_collect(&((struct trial *)arg)->folder, work_fd, err);
}

/* What the task says, and what it allows. */
static int choose(struct trial *trial, const struct server_task *task, struct err *err)
{
	const char *const *argv = trial->run->argv ? trial->run->argv
						   : (const char *const *)task->run;

	if (!argv)
		return err_set(err, ERR_USAGE,
			       "the task names no program to run: say one after --");
	for (size_t i = 0; argv[i]; i++)
		if (!strcmp(argv[i], MANIFEST_PROGRAM))
			return err_set(err, ERR_USAGE, "which program is meant, the server finds "
				       "among the files: run it with --server");
	trial->plan.argv = argv;
	trial->plan.limits = task->limits;
	trial->folder.limits = &trial->plan.limits;
	for (int i = 0; i < 2; i++)
		trial->streams[i].limit = trial->plan.limits.output;
	return 0;
}

static int tell(struct trial *trial, bool *ret_recorded, struct err *err)
{
	AUTO(event_list_release) struct event_list list = EVENT_LIST_INIT;
	const struct run_told told = {
		.actor = "candidate", .argv = trial->plan.argv,
		.cwd = trial->place->session->below, .streams = trial->streams,
		.report = &trial->report, .where = RUN_EVENT_CANDIDATES,
	};

	if (run_event_add(&list, &told, err) < 0)
		return -1;
	return workplace_sync_tell(trial->place, &list, ret_recorded, err);
}

static json_t *run_here(struct workplace_remote *place, const struct workplace_run *run,
			struct err *err)
{
	AUTO(server_task_release) struct server_task task = SERVER_TASK_INIT;
	AUTO(trial_release) struct trial trial = {
		.place = place, .run = run,
		.plan = { .cwd = place->session->below, .stdin_fd = run->in,
			  .allow_weak = place->allow_weak },
		.folder = { .path = place->session->folder },
	};
	const struct sandbox_io io = { .arg = &trial, .fill = lay, .output = keep_output,
				       .collect = collect };
	bool recorded = false;
	json_t *view;

	if (!place->sandbox) {
		err_set(err, ERR_ENV, "there is no sandbox on this machine: run it with --server");
		return NULL;
	}
	if (server_task_get(&place->remote, &task, err) < 0 || choose(&trial, &task, err) < 0 ||
	    sandbox_run(place->sandbox, &trial.plan, &io, &trial.report, err) < 0 ||
	    tell(&trial, &recorded, err) < 0)
		return NULL;
	view = run_report_json(&trial.report);
	json_object_set_new(view, "schema", json_string("tali.run/1"));
	json_object_set_new(view, "recorded", json_boolean(recorded));
	if (trial.folder.kept)
		json_object_set_new(view, "kept", json_integer(trial.folder.kept));
	return view;
}

json_t *workplace_run_program(struct workplace *place, const struct workplace_run *run,
			      struct err *err)
{
	if (run->at_server)
		return run_at_server(remote_of(place), run, err);
	return run_here(remote_of(place), run, err);
}
