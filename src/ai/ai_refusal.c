/* ai_refusal.c - see ai_refusal.h
 *
 * Measured with Claude Code, Codex and the SDKs: 429 billing_error with x-should-retry: false is
 * asked once by Claude Code and the SDKs; Codex does not know the header and asks once only after a
 * 400, and after a 429 with the code insufficient_quota; after 401, 402, 403 and 413 it asks six
 * times. So what is final is a 400 in the one protocol that Codex speaks, but for the token: there
 * the SDKs' own class for 401 is worth more. */
#include "ai/ai_refusal.h"

#include "base/auto.h"

struct refusal {
	int status;
	const char *type, *code;	/* `code` is OpenAI's; Anthropic has the type alone */
};

static const struct refusal of_messages[AI_REFUSALS] = {
	[AI_REFUSAL_REQUEST] = { 400, "invalid_request_error", NULL },
	[AI_REFUSAL_TOKEN] = { 401, "authentication_error", NULL },
	[AI_REFUSAL_OVER] = { 403, "permission_error", NULL },
	[AI_REFUSAL_POLICY] = { 403, "permission_error", NULL },
	[AI_REFUSAL_MODEL] = { 403, "permission_error", NULL },
	[AI_REFUSAL_NOT_FOUND] = { 404, "not_found_error", NULL },
	[AI_REFUSAL_BUDGET] = { 429, "billing_error", NULL },
	[AI_REFUSAL_RATE] = { 429, "rate_limit_error", NULL },
	[AI_REFUSAL_TOO_LARGE] = { 413, "request_too_large", NULL },
	[AI_REFUSAL_UPSTREAM] = { 529, "overloaded_error", NULL },
	[AI_REFUSAL_TIMEOUT] = { 504, "timeout_error", NULL },
	[AI_REFUSAL_IDLE] = { 504, "timeout_error", NULL },
};

static const struct refusal of_chat[AI_REFUSALS] = {
	[AI_REFUSAL_REQUEST] = { 400, "invalid_request_error", NULL },
	[AI_REFUSAL_TOKEN] = { 401, "invalid_request_error", "invalid_api_key" },
	[AI_REFUSAL_OVER] = { 403, "invalid_request_error", "session_over" },
	[AI_REFUSAL_POLICY] = { 403, "invalid_request_error", "policy" },
	[AI_REFUSAL_MODEL] = { 403, "invalid_request_error", "model_not_allowed" },
	[AI_REFUSAL_NOT_FOUND] = { 404, "invalid_request_error", "not_found" },
	[AI_REFUSAL_BUDGET] = { 429, "insufficient_quota", "insufficient_quota" },
	[AI_REFUSAL_RATE] = { 429, "requests", "rate_limit_exceeded" },
	[AI_REFUSAL_TOO_LARGE] = { 413, "invalid_request_error", "request_too_large" },
	[AI_REFUSAL_UPSTREAM] = { 503, "server_error", "server_is_overloaded" },
	[AI_REFUSAL_TIMEOUT] = { 504, "server_error", "timeout" },
	[AI_REFUSAL_IDLE] = { 504, "server_error", "timeout" },
};

static const struct refusal *find(enum ai_dialect dialect, enum ai_refusal why)
{
	return dialect == AI_DIALECT_MESSAGES ? &of_messages[why] : &of_chat[why];
}

int ai_refusal_status(enum ai_dialect dialect, enum ai_refusal why)
{
	int status = find(dialect, why)->status;

	if (dialect == AI_DIALECT_RESPONSES && (status == 403 || status == 413))
		return 400;
	return status;
}

bool ai_refusal_is_final(enum ai_refusal why)
{
	return why < AI_REFUSAL_RATE || why == AI_REFUSAL_TOO_LARGE;
}

static void add_json(json_t *json, struct buf *out)
{
	AUTO_JSON json_t *value = json;
	AUTO_FREE char *text = json_dumps(value, JSON_COMPACT);

	if (text)
		buf_add_str(out, text);
}

/* A sentence that is not UTF-8 cannot be JSON; ours are. */
static json_t *body_of(enum ai_dialect dialect, const struct refusal *refusal,
		       const char *sentence, const char *request_id)
{
	if (dialect == AI_DIALECT_MESSAGES)
		return json_pack("{s:s, s:{s:s, s:s}, s:s*}", "type", "error", "error", "type",
				 refusal->type, "message", sentence, "request_id", request_id);
	return json_pack("{s:{s:s, s:s, s:n, s:s?}}", "error", "message", sentence, "type",
			 refusal->type, "param", "code", refusal->code);
}

void ai_refusal_body(enum ai_dialect dialect, enum ai_refusal why, const char *sentence,
		     const char *request_id, struct buf *out)
{
	add_json(body_of(dialect, find(dialect, why), sentence, request_id), out);
}

void ai_refusal_event(enum ai_dialect dialect, enum ai_refusal why, const char *sentence,
		      struct buf *out)
{
	const struct refusal *refusal = find(dialect, why);

	if (dialect != AI_DIALECT_CHAT)
		buf_add_str(out, "event: error\n");
	buf_add_str(out, "data: ");
	if (dialect == AI_DIALECT_RESPONSES)
		add_json(json_pack("{s:s, s:s?, s:s, s:n}", "type", "error", "code", refusal->code,
				   "message", sentence, "param"),
			 out);
	else
		add_json(body_of(dialect, refusal, sentence, NULL), out);
	buf_add_str(out, "\n\n");
}

const char *ai_refusal_ping(enum ai_dialect dialect)
{
	if (dialect == AI_DIALECT_MESSAGES)
		return "event: ping\ndata: {\"type\":\"ping\"}\n\n";
	return ": keep-alive\n\n";
}
