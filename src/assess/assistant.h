/* assistant.h - tali's own assistant: a text of the candidate, and all that follows until it is
 * answered
 *
 * A turn is one text of the candidate and what the model does about it: one call (chat), or several
 * with tools between them (agent). Every call goes over the session's desk (ai_desk.h): policy,
 * budget, record. The journal is the memory: a conversation is what its events say
 * (assistant_history.h); it goes on after a restart, or in another process.
 *
 * A turn has no thread of its own. Its steps run on `recorders` (short ones) and `jobs` (tools);
 * the answer comes on the HTTP client's thread. One turn at a time for each assessment.
 *
 * What is told, as (event, data); each text for people is one plain sentence or more:
 *	begin	{conversation, model, agent}
 *	text	{text}				a piece of the answer, guarded
 *	step	{call, tool, input}		a tool begins
 *	result	{call, ok, text, ms}		it ended; `text` is what the model sees
 *	wait	{text}				for the budget, or before asking again
 *	end	{conversation, exchange, stop, left: {tokens, cost_microusd, messages}}
 *						stop: "end", "stopped" (by the candidate), "turns",
 *						"tokens" (the budget is spent), "length", "refused";
 *						left: -1 where there is no limit
 *	error	{code, message}			instead of `end`; code: "policy", "model", "budget",
 *						"rate", "over", "provider", "record"
 * The first is `begin`, but for an error before it; the last is `end` or `error`. */
#ifndef TALI_ASSISTANT_H
#define TALI_ASSISTANT_H

#include "assess/ai_desk.h"
#include "assess/workbench.h"
#include "http/http_client.h"
#include "http/worker.h"

#define ASSISTANT_TEXT_MAX ((size_t)32 << 10)	/* bytes of what the candidate writes */
#define ASSISTANT_FILES_MAX 16		/* files of the work that go with it */
#define ASSISTANT_FILE_MAX ((size_t)64 << 10)	/* bytes of one; of all four times as much */
#define ASSISTANT_CALLS_MAX 24		/* of the model in one turn */
#define ASSISTANT_TOOLS_MAX 32		/* of one answer; the others are not run */
#define ASSISTANT_OUTPUT_MAX 8192	/* tokens of one answer */

struct assistant;
struct assistant_turn;

/* One tool call of an answer; all borrowed. */
struct assistant_call {
	const char *assessment_id, *conversation, *exchange;	/* for the ai_tool event */
	const char *id, *tool;		/* as the model wrote them */
	const json_t *input;		/* any value */
	struct workbench *bench;
	struct journal_writer *writer;
};

struct assistant_result {
	char *text;			/* what the model sees; bounded */
	bool ok;
};

/* What an agent can do; agent_tools.h has them. */
struct assistant_tools {
	/* [{name, description, schema}] as struct ai_call has it; borrowed, for ever. */
	const json_t *(*list)(void);
	/* Checks the input, does it, records it. Never fails: what went wrong is the result. On a
	 * thread of `jobs`. `text` is then the caller's. */
	void (*run)(const struct assistant_call *call, struct store *store,
		    struct assistant_result *ret);
};

/* All borrowed, until assistant_free. */
struct assistant_config {
	struct ai_desk_table *desks;
	struct journal_writer *writer;
	struct http_client *client;
	struct worker_pool *recorders, *jobs;
	struct store *(*store_of)(void *context);	/* of a thread of either pool */
	const struct assistant_tools *tools;		/* NULL: no agent */
};

struct assistant *assistant_new(const struct assistant_config *config);
/* No turn may run: see assistant_stop_all. */
void assistant_free(struct assistant **assistant);
/* Stops all turns, and lets none begin. They end soon after. */
void assistant_stop_all(struct assistant *assistant);
/* The turns that have not ended. */
int assistant_running(struct assistant *assistant);
/* Goes on with what waits for its time; to be called a few times a second. */
void assistant_look(struct assistant *assistant);

/* Borrowed until assistant_begin returns, but for bench and arg. */
struct assistant_turn_config {
	const struct assessment *assessment;
	const char *text;		/* 1 to ASSISTANT_TEXT_MAX bytes of UTF-8 */
	const char *model;		/* NULL: that of the conversation, or the first allowed */
	const char *conversation;	/* NULL: a new one */
	const char *const *files;	/* paths of the work, shown to the model with the text */
	size_t file_count;
	struct workbench *bench;	/* taken, also on failure; NULL: no files, no agent */
	bool agent;
	/* Told in order, by any thread, one call at a time, never after `end` or `error`. It must
	 * be quick, and must not call any function of this module. */
	void (*tell)(void *arg, const char *event, const json_t *data);
	void *arg;
};

/* Begins one. Whoever has it must release it; it goes on without.
 * ERR_INPUT: text, files, conversation; ERR_STATE: one runs already for this assessment, or the
 * session does not run; ERR_NO: the task has no assistant. Everything else is told. */
int assistant_begin(struct assistant *assistant, struct store *store,
		    const struct assistant_turn_config *config, struct assistant_turn **ret,
		    struct err *err);
/* Stops it: the call of the model is ended, a tool is killed; `end` tells so. Any thread. */
void assistant_stop(struct assistant_turn *turn);
void assistant_turn_release(struct assistant_turn **turn);

/* The turn that runs for an assessment, to be released; NULL: none. */
struct assistant_turn *assistant_find(struct assistant *assistant, const char *assessment_id);

/* What a page or a terminal needs to know before anything is asked: {policy, agent, models: [{id,
 * provider}], left: {tokens, cost_microusd, messages}}; yours. The first model is the one that is
 * asked when nobody says which. With policy "off" no models. Providers whose models are not known
 * are asked for them (up to 30 s the first time; the list is kept for 10 minutes): not for a
 * request thread. NULL: ERR_NOT_FOUND, ERR_ENV, ERR_INTEGRITY. */
json_t *assistant_offer(struct assistant *assistant, struct store *store,
			const struct assessment *assessment, struct err *err);

#endif
