/* ctrf.c - reads a Common Test Report Format document */
#include "grade/ctrf.h"

#include "base/auto.h"
#include "base/buf.h"
#include "base/json.h"

#include <string.h>

#define NAME "ctrf"
#define MS_MAX 1000000000000.0
#define WORDS (sizeof(statuses) / sizeof(*statuses))

static const struct {
	const char *word;
	enum case_outcome outcome;
} statuses[] = {
	{ "passed", CASE_PASSED },   { "failed", CASE_FAILED }, { "skipped", CASE_SKIPPED },
	{ "pending", CASE_SKIPPED }, { "other", CASE_SKIPPED },
};

struct ctrf {
	struct case_report *report;
	json_int_t counted[WORDS];
};

/* Past the string that begins at `at`; `end` when it never ends. */
static const char *skip_string(const char *at, const char *end)
{
	for (at++; at < end && *at != '"'; at++)
		if (*at == '\\')
			at++;
	return at < end ? at : end;
}

/* A few bytes of text become a hundred of memory, so values are counted before they are made. */
static int check_size(const char *text, size_t len, struct err *err)
{
	const char *end = text + len;
	long depth = 0, values = 1;

	if (len > CASE_REPORT_MAX_BYTES)
		return err_set(err, ERR_INPUT, "larger than %d bytes", CASE_REPORT_MAX_BYTES);
	for (const char *at = text; at < end; at++) {
		if (*at == '"')
			at = skip_string(at, end);
		else if (*at == '[' || *at == '{')
			depth++, values++;
		else if (*at == ']' || *at == '}')
			depth--;
		else if (*at == ',')
			values++;
		if (depth > CTRF_MAX_DEPTH)
			return err_set(err, ERR_INPUT, "is nested too deep");
		if (values > CTRF_MAX_VALUES)
			return err_set(err, ERR_INPUT, "has too many values");
	}
	return 0;
}

static int find_status(const json_t *test, size_t *ret, struct err *err)
{
	const char *word = json_str(test, "status", "");

	for (size_t i = 0; i < WORDS; i++)
		if (!strcmp(word, statuses[i].word)) {
			*ret = i;
			return 0;
		}
	return err_set(err, ERR_INPUT, "a test has a status that is not known");
}

static int read_duration(const json_t *test, uint64_t *ret, struct err *err)
{
	const json_t *duration = json_object_get(test, "duration");
	double ms = json_number_value(duration);

	if (duration && !json_is_number(duration))
		return err_set(err, ERR_INPUT, "a duration is not a number");
	if (!(ms >= 0 && ms <= MS_MAX))
		return err_set(err, ERR_INPUT, "a duration is out of range");
	*ret = (uint64_t)(ms + 0.5);

	return 0;
}

/* "SUITE/SUITE/" of an array, or of the string that older writers have. */
static int add_suites(struct buf *name, const json_t *suite, struct err *err)
{
	const json_t *one;
	size_t i;

	if (!suite || json_is_null(suite))
		return 0;
	if (json_is_string(suite)) {
		buf_add_format(name, "%s/", json_string_value(suite));
		return 0;
	}
	if (!json_is_array(suite) || json_array_size(suite) > CTRF_MAX_SUITES)
		return err_set(err, ERR_INPUT, "a suite is not a list of names");
	json_array_foreach (suite, i, one) {
		if (!json_is_string(one))
			return err_set(err, ERR_INPUT, "a suite is not a list of names");
		buf_add_format(name, "%s/", json_string_value(one));
	}
	return 0;
}

static void describe(struct case_entry *entry, const json_t *test, bool has_suite)
{
	static const char *const keys[] = { "message", "trace" };
	const char *file = json_str(test, "filePath", "");

	if (!has_suite)
		case_report_set_group(entry, file, strlen(file));
	if (entry->outcome == CASE_PASSED)
		return;
	for (int i = 0; i < 2; i++) {
		const char *text = json_str(test, keys[i], "");

		case_report_say(entry, text, strlen(text));
	}
}

static int read_test(struct ctrf *ctrf, const json_t *test, struct err *err)
{
	AUTO(buf_release) struct buf name = BUF_INIT(CASE_REPORT_MAX_BYTES);
	const char *own = json_str(test, "name", "");
	struct case_entry *entry;
	size_t status = 0, suites;
	uint64_t ms = 0;

	if (!*own)
		return err_set(err, ERR_INPUT, "a test has no name");
	if (find_status(test, &status, err) < 0 || read_duration(test, &ms, err) < 0 ||
	    add_suites(&name, json_object_get(test, "suite"), err) < 0)
		return -1;
	suites = name.len;
	buf_add_str(&name, own);
	entry = case_report_add(ctrf->report, buf_str(&name), name.len);
	if (!entry)
		return err_set(err, ERR_INPUT, "too many test cases");
	entry->outcome = statuses[status].outcome;
	entry->ms = ms;
	describe(entry, test, suites > 0);
	ctrf->counted[status]++;

	return 0;
}

static int check_count(const json_t *summary, const char *key, json_int_t counted, struct err *err)
{
	const json_t *said = json_object_get(summary, key);

	if (!json_is_integer(said))
		return err_set(err, ERR_INPUT, "its summary does not say how many are '%s'", key);
	if (json_integer_value(said) != counted)
		return err_set(err, ERR_INPUT,
			       "its summary counts %" JSON_INTEGER_FORMAT " '%s', there are "
			       "%" JSON_INTEGER_FORMAT,
			       json_integer_value(said), key, counted);
	return 0;
}

static int check_summary(const struct ctrf *ctrf, const json_t *summary, struct err *err)
{
	if (check_count(summary, "tests", ctrf->report->count, err) < 0)
		return -1;
	for (size_t i = 0; i < WORDS; i++)
		if (check_count(summary, statuses[i].word, ctrf->counted[i], err) < 0)
			return -1;
	return 0;
}

static int read_document(struct ctrf *ctrf, const json_t *document, struct err *err)
{
	const json_t *results = json_object_get(document, "results");
	const json_t *tests = json_object_get(results, "tests"), *test;
	size_t i;

	if (!json_is_array(tests) || strcmp(json_str(document, "reportFormat", "CTRF"), "CTRF"))
		return err_set(err, ERR_INPUT, "not a CTRF report");
	json_array_foreach (tests, i, test)
		if (read_test(ctrf, test, err) < 0)
			return -1;
	return check_summary(ctrf, json_object_get(results, "summary"), err);
}

int ctrf_read(const char *text, size_t len, struct case_report *ret, struct err *err)
{
	AUTO(case_report_release) struct case_report report = CASE_REPORT_INIT;
	struct ctrf ctrf = { .report = &report };
	AUTO_JSON json_t *document = NULL;

	if (check_size(text, len, err) < 0)
		return -1;
	document = json_parse(text, len, NAME, err);
	if (!document || read_document(&ctrf, document, err) < 0)
		return -1;

	*ret = report;
	report = (struct case_report)CASE_REPORT_INIT;

	return 0;
}
