/* remote_view.c - see remote_view.h */
#include "work/remote_view.h"

#include "base/auto.h"
#include "base/clock.h"
#include "base/json.h"

#include <string.h>

static bool is_status(const char *text)
{
	static const char *const known[] = {
		"scheduled", "activated", "initializing", "configuring", "active", "submitted",
		"scoring", "scored", "expired", "revoked", "error",
	};

	for (size_t i = 0; i < sizeof(known) / sizeof(*known); i++)
		if (!strcmp(known[i], text))
			return true;
	return false;
}

json_t *remote_view_get(struct remote *remote, struct err *err)
{
	int status;
	json_t *session = remote_json(remote, "GET", REMOTE_SESSION, NULL, &status, err);

	if (!session)
		return NULL;
	if (!strcmp(json_str(session, "schema", ""), "tali.session/1") &&
	    rand_is_id(json_str(session, "id", "")) && is_status(json_str(session, "status", "")))
		return session;
	json_decref(session);
	err_set(err, ERR_ENV, "%s: not the answer of a tali server", remote->state.server);
	return NULL;
}

/* A time as text, or null for anything else. */
static json_t *moment(const json_t *object, const char *key)
{
	const char *text = json_str(object, key, "");
	struct err ignored = ERR_INIT;
	int64_t ms;

	return strlen(text) >= 20 && strlen(text) <= 24 &&
	       clock_parse_time(text, &ms, &ignored) == 0 ? json_string(text) : json_null();
}

static json_int_t seconds(const json_t *object, const char *key)
{
	json_int_t ms = json_int(object, key, 0);

	return ms > 0 ? ms / 1000 : 0;
}

json_t *remote_view_assessment(const json_t *session, const char *schema)
{
	const json_t *invitation = json_object_get(session, "invitation");
	const json_t *candidate = json_object_get(session, "candidate");
	json_int_t attempt = json_int(invitation, "attempt", 1);

	return json_pack("{s:s, s:s, s:s, s:s, s:s, s:s, s:I, s:I, s:I, s:s, s:o, s:o, s:o, s:o, "
			 "s:o}", "schema", schema, "id", json_str(session, "id", ""), "status",
			 json_str(session, "status", ""), "task",
			 json_str(json_object_get(session, "task"), "name", ""), "email",
			 json_str(candidate, "email", ""), "name", json_str(candidate, "name", ""),
			 "attempt", attempt > 0 ? attempt : 1, "duration_seconds",
			 seconds(invitation, "duration_ms"), "extra_seconds",
			 seconds(invitation, "extra_ms"), "reason",
			 json_str(session, "reason", ""), "not_before",
			 moment(invitation, "not_before"), "expires",
			 moment(invitation, "expires"), "started", moment(session, "started"),
			 "deadline", moment(session, "deadline"), "submitted",
			 moment(session, "submitted"));
}

bool remote_view_is_active(const json_t *session)
{
	return !strcmp(json_str(session, "status", ""), "active") &&
	       json_is_object(json_object_get(session, "workspace"));
}

int64_t remote_view_now(const json_t *session)
{
	static const struct clock here = { 0 };
	struct err ignored = ERR_INIT;
	int64_t now;

	if (clock_parse_time(json_str(session, "now", ""), &now, &ignored) < 0)
		return clock_now(&here);
	return now;
}
