/* assistant_begin.c - see assistant_begin.h */
#include "assess/assistant_begin.h"

#include "ai/ai_blocks.h"
#include "ai/prompt.h"
#include "ai/provider_call.h"
#include "assess/assistant_history.h"
#include "base/auto.h"
#include "base/json.h"
#include "base/rand.h"
#include "base/utf8.h"

#include <string.h>

int assistant_begin_check(const struct assistant *assistant,
			  const struct assistant_turn_config *config, struct err *err)
{
	size_t len = strlen(config->text);

	if (!config->text[strspn(config->text, " \t\r\n")])
		return err_set(err, ERR_INPUT, "there is no text");
	if (len > ASSISTANT_TEXT_MAX)
		return err_set(err, ERR_INPUT, "the text is longer than 32 KiB");
	if (!utf8_valid(config->text, len))
		return err_set(err, ERR_INPUT, "the text is not UTF-8");
	if (config->file_count > ASSISTANT_FILES_MAX)
		return err_set(err, ERR_INPUT, "more than %d files", ASSISTANT_FILES_MAX);
	if (config->agent && (!assistant->config.tools || !config->bench))
		return err_set(err, ERR_STATE, "there is no agent here");
	if (config->file_count && !config->bench)
		return err_set(err, ERR_INPUT, "there are no files here");
	if (config->assessment->status != STATUS_ACTIVE)
		return err_set(err, ERR_STATE, "the session does not run (%s)",
			       status_name(config->assessment->status));
	return 0;
}

struct assistant_turn *assistant_begin_new(struct assistant *assistant,
					   const struct assistant_turn_config *config)
{
	struct assistant_turn *turn = buf_alloc(sizeof(*turn));

	turn->assistant = assistant;
	turn->users = 1;
	memcpy(turn->assessment_id, config->assessment->id, sizeof(turn->assessment_id));
	turn->text = buf_strdup(config->text);
	turn->agent = config->agent;
	turn->bench = config->bench;
	turn->files = json_array();
	turn->uses = json_array();
	turn->tell = config->tell;
	turn->arg = config->arg;
	pthread_mutex_init(&turn->telling, NULL);
	pthread_mutex_init(&turn->lock, NULL);
	pthread_cond_init(&turn->woken, NULL);
	return turn;
}

/* The mark around what is data: the same in all of a conversation, and nobody can know it. */
static int make_mark(struct assistant_turn *turn, struct store *store, struct err *err)
{
	AUTO_FREE char *text = buf_format("prompt-mark:%s", turn->conversation);
	const uint8_t *key = store_secret_key(store, err);
	char mark[PROMPT_MARK_LEN + 1];
	struct hash hash;

	if (!key)
		return -1;
	hash = hash_keyed(key, text);
	rand_token_text(hash.bytes, mark);
	turn->mark = buf_strdup(mark);
	return 0;
}

static int read_conversation(struct assistant_turn *turn, struct store *store,
			     const char *conversation, char **ret_model, char **ret_last,
			     struct err *err)
{
	AUTO(assistant_history_release) struct assistant_history history = ASSISTANT_HISTORY_INIT;

	/* "" is on no record: a new one */
	if (assistant_history_read(store, turn->assessment_id, conversation ? conversation : "",
				   &history, err) < 0)
		return -1;
	if (conversation && !*history.conversation)
		return err_set(err, ERR_INPUT, "there is no conversation '%s'", conversation);
	if (conversation)
		memcpy(turn->conversation, history.conversation, sizeof(turn->conversation));
	else
		rand_id(turn->conversation);
	turn->messages = TAKE(history.messages);
	turn->planted = history.planted;
	turn->code_answers = history.code_answers;
	*ret_last = TAKE(history.last_model);
	*ret_model = history.model ? TAKE(history.model) : buf_strdup(*ret_last);
	return make_mark(turn, store, err);
}

