/* gotest.c - reads what `go test -json` prints */
#include "grade/gotest.h"

#include "base/auto.h"
#include "base/buf.h"
#include "base/json.h"

#include <stdlib.h>
#include <string.h>

#define SECONDS_MAX 1000000000.0
#define SHOWN 200 /* bytes shown of a foreign name */

/* A package, a case of it, or what is built for it: whatever has output. */
struct scope {
	char *key;
	int package; /* of a case: index of its package; else -1 */
	bool is_build;
	bool ended;
	int failed;	  /* of a package: cases that failed */
	int open;	  /* of a package: cases that have no end so far */
	bool part_failed; /* of a case: a subtest */
	struct buf output;
};

struct gotest {
	struct case_report *report;
	struct scope *scopes;
	int count;
	json_t *index; /* key -> number of the scope */
	json_t *begun, *told; /* what note_mark found */
	int events;
	long line;
};

struct event {
	const char *action, *package, *test, *output;
	double elapsed;
};

static void gotest_release(struct gotest *gotest)
{
	for (int i = 0; i < gotest->count; i++) {
		free(gotest->scopes[i].key);
		buf_release(&gotest->scopes[i].output);
	}
	free(gotest->scopes);
	json_decref(gotest->index);
	json_decref(gotest->begun);
	json_decref(gotest->told);
}

/* "PACKAGE" or "PACKAGE/TEST"; yours. */
static char *key_of(const char *package, const char *test)
{
	return buf_format("%s%s%s", package, test ? "/" : "", test ? test : "");
}

/* -1 when there is none. */
static int find_scope(const struct gotest *gotest, const char *key)
{
	const json_t *number = json_object_get(gotest->index, key);

	return number ? (int)json_integer_value(number) : -1;
}

/* -1 with an error when there are too many. */
static int open_scope(struct gotest *gotest, const char *key, int package, struct err *err)
{
	int number = find_scope(gotest, key), count = gotest->count;

	if (number >= 0)
		return number;
	if (count == GOTEST_MAX_SCOPES)
		return err_set(err, ERR_INPUT, "too many test cases");
	/* grows when the count is a power of two */
	if ((count & (count - 1)) == 0)
		gotest->scopes = buf_realloc(gotest->scopes, count ? 2 * (size_t)count : 1,
					     sizeof(*gotest->scopes));
	gotest->scopes[count] = (struct scope){
		.key = buf_strdup(key),
		.package = package,
		.output = BUF_INIT(CASE_REPORT_MESSAGE_MAX + 4),
	};
	json_object_set_new(gotest->index, key, json_integer(count));
	gotest->count++;

	return count;
}

static int add_case(struct gotest *gotest, const char *name, const struct scope *scope,
		    enum case_outcome outcome, double elapsed, struct err *err)
{
	struct case_entry *entry = case_report_add(gotest->report, name, strlen(name));

	if (!entry)
		return err_set(err, ERR_INPUT, "too many test cases");
	entry->outcome = outcome;
	entry->ms = (uint64_t)(elapsed * 1000 + 0.5);
	if (outcome != CASE_PASSED)
		case_report_say(entry, buf_str(&scope->output), scope->output.len);

	return 0;
}

/* --- the events of a case */

static int run_case(struct gotest *gotest, int package, const char *key, struct err *err)
{
	int number = find_scope(gotest, key);

	if (number >= 0 && gotest->scopes[number].package < 0) {
		case_report_break(gotest->report, "'%.*s' is a package and a test", SHOWN, key);
		return 0;
	}
	if (number >= 0 && !gotest->scopes[number].ended) {
		case_report_break(gotest->report, "'%.*s' began twice", SHOWN, key);
		return 0;
	}
	if (gotest->scopes[package].ended)
		case_report_break(gotest->report, "'%.*s' began after the end of its package",
				  SHOWN, key);
	number = open_scope(gotest, key, package, err);
	if (number < 0)
		return -1;
	gotest->scopes[number].ended = gotest->scopes[number].part_failed = false;
	buf_clear(&gotest->scopes[number].output);
	gotest->scopes[package].open++;

	return 0;
}

/* Subtests end before what they are part of. */
static void note_failure(struct gotest *gotest, const struct scope *scope)
{
	AUTO_FREE char *key = buf_strdup(scope->key);
	char *slash;

	gotest->scopes[scope->package].failed++;
	while ((slash = strrchr(key, '/'))) {
		int number;

		*slash = '\0';
		number = find_scope(gotest, key);
		if (number >= 0 && gotest->scopes[number].package == scope->package)
			gotest->scopes[number].part_failed = true;
	}
}

