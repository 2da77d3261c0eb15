/* task_import_coderunner.c - see task_import_coderunner.h
 *
 * Each question becomes a task:
 *
 *	start/answer.EXT	the preload: what the candidate edits
 *	start/grader/		compare.py; run.sh and before.EXT, which join answer and code
 *	start/grader/examples/	NNN.in, NNN.ans of the cases that are examples: the visible test
 *	hidden/grader/tests/	those of the others
 *	solution/answer.EXT	the answer
 *
 * A question that is all or nothing gives its points to the last test, which requires the other. */
#include "task/task_import_coderunner.h"

#include "base/auto.h"
#include "base/fs.h"
#include "base/hash.h"
#include "base/json.h"
#include "base/share.h"
#include "task/coderunner_kind.h"
#include "task/coderunner_xml.h"
#include "task/html_markdown.h"
#include "task/import_naming.h"

#include <string.h>

#define COMPARE "grader/compare.py"
#define RUN "grader/run.sh"
#define CODE_END "----- input -----"
#define STATEMENT_MAX (4u << 20)
#define MARK_MAX 100000
#define PRECHECK_SELECTED "3"

struct question {
	struct import_call *call;
	const json_t *xml;
	const json_t *fields;
	const struct coderunner_kind *kind;
	const char *compare;		/* mode of compare.py */
	size_t prechecks;		/* cases that were taken out */
	struct import_draft *draft;
	json_t *tests, *protected;	/* of the manifest; borrowed */
};

static const char *field(const struct question *question, const char *name)
{
	return json_str(question->fields, name, "");
}

static const char *case_field(const json_t *one, const char *name)
{
	return json_str(json_object_get(one, "fields"), name, "");
}

static bool is_blank(const char *text)
{
	return text[strspn(text, " \t\r\n")] == '\0';
}

/* --- detecting */

static const char *xml_file(const struct import_source *source)
{
	const char *const *paths;
	const char *found = NULL;
	size_t count;

	import_source_list(source, "", &paths, &count);
	for (size_t i = 0; i < count; i++) {
		if (!fs_path_ends(paths[i], ".xml"))
			continue;
		if (found)
			return NULL;
		found = paths[i];
	}
	return found;
}

static bool detect(const struct import_source *source)
{
	AUTO(buf_release) struct buf text = BUF_INIT(0);
	const char *file = xml_file(source);
	struct err ignored = ERR_INIT;

	return file &&
	       import_source_read(source, file, CODERUNNER_XML_MAX_BYTES, &text, &ignored) == 0 &&
	       strstr(buf_str(&text), "<quiz") != NULL;
}

static bool is_example(const json_t *one)
{
	return json_flag(one, "example", false);
}

static double mark_of(const json_t *one)
{
	double mark = strtod(json_str(one, "mark", "1"), NULL);

	return mark >= 0 && mark <= MARK_MAX ? mark : 1;
}

/* --- what is not read */

/* Cases of the precheck alone are never graded; where the question does not select cases for it,
 * what they say of it means nothing. */
static size_t drop_prechecks(const struct question *question)
{
	json_t *cases = json_object_get(question->xml, "cases");
	size_t count = json_array_size(cases), dropped = 0;

	if (strcmp(field(question, "precheck"), PRECHECK_SELECTED) != 0)
		return 0;
	while (count-- > 0) {
		if (!json_flag(json_array_get(cases, count), "precheck", false))
			continue;
		json_array_remove(cases, count);
		dropped++;
	}
	return dropped;
}

/* "lines", "near", "regex"; NULL when the question is graded otherwise. */
static const char *compare_mode(const char *grader)
{
	if (is_blank(grader) || !strcmp(grader, "EqualityGrader"))
		return "lines";
	if (!strcmp(grader, "NearEqualityGrader"))
		return "near";
	return strcmp(grader, "RegexGrader") ? NULL : "regex";
}

static bool has_parameters(const struct question *question)
{
	const char *parameters = field(question, "templateparams");

	return !is_blank(parameters) && strcmp(parameters, "{}") != 0 &&
	       (strstr(field(question, "questiontext"), "{{") || !strcmp(field(question, "twigall"),
									"1"));
}