/* The one that is asked for, else that of before when it is still there, else the first. */
static int choose_model(struct assistant_turn *turn, struct store *store, const char *wanted,
			const char *before, struct err *err)
{
	AUTO_JSON json_t *list = NULL;
	int found;

	turn->model = buf_strdup(wanted);
	if (!wanted && before && ai_policy_allows(&turn->task.policy, before)) {
		found = assistant_models_provider(store, before, &turn->provider, err);
		if (found == 1)
			turn->model = buf_strdup(before);
		if (found != 0)
			return found < 0 ? -1 : 0;
	}
	if (!turn->model) {
		list = assistant_models_list(turn->assistant->models, store, &turn->task.policy,
					     err);
		turn->model = buf_strdup(json_str(json_array_get(list, 0), "id", NULL));
	}
	if (!turn->model)
		return list ? 0 : -1;
	return assistant_models_provider(store, turn->model, &turn->provider, err) < 0 ? -1 : 0;
}

static int add_file(struct assistant_turn *turn, struct store *store, const char *path,
		    struct err *err)
{
	AUTO(buf_release) struct buf text = BUF_INIT(ASSISTANT_FILE_MAX);
	AUTO_FREE char *shown = NULL;
	bool more = false;

	if (turn->bench->ops->read(turn->bench, store, path, &text, &more, err) < 0)
		return err_wrap(err, "%s", path);
	while (more && text.len && utf8_inside(text.data[text.len - 1]))
		text.data[--text.len] = '\0';
	if (more && text.len)
		text.data[--text.len] = '\0';
	if (!utf8_valid(buf_str(&text), text.len) || memchr(buf_str(&text), '\0', text.len))
		return err_set(err, ERR_INPUT, "%s is no text", path);
	shown = prompt_file(turn->mark, path, buf_str(&text), text.len, more);
	ai_blocks_add(turn->messages, "user", ai_blocks_text(shown));
	json_array_append_new(turn->files, json_string(path));
	return 0;
}

static int add_words(struct assistant_turn *turn, struct store *store,
		     const struct assistant_turn_config *config, size_t recorded, struct err *err)
{
	for (size_t i = 0; i < config->file_count; i++)
		if (add_file(turn, store, config->files[i], err) < 0)
			return -1;
	ai_blocks_add(turn->messages, "user", ai_blocks_text(turn->text));
	turn->recorded = recorded;
	return 0;
}

static int note_model(struct assistant_turn *turn, const char *before, struct err *err)
{
	AUTO(event_list_release) struct event_list list = EVENT_LIST_INIT;

	if (!before || !*turn->provider.name || !strcmp(before, turn->model) ||
	    !ai_policy_allows(&turn->task.policy, turn->model))
		return 0;
	if (event_list_add(&list, "candidate", "model",
			   json_pack("{s:s, s:s, s:s}", "conversation", turn->conversation, "from",
				     before, "to", turn->model), 0, err) < 0)
		return -1;
	return journal_writer_append(turn->assistant->config.writer, turn->assessment_id, &list,
				     NULL, err);
}

int assistant_begin_ready(struct assistant_turn *turn, struct store *store,
			  const struct assistant_turn_config *config, struct err *err)
{
	AUTO_FREE char *model = NULL;
	AUTO_FREE char *last = NULL;

	if (assistant_task_read(store, config->assessment, &turn->task, err) < 0)
		return -1;
	if (turn->task.policy.kind == AI_POLICY_OFF)
		return err_set(err, ERR_NO, "this task is solved without an assistant");
	if (turn->task.policy.kind == AI_POLICY_GUARDED && turn->agent)
		return err_set(err, ERR_NO,
			       "the assistant of this task explains, and has no agent");
	if (read_conversation(turn, store, config->conversation, &model, &last, err) < 0 ||
	    choose_model(turn, store, config->model, model, err) < 0 ||
	    add_words(turn, store, config, json_array_size(turn->messages), err) < 0)
		return -1;
	turn->desk = ai_desk_take(turn->assistant->config.desks, store, config->assessment, err);
	if (!turn->desk || note_model(turn, last, err) < 0)
		return -1;
	turn->wire = provider_call_wire(&turn->provider);
	return 0;
}