static int end_case(struct gotest *gotest, int package, const char *key, enum case_outcome outcome,
		    double elapsed, struct err *err)
{
	int number = find_scope(gotest, key);
	bool started = number >= 0 && !gotest->scopes[number].ended;

	if (!started)
		case_report_break(gotest->report, "'%.*s' has a result, but did not begin", SHOWN,
				  key);
	if (gotest->scopes[package].ended)
		case_report_break(gotest->report, "'%.*s' ended after the end of its package",
				  SHOWN, key);
	number = open_scope(gotest, key, package, err);
	if (number < 0)
		return -1;
	if (gotest->scopes[number].package < 0) {
		case_report_break(gotest->report, "'%.*s' is a package and a test", SHOWN, key);
		return 0;
	}
	if (started)
		gotest->scopes[package].open--;
	gotest->scopes[number].ended = true;
	if (outcome == CASE_FAILED)
		note_failure(gotest, &gotest->scopes[number]);
	else if (gotest->scopes[number].part_failed)
		case_report_break(gotest->report, "'%.*s' did not fail, but a part of it did",
				  SHOWN, key);
	return add_case(gotest, key, &gotest->scopes[number], outcome, elapsed, err);
}

/* --- marks in the middle of a line
 *
 * Before Go 1.20 go test -json sees the marks of a test at the beginning of a line alone: a test
 * that prints something without a line feed has no result, and the one after it no beginning. The
 * marks are in the output all the same, at the end of a line. They count where nothing else is told
 * of a case, when its package ends. */

static const struct mark {
	const char *word;
	const char *end; /* what follows the name */
	int outcome;	 /* BEGUN, or of enum case_outcome */
} marks[] = {
#define BEGUN (-1)
	{ "=== RUN   ", "\n", BEGUN },
	{ "--- PASS: ", " (", CASE_PASSED },
	{ "--- SKIP: ", " (", CASE_SKIPPED },
	{ "--- FAIL: ", " (", CASE_FAILED },
};

/* NULL when there is none; else *ret_at is where it begins. */
static const struct mark *find_last_mark(const char *line, const char **ret_at)
{
	const struct mark *found = NULL;

	for (const char *at = line; *at; at++)
		for (size_t i = 0; i < sizeof(marks) / sizeof(*marks); i++)
			if (!strncmp(at, marks[i].word, strlen(marks[i].word))) {
				found = &marks[i];
				*ret_at = at;
			}
	return found;
}

/* Keeps what has begun, and by package the worst outcome of each case. */
static void note_mark(struct gotest *gotest, const char *package, const struct mark *mark,
		      const char *at)
{
	const char *name = at + strlen(mark->word), *end = strstr(name, mark->end);
	json_t *told = json_object_get(gotest->told, package);
	AUTO_FREE char *key = NULL;

	if (!end)
		return;
	key = buf_format("%s/%.*s", package, (int)(end - name), name);
	if (mark->outcome == BEGUN) {
		json_object_set_new(gotest->begun, key, json_true());
		return;
	}
	if (!told) {
		told = json_object();
		json_object_set_new(gotest->told, package, told);
	}
	if (json_integer_value(json_object_get(told, key)) <= mark->outcome)
		json_object_set_new(told, key, json_integer(mark->outcome));
}

static int end_told_case(struct gotest *gotest, int package, const char *key,
			 enum case_outcome outcome, struct err *err)
{
	int number = find_scope(gotest, key);

	if (number < 0 && !json_object_get(gotest->begun, key))
		return 0;
	if (number < 0 && run_case(gotest, package, key, err) < 0)
		return -1;
	number = find_scope(gotest, key);
	if (number < 0 || gotest->scopes[number].package != package ||
	    gotest->scopes[number].ended)
		return 0;
	return end_case(gotest, package, key, outcome, 0, err);
}

static int end_told_cases(struct gotest *gotest, int package, struct err *err)
{
	json_t *told = json_object_get(gotest->told, gotest->scopes[package].key), *outcome;
	const char *key;

	json_object_foreach (told, key, outcome)
		if (end_told_case(gotest, package, key,
				  (enum case_outcome)json_integer_value(outcome), err) < 0)
			return -1;
	return 0;
}

/* --- the events of a package */

