/* ai_request.c - see ai_request.h */
#include "ai/ai_request.h"

#include "ai/ai_blocks.h"
#include "ai/ai_json.h"
#include "ai/ai_usage.h"
#include "base/auto.h"
#include "base/json.h"

#include <stdlib.h>
#include <string.h>

/* A picture is at most some thousand tokens, whatever its bytes; providers put a text of their own
 * before tools and messages. */
#define IMAGE_TOKENS 6000
#define TOOLS_TOKENS 1000
#define FRAME_TOKENS 64

void ai_request_release(struct ai_request *request)
{
	free(request->model);
	free(request->session);
	free(request->unseen);
	json_decref(request->system);
	json_decref(request->messages);
	json_decref(request->tools);
	json_decref(request->format);
	json_decref(request->sent);
	*request = (struct ai_request)AI_REQUEST_INIT;
}

/* --- members that look like others */

/* The name as programs see it that pass over case: ASCII in lower case, and the two letters beyond
 * ASCII that fold into it (U+017F and U+212A). False when it is longer than any name of ours. */
static bool fold(const char *key, char *out, size_t size)
{
	size_t len = 0;

	while (*key && len + 1 < size) {
		if (strncmp(key, "\xc5\xbf", 2) == 0) {
			out[len++] = 's';
			key += 2;
		} else if (strncmp(key, "\xe2\x84\xaa", 3) == 0) {
			out[len++] = 'k';
			key += 3;
		} else {
			out[len++] = *key >= 'A' && *key <= 'Z' ? (char)(*key | 0x20) : *key;
			key++;
		}
	}
	out[len] = '\0';
	return !*key;
}

static bool is_in(const char *name, const char *const *list)
{
	for (size_t i = 0; list[i]; i++)
		if (strcmp(list[i], name) == 0)
			return true;
	return false;
}

static int check_names(const json_t *body, const struct ai_request_fields *fields, struct err *err)
{
	static const char *const common[] = { "model", "stream", "messages", "tools",
					      "service_tier", "speed", NULL };
	const char *key;
	json_t *value;

	json_object_foreach((json_t *)body, key, value) {
		char plain[64];

		if (!fold(key, plain, sizeof(plain)) || strcmp(key, plain) == 0)
			continue;
		if (is_in(plain, common) || is_in(plain, fields->maxima) ||
		    is_in(plain, fields->choices) || is_in(plain, fields->others))
			return err_set(err, ERR_INPUT, "'%s' is written in another case", plain);
	}
	return 0;
}

/* --- what all have */

static int read_model(const json_t *value, struct ai_request *ret, struct err *err)
{
	const char *model = json_string_value(value);

	if (!model || !*model)
		return err_set(err, ERR_INPUT, "'model' must be a string");
	if (strlen(model) > AI_REQUEST_MODEL_MAX)
		return err_set(err, ERR_INPUT, "'model' is longer than %d bytes",
			       AI_REQUEST_MODEL_MAX);
	for (const char *at = model; *at; at++)
		if ((unsigned char)*at <= ' ' || *at == 0x7f)
			return err_set(err, ERR_INPUT, "'model' has blanks or control characters");
	ret->model = buf_strdup(model);
	return 0;
}

/* The largest of the members; 0 when there is none. */
static int read_largest(const json_t *body, const char *const *names, int64_t most,
			int64_t *ret, struct err *err)
{
	for (size_t i = 0; names[i]; i++) {
		const json_t *value = json_object_get(body, names[i]);
		int64_t number = ai_json_count(value, most);

		if (!value || json_is_null(value))
			continue;
		/* -1 and other numbers that mean "no end" for some servers are refused, too */
		if (number < 0)
			return err_set(err, ERR_INPUT, "'%s' must be a whole number up to %lld",
				       names[i], (long long)most);
		if (number > *ret)
			*ret = number;
	}
	return 0;
}

