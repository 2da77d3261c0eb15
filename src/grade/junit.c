/* junit.c - see junit.h */
#include "grade/junit.h"

#include "base/auto.h"
#include "base/buf.h"
#include "task/xml.h"

#include <string.h>

#define MS_MAX 1000000000000.0

enum where { ELSEWHERE, IN_SUITE, IN_CASE, IN_OUTCOME };

struct junit {
	struct case_report *report;
	enum where where;
	int case_depth, outcome_depth;
	struct case_entry *entry; /* the open testcase */
	struct buf text;	  /* of the open outcome */
};

/* "0.012", "1,234.5" (Maven groups thousands); what is no number is 0. */
static uint64_t read_seconds(const char *text)
{
	double value = 0, unit = 1;
	bool fraction = false;

	for (; text && *text; text++) {
		if (*text == ',')
			continue;
		if (*text == '.' && !fraction) {
			fraction = true;
			continue;
		}
		if (*text < '0' || *text > '9')
			return 0;
		if (fraction)
			value += (*text - '0') * (unit /= 10);
		else if (value < MS_MAX)
			value = value * 10 + (*text - '0');
	}
	value *= 1000;

	return (uint64_t)((value < MS_MAX ? value : MS_MAX) + 0.5);
}

static void open_case(struct junit *junit, struct xml *xml, const char **attributes)
{
	const char *name = xml_attribute(attributes, "name", NULL);
	const char *group = xml_attribute(attributes, "classname", NULL);

	if (!name) {
		xml_fail(xml, "a testcase has no name");
		return;
	}
	junit->entry = case_report_add(junit->report, name, strlen(name));
	if (!junit->entry) {
		xml_fail(xml, "too many test cases");
		return;
	}
	if (group)
		case_report_set_group(junit->entry, group, strlen(group));
	junit->entry->ms = read_seconds(xml_attribute(attributes, "time", NULL));
	junit->case_depth = xml_depth(xml);
	junit->where = IN_CASE;
}

static void open_outcome(struct junit *junit, struct xml *xml, enum case_outcome outcome,
			 const char **attributes)
{
	const char *message = xml_attribute(attributes, "message", NULL);

	if (outcome > junit->entry->outcome)
		junit->entry->outcome = outcome;
	if (message)
		case_report_say(junit->entry, message, strlen(message));
	buf_clear(&junit->text);
	junit->outcome_depth = xml_depth(xml);
	junit->where = IN_OUTCOME;
}

static bool outcome_of(const char *element, enum case_outcome *ret)
{
	static const struct {
		const char *element;
		enum case_outcome outcome;
	} outcomes[] = {
		{ "failure", CASE_FAILED },
		{ "error", CASE_ERROR },
		{ "skipped", CASE_SKIPPED },
	};

	for (size_t i = 0; i < sizeof(outcomes) / sizeof(*outcomes); i++)
		if (!strcmp(element, outcomes[i].element)) {
			*ret = outcomes[i].outcome;
			return true;
		}
	return false;
}

static void open_element(void *arg, struct xml *xml, const char *name, const char **attributes)
{
	struct junit *junit = arg;
	bool suite = !strcmp(name, "testsuite") || !strcmp(name, "testsuites");
	enum case_outcome outcome;

	if (xml_depth(xml) == 1 && !suite)
		xml_fail(xml, "not a JUnit report");
	else if (junit->where <= IN_SUITE && suite)
		junit->where = IN_SUITE;
	else if (junit->where == IN_SUITE && !strcmp(name, "testcase"))
		open_case(junit, xml, attributes);
	else if (junit->where >= IN_CASE && (suite || !strcmp(name, "testcase")))
		xml_fail(xml, "a testcase holds test cases");
	else if (junit->where == IN_CASE && xml_depth(xml) == junit->case_depth + 1 &&
		 outcome_of(name, &outcome))
		open_outcome(junit, xml, outcome, attributes);
}

static void close_element(void *arg, struct xml *xml)
{
	struct junit *junit = arg;

	if (junit->where == IN_OUTCOME && xml_depth(xml) == junit->outcome_depth) {
		case_report_say(junit->entry, buf_str(&junit->text), junit->text.len);
		junit->where = IN_CASE;
	} else if (junit->where == IN_CASE && xml_depth(xml) == junit->case_depth) {
		junit->entry = NULL;
		junit->where = IN_SUITE;
	}
}

static void add_text(void *arg, const char *text, size_t len)
{
	struct junit *junit = arg;

	if (junit->where == IN_OUTCOME)
		buf_add(&junit->text, text, len);
}

int junit_read(const char *text, size_t len, struct case_report *ret, struct err *err)
{
	static const struct xml_handler handler = {
		.open = open_element, .close = close_element, .text = add_text,
		.depth = JUNIT_MAX_DEPTH, .place = "line ",
	};
	AUTO(case_report_release) struct case_report report = CASE_REPORT_INIT;
	struct junit junit = { .report = &report, .text = BUF_INIT(CASE_REPORT_MESSAGE_MAX + 4) };
	int status;

	if (len > CASE_REPORT_MAX_BYTES)
		return err_set(err, ERR_INPUT, "larger than %d bytes", CASE_REPORT_MAX_BYTES);
	status = xml_read(text, len, &handler, &junit, err);
	buf_release(&junit.text);
	if (status < 0)
		return -1;

	*ret = report;
	report = (struct case_report)CASE_REPORT_INIT;

	return 0;
}
