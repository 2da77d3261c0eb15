/* status_view.c - see status_view.h */
#include "work/status_view.h"

#include "base/clock.h"
#include "base/json.h"

#include <string.h>

static bool is_one_of(const char *word, const char *const *words)
{
	for (; *words; words++)
		if (!strcmp(*words, word))
			return true;
	return false;
}

static json_t *left(const json_t *assessment, int64_t now)
{
	const char *deadline = json_str(assessment, "deadline", NULL);
	struct err ignored = ERR_INIT;
	int64_t until = 0;

	if (strcmp(json_str(assessment, "status", ""), "active") != 0 || !deadline ||
	    clock_parse_time(deadline, &until, &ignored) < 0)
		return json_null();
	return json_integer(until > now ? (until - now) / 1000 : 0);
}

json_t *status_view(json_t *assessment, int64_t now)
{
	static const char *const before[] = { "scheduled", "activated", "initializing",
					      "configuring", NULL };
	static const char *const members[] = { "server", "ai", "run", "test", "watch", NULL };
	const char *status = json_str(assessment, "status", "");
	json_t *seconds = left(assessment, now);
	bool over = json_is_integer(seconds) ? json_integer_value(seconds) == 0
					     : !is_one_of(status, before);
	char time[CLOCK_TEXT_SIZE];

	json_object_set_new(assessment, "schema", json_string("tali.status/1"));
	json_object_set_new(assessment, "now", json_string(clock_text(now, time)));
	json_object_set_new(assessment, "left_seconds", seconds);
	json_object_set_new(assessment, "over", json_boolean(over));
	json_object_set_new(assessment, "reached", json_true());
	for (size_t i = 0; members[i]; i++)
		json_object_set_new(assessment, members[i], json_null());
	return assessment;
}

/* A number from 0 on, or null. */
static json_t *count(const json_t *object, const char *key)
{
	const json_t *value = json_object_get(object, key);

	return json_is_integer(value) && json_integer_value(value) >= 0
		       ? json_integer(json_integer_value(value)) : json_null();
}

json_t *status_view_run(const json_t *data)
{
	if (!json_is_object(data))
		return json_null();
	return json_pack("{s:s, s:o, s:s?}", "verdict", json_str(data, "verdict", ""),
			 "exit_status", count(data, "exit_status"), "program",
			 json_string_value(json_array_get(json_object_get(data, "argv"), 0)));
}

json_t *status_view_test(const json_t *data)
{
	if (!json_is_object(data))
		return json_null();
	return json_pack("{s:s, s:o, s:o}", "verdict", json_str(data, "verdict", ""), "passed",
			 count(data, "passed"), "total", count(data, "total"));
}

json_t *status_view_ai(const json_t *ai)
{
	const json_t *limits = json_object_get(ai, "limits"), *used = json_object_get(ai, "used");

	if (!json_is_object(ai))
		return json_null();
	return json_pack("{s:s, s:b, s:{s:o, s:o, s:o, s:o}, s:{s:o, s:o, s:o}}", "policy",
			 json_str(ai, "policy", "off"), "tools", json_flag(ai, "tools", false),
			 "limits", "tokens", count(limits, "tokens"), "cost_microusd",
			 count(limits, "cost_microusd"), "messages", count(limits, "messages"),
			 "requests_per_minute", count(limits, "requests_per_minute"), "used",
			 "tokens", count(used, "tokens"), "cost_microusd",
			 count(used, "cost_microusd"), "messages", count(used, "messages"));
}

static json_t *number_or_null(int64_t number)
{
	return number >= 0 ? json_integer(number) : json_null();
}

json_t *status_view_saved(int64_t waiting, int64_t left_out, const char *at)
{
	return json_pack("{s:s, s:o, s:o, s:s?}", "state",
			 waiting == 0 ? "saved" : waiting > 0 ? "waiting" : "unknown", "waiting",
			 number_or_null(waiting), "left_out", number_or_null(left_out), "at", at);
}