/* Some case has the text in the field, which is not blank. */
static bool some_case(const struct question *question, const char *name, const char *text)
{
	const json_t *one;
	size_t i;

	json_array_foreach(json_object_get(question->xml, "cases"), i, one)
		if (!is_blank(case_field(one, name)) && strstr(case_field(one, name), text))
			return true;
	return false;
}

/* Why the question becomes no task; NULL when it does. Yours. */
static char *why_not(const struct question *question)
{
	const char *kind = field(question, "coderunnertype");

	if (strcmp(json_str(question->xml, "type", ""), "coderunner") != 0)
		return buf_format("is of type '%s'", json_str(question->xml, "type", ""));
	if (strspn(field(question, "prototypetype"), "0") !=
	    strlen(field(question, "prototypetype")))
		return buf_strdup("is a prototype of questions");
	if (!question->kind)
		return buf_format("is of CodeRunner's type '%s'; %s are read", kind,
				  coderunner_kind_names());
	if (!is_blank(field(question, "template")))
		return buf_strdup("has a template of its own");
	if (!question->compare)
		return buf_format("is graded by '%s'", field(question, "grader"));
	if (has_parameters(question))
		return buf_strdup("has parameters that a template fills in");
	if (!json_array_size(json_object_get(question->xml, "cases")))
		return buf_strdup("has no test cases");
	if (question->kind->whole && some_case(question, "testcode", ""))
		return buf_strdup("is a whole program, but has code to test it");
	if (some_case(question, "testcode", CODE_END) || some_case(question, "extra", CODE_END))
		return buf_strdup("has '" CODE_END "' in the code of a test");
	return NULL;
}

/* --- statement, answer, files */

static int write_statement(struct question *question, const char *title, struct err *err)
{
	AUTO(buf_release) struct buf text = BUF_INIT(STATEMENT_MAX);
	const char *said = field(question, "questiontext");
	const char *format = json_str(question->xml, "format", "html");
	unsigned pictures = 0;

	buf_add_format(&text, "# %s\n\n", title);
	if (!strcmp(format, "markdown") || !strcmp(format, "plain_text")) {
		buf_add_format(&text, "%s\n", said);
	} else {
		AUTO(buf_release) struct buf markdown = BUF_INIT(STATEMENT_MAX);

		pictures = html_markdown(said, strlen(said), &markdown);
		buf_add(&text, buf_str(&markdown), markdown.len);
		import_draft_changed(question->draft, "README.md", "HTML has become Markdown");
	}
	buf_add_format(&text, "\nYour answer goes into `%s`.\n", question->kind->file);
	if (text.full)
		return err_set(err, ERR_INPUT, "the question is larger than %u bytes",
			       STATEMENT_MAX);
	if (pictures)
		import_draft_left_out(question->draft, "pictures", "the statement is a text");
	import_draft_mapped(question->draft, "questiontext", "README.md");
	return import_draft_put(question->draft, "README.md", text.data, text.len, false, err);
}

static int put_code(struct question *question, const char *folder, const char *from,
		    const char *text, struct err *err)
{
	AUTO_FREE char *path = fs_join(folder, question->kind->file);
	AUTO_FREE char *lines = buf_format("%s%s", text,
					   *text && text[strlen(text) - 1] != '\n' ? "\n" : "");

	import_draft_mapped(question->draft, from, path);
	return import_draft_put_text(question->draft, path, lines, err);
}

static int write_answer(struct question *question, struct err *err)
{
	if (put_code(question, "start", "answerpreload", field(question, "answerpreload"), err) < 0)
		return -1;
	if (!is_blank(field(question, "answer")))
		return put_code(question, "solution", "answer", field(question, "answer"), err);
	import_draft_left_out(question->draft, "solution",
			      "the question has no answer, so it cannot be proved");
	return 0;
}

/* Base64 may be cut into lines. Yours. */
static char *without_spaces(const char *text)
{
	char *copy = buf_strdup(text), *to = copy;

	for (const char *at = copy; *at; at++)
		if (!strchr(" \t\r\n", *at))
			*to++ = *at;
	*to = '\0';
	return copy;
}

