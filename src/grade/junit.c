/* junit.c - reads a JUnit XML report by expat */
#include "grade/junit.h"

#include "base/auto.h"
#include "base/buf.h"

#include <expat.h>
#include <string.h>

#define MS_MAX 1000000000000.0

enum where { ELSEWHERE, IN_SUITE, IN_CASE, IN_OUTCOME };

struct junit {
	XML_Parser parser;
	struct case_report *report;
	enum where where;
	int depth, case_depth, outcome_depth;
	struct case_entry *entry; /* the open testcase */
	struct buf text;	  /* of the open outcome */
	struct err *err;
	bool failed;
};

static void fail(struct junit *junit, const char *what)
{
	if (junit->failed)
		return;
	junit->failed = true;
	err_set(junit->err, ERR_INPUT, "line %lu: %s",
		(unsigned long)XML_GetCurrentLineNumber(junit->parser), what);
	XML_StopParser(junit->parser, XML_FALSE);
}

static const char *attribute(const XML_Char **attributes, const char *name)
{
	for (int i = 0; attributes[i]; i += 2)
		if (!strcmp(attributes[i], name))
			return attributes[i + 1];
	return NULL;
}

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

static void open_case(struct junit *junit, const XML_Char **attributes)
{
	const char *name = attribute(attributes, "name");
	const char *group = attribute(attributes, "classname");

	if (!name) {
		fail(junit, "a testcase has no name");
		return;
	}
	junit->entry = case_report_add(junit->report, name, strlen(name));
	if (!junit->entry) {
		fail(junit, "too many test cases");
		return;
	}
	if (group)
		case_report_set_group(junit->entry, group, strlen(group));
	junit->entry->ms = read_seconds(attribute(attributes, "time"));
	junit->case_depth = junit->depth;
	junit->where = IN_CASE;
}

static void open_outcome(struct junit *junit, enum case_outcome outcome,
			 const XML_Char **attributes)
{
	const char *message = attribute(attributes, "message");

	if (outcome > junit->entry->outcome)
		junit->entry->outcome = outcome;
	if (message)
		case_report_say(junit->entry, message, strlen(message));
	buf_clear(&junit->text);
	junit->outcome_depth = junit->depth;
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

static void open_element(void *arg, const XML_Char *name, const XML_Char **attributes)
{
	struct junit *junit = arg;
	bool suite = !strcmp(name, "testsuite") || !strcmp(name, "testsuites");
	enum case_outcome outcome;

	/* expat may still deliver what belongs to the tag it was stopped in */
	if (junit->failed)
		return;
	if (++junit->depth > JUNIT_MAX_DEPTH)
		fail(junit, "elements are nested too deep");
	else if (junit->depth == 1 && !suite)
		fail(junit, "not a JUnit report");
	else if (junit->where <= IN_SUITE && suite)
		junit->where = IN_SUITE;
	else if (junit->where == IN_SUITE && !strcmp(name, "testcase"))
		open_case(junit, attributes);
	else if (junit->where >= IN_CASE && (suite || !strcmp(name, "testcase")))
		fail(junit, "a testcase holds test cases");
	else if (junit->where == IN_CASE && junit->depth == junit->case_depth + 1 &&
		 outcome_of(name, &outcome))
		open_outcome(junit, outcome, attributes);
}

static void close_element(void *arg, const XML_Char *name)
{
	struct junit *junit = arg;

	(void)name;
	if (junit->failed)
		return;
	if (junit->where == IN_OUTCOME && junit->depth == junit->outcome_depth) {
		case_report_say(junit->entry, buf_str(&junit->text), junit->text.len);
		junit->where = IN_CASE;
	} else if (junit->where == IN_CASE && junit->depth == junit->case_depth) {
		junit->entry = NULL;
		junit->where = IN_SUITE;
	}
	junit->depth--;
}

static void add_text(void *arg, const XML_Char *text, int len)
{
	struct junit *junit = arg;

	if (junit->where == IN_OUTCOME && !junit->failed)
		buf_add(&junit->text, text, (size_t)len);
}

static void refuse_doctype(void *arg, const XML_Char *name, const XML_Char *system_id,
			   const XML_Char *public_id, int has_internal_subset)
{
	(void)name;
	(void)system_id;
	(void)public_id;
	(void)has_internal_subset;
	fail(arg, "a document type declaration is refused");
}

static int parse(struct junit *junit, const char *text, size_t len)
{
	XML_SetUserData(junit->parser, junit);
	XML_SetElementHandler(junit->parser, open_element, close_element);
	XML_SetCharacterDataHandler(junit->parser, add_text);
	XML_SetStartDoctypeDeclHandler(junit->parser, refuse_doctype);
	if (XML_Parse(junit->parser, text, (int)len, XML_TRUE) == XML_STATUS_OK)
		return 0;
	fail(junit, XML_ErrorString(XML_GetErrorCode(junit->parser)));
	return -1;
}

int junit_read(const char *text, size_t len, struct case_report *ret, struct err *err)
{
	AUTO(case_report_release) struct case_report report = CASE_REPORT_INIT;
	struct junit junit = { .report = &report,
			       .err = err,
			       .text = BUF_INIT(CASE_REPORT_MESSAGE_MAX + 4) };
	int status;

	if (len > CASE_REPORT_MAX_BYTES)
		return err_set(err, ERR_INPUT, "larger than %d bytes", CASE_REPORT_MAX_BYTES);
	junit.parser = XML_ParserCreate(NULL);
	if (!junit.parser)
		abort();
	status = parse(&junit, text, len);
	XML_ParserFree(junit.parser);
	buf_release(&junit.text);
	if (status < 0)
		return -1;

	*ret = report;
	report = (struct case_report)CASE_REPORT_INIT;

	return 0;
}