static int end_package(struct gotest *gotest, int number, enum case_outcome outcome,
		       struct err *err)
{
	struct scope *package = &gotest->scopes[number];

	if (package->ended) {
		case_report_break(gotest->report, "'%.*s' ended twice", SHOWN, package->key);
		return 0;
	}
	if (end_told_cases(gotest, number, err) < 0)
		return -1;
	package = &gotest->scopes[number];
	package->ended = true;
	if (outcome == CASE_FAILED && package->failed + package->open == 0)
		return add_case(gotest, package->key, package, CASE_ERROR, 0, err);
	if (outcome != CASE_FAILED && package->failed + package->open > 0)
		case_report_break(gotest->report, "'%.*s' did not fail, but a test of it did",
				  SHOWN, package->key);
	return 0;
}

/* "cart [cart.test]" is built for "cart". That package fails later too, which case_report_settle
 * makes one case of. */
static int read_build(struct gotest *gotest, const struct event *event, struct err *err)
{
	AUTO_FREE char *name = strndup(event->package, strcspn(event->package, " "));
	AUTO_FREE char *key = buf_format("%s [build]", name);
	int number = open_scope(gotest, key, -1, err);
	struct scope *scope;

	if (number < 0)
		return -1;
	scope = &gotest->scopes[number];
	scope->is_build = true;
	if (!strcmp(event->action, "build-output"))
		buf_add_str(&scope->output, event->output);
	else if (!scope->ended) {
		scope->ended = true;
		return add_case(gotest, name, scope, CASE_ERROR, 0, err);
	}
	return 0;
}

/* What the runner says about cases, with times that differ from run to run. */
static bool is_of_runner(const char *line)
{
	static const char *const words[] = {
		"=== ", "--- ", "FAIL\t", "FAIL\n", "ok  \t", "PASS\n"
	};

	line += strspn(line, " ");
	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++)
		if (!strncmp(line, words[i], strlen(words[i])))
			return true;
	return false;
}

static void read_output(struct gotest *gotest, int package, const struct event *event,
			const char *key)
{
	int number = event->test ? find_scope(gotest, key) : package;
	const char *end = event->output + strlen(event->output);
	const struct mark *mark = find_last_mark(event->output, &end);

	if (mark)
		note_mark(gotest, event->package, mark, end);
	if (number >= 0 && !is_of_runner(event->output))
		buf_add_format(&gotest->scopes[number].output, "%.*s%s",
			       (int)(end - event->output), event->output, mark ? "\n" : "");
}

static bool outcome_of(const char *action, enum case_outcome *ret)
{
	static const struct {
		const char *action;
		enum case_outcome outcome;
	} outcomes[] = {
		{ "pass", CASE_PASSED },
		{ "bench", CASE_PASSED },
		{ "fail", CASE_FAILED },
		{ "skip", CASE_SKIPPED },
	};

	for (size_t i = 0; i < sizeof(outcomes) / sizeof(*outcomes); i++)
		if (!strcmp(action, outcomes[i].action)) {
			*ret = outcomes[i].outcome;
			return true;
		}
	return false;
}

static int read_event(struct gotest *gotest, const struct event *event, struct err *err)
{
	AUTO_FREE char *key = key_of(event->package, event->test);
	enum case_outcome outcome;
	int package;

	gotest->events++;
	if (!strncmp(event->action, "build-", 6))
		return read_build(gotest, event, err);
	package = open_scope(gotest, event->package, -1, err);
	if (package < 0)
		return -1;
	if (gotest->scopes[package].package >= 0) {
		case_report_break(gotest->report, "'%.*s' is a package and a test", SHOWN,
				  event->package);
		return 0;
	}
	if (!strcmp(event->action, "output"))
		read_output(gotest, package, event, key);
	if (event->test && !strcmp(event->action, "run"))
		return run_case(gotest, package, key, err);
	if (!outcome_of(event->action, &outcome))
		return 0;
	if (event->test)
		return end_case(gotest, package, key, outcome, event->elapsed, err);
	return end_package(gotest, package, outcome, err);
}

/* --- lines */

/* A member that is a string or not there. */
static bool take_string(const json_t *object, const char *key, const char *otherwise,
			const char **ret)
{
	const json_t *value = json_object_get(object, key);

	*ret = value ? json_string_value(value) : otherwise;
	return !value || *ret;
}