static int put_file(struct question *question, const json_t *file, const char *folder,
		    struct err *err)
{
	const char *name = json_str(file, "name", "");
	AUTO_FREE char *path = fs_join(folder, name);
	AUTO_FREE char *coded = without_spaces(json_str(file, "data", ""));
	size_t len;
	AUTO_FREE char *data = hash_from_base64(coded, &len, err);

	if (!data)
		return err_wrap(err, "file '%s'", name);
	if (strchr(name, '/') || !*name)
		return err_set(err, ERR_INPUT, "'%s': not a name that a file may have", name);
	if (import_draft_put(question->draft, path, data, len, false, err) < 0)
		return -1;
	import_draft_mapped(question->draft, name, path);
	return 0;
}

static int write_files(struct question *question, struct err *err)
{
	const json_t *file;
	size_t i;

	json_array_foreach(json_object_get(question->xml, "files"), i, file) {
		if (put_file(question, file, "start", err) < 0)
			return -1;
		json_array_append_new(question->protected,
				      json_string(json_str(file, "name", "")));
	}
	json_array_foreach(json_object_get(question->xml, "answers"), i, file)
		if (put_file(question, file, "solution", err) < 0)
			return -1;
	return 0;
}

/* --- tests */

/* The candidate's program sees nothing of hidden/, so the code of a case comes with its input. */
static char *input_of(const struct question *question, const json_t *one)
{
	const struct coderunner_kind *kind = question->kind;
	const char *code = case_field(one, "testcode"), *input = case_field(one, "stdin");
	const char *extra = kind->extra ? case_field(one, "extra") : "";
	bool around = kind->code_before && !strstr(code, " main(");

	if (kind->whole)
		return buf_strdup(input);
	return buf_format("%s%s%s%s%s\n" CODE_END "\n%s", around ? kind->code_before : "", extra,
			  *extra ? ";\n" : "", code, around ? kind->code_after : "", input);
}

static int write_case(struct question *question, json_t *test, size_t number, const json_t *one,
		      struct err *err)
{
	const char *top = is_example(one) ? "start" : "hidden", *dir = json_str(test, "dir", "");
	AUTO_FREE char *name = buf_format("%03zu", number);
	AUTO_FREE char *in = buf_format("%s/%s/%s.in", top, dir, name);
	AUTO_FREE char *ans = buf_format("%s/%s/%s.ans", top, dir, name);
	AUTO_FREE char *input = input_of(question, one);

	if (mark_of(one) != 1)
		json_object_set_new(json_object_get(test, "cases"), name,
				    json_pack("{s:f}", "weight", mark_of(one)));
	if (import_draft_put_text(question->draft, in, input, err) < 0)
		return -1;
	return import_draft_put_text(question->draft, ans, case_field(one, "expected"), err);
}

static json_t *new_test(const struct question *question, bool examples)
{
	const char *id = examples ? "examples" : "tests";
	AUTO_FREE char *dir = buf_format("grader/%s", id);
	json_t *argv = question->kind->whole ? json_pack("[s, s, s]", "sh", "-c",
							 question->kind->run)
					     : json_pack("[s, s]", "sh", RUN);

	return json_pack("{s:s, s:s, s:s, s:i, s:o, s:s, s:{s:[s, s, s]}, s:{}}", "id", id, "kind",
			 "io", "visibility", examples ? "visible" : "hidden", "points", 0, "argv",
			 argv, "dir", dir, "compare", "validator", "python3", COMPARE,
			 question->compare, "cases");
}

/* The examples, or the rest. Without points nothing could be earned. */
static int add_test(struct question *question, bool examples, struct err *err)
{
	json_t *test = new_test(question, examples);
	size_t number = 0, i;
	double points = 0;
	const json_t *one;

	json_array_append_new(question->tests, test);
	json_array_foreach(json_object_get(question->xml, "cases"), i, one) {
		if (is_example(one) != examples)
			continue;
		points += mark_of(one);
		if (write_case(question, test, ++number, one, err) < 0)
			return -1;
	}
	json_object_set_new(test, "points", json_real(points));
	if (points <= 0)
		json_object_clear(json_object_get(test, "cases"));
	if (!number)
		json_array_remove(question->tests, json_array_size(question->tests) - 1);
	return 0;
}

