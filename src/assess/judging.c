/* judging.c - see judging.h */
#include "assess/judging.h"

#include "ai/ai_blocks.h"
#include "ai/model_asker.h"
#include "assess/assistant_models.h"
#include "base/auto.h"
#include "base/json.h"
#include "base/utf8.h"
#include "journal/journal.h"
#include "store/config.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>

#define KIND "judge"
#define OUTPUT_MAX 8192		/* tokens, with what the model thinks */
#define INLINE_MAX 1024		/* bytes of an answer that stand in the event itself */
#define WORD_MAX 100		/* bytes of a word of the provider that are kept */
#define TURN_MS 50		/* between two looks whether another process has finished */
#define NOT_ASKED "It was not asked any more: the answer before did not come."

struct judging {
	char *model;
	struct provider provider;
	struct model_asker *asker;
	atomic_bool stopped;
};

/* --- who is asked */

static int read_limits(struct store *store, struct model_asker_limits *ret, struct err *err)
{
	return config_int(store, "ai.first_byte", &ret->first_byte, err) < 0 ||
	       config_int(store, "ai.idle", &ret->idle, err) < 0 ||
	       config_int(store, "judge.patience", &ret->whole, err) < 0 ? -1 : 0;
}

static int find_provider(struct store *store, const char *model, struct provider *ret,
			 struct err *err)
{
	AUTO_FREE char *name = config_get(store, "judge.provider", NULL, err);
	int found;

	if (!name)
		return -1;
	found = *name ? provider_find(store, name, ret, err) :
			assistant_models_provider(store, model, ret, err);
	if (found)
		return found < 0 ? -1 : 0;
	if (*name)
		return err_set(err, ERR_NOT_FOUND, "judge.provider: no provider '%s'", name);
	return err_set(err, ERR_STATE, "no provider has the model of judge.model, '%s'", model);
}

struct judging *judging_open(struct store *store, struct err *err)
{
	AUTO(judging_close) struct judging *judging = buf_alloc(sizeof(*judging));
	struct model_asker_limits limits;

	judging->model = config_get(store, "judge.model", NULL, err);
	if (!judging->model)
		return NULL;
	if (!*judging->model) {
		err_set(err, ERR_STATE, "there is no judge: tali config set judge.model MODEL");
		return NULL;
	}
	if (read_limits(store, &limits, err) < 0 ||
	    find_provider(store, judging->model, &judging->provider, err) < 0)
		return NULL;
	judging->asker = model_asker_open(&judging->provider, &limits, err);
	return judging->asker ? TAKE(judging) : NULL;
}

void judging_close(struct judging **judging)
{
	struct judging *old = TAKE(*judging);

	if (!old)
		return;
	model_asker_close(&old->asker);
	provider_release(&old->provider);
	free(old->model);
	free(old);
}

void judging_stop(struct judging *judging)
{
	atomic_store(&judging->stopped, true);
}

/* --- what is stored */

/* The text of a payload, instead of the payload. */
static int open_answer(struct store *store, json_t *answers, size_t i, struct err *err)
{
	const char *blob = json_str(json_array_get(answers, i), "blob", NULL);
	AUTO_FREE char *text = NULL;
	json_t *value;
	size_t len;

	if (!blob)
		return 0;
	text = event_blob_get(store, blob, &len, err);
	if (!text)
		return -1;
	value = json_stringn(text, len);
	if (!value)
		return err_set(err, ERR_INTEGRITY, "an answer of the judge is no text");
	json_array_set_new(answers, i, value);
	return 0;
}

static int open_asking(struct store *store, json_t *asking, struct err *err)
{
	json_t *sample;
	size_t i;

	json_array_foreach(json_object_get(asking, "samples"), i, sample) {
		json_t *answers = json_object_get(sample, "answers");

		for (size_t k = 0; k < json_array_size(answers); k++)
			if (open_answer(store, answers, k, err) < 0)
				return -1;
	}
	return 0;
}

/* Of several askings of a question the newest counts. */
static int read_event(void *arg, const struct event *event, struct err *err)
{
	struct judging_run *run = arg;
	AUTO_JSON json_t *asking = NULL;

	if (strcmp(event->kind, KIND) != 0)
		return 0;
	asking = json_parse(event->data, strlen(event->data), KIND, err);
	if (!asking || open_asking(run->store, asking, err) < 0)
		return -1;
	json_object_set(run->stored, json_str(asking, "question", ""), asking);
	if (run->judging && !strcmp(json_str(asking, "model", ""), run->judging->model))
		json_object_set(run->own, json_str(asking, "question", ""), asking);
	return 0;
}

static bool is_stopped(const struct judging_run *run, struct err *err)
{
	if (!atomic_load(&run->judging->stopped))
		return false;
	err_set(err, ERR_ENV, "it was stopped");
	return true;
}

