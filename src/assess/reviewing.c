/* reviewing.c - see reviewing.h */
#include "assess/reviewing.h"

#include "assess/scoring.h"
#include "base/auto.h"
#include "base/buf.h"
#include "base/json.h"
#include "base/utf8.h"
#include "report/view.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#define FEEDBACK_ONLY "feedback"
#define WITH_SCORE "score"

static int check_text(const char *what, const char *text, size_t most, struct err *err)
{
	size_t len = text ? strlen(text) : 0;

	if (text && strspn(text, " \t\r\n") == len)
		return err_set(err, ERR_INPUT, "%s is empty", what);
	if (len > most)
		return err_set(err, ERR_INPUT, "%s is longer than %zu bytes", what, most);
	if (text && !utf8_valid(text, len))
		return err_set(err, ERR_INPUT, "%s is not UTF-8", what);
	return 0;
}

/* "71", "71.5", "71.25" */
static int read_value(const char *text, int64_t *ret, struct err *err)
{
	size_t whole = strspn(text, "0123456789"), decimals = 0, rest = whole;
	int64_t value = 0;

	if (text[whole] == '.') {
		decimals = strspn(text + whole + 1, "0123456789");
		rest = whole + 1 + decimals;
	}
	if (whole >= 1 && whole <= 3 && decimals <= 2 && !text[rest] &&
	    (decimals || text[whole] != '.')) {
		value = strtoll(text, NULL, 10) * 100;
		if (decimals)
			value += strtoll(text + whole + 1, NULL, 10) * (decimals == 1 ? 10 : 1);
		if (value <= 10000) {
			*ret = value;
			return 0;
		}
	}
	return err_set(err, ERR_USAGE, "a value is a number from 0 to 100 with at most two "
		       "decimals, not '%s'", text);
}

static json_t *row_json(const char *assessment_id, const struct review_row *row)
{
	json_t *json = json_pack("{s:s, s:s, s:I, s:o, s:s, s:s, s:s, s:s}", "schema",
				 "tali.review/1", "assessment", assessment_id, "number",
				 (json_int_t)row->number, "time", view_time(row->created), "who",
				 row->who, "kind", review_kind_name(row->kind), "subject",
				 row->subject, "text", row->text);

	json_object_set_new(json, "value",
			    !row->has_value ? json_null()
			    : row->kind == REVIEW_RELEASE ? json_integer(row->value)
							  : json_real((double)row->value / 100));
	return json;
}

static int add_row(struct store *store, const char *assessment_id, struct review_row *row,
		   json_t **ret, struct err *err)
{
	AUTO(store_rollback) struct store *tx = store;

	if (check_text("the name of the reviewer", row->who, REVIEWING_WHO_MAX, err) < 0 ||
	    store_begin(store, err) < 0 || review_row_add(store, assessment_id, row, err) < 0 ||
	    store_commit(store, err) < 0)
		return -1;
	*ret = row_json(assessment_id, row);
	return 0;
}

/* --- overrides */

/* Finds CATEGORY.SUBITEM by its last part or as a whole. */
struct subitem_search {
	const char *wanted;
	char *found;			/* yours */
	int count;
	struct buf names;		/* of all, for an error */
};

static void look_at(struct subitem_search *search, const char *category, const char *subitem)
{
	AUTO_FREE char *name = buf_format("%s.%s", category, subitem);

	buf_add_format(&search->names, "%s%s", search->names.len ? ", " : "", name);
	if (strcmp(search->wanted, name) != 0 && strcmp(search->wanted, subitem) != 0)
		return;
	search->count++;
	free(search->found);
	search->found = TAKE(name);
}

static char *find_subitem(const json_t *document, const char *wanted, struct err *err)
{
	const json_t *category, *subitem;
	struct subitem_search search = { .wanted = wanted, .names = BUF_INIT(400) };
	size_t i, j;

	json_array_foreach(json_object_get(json_object_get(document, "score"), "categories"), i,
			   category)
		json_array_foreach(json_object_get(category, "subitems"), j, subitem)
			look_at(&search, json_str(category, "name", ""),
				json_str(subitem, "name", ""));
	if (search.count != 1) {
		err_set(err, ERR_INPUT, "%s subitem '%s' (%s)",
			search.count ? "more than one" : "the score has no", wanted,
			search.names.len ? buf_str(&search.names) : "it has none at all");
		free(TAKE(search.found));
	}
	buf_release(&search.names);
	return search.found;
}