/* The last test has all points, and requires the other one. */
static void make_all_or_nothing(struct question *question)
{
	json_t *first = json_array_get(question->tests, 0);
	json_t *last = json_array_get(question->tests, json_array_size(question->tests) - 1);
	double points = json_number_value(json_object_get(last, "points"));

	if (first != last) {
		points += json_number_value(json_object_get(first, "points"));
		json_object_set_new(first, "points", json_integer(0));
		json_object_clear(json_object_get(first, "cases"));
		json_object_set_new(last, "requires", json_pack("[s]", "examples"));
	}
	json_object_set_new(last, "points", json_real(points));
	json_object_set_new(last, "aggregate", json_string("min"));
	json_object_clear(json_object_get(last, "cases"));
	import_draft_mapped(question->draft, "allornothing", "aggregate, requires");
}

static void set_points(struct question *question)
{
	double points = 0;
	json_t *test;
	size_t i;

	json_array_foreach(question->tests, i, test)
		points += json_number_value(json_object_get(test, "points"));
	if (points <= 0) {
		json_array_foreach(question->tests, i, test)
			json_object_set_new(test, "points", json_integer(1));
		import_draft_changed(question->draft, "mark",
				     "no case has any: a test is worth one");
	}
	if (strcmp(field(question, "allornothing"), "0") != 0)
		make_all_or_nothing(question);
}

/* The script that joins and runs. */
static int write_run(struct question *question, struct err *err)
{
	const struct coderunner_kind *kind = question->kind;
	AUTO_FREE char *before = buf_format("grader/before.%s", kind->suffix);
	AUTO_FREE char *path = fs_join("start", before);
	AUTO_FREE char *answer = kind->edit ? buf_format("sed '%s' %s", kind->edit, kind->file)
					    : buf_format("cat %s%s%s", kind->before ? before : "",
							 kind->before ? " " : "", kind->file);
	AUTO_FREE char *after = kind->after ? buf_format("\tprintf '%%s\\n' '%s'\n", kind->after)
					    : buf_strdup("");
	AUTO_FREE char *text = NULL;

	if (kind->before && import_draft_put_text(question->draft, path, kind->before, err) < 0)
		return -1;
	if (kind->whole)
		return 0;
	text = buf_format("# run.sh - joins the answer with the code of a case, which its input "
			  "begins with, and runs it\n"
			  "{\n"
			  "\t%s\n"
			  "\techo\n"
			  "%s"
			  "\twhile IFS= read -r line && [ \"$line\" != '" CODE_END "' ]; do\n"
			  "\t\tprintf '%%s\\n' \"$line\"\n"
			  "\tdone\n"
			  "} >%s\n"
			  "%s\n",
			  answer, after, kind->program, kind->run);
	return import_draft_put_text(question->draft, "start/" RUN, text, err);
}

static int put_share(struct question *question, const char *name, const char *to, struct err *err)
{
	const struct share_file *file = share_find(name);

	if (!file)
		return err_set(err, ERR_ENV, "%s is missing", name);
	return import_draft_put(question->draft, to, file->data, file->size, false, err);
}

static int write_tests(struct question *question, struct err *err)
{
	if (add_test(question, true, err) < 0 || add_test(question, false, err) < 0)
		return -1;
	set_points(question);
	import_draft_mapped(question->draft, "testcases", "tests");
	if (write_run(question, err) < 0)
		return -1;
	return put_share(question, "import/compare.py", "start/" COMPARE, err);
}

/* --- the manifest */

static void set_limit(const struct question *question, json_t *limits, const char *from,
		      const char *to, double factor)
{
	double value = strtod(field(question, from), NULL) * factor;

	if (value >= 1 && value <= 3600)
		json_object_set_new(limits, to, json_integer((json_int_t)value));
}

