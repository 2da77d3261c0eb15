/* api_work.c - see api_work.h */
#include "web/api_work.h"

#include "assess/live_events.h"
#include "assess/live_run.h"
#include "base/auto.h"
#include "base/buf.h"
#include "base/fs.h"
#include "base/hash.h"
#include "base/json.h"
#include "http/http_reply.h"
#include "web/visitor.h"
#include "work/run_event.h"

#include <stdlib.h>
#include <string.h>

#define WORDS_MOST 64	/* of a command */

/* --- events */

static void reply_answer(struct route_call *call, struct live_answer *answer)
{
	json_t *reply = ingest_json(&answer->ingest);
	bool conflict = json_array_size(answer->conflicts) > 0;
	char seconds[24];

	json_object_set(reply, "revs", answer->revs);
	json_object_set(reply, "conflicts", answer->conflicts);
	if (!conflict && answer->ingest.retry_ms) {
		snprintf(seconds, sizeof(seconds), "%lld",
			 (long long)(answer->ingest.retry_ms + 999) / 1000);
		http_reply_header(call->request, "Retry-After", seconds);
	}
	http_reply_json(call->request,
			conflict || answer->ingest.gap_from ? 409
			: answer->ingest.retry_ms	    ? 429
							    : 200,
			reply);
}

void api_work_events(struct route_call *call)
{
	AUTO(buf_release) struct buf text = { 0 };
	AUTO(batch_release) struct batch batch = BATCH_INIT;
	AUTO(live_answer_release) struct live_answer answer = { 0 };
	struct err err = ERR_INIT;

	if (http_request_body(call->request, BATCH_MAX, &text, &err) < 0 ||
	    batch_parse(buf_str(&text), text.len, &batch, &err) < 0 ||
	    live_events(visitor_of(call)->live, visitor_store(call), &batch, &answer, &err) < 0)
		http_reply_err(call->request, &err);
	else
		reply_answer(call, &answer);
}

/* --- what runs */

struct work {
	struct live *live;
	const struct log *log;
	bool test;
	char run[RAND_ID_LEN + 1];
	char **argv;		/* or NULL */
	char *cwd;		/* below the work folder, "" at the top */
	struct buf input;
};

static void release_work(struct work *work)
{
	for (size_t i = 0; work->argv && work->argv[i]; i++)
		free(work->argv[i]);
	free(work->argv);
	free(work->cwd);
	buf_release(&work->input);
	live_give(&work->live);
	free(work);
}

/* On a thread of the jobs, or of the runs. Who listens is told how it ended. */
static void do_work(void *arg, void *context)
{
	struct work *work = arg;
	const struct serve_worker *worker = context;
	const struct live_program program = { .argv = (const char *const *)work->argv,
					      .cwd = work->cwd, .input = &work->input };
	struct err err = ERR_INIT;

	if (work->test)
		live_test(work->live, worker->store, work->run, &err);
	else
		live_run(work->live, worker->store, work->run, &program, &err);
	if (err.code == ERR_ENV)
		log_event(work->log, "run", err.text);
	release_work(work);
}

bool api_work_words(const json_t *words, char ***ret)
{
	size_t count = json_array_size(words), i;

	*ret = NULL;
	if (!words || json_is_null(words))
		return true;
	if (!json_is_array(words) || count == 0 || count > WORDS_MOST)
		return false;
	*ret = buf_alloc((count + 1) * sizeof(**ret));
	for (i = 0; i < count; i++) {
		const char *word = json_string_value(json_array_get(words, i));

		if (!word)
			return false;
		(*ret)[i] = buf_strdup(word);
	}
	return true;
}

/* What the program reads, in base64; none is none. */
static bool take_input(struct work *work, const char *base64)
{
	struct err ignored = ERR_INIT;
	size_t len = 0;
	void *data = hash_from_base64(base64, &len, &ignored);

	work->input = (struct buf)BUF_INIT(RUN_INPUT_MOST);
	if (data)
		buf_add(&work->input, data, len);
	free(data);
	return data && work->input.len == len;
}

static void post(struct route_call *call, struct work *work)
{
	AUTO_JSON json_t *reply = json_pack("{s:s}", "run", work->run);
	struct serve *serve = visitor_serve(call);

	work->live = live_keep(visitor_of(call)->live);
	if (!live_run_claim(work->live, work->run, work->test ? "test" : "run")) {
		http_reply_error(call->request, 409, "busy", "a run is going on", NULL);
		release_work(work);
	} else if (worker_post(work->test ? serve->jobs : serve->runs, do_work, work) < 0) {
		live_stop(work->live);
		http_reply_header(call->request, "Retry-After", "5");
		http_reply_error(call->request, 503, "busy", "too many runs wait; try again", NULL);
		release_work(work);
	} else {
		http_reply_json(call->request, 202, json_incref(reply));
	}
}

static void begin(struct route_call *call, bool test)
{
	AUTO_JSON json_t *body = visitor_body(call);
	struct work *work;

	if (!body)
		return;
	if (visitor_of(call)->assessment.status != STATUS_ACTIVE) {
		http_reply_error(call->request, 409, "state", "the work is not open", NULL);
		return;
	}
	work = buf_alloc(sizeof(*work));
	work->test = test;
	work->log = &visitor_serve(call)->config.log;
	rand_id(work->run);
	work->cwd = buf_strdup(json_str(body, "cwd", ""));
	if (!api_work_words(json_object_get(body, "argv"), &work->argv)) {
		http_reply_error(call->request, 400, "invalid", "argv must be 1 to 64 words",
				 "argv");
	} else if (!take_input(work, json_str(body, "stdin", ""))) {
		http_reply_error(call->request, 400, "invalid",
				 "stdin must be base64 of 1 MiB at most", "stdin");
	} else if (*work->cwd && !fs_path_confined(work->cwd)) {
		http_reply_error(call->request, 400, "invalid", "cwd must be a folder of the work",
				 "cwd");
	} else {
		post(call, work);
		return;
	}
	release_work(work);
}

void api_work_run(struct route_call *call)
{
	begin(call, false);
}

void api_work_test(struct route_call *call)
{
	begin(call, true);
}

void api_work_stop(struct route_call *call)
{
	live_stop(visitor_of(call)->live);
	http_reply(call->request, 204, NULL, NULL, 0);
}