static bool take_event(const json_t *object, struct event *ret)
{
	const json_t *elapsed = json_object_get(object, "Elapsed");
	const char *import_path;

	if (!take_string(object, "Action", NULL, &ret->action) ||
	    !take_string(object, "Package", NULL, &ret->package) ||
	    !take_string(object, "ImportPath", NULL, &import_path) ||
	    !take_string(object, "Test", NULL, &ret->test) ||
	    !take_string(object, "Output", "", &ret->output))
		return false;
	if (!ret->package)
		ret->package = import_path;
	if (ret->test && !*ret->test)
		ret->test = NULL;
	ret->elapsed = json_number_value(elapsed);

	return ret->action && ret->package && *ret->package &&
	       (!elapsed || json_is_number(elapsed)) && ret->elapsed >= 0 &&
	       ret->elapsed <= SECONDS_MAX;
}

/* "FAIL<tab>PACKAGE [build failed]", also "[setup failed]". */
static bool is_build_failure(const char *line, size_t len, char **ret_package)
{
	static const char begin[] = "FAIL\t";
	const char *space = memchr(line, ' ', len);
	size_t rest = space ? (size_t)(line + len - space) : 0;

	if (len < sizeof(begin) || memcmp(line, begin, sizeof(begin) - 1) || rest == 0)
		return false;
	if (rest != 15 || (memcmp(space, " [build failed]", 15) != 0 &&
			   memcmp(space, " [setup failed]", 15) != 0))
		return false;
	*ret_package = strndup(line + sizeof(begin) - 1,
			       (size_t)(space - line) - (sizeof(begin) - 1));
	return **ret_package != '\0';
}

static int read_plain(struct gotest *gotest, const char *line, size_t len, struct err *err)
{
	AUTO_FREE char *package = NULL;

	if (is_build_failure(line, len, &package)) {
		struct event event = { .action = "build-output",
				       .package = package,
				       .output = "it does not build" };

		if (read_event(gotest, &event, err) < 0)
			return -1;
		event.action = "build-fail";
		return read_event(gotest, &event, err);
	}
	case_report_break(gotest->report, "line %ld is not an event of go test", gotest->line);

	return 0;
}

static int read_line(struct gotest *gotest, const char *line, size_t len, struct err *err)
{
	struct err ignored = ERR_INIT;
	AUTO_JSON json_t *object = NULL;
	struct event event;

	gotest->line++;
	if (len > 0 && line[len - 1] == '\r')
		len--;
	if (len == 0)
		return 0;
	if (*line == '{' && len <= GOTEST_MAX_LINE)
		object = json_parse(line, len, "line", &ignored);
	if (json_is_object(object) && take_event(object, &event))
		return read_event(gotest, &event, err);

	return read_plain(gotest, line, len, err);
}

/* What was begun and has no end: the run stopped there, or somebody stopped it. */
static int finish(struct gotest *gotest, struct err *err)
{
	if (gotest->events == 0)
		return err_set(err, ERR_INPUT, "no event of go test");
	for (int i = 0; i < gotest->count; i++) {
		struct scope *scope = &gotest->scopes[i];

		if (scope->ended || scope->is_build)
			continue;
		case_report_break(gotest->report, "'%.*s' has no result", SHOWN, scope->key);
		if (scope->package >= 0 &&
		    add_case(gotest, scope->key, scope, CASE_ERROR, 0, err) < 0)
			return -1;
	}
	return 0;
}

static int read_lines(struct gotest *gotest, const char *text, size_t len, struct err *err)
{
	const char *end = text + len;

	while (text < end) {
		const char *feed = memchr(text, '\n', (size_t)(end - text));
		const char *line = text;

		text = feed ? feed + 1 : end;
		if (read_line(gotest, line, (size_t)((feed ? feed : end) - line), err) < 0)
			return -1;
	}
	return finish(gotest, err);
}

int gotest_read(const char *text, size_t len, struct case_report *ret, struct err *err)
{
	AUTO(case_report_release) struct case_report report = CASE_REPORT_INIT;
	AUTO(gotest_release) struct gotest gotest = { .report = &report, .index = json_object(),
						      .begun = json_object(),
						      .told = json_object() };

	if (len > CASE_REPORT_MAX_BYTES)
		return err_set(err, ERR_INPUT, "larger than %d bytes", CASE_REPORT_MAX_BYTES);
	if (read_lines(&gotest, text, len, err) < 0)
		return -1;

	*ret = report;
	report = (struct case_report)CASE_REPORT_INIT;

	return 0;
}