static void write_manifest(struct question *question, const char *title)
{
	json_t *root = import_draft_manifest(question->draft), *limits = json_object();

	json_object_set_new(root, "title", json_string(title));
	json_object_set_new(root, "language", json_string(question->kind->language));
	if (question->kind->build)
		json_object_set_new(root, "build",
				    json_pack("[s, s, s]", "sh", "-c", question->kind->build));
	set_limit(question, limits, "cputimelimitsecs", "cpu_seconds", 1);
	set_limit(question, limits, "cputimelimitsecs", "wall_seconds", 3);
	set_limit(question, limits, "memlimitmb", "memory_mb", 1);
	if (json_object_size(limits))
		json_object_set(root, "limits", limits);
	json_decref(limits);
	question->tests = json_array();
	json_object_set_new(root, "tests", question->tests);
	question->protected = json_pack("[s]", "grader/**");
	json_object_set_new(root, "protected", question->protected);
}

static void report_rest(struct question *question)
{
	static const struct { const char *name, *why; } fields[] = {
		{ "generalfeedback", "tali tells results in its own words" },
		{ "globalextra", "only templates use it" },
		{ "templateparams", "only templates use them" },
		{ "sandboxparams", "programs are built and run as the question type says" },
	};

	for (size_t i = 0; i < sizeof(fields) / sizeof(*fields); i++)
		if (!is_blank(field(question, fields[i].name)))
			import_draft_left_out(question->draft, fields[i].name, fields[i].why);
	if (strpbrk(field(question, "attachments"), "123456789"))
		import_draft_left_out(question->draft, "attachments",
				      "an answer is the one file; more may lie beside it");
	if (question->prechecks)
		import_draft_left_out(question->draft, "cases of the precheck alone",
				      "tries before the submission are not graded");
	if (!question->kind->extra && some_case(question, "extra", ""))
		import_draft_left_out(question->draft, "extra of cases", "only templates use it");
	if (strpbrk(field(question, "penaltyregime"), "123456789"))
		import_draft_left_out(question->draft, "penaltyregime",
				      "tries before the submission cost nothing");
}

static int convert(struct question *question, struct err *err)
{
	AUTO_FREE char *title = import_naming_line(field(question, "name"));

	question->draft = import_call_draft(question->call, title, err);
	if (!question->draft)
		return -1;
	write_manifest(question, title);
	report_rest(question);
	if (write_statement(question, title, err) < 0 || write_answer(question, err) < 0 ||
	    write_files(question, err) < 0)
		return -1;
	return write_tests(question, err);
}

static int read_question(struct import_call *call, const char *file, const json_t *xml,
			 struct err *err)
{
	struct question question = { .call = call, .xml = xml,
				     .fields = json_object_get(xml, "fields") };
	AUTO_FREE char *what = buf_format("question '%s'", field(&question, "name"));
	AUTO_FREE char *why = NULL;

	if (!strcmp(json_str(xml, "type", ""), "category"))
		return 0;
	question.kind = coderunner_kind_find(field(&question, "coderunnertype"));
	question.compare = compare_mode(field(&question, "grader"));
	question.prechecks = drop_prechecks(&question);
	why = why_not(&question);
	if (why) {
		import_call_left_out(call, what, why);
		return 0;
	}
	if (convert(&question, err) < 0)
		return err_wrap(err, "%s:%d: %s", file, (int)json_int(xml, "line", 1), what);
	return 0;
}

static int run(struct import_call *call, struct err *err)
{
	AUTO(buf_release) struct buf text = BUF_INIT(0);
	AUTO_JSON json_t *questions = NULL;
	const char *file = xml_file(call->source);
	const json_t *question;
	size_t i;

	if (!file)
		return err_set(err, ERR_INPUT, "the package has no single .xml file");
	if (import_source_read(call->source, file, CODERUNNER_XML_MAX_BYTES, &text, err) < 0)
		return -1;
	questions = coderunner_xml_read(text.data, text.len, file, err);
	if (!questions)
		return -1;
	json_array_foreach(questions, i, question)
		if (read_question(call, file, question, err) < 0)
			return -1;
	return 0;
}

const struct import_format task_import_coderunner = { "coderunner", detect, run };