/* The lock is that of the session's repository, which nobody else locks, and ends with us. */
static int wait_for_turn(struct judging_run *run, struct err *err)
{
	AUTO_FREE char *path = buf_format("%s/repos/%s.git", store_path(run->store),
					  run->assessment_id);
	AUTO_FD int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	if (fd < 0)
		return err_sys(err, "%s", path);
	while (flock(fd, LOCK_EX | LOCK_NB) < 0) {
		if (errno != EWOULDBLOCK && errno != EINTR)
			return err_sys(err, "cannot lock %s", path);
		if (is_stopped(run, err))
			return -1;
		poll(NULL, 0, TURN_MS);
	}
	run->lock = TAKE_FD(fd);
	run->locked = true;
	return 0;
}

int judging_begin(struct judging_run *run, struct err *err)
{
	run->stored = json_object();
	run->own = json_object();
	run->fresh = json_array();
	if (run->judging && wait_for_turn(run, err) < 0)
		return -1;
	if (event_each_mark(run->store, run->assessment_id, read_event, run, err) < 0)
		return -1;
	return run->judging || json_object_size(run->stored);
}

void judging_release(struct judging_run *run)
{
	json_decref(run->stored);
	json_decref(run->own);
	json_decref(run->fresh);
	run->stored = run->own = run->fresh = NULL;
	if (run->locked)
		auto_close(&run->lock);
	run->locked = false;
}

/* --- one sample */

/* Words of the provider, bounded, in whole characters. Yours. */
static json_t *foreign(const char *text, size_t most)
{
	size_t len = text ? strlen(text) : 0;

	if (len > most)
		for (len = most; len && utf8_inside(text[len]);)
			len--;
	return json_stringn(text ? text : "", len);
}

struct sampling {
	const struct judging *judging;
	struct store *store;
	json_t *answers;
	json_t *sample;
	json_int_t input, output;	/* tokens */
};

/* Asks once and notes the answer: 0, -1 with err when none came. */
static int ask_model(struct sampling *s, const struct judge_prompt *prompt, const json_t *messages,
		     struct err *err)
{
	AUTO(ai_answer_release) struct ai_answer answer = AI_ANSWER_INIT;
	AUTO(buf_release) struct buf text = BUF_INIT(MODEL_ASKER_ANSWER_MAX);
	const struct ai_call call = {
		.model = s->judging->model, .system = prompt->system, .messages = messages,
		.max_output = OUTPUT_MAX, .format = judge_rubric_answer(),
	};

	if (model_asker_ask(s->judging->asker, s->store, &call, &answer, err) < 0)
		return -1;
	ai_blocks_join(answer.blocks, "text", &text);
	/* one byte too many keeps it what it is: too long */
	json_array_append_new(s->answers, foreign(buf_str(&text), JUDGE_ANSWER_MAX + 4));
	json_object_set_new(s->sample, "model", foreign(answer.model, WORD_MAX));
	json_object_set_new(s->sample, "stop", foreign(answer.stop, WORD_MAX));
	s->input += ai_usage_input(&answer.usage);
	s->output += answer.usage.output;
	return 0;
}

/* Providers that cannot be held to a schema are told once what is wrong. */
static int ask_again(struct sampling *s, const struct judge_prompt *prompt, json_t *messages,
		     struct err *err)
{
	const json_t *raw = json_array_get(s->answers, 0);
	const char *first = json_is_string(raw) ? json_string_value(raw) : "";
	struct err fault = ERR_INIT;
	AUTO_JSON json_t *parsed = judge_answer_parse(first, strlen(first), &fault);
	AUTO_FREE char *words = NULL;

	if (parsed || !*first || model_asker_knows_schemas(s->judging->asker))
		return 0;
	words = buf_format("That is not the JSON object that was asked for: %s. Answer again, with "
			   "the object alone.", fault.text);
	ai_blocks_add(messages, "assistant", ai_blocks_text(first));
	ai_blocks_add(messages, "user", ai_blocks_text(words));
	return ask_model(s, prompt, messages, err);
}

/* False when no answer came. */
static bool take_sample(struct sampling *s, const struct judge_question *question)
{
	AUTO(judge_prompt_release) struct judge_prompt prompt = { .system = NULL };
	AUTO_JSON json_t *messages = json_array();
	char seed[JUDGE_SEED_LEN + 1];
	struct err err = ERR_INIT;

	judge_ask_seed(seed);
	judge_ask_prompt(question, seed, &prompt);
	s->answers = json_array();
	s->sample = json_pack("{s:s, s:s, s:o}", "seed", seed, "prompt", prompt.hash, "answers",
			      s->answers);
	ai_blocks_add(messages, "user", ai_blocks_text(prompt.text));
	if (ask_model(s, &prompt, messages, &err) == 0 &&
	    ask_again(s, &prompt, messages, &err) == 0)
		return true;
	json_array_clear(s->answers);
	json_object_set_new(s->sample, "why", foreign(err.text, WORD_MAX));
	return false;
}

