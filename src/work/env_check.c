/* env_check.c - see env_check.h */
#include "work/env_check.h"

#include "base/auto.h"
#include "base/json.h"

#include <stdio.h>
#include <string.h>

#define NAME_MOST 60		/* bytes of a model's name in a sentence */

struct check {
	struct remote *remote;
	json_t *list;
	enum err_code why;
};

static void say(struct check *check, const char *what, const char *text)
{
	json_array_append_new(check->list, json_pack("{s:s, s:s, s:s}", "what", what, "state", "ok",
						     "text", text));
}

/* Always false. */
static bool refuse(struct check *check, const char *what, enum err_code why, const char *text)
{
	json_array_append_new(check->list, json_pack("{s:s, s:s, s:s}", "what", what, "state",
						     "wrong", "text", text));
	if (!check->why)
		check->why = why;
	return false;
}

/* --- the session */

static bool check_status(struct check *check, const json_t *session)
{
	const char *status = json_str(session, "status", "");

	if (!strcmp(status, "active")) {
		say(check, "session", "It is active.");
		return true;
	}
	if (json_is_string(json_object_get(session, "started")))
		return refuse(check, "session", ERR_STATE,
			      "It is over: models cannot be asked any more.");
	return refuse(check, "session", ERR_STATE, "It has not begun: `tali start` begins it.");
}

static bool check_policy(struct check *check, const json_t *ai)
{
	if (!strcmp(json_str(ai, "policy", ""), "off"))
		return refuse(check, "models", ERR_STATE,
			      "This task is solved without an assistant.");
	if (!json_flag(ai, "tools", true))
		return refuse(check, "models", ERR_STATE, "In this task only the assistant of the "
			      "workspace may be used (`tali chat`), no other tools.");
	return true;
}

/* Tokens, cost or messages are spent; a sentence of what is left when none is. */
static bool check_budget(struct check *check, const json_t *ai)
{
	static const struct {
		const char *name, *words;
	} kinds[] = { { "messages", "messages" }, { "tokens", "tokens" },
		      { "cost_microusd", "millionths of a dollar" } };
	AUTO(buf_release) struct buf text = BUF_INIT(1000);
	bool spent = false;

	for (size_t i = 0; i < sizeof(kinds) / sizeof(*kinds); i++) {
		json_int_t limit = json_int(json_object_get(ai, "limits"), kinds[i].name, 0);
		json_int_t used = json_int(json_object_get(ai, "used"), kinds[i].name, 0);

		if (limit <= 0)
			continue;
		buf_add_format(&text, "%s%lld of %lld %s", text.len ? ", " : "", (long long)used,
			       (long long)limit, kinds[i].words);
		spent |= used >= limit;
	}
	if (spent) {
		buf_add_str(&text, " are used: the budget is spent.");
		return refuse(check, "models", ERR_STATE, buf_str(&text));
	}
	buf_add_str(&text, text.len ? " are used." : "They may be asked without a limit.");
	say(check, "models", buf_str(&text));
	return true;
}

static bool check_session(struct check *check)
{
	struct err err = ERR_INIT;
	int status;
	AUTO_JSON json_t *session =
		remote_json(check->remote, "GET", "/api/v1/session", NULL, &status, &err);
	const json_t *ai = json_object_get(session, "ai");

	if (!session)
		return refuse(check, "server", err.code, err.text);
	say(check, "server", "It answers, and knows this session.");
	return check_status(check, session) && check_policy(check, ai) && check_budget(check, ai);
}

/* --- the protocols */

static void say_models(struct check *check, const char *what, const json_t *answer)
{
	const json_t *models = json_object_get(answer, "data");
	const char *first = json_str(json_array_get(models, 0), "id", "");
	size_t count = json_array_size(models), len = strlen(first);
	AUTO_FREE char *text = NULL;

	for (const char *at = first; *at; at++)		/* of others: only what is plain is shown */
		if (*at < 0x21 || *at > 0x7e)
			len = 0;
	text = len && len <= NAME_MOST
		       ? buf_format("It answers; models: %zu, such as %s.", count, first)
		       : buf_format("It answers; models: %zu.", count);
	say(check, what, text);
}

/* 1: it works; 0: there is no provider for it; -1: it is wrong, and said. */
static int check_protocol(struct check *check, const char *what, const char *path)
{
	struct err err = ERR_INIT;
	int status;
	AUTO_JSON json_t *answer = remote_json(check->remote, "GET", path, NULL, &status, &err);

	if (answer) {
		say_models(check, what, answer);
		return 1;
	}
	if (status == 404)
		return 0;
	if (status == 401)	/* the session was known a moment ago: it is not our token */
		refuse(check, what, ERR_ENV, "The provider of models does not take the server's "
		       "key: please tell who invited you.");
	else
		refuse(check, what, err.code, err.text);
	return -1;
}

static void check_protocols(struct check *check)
{
	static const char *const none = "The server has no provider of models that speaks it.";
	int messages = check_protocol(check, "anthropic", "/ai/anthropic/v1/models");
	int openai = check_protocol(check, "openai", "/ai/openai/v1/models");

	if (!messages && !openai)
		refuse(check, "providers", ERR_ENV, "The server has no provider of models: please "
		       "tell who invited you.");
	else if (!messages || !openai)
		say(check, messages ? "openai" : "anthropic", none);
}

json_t *env_check(struct remote *remote, enum err_code *ret_why)
{
	struct check check = { .remote = remote, .list = json_array() };

	if (check_session(&check))
		check_protocols(&check);
	*ret_why = check.why;
	return check.list;
}
