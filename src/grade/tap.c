/* tap.c - reads a Test Anything Protocol stream */
#include "grade/tap.h"

#include "base/auto.h"
#include "base/buf.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

#define NUMBER_MAX 100000000L

struct line {
	const char *at, *end;
};

struct tap {
	struct case_report *report;
	long plan;    /* -1: none yet */
	int plan_at;  /* results before it */
	bool version; /* told */
	bool strict;  /* the pragma */
	bool in_yaml;
	bool in_subtest;	 /* "# Subtest" was there, and no result since */
	bool subtest_failed;	 /* a case of it */
	bool in_block;		 /* the YAML message goes on in the next line */
	struct case_entry *last; /* what comments belong to; NULL unless it failed */
	struct buf comments;
};

static bool take(struct line *line, const char *word,
		 int (*compare)(const char *a, const char *b, size_t len))
{
	size_t len = strlen(word);

	if ((size_t)(line->end - line->at) < len || compare(line->at, word, len))
		return false;
	line->at += len;
	return true;
}

static bool take_word(struct line *line, const char *word)
{
	return take(line, word, strncmp);
}

/* The words that the specification lets everybody write as they like. */
static bool take_any_case(struct line *line, const char *word)
{
	return take(line, word, strncasecmp);
}

static bool take_number(struct line *line, long *ret)
{
	const char *at = line->at;
	long value = 0;

	for (; at < line->end && isdigit((unsigned char)*at); at++)
		if (value < NUMBER_MAX)
			value = value * 10 + (*at - '0');
	if (at == line->at)
		return false;
	line->at = at;
	*ret = value;

	return true;
}

static void skip_space(struct line *line)
{
	while (line->at < line->end && (*line->at == ' ' || *line->at == '\t'))
		line->at++;
}

static void trim(struct line *line)
{
	skip_space(line);
	while (line->end > line->at && isspace((unsigned char)line->end[-1]))
		line->end--;
}

/* At "# skip" or "# todo", in any case and with any space: goes past the word. */
static bool take_directive(struct line *line)
{
	struct line rest = *line;

	if (!take_word(&rest, "#"))
		return false;
	skip_space(&rest);
	if (!take_any_case(&rest, "skip") &&
	    (!take_any_case(&rest, "todo") ||
	     (rest.at < rest.end && isalnum((unsigned char)*rest.at))))
		return false;
	*line = rest;

	return true;
}

/* Where the directive begins, a backslash in front of its "#" makes it text; line->end when
 * there is none. */
static const char *find_directive(const struct line *line)
{
	for (const char *at = line->at; at < line->end; at++) {
		struct line rest = { at, line->end };

		if (*at == '\\')
			at++;
		else if ((at == line->at || at[-1] == ' ' || at[-1] == '\t') &&
			 take_directive(&rest))
			return at;
	}
	return line->end;
}

/* TAP 14 writes "\#" and "\\" for the two characters that would mean something. */
static void unescape(struct buf *out, const struct line *line)
{
	for (const char *at = line->at; at < line->end; at++) {
		if (*at == '\\' && at + 1 < line->end && (at[1] == '#' || at[1] == '\\'))
			at++;
		buf_add_byte(out, *at);
	}
}

static void flush_comments(struct tap *tap)
{
	if (tap->last)
		case_report_say(tap->last, buf_str(&tap->comments), tap->comments.len);
	buf_clear(&tap->comments);
	tap->last = NULL;
}

static void read_directive(struct tap *tap, struct case_entry *entry, struct line directive)
{
	if (!take_directive(&directive))
		return;
	while (directive.at < directive.end && isalpha((unsigned char)*directive.at))
		directive.at++;
	trim(&directive);
	entry->outcome = CASE_SKIPPED;
	case_report_say(entry, directive.at, (size_t)(directive.end - directive.at));
	tap->last = NULL;
}