int reviewing_override(struct store *store, const char *id, const char *who, const char *subitem,
		       const char *value, const char *reason, json_t **ret, struct err *err)
{
	AUTO(assessment_release) struct assessment assessment = ASSESSMENT_INIT;
	AUTO_FREE char *subject = NULL;
	AUTO_JSON json_t *document = NULL;
	struct review_row row = { .kind = REVIEW_OVERRIDE, .who = who, .text = reason };
	int found;

	if (assessment_find(store, id, &assessment, err) < 0 ||
	    check_text("the reason", reason, REVIEWING_TEXT_MAX, err) < 0 ||
	    (value && read_value(value, &row.value, err) < 0))
		return -1;
	row.has_value = value != NULL;
	found = scoring_recorded(store, assessment.id, 0, &document, err);
	if (found == 0)
		return err_set(err, ERR_STATE, "the assessment has no score run");
	if (found < 0)
		return -1;
	if (subitem) {
		subject = find_subitem(document, subitem, err);
		if (!subject)
			return -1;
	}
	row.subject = subject;
	return add_row(store, assessment.id, &row, ret, err);
}

/* --- notes */

int reviewing_note(struct store *store, const char *id, const char *who, const char *text,
		   json_t **ret, struct err *err)
{
	AUTO(assessment_release) struct assessment assessment = ASSESSMENT_INIT;
	struct review_row row = { .kind = REVIEW_NOTE, .who = who, .text = text };

	if (assessment_find(store, id, &assessment, err) < 0 ||
	    check_text("the note", text, REVIEWING_TEXT_MAX, err) < 0)
		return -1;
	return add_row(store, assessment.id, &row, ret, err);
}

/* --- releases */

int reviewing_release(struct store *store, const char *id, const char *who, int64_t number,
		      bool feedback_only, const char *message, json_t **ret, struct err *err)
{
	AUTO(assessment_release) struct assessment assessment = ASSESSMENT_INIT;
	AUTO_JSON json_t *document = NULL;
	struct review_row row = { .kind = REVIEW_RELEASE, .who = who, .text = message,
				  .subject = feedback_only ? FEEDBACK_ONLY : WITH_SCORE,
				  .has_value = true };
	int found;

	if (assessment_find(store, id, &assessment, err) < 0 ||
	    check_text("the message", message, REVIEWING_TEXT_MAX, err) < 0)
		return -1;
	found = scoring_recorded(store, assessment.id, number, &document, err);
	if (found == 0 && number)
		return err_set(err, ERR_NOT_FOUND, "there is no score run %lld",
			       (long long)number);
	if (found == 0)
		return err_set(err, ERR_STATE, "the assessment has no score run");
	if (found < 0)
		return -1;
	row.value = json_int(json_object_get(document, "run"), "number", 0);
	return add_row(store, assessment.id, &row, ret, err);
}

void released_release(struct released *released)
{
	free(released->message);
	*released = (struct released)RELEASED_INIT;
}

static int see_release(void *arg, const struct review_row *row, struct err *err)
{
	struct released *released = arg;

	(void)err;
	if (row->kind != REVIEW_RELEASE && row->kind != REVIEW_WITHDRAW)
		return 0;
	released_release(released);
	if (row->kind == REVIEW_RELEASE) {
		released->number = row->value;
		released->time = row->created;
		released->feedback_only = !strcmp(row->subject, FEEDBACK_ONLY);
		released->message = buf_strdup(row->text);
	}
	return 0;
}

int reviewing_released(struct store *store, const char *assessment_id, struct released *ret,
		       struct err *err)
{
	return review_row_each(store, assessment_id, see_release, ret, err);
}

int reviewing_withdraw(struct store *store, const char *id, const char *who, const char *reason,
		       json_t **ret, struct err *err)
{
	AUTO(assessment_release) struct assessment assessment = ASSESSMENT_INIT;
	AUTO(released_release) struct released released = RELEASED_INIT;
	struct review_row row = { .kind = REVIEW_WITHDRAW, .who = who, .text = reason };

	if (assessment_find(store, id, &assessment, err) < 0 ||
	    check_text("the reason", reason, REVIEWING_TEXT_MAX, err) < 0 ||
	    reviewing_released(store, assessment.id, &released, err) < 0)
		return -1;
	if (!released.number)
		return err_set(err, ERR_STATE, "the result is not released");
	return add_row(store, assessment.id, &row, ret, err);
}

/* --- all of them */

struct review_list {
	const char *assessment_id;
	json_t *rows;
};

static int list_row(void *arg, const struct review_row *row, struct err *err)
{
	struct review_list *list = arg;

	(void)err;
	json_array_append_new(list->rows, row_json(list->assessment_id, row));
	return 0;
}

json_t *reviewing_list(struct store *store, const char *assessment_id, struct err *err)
{
	struct review_list list = { assessment_id, json_array() };

	if (review_row_each(store, assessment_id, list_row, &list, err) < 0) {
		json_decref(list.rows);
		return NULL;
	}
	return list.rows;
}