/* --- a question */

static json_t *unasked(const struct judge_question *question)
{
	AUTO(judge_prompt_release) struct judge_prompt prompt = { .system = NULL };
	char seed[JUDGE_SEED_LEN + 1];

	judge_ask_seed(seed);
	judge_ask_prompt(question, seed, &prompt);
	return json_pack("{s:s, s:s, s:[], s:s}", "seed", seed, "prompt", prompt.hash, "answers",
			 "why", NOT_ASKED);
}

/* An asking; *down: an answer did not come, now or before. Yours; NULL: it was stopped. */
static json_t *ask(struct judging_run *run, const struct judge_question *question, bool *down,
		   struct err *err)
{
	struct sampling s = { .judging = run->judging, .store = run->store };
	AUTO_JSON json_t *samples = json_array();

	for (int i = 0; i < JUDGE_SAMPLES; i++) {
		if (is_stopped(run, err))
			return NULL;
		if (*down) {
			json_array_append_new(samples, unasked(question));
			continue;
		}
		*down = !take_sample(&s, question);
		json_array_append_new(samples, s.sample);
	}
	return json_pack("{s:s, s:s, s:s, s:s, s:s, s:O, s:I, s:I}", "subitem",
			 question->aspect->name, "question", question->hash, "rubric",
			 judge_rubric_version(), "provider", run->judging->provider.name, "model",
			 run->judging->model, "samples", samples, "input_tokens", s.input,
			 "output_tokens", s.output);
}

/* Whether all of its samples were answered, well or not. */
static bool is_answered(const json_t *asking)
{
	const json_t *sample;
	size_t i;

	json_array_foreach(json_object_get(asking, "samples"), i, sample)
		if (!json_array_size(json_object_get(sample, "answers")))
			return false;
	return asking != NULL;
}

/* An asking that is on record already, told again to be the newest: it cost nothing this time. */
static json_t *told_again(const json_t *asking)
{
	json_t *again = json_copy((json_t *)asking);

	json_object_set_new(again, "input_tokens", json_integer(0));
	json_object_set_new(again, "output_tokens", json_integer(0));
	return again;
}

static int answer(struct judging_run *run, const struct judge_question *question, bool *down,
		  struct err *err)
{
	const json_t *newest = json_object_get(run->stored, question->hash);
	const json_t *own = json_object_get(run->own, question->hash);
	bool is_newest = own && json_equal(own, newest);
	AUTO_JSON json_t *asking = NULL;

	if (is_newest && (is_answered(own) || *down))
		return 0;
	if (is_answered(own))
		asking = told_again(own);
	else
		asking = ask(run, question, down, err);
	if (!asking)
		return -1;
	json_object_set(run->stored, question->hash, asking);
	json_array_append(run->fresh, asking);
	return 0;
}

json_t *judging_answers(void *arg, const struct judge_questions *questions, struct err *err)
{
	struct judging_run *run = arg;
	bool down = false;

	for (size_t i = 0; run->judging && i < questions->count; i++) {
		if (run->progress)
			run->progress(run->arg, "judging", (int)i, (int)questions->count);
		if (answer(run, &questions->list[i], &down, err) < 0)
			return NULL;
	}
	return json_incref(run->stored);
}

/* --- the record */

static int put_answer(struct store *store, json_t *answers, size_t i, struct err *err)
{
	const json_t *text = json_array_get(answers, i);
	json_t *payload;

	if (json_string_length(text) <= INLINE_MAX)
		return 0;
	payload = journal_blob(store, json_string_value(text), json_string_length(text), err);
	if (!payload)
		return -1;
	json_array_set_new(answers, i, payload);
	return 0;
}

/* As the event has it: large answers as payloads. Yours; NULL on error. */
static json_t *to_event(struct store *store, const json_t *asking, struct err *err)
{
	AUTO_JSON json_t *data = json_deep_copy(asking);
	json_t *sample;
	size_t i;

	json_array_foreach(json_object_get(data, "samples"), i, sample) {
		json_t *answers = json_object_get(sample, "answers");

		for (size_t k = 0; k < json_array_size(answers); k++)
			if (put_answer(store, answers, k, err) < 0)
				return NULL;
	}
	return TAKE(data);
}

int judging_record(struct judging_run *run, struct err *err)
{
	const json_t *asking;
	size_t i;

	json_array_foreach(run->fresh, i, asking) {
		json_t *data = to_event(run->store, asking, err);

		if (!data ||
		    journal_append(run->store, run->assessment_id, "system", KIND, data, err) < 0)
			return -1;
	}
	return 0;
}
