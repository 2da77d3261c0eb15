/* lifecycle.c - see lifecycle.h */
#include "assess/lifecycle.h"

#include "base/auto.h"
#include "base/buf.h"
#include "base/json.h"
#include "journal/journal.h"

#include <stddef.h>
#include <string.h>

#define TO(status) (1u << STATUS_##status)

static const unsigned moves[STATUSES] = {
	[STATUS_SCHEDULED] = TO(ACTIVATED) | TO(EXPIRED) | TO(REVOKED),
	[STATUS_ACTIVATED] = TO(INITIALIZING) | TO(ERROR) | TO(REVOKED),
	[STATUS_INITIALIZING] = TO(CONFIGURING) | TO(ERROR) | TO(REVOKED),
	[STATUS_CONFIGURING] = TO(ACTIVE) | TO(ERROR) | TO(REVOKED),
	[STATUS_ACTIVE] = TO(SUBMITTED) | TO(REVOKED),
	[STATUS_SUBMITTED] = TO(SCORING),
	[STATUS_SCORING] = TO(SCORED),
	[STATUS_ERROR] = TO(ACTIVATED) | TO(REVOKED),
};

/* The fields of the row that the journal knows. */
enum field_type { FIELD_TEXT, FIELD_ARRAY, FIELD_NUMBER };

static const struct field {
	const char *name;
	size_t offset, size;
	enum field_type type;
} fields[] = {
#define FIELD(member, type)                                                                        \
	{ #member, offsetof(struct assessment, member),                                            \
	  sizeof(((struct assessment *)NULL)->member), type }
#define ARRAY(member) FIELD(member, FIELD_ARRAY)
#define NUMBER(member) FIELD(member, FIELD_NUMBER)
#define TEXT(member) FIELD(member, FIELD_TEXT)
	ARRAY(candidate_id), ARRAY(task_id), ARRAY(task_version), NUMBER(round), NUMBER(attempt),
	NUMBER(created), NUMBER(not_before), NUMBER(expires), NUMBER(duration_ms),
	NUMBER(extra_ms), NUMBER(started), NUMBER(deadline), NUMBER(submitted), ARRAY(commit),
	ARRAY(secret_id), NUMBER(rotation), TEXT(instructions), TEXT(message), TEXT(reason),
};

#define FIELD_COUNT (sizeof(fields) / sizeof(fields[0]))

static json_t *field_value(const struct assessment *assessment, const struct field *field)
{
	const char *at = (const char *)assessment + field->offset;
	const char *text;

	switch (field->type) {
	case FIELD_NUMBER:
		return json_integer(*(const int64_t *)(const void *)at);
	case FIELD_ARRAY:
		return json_string(at);
	default:
		text = *(const char *const *)(const void *)at;
		return json_string(text ? text : "");
	}
}

/* All fields, status and kind included. */
static json_t *whole_row(const struct assessment *assessment)
{
	json_t *row = json_object();
	size_t i;

	for (i = 0; i < FIELD_COUNT; i++)
		json_object_set_new(row, fields[i].name, field_value(assessment, &fields[i]));
	json_object_set_new(row, "status", json_string(status_name(assessment->status)));
	json_object_set_new(row, "kind", json_string(assessment->live ? "live" : "take-home"));
	return row;
}

static json_t *changed_row(const struct assessment *before, const struct assessment *after)
{
	AUTO_JSON json_t *old = whole_row(before);
	json_t *row = whole_row(after);
	const char *key;
	json_t *value;
	void *next;

	json_object_foreach_safe(row, next, key, value)
		if (json_equal(value, json_object_get(old, key)))
			json_object_del(row, key);
	return row;
}

bool lifecycle_may_move(enum status from, enum status to)
{
	return moves[from] & 1u << to;
}

int lifecycle_require(const struct assessment *assessment, enum status wanted, const char *verb,
		      struct err *err)
{
	char time[CLOCK_TEXT_SIZE];