static int read_result(struct tap *tap, struct line line, bool passed, struct err *err)
{
	AUTO(buf_release) struct buf name = BUF_INIT(CASE_REPORT_MAX_BYTES);
	long number = tap->report->count + 1, said = number;
	struct line description, directive;
	struct case_entry *entry;

	skip_space(&line);
	take_number(&line, &said);
	if (said != number)
		case_report_break(tap->report, "result %ld has the number %ld", number, said);
	directive = (struct line){ find_directive(&line), line.end };
	description = (struct line){ line.at, directive.at };
	trim(&description);
	if (take_word(&description, "-"))
		trim(&description);
	unescape(&name, &description);
	if (name.len == 0)
		buf_add_format(&name, "%ld", number);

	flush_comments(tap);
	entry = case_report_add(tap->report, buf_str(&name), name.len);
	if (!entry)
		return err_set(err, ERR_INPUT, "too many test cases");
	entry->outcome = passed ? CASE_PASSED : CASE_FAILED;
	tap->last = passed ? NULL : entry;
	read_directive(tap, entry, directive);
	if (tap->subtest_failed && entry->outcome == CASE_PASSED)
		case_report_break(tap->report, "'%.200s' passed, but its subtest failed",
				  entry->name);
	tap->in_subtest = tap->subtest_failed = false;

	return 0;
}

/* False when it is no plan after all. */
static bool read_plan(struct tap *tap, struct line line)
{
	long count;

	if (!take_number(&line, &count) ||
	    (line.at < line.end && !isspace((unsigned char)*line.at)))
		return false;
	if (tap->plan >= 0)
		case_report_break(tap->report, "there are two plans");
	tap->plan = count;
	tap->plan_at = tap->report->count;

	return true;
}

static int read_version(struct tap *tap, struct line line, struct err *err)
{
	long version = 0;

	skip_space(&line);
	if (!take_number(&line, &version) || version < 12 || version > 14)
		return err_set(err, ERR_INPUT, "TAP version %ld is not known", version);
	if (tap->version || tap->plan >= 0 || tap->report->count > 0)
		case_report_break(tap->report, "the version is not at the beginning");
	tap->version = true;

	return 0;
}

/* "pragma +strict": from here on lines that mean nothing are faults. Others ask for nothing that
 * is not done anyway. */
static void read_pragma(struct tap *tap, struct line line)
{
	trim(&line);
	if (take_word(&line, "+strict"))
		tap->strict = true;
	else if (take_word(&line, "-strict"))
		tap->strict = false;
}

static void read_bail_out(struct tap *tap, struct line line)
{
	trim(&line);
	tap->report->bailed = true;
	case_report_break(tap->report, "the runner bailed out%s%.*s",
			  line.at < line.end ? ": " : "",
			  (int)(line.end - line.at < 400 ? line.end - line.at : 400), line.at);
}

static void add_comment(struct tap *tap, struct line line)
{
	trim(&line);
	if (!tap->last || line.at == line.end)
		return;
	if (tap->comments.len)
		buf_add_byte(&tap->comments, '\n');
	buf_add(&tap->comments, line.at, (size_t)(line.end - line.at));
}

static bool is_three(const struct line *line, char c)
{
	return line->end - line->at == 3 && line->at[0] == c && line->at[1] == c &&
	       line->at[2] == c;
}

static void read_yaml_line(struct tap *tap, struct line line)
{
	bool message = tap->in_block || take_word(&line, "message:") || take_word(&line, "error:");

	trim(&line);
	tap->in_block = message && !tap->in_block && line.end - line.at <= 2 &&
			line.at < line.end && (*line.at == '|' || *line.at == '>');
	if (message && !tap->in_block)
		add_comment(tap, line);
}

/* True while the line belongs to a YAML block. */
static bool read_yaml(struct tap *tap, struct line line)
{
	bool indented = line.at < line.end && (*line.at == ' ' || *line.at == '\t');

	trim(&line);
	if (!tap->in_yaml) {
		tap->in_yaml = indented && is_three(&line, '-');
		return tap->in_yaml;
	}
	if (!indented && line.at < line.end) {
		tap->in_yaml = false; /* never closed: the next result ends it */
		return false;
	}
	if (is_three(&line, '.')) {
		/* comments from here on are about the whole run, with times */
		tap->in_yaml = false;
		flush_comments(tap);
	} else {
		read_yaml_line(tap, line);
	}

	return true;
}

