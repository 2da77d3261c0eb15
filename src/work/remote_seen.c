/* remote_seen.c - see remote_seen.h */
#include "work/remote_seen.h"

#include "base/auto.h"
#include "base/clock.h"
#include "base/fs.h"
#include "base/json.h"

#include <string.h>

#define SEEN_MAX_BYTES 65536

static const struct clock here = { 0 };

static char *seen_path(const struct remote_state *state)
{
	return fs_join(state->path, "seen.json");
}

void remote_seen_put(const struct remote_state *state, const json_t *status)
{
	AUTO_JSON json_t *root = json_pack("{s:I, s:O}", "at", (json_int_t)clock_now(&here),
					   "status", status);
	AUTO_FREE char *path = seen_path(state);
	AUTO_FREE char *text = json_dumps(root, JSON_COMPACT);
	struct err ignored = ERR_INIT;

	if (text && strlen(text) <= SEEN_MAX_BYTES)
		fs_write(path, 0600, text, strlen(text), &ignored);
}

/* Clocks may have been set back: then nothing has passed. */
static int64_t seconds_since(int64_t at)
{
	int64_t now = clock_now(&here);

	return now > at ? (now - at) / 1000 : 0;
}

json_t *remote_seen_get(const struct remote_state *state, struct err *err)
{
	AUTO_FREE char *path = seen_path(state);
	struct err why = ERR_INIT;
	AUTO_JSON json_t *root = json_read(path, SEEN_MAX_BYTES, &why);
	json_t *status = json_object_get(root, "status");
	json_int_t left = json_int(status, "left_seconds", -1);

	if (!json_is_object(status) || strcmp(json_str(status, "id", ""), state->assessment_id)) {
		err_set(err, ERR_NOT_FOUND, "the server has told nothing yet");
		return NULL;
	}
	if (left >= 0) {
		left -= seconds_since(json_int(root, "at", 0));
		json_object_set_new(status, "left_seconds", json_integer(left > 0 ? left : 0));
		json_object_set_new(status, "over", json_boolean(left <= 0));
	}
	json_object_set_new(status, "reached", json_false());
	return json_incref(status);
}