	if (assessment->status == wanted)
		return 0;
	if (assessment->submitted)
		return err_set(err, ERR_STATE,
			       "the assessment is %s (handed in at %s); it must be %s %s",
			       status_name(assessment->status),
			       clock_text(assessment->submitted, time), status_name(wanted), verb);
	return err_set(err, ERR_STATE, "the assessment is %s; it must be %s %s",
		       status_name(assessment->status), status_name(wanted), verb);
}

int lifecycle_require_own(const struct assessment *assessment, struct err *err)
{
	if (!*assessment->signer)
		return 0;
	return err_set(err, ERR_STATE, "the assessment was imported to be read: nothing can be "
		       "added to it");
}

int lifecycle_create(struct store *store, const struct assessment *assessment, struct err *err)
{
	if (assessment_add(store, assessment, err) < 0)
		return -1;
	return journal_append(store, assessment->id, "recruiter", "invite",
			      json_pack("{s:o}", "row", whole_row(assessment)), err);
}

int lifecycle_change(struct store *store, const struct assessment *before,
		     const struct assessment *after, const char *actor, const char *kind,
		     json_t *data, struct err *err)
{
	AUTO_JSON json_t *owned = data ? data : json_object();

	if (before->status != after->status && !lifecycle_may_move(before->status, after->status))
		return err_set(err, ERR_STATE, "the assessment is %s and cannot become %s",
			       status_name(before->status), status_name(after->status));
	if (lifecycle_require_own(before, err) < 0 || assessment_save(store, after, err) < 0)
		return -1;
	json_object_set_new(owned, "row", changed_row(before, after));
	return journal_append(store, after->id, actor, kind, TAKE(owned), err);
}

int lifecycle_move(struct store *store, struct assessment *assessment, enum status to,
		   const char *actor, const char *why, struct err *err)
{
	struct assessment after = *assessment;
	json_t *data = json_pack("{s:s, s:s}", "from", status_name(assessment->status), "to",
				 status_name(to));

	if (why)
		json_object_set_new(data, "why", json_string(why));
	after.status = to;
	if (lifecycle_change(store, assessment, &after, actor, "status", data, err) < 0)
		return -1;
	assessment->status = to;
	return 0;
}

int lifecycle_compare(const struct assessment *assessment, const json_t *row, struct err *err)
{
	AUTO_JSON json_t *found = whole_row(assessment);
	const char *key;
	json_t *value;

	json_object_foreach(found, key, value) {
		if (!json_equal(value, json_object_get(row, key)))
			return err_set(err, ERR_INTEGRITY,
				       "the row's %s is not what the journal says", key);
	}
	return 0;
}

static int read_field(const json_t *value, const struct field *field, struct assessment *ret,
		      struct err *err)
{
	char *at = (char *)ret + field->offset;
	const char *text = json_string_value(value);

	if (field->type == FIELD_NUMBER ? !json_is_integer(value)
					: !text || (field->type == FIELD_ARRAY &&
						    strlen(text) >= field->size))
		return err_set(err, ERR_INTEGRITY, "the journal does not tell the %s",
			       field->name);
	if (field->type == FIELD_NUMBER)
		*(int64_t *)(void *)at = json_integer_value(value);
	else if (field->type == FIELD_TEXT)
		*(char **)(void *)at = buf_strdup(text);
	else
		memcpy(at, text, strlen(text) + 1);
	return 0;
}

int lifecycle_read_row(const json_t *row, struct assessment *ret, struct err *err)
{
	AUTO(assessment_release) struct assessment made = ASSESSMENT_INIT;
	const char *kind = json_str(row, "kind", "");
	size_t i;

	for (i = 0; i < FIELD_COUNT; i++)
		if (read_field(json_object_get(row, fields[i].name), &fields[i], &made, err) < 0)
			return -1;
	if (status_parse(json_str(row, "status", ""), &made.status, err) < 0 ||
	    (strcmp(kind, "live") != 0 && strcmp(kind, "take-home") != 0)) {
		return err_set(err, ERR_INTEGRITY, "the journal tells no status or kind");
	}
	made.live = !strcmp(kind, "live");
	*ret = made;
	made = (struct assessment)ASSESSMENT_INIT;
	return 0;
}