/* With other values than these a provider is quicker, for a multiple of what it asks else. */
static void note_tier(const json_t *body, struct ai_request *ret)
{
	static const struct {
		const char *name;
		const char *const usual[6];	/* NULL ends */
	} tiers[] = {
		{ "service_tier", { "auto", "default", "standard", "standard_only", "flex" } },
		{ "speed", { "standard" } },
	};

	for (size_t i = 0; i < sizeof(tiers) / sizeof(*tiers); i++) {
		const json_t *value = json_object_get(body, tiers[i].name);
		const char *text = json_string_value(value);

		if (value && !json_is_null(value) && !(text && is_in(text, tiers[i].usual)))
			ai_request_unseen(ret, tiers[i].name);
	}
}

/* The messages stay as they are; of the rest, what changes nothing that is read is left out. */
static void read_frame(const json_t *root, const struct ai_request_fields *fields,
		       struct ai_request *ret)
{
	static const char *const silent[] = { "stream", "stream_options", "metadata", NULL };
	AUTO_JSON json_t *rest = json_copy((json_t *)root);
	json_t *messages = json_object_get(root, fields->messages);
	struct hash_stream stream;

	if (json_is_array(messages)) {
		ret->sent = json_incref(messages);
		json_object_del(rest, fields->messages);
	}
	for (size_t i = 0; silent[i]; i++)
		json_object_del(rest, silent[i]);
	for (size_t i = 0; fields->maxima[i]; i++)
		json_object_del(rest, fields->maxima[i]);
	hash_stream_init(&stream);
	ai_json_hash(rest, &stream);
	ret->frame = hash_stream_end(&stream);
}

json_t *ai_request_begin(const char *body, size_t len, const struct ai_request_fields *fields,
			 struct ai_request *ret, struct err *err)
{
	AUTO_JSON json_t *root = ai_json_request(body, len, err);
	const json_t *stream;
	int64_t choices = 1;

	if (!root || check_names(root, fields, err) < 0 ||
	    read_model(json_object_get(root, "model"), ret, err) < 0 ||
	    read_largest(root, fields->maxima, AI_USAGE_MAX, &ret->max_output, err) < 0 ||
	    read_largest(root, fields->choices, AI_REQUEST_CHOICES_MAX, &choices, err) < 0)
		return NULL;
	stream = json_object_get(root, "stream");
	if (stream && !json_is_boolean(stream) && !json_is_null(stream)) {
		err_set(err, ERR_INPUT, "'stream' must be true or false");
		return NULL;
	}
	ret->stream = json_is_true(stream);
	ret->choices = (int)choices;
	note_tier(root, ret);
	read_frame(root, fields, ret);
	ret->system = json_array();
	ret->messages = json_array();
	ret->tools = json_array();
	return TAKE(root);
}

void ai_request_unseen(struct ai_request *request, const char *what)
{
	if (!request->unseen)
		request->unseen = buf_format("%.64s", what);
}

void ai_request_picture(struct ai_request *request, size_t len)
{
	request->images++;
	if (len > AI_REQUEST_PICTURE_MOST)
		request->light += len - AI_REQUEST_PICTURE_MOST;
}

void ai_request_session(struct ai_request *request, const char *session)
{
	if (!session || !*session || request->session ||
	    strlen(session) > AI_REQUEST_SESSION_MAX)
		return;
	for (const char *at = session; *at; at++)
		if (*at <= ' ' || *at >= 0x7f)
			return;
	request->session = buf_strdup(session);
}

void ai_request_add(struct ai_request *request, const char *role, json_t *block)
{
	bool system = strcmp(role, "system") == 0 || strcmp(role, "developer") == 0;

	if (system && json_array_size(request->messages) == 0)
		json_array_append_new(request->system, block);
	else if (system)
		ai_blocks_add(request->messages, "system", block);
	else
		ai_blocks_add(request->messages,
			      strcmp(role, "assistant") == 0 ? "assistant" : "user", block);
}

/* What was read is never longer than how it was written. */
size_t ai_request_weight(const struct ai_request *request, size_t body_len)
{
	return body_len > request->light ? body_len - request->light : 0;
}

int64_t ai_request_input_bound(const struct ai_request *request, size_t body_len)
{
	int64_t bound = (int64_t)ai_request_weight(request, body_len) + FRAME_TOKENS;

	bound += (int64_t)request->images * IMAGE_TOKENS;
	if (json_array_size(request->tools))
		bound += TOOLS_TOKENS;
	return bound;
}