/* "ok" or "not ok" as a word. */
static bool take_status(struct line *line, bool *ret_passed)
{
	struct line rest = *line;

	*ret_passed = !take_word(&rest, "not ok");
	if (*ret_passed && !take_word(&rest, "ok"))
		return false;
	if (rest.at < rest.end && !isspace((unsigned char)*rest.at))
		return false;
	*line = rest;

	return true;
}

/* The cases of a subtest are summed up by the result that follows; only a contradiction counts. */
static void read_indented(struct tap *tap, struct line line)
{
	bool passed;

	flush_comments(tap);
	trim(&line);
	if (take_any_case(&line, "Bail out!"))
		read_bail_out(tap, line);
	else if (take_word(&line, "# Subtest"))
		tap->in_subtest = true;
	else if (tap->in_subtest && take_status(&line, &passed) && !passed)
		tap->subtest_failed |= find_directive(&line) == line.end;
}

static void read_comment(struct tap *tap, struct line line)
{
	struct line rest = line;

	trim(&rest);
	if (take_word(&rest, "Subtest")) {
		flush_comments(tap);
		tap->in_subtest = true;
	} else {
		add_comment(tap, line);
	}
}

static int read_line(struct tap *tap, struct line line, struct err *err)
{
	bool passed;

	if (read_yaml(tap, line) || line.at == line.end)
		return 0;
	if (*line.at == ' ' || *line.at == '\t')
		read_indented(tap, line);
	else if (take_word(&line, "TAP version"))
		return read_version(tap, line, err);
	else if (take_any_case(&line, "Bail out!"))
		read_bail_out(tap, line);
	else if (take_word(&line, "pragma "))
		read_pragma(tap, line);
	else if (take_word(&line, "#"))
		read_comment(tap, line);
	else if (take_status(&line, &passed))
		return read_result(tap, line, passed, err);
	else if ((!take_word(&line, "1..") || !read_plan(tap, line)) && tap->strict)
		case_report_break(tap->report, "'%.*s' is not TAP, which is to be strict",
				  (int)(line.end - line.at < 200 ? line.end - line.at : 200),
				  line.at);
	return 0;
}

static int check_plan(struct tap *tap, struct err *err)
{
	if (tap->plan < 0 && tap->report->count == 0 && !tap->report->bailed)
		return err_set(err, ERR_INPUT, "no TAP plan and no result");
	if (tap->plan < 0)
		case_report_break(tap->report, "there is no plan");
	else if (tap->plan != tap->report->count)
		case_report_break(tap->report, "%ld results are planned, %d are there", tap->plan,
				  tap->report->count);
	else if (tap->plan_at != 0 && tap->plan_at != tap->report->count)
		case_report_break(tap->report, "the plan stands between results");
	return 0;
}

static int read_lines(struct tap *tap, const char *text, size_t len, struct err *err)
{
	const char *end = text + len;

	while (text < end && !tap->report->bailed) {
		const char *feed = memchr(text, '\n', (size_t)(end - text));
		struct line line = { text, feed ? feed : end };

		text = feed ? feed + 1 : end;
		if (line.end > line.at && line.end[-1] == '\r')
			line.end--;
		if (read_line(tap, line, err) < 0)
			return -1;
	}
	flush_comments(tap);

	return check_plan(tap, err);
}

int tap_read(const char *text, size_t len, struct case_report *ret, struct err *err)
{
	AUTO(case_report_release) struct case_report report = CASE_REPORT_INIT;
	struct tap tap = { .report = &report,
			   .plan = -1,
			   .comments = BUF_INIT(CASE_REPORT_MESSAGE_MAX + 4) };
	int status;

	if (len > CASE_REPORT_MAX_BYTES)
		return err_set(err, ERR_INPUT, "larger than %d bytes", CASE_REPORT_MAX_BYTES);
	status = read_lines(&tap, text, len, err);
	buf_release(&tap.comments);
	if (status < 0)
		return -1;

	*ret = report;
	report = (struct case_report)CASE_REPORT_INIT;

	return 0;
}
