/* config.c - see config.h */
#include "store/config.h"

#include "base/auto.h"
#include "base/buf.h"
#include "base/fs.h"
#include "base/json.h"

#include <fcntl.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define CONFIG_FILE "config.json"
#define CONFIG_MAX_BYTES (1 << 20)
#define SECOND 1000LL
#define MINUTE (60 * SECOND)
#define DAY (24 * 60 * MINUTE)

const struct config_key config_keys[] = {
	{ "ai.first_byte", CONFIG_DURATION, "2m", SECOND, 60 * MINUTE,
	  "how long a provider of models may take to begin its answer" },
	{ "ai.idle", CONFIG_DURATION, "4m", SECOND, 60 * MINUTE,
	  "how long it may be silent then, until the answer is cut" },
	{ "ai.ping", CONFIG_DURATION, "15s", SECOND, 60 * MINUTE,
	  "after how much silence of it a program that waits for a stream is pinged" },
	{ "invite.valid", CONFIG_DURATION, "14d", MINUTE, 3650 * DAY,
	  "how long an invitation may be started when --valid is not given" },
	{ "judge.model", CONFIG_STRING, "", 0, 0,
	  "the model that `tali score --judge` asks; empty: there is no judge" },
	{ "judge.patience", CONFIG_DURATION, "3m", SECOND, 60 * MINUTE,
	  "how long one question to it may take, with all tries" },
	{ "judge.provider", CONFIG_STRING, "", 0, 0,
	  "the provider it is asked of; empty: the first that has the model" },
	{ "passcode.failures", CONFIG_INT, "8", 4, 100,
	  "wrong passcodes from one source until it is locked" },
	{ "passcode.lock", CONFIG_DURATION, "15m", MINUTE, DAY, "how long the lock lasts" },
	{ "review.blind", CONFIG_BOOL, "false", 0, 0,
	  "reviews without names and addresses unless --named is given" },
	{ "sandbox.allow_weak", CONFIG_BOOL, "false", 0, 0,
	  "run programs although a limit cannot be enforced here (marked in every result)" },
	{ "server.session_mib", CONFIG_INT, "1024", 1, 1 << 20,
	  "MiB that one session may store at once; they come back within a quarter of an hour" },
	{ "server.url", CONFIG_ADDRESS, "http://127.0.0.1:8080", 0, 0,
	  "what the links of invitations begin with" },
	{ NULL, CONFIG_BOOL, NULL, 0, 0, NULL },
};

const struct config_key *config_find(const char *name, struct err *err)
{
	const struct config_key *key;

	for (key = config_keys; key->name; key++)
		if (!strcmp(key->name, name))
			return key;
	err_set(err, ERR_NOT_FOUND, "no setting '%s' (see `tali config list`)", name);
	return NULL;
}

static json_t *read_file(const struct store *store, struct err *err)
{
	AUTO_FREE char *path = fs_join(store_path(store), CONFIG_FILE);
	struct err read_err = ERR_INIT;
	json_t *root = json_read(path, CONFIG_MAX_BYTES, &read_err);

	if (!root && read_err.code == ERR_NOT_FOUND)
		return json_object();
	if (root && !json_is_object(root)) {
		json_decref(root);
		root = NULL;
		err_set(&read_err, ERR_INPUT, "%s: not an object", path);
	}
	if (!root)
		*err = read_err;
	return root;
}

/* Scheme and host, perhaps with a folder: what "/t/TOKEN" can follow. */
static bool is_address(const char *value)
{
	size_t scheme = !strncasecmp(value, "https://", 8)  ? 8
			: !strncasecmp(value, "http://", 7) ? 7
							    : 0;
	const char *at;

	for (at = value; *at; at++)
		if ((unsigned char)*at <= ' ' || *at == 0x7f || strchr("\"<>?#@\\", *at))
			return false;
	return scheme && value[scheme] && !strchr("/:", value[scheme]);
}

static char *check_text(const struct config_key *key, const char *value, struct err *err)
{
	if (strlen(value) > 4096)
		err_set(err, ERR_INPUT, "%s: too long", key->name);
	else if (key->type == CONFIG_ADDRESS && !is_address(value))
		err_set(err, ERR_INPUT,
			"%s is an address that begins with https:// or http://, not '%s'",
			key->name, value);
	else
		return buf_strdup(value);
	return NULL;
}

/* The value in its canonical text, yours; NULL with ERR_INPUT. */
static char *check_value(const struct config_key *key, const char *value, struct err *err)
{
	int64_t number;
	char *end;

	switch (key->type) {
	case CONFIG_BOOL:
		if (!strcmp(value, "true") || !strcmp(value, "false"))
			return buf_strdup(value);
		err_set(err, ERR_INPUT, "%s is true or false, not '%s'", key->name, value);
		return NULL;
	case CONFIG_INT:
		number = strtoll(value, &end, 10);
		if (*value && !*end && number >= key->least && number <= key->most)
			return buf_format("%" PRId64, number);
		err_set(err, ERR_INPUT, "%s is a number from %" PRId64 " to %" PRId64 ", not '%s'",
			key->name, key->least, key->most, value);
		return NULL;
	case CONFIG_DURATION:
		if (clock_parse_duration(value, &number, err) < 0)
			return NULL;
		if (number >= key->least && number <= key->most)
			return buf_strdup(value);
		err_set(err, ERR_INPUT, "%s: %s is outside the bounds", key->name, value);
		return NULL;
	default: return check_text(key, value, err);
	}
}

char *config_get(const struct store *store, const char *name, bool *ret_set, struct err *err)
{
	const struct config_key *key = config_find(name, err);
	AUTO_JSON json_t *root = key ? read_file(store, err) : NULL;
	const json_t *value;

	if (!root)
		return NULL;
	value = json_object_get(root, name);
	if (ret_set)
		*ret_set = value != NULL;
	if (!value)
		return buf_strdup(key->fallback);
	if (!json_is_string(value)) {
		err_set(err, ERR_INPUT, CONFIG_FILE ": /%s: must be a string", name);
		return NULL;
	}
	return check_value(key, json_string_value(value), err);
}

int config_set(const struct store *store, const char *name, const char *value, struct err *err)
{
	const struct config_key *key = config_find(name, err);
	AUTO_JSON json_t *root = key ? read_file(store, err) : NULL;
	AUTO_FREE char *path = fs_join(store_path(store), CONFIG_FILE);
	AUTO_FREE char *checked = NULL;
	AUTO_FREE char *text = NULL;
	AUTO_FREE char *lines = NULL;

	if (!root)
		return -1;
	if (value) {
		checked = check_value(key, value, err);
		if (!checked)
			return -1;
		json_object_set_new(root, name, json_string(checked));
	} else {
		json_object_del(root, name);
	}
	text = json_dumps(root, JSON_INDENT(2) | JSON_SORT_KEYS);
	lines = buf_format("%s\n", text);
	return fs_write(path, 0600, lines, strlen(lines), err);
}

int config_bool(const struct store *store, const char *name, bool *ret, struct err *err)
{
	AUTO_FREE char *value = config_get(store, name, NULL, err);

	if (!value)
		return -1;
	*ret = !strcmp(value, "true");
	return 0;
}

int config_int(const struct store *store, const char *name, int64_t *ret, struct err *err)
{
	AUTO_FREE char *value = config_get(store, name, NULL, err);
	const struct config_key *key = config_find(name, err);

	if (!value || !key)
		return -1;
	if (key->type == CONFIG_DURATION)
		return clock_parse_duration(value, ret, err);
	*ret = strtoll(value, NULL, 10);
	return 0;
}
