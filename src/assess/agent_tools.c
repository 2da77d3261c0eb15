/* agent_tools.c - see agent_tools.h */
#include "assess/agent_tools.h"

#include "base/auto.h"
#include "base/json.h"
#include "base/schema.h"
#include "base/share.h"
#include "base/utf8.h"
#include "grade/grade_text.h"
#include "journal/event_list.h"
#include "store/assessment.h"

#include <inttypes.h>
#include <pthread.h>
#include <string.h>

#define INLINE_MAX 2048		/* bytes of a text that stand in the event itself */
#define NAME_MAX_BYTES 64	/* of a tool's name that is told */
#define ID_MAX_BYTES 256	/* of a call's */
#define OVER "The session is over."
#define NOTE_MOST 256		/* bytes of a line about a result */

/* --- what a model is told */

static json_t *tools;

static void read_tools(void)
{
	const struct share_file *file = share_find("agent-tools.json");
	struct err err = ERR_INIT;

	tools = file ? json_parse(file->data, file->size, file->name, &err) : NULL;
}

static const json_t *list_tools(void)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;

	pthread_once(&once, read_tools);
	return tools;
}

/* --- one call */

struct use {
	const struct assistant_call *call;
	struct store *store;
	struct buf out;			/* clean text that the model gets */
};

static void say(struct use *use, const char *format, ...) __attribute__((format(printf, 2, 3)));

static void say(struct use *use, const char *format, ...)
{
	char line[NOTE_MOST + 1100];	/* a path may be in it */
	va_list args;

	va_start(args, format);
	vsnprintf(line, sizeof(line), format, args);
	va_end(args);
	buf_add_str(&use->out, line);
}

static const char *path_of(const struct use *use)
{
	return json_str(use->call->input, "path", "");
}

/* --- looking */

static int list_files(struct use *use, struct err *err)
{
	struct workbench *bench = use->call->bench;
	AUTO(output_keep_release) struct output_keep keep = { .total = 0 };
	AUTO_JSON json_t *files = json_array();
	AUTO_FREE char *text = NULL;
	const json_t *file;
	size_t i;

	if (bench->ops->list(bench, use->store, files, err) < 0)
		return -1;
	json_array_foreach(files, i, file) {
		AUTO_FREE char *line =
			buf_format("%s (%" JSON_INTEGER_FORMAT ")\n", json_str(file, "path", ""),
				   json_int(file, "size", 0));

		output_keep_add(&keep, line, strlen(line));
	}
	say(use, "%zu files, with their bytes:\n", json_array_size(files));
	text = output_keep_text(&keep, AGENT_TOOLS_TEXT_MAX - NOTE_MOST);
	buf_add_str(&use->out, text ? text : "");
	return 0;
}

static bool is_text(const struct buf *bytes)
{
	return utf8_valid(buf_str(bytes), bytes->len) && !memchr(buf_str(bytes), 0, bytes->len);
}

/* Whole lines from `at` on, or the beginning of one that is longer; moves `at` behind them and
 * gives their number. */
static int64_t add_lines(struct use *use, const struct buf *bytes, size_t *at)
{
	size_t room = AGENT_TOOLS_TEXT_MAX - NOTE_MOST;
	int64_t lines = 0;

	while (*at < bytes->len) {
		const char *line = bytes->data + *at;
		const char *end = memchr(line, '\n', bytes->len - *at);
		size_t len = end ? (size_t)(end + 1 - line) : bytes->len - *at, shown = len;

		if (shown > room && lines)
			break;
		for (shown = shown > room ? room : shown; shown < len && utf8_inside(line[shown]);)
			shown--;
		buf_add(&use->out, line, shown);
		*at += len;
		lines++;
		room -= shown;
		if (shown < len)
			break;
	}
	return lines;
}

static size_t skip_lines(const struct buf *bytes, int64_t lines)
{
	const char *from = buf_str(bytes), *end = from + bytes->len;

	for (; lines > 0 && from < end; lines--) {
		const char *found = memchr(from, '\n', (size_t)(end - from));

		from = found ? found + 1 : end;
	}
	return (size_t)(from - buf_str(bytes));
}

/* What was cut off may be the middle of a character. */
static void cut_whole(struct buf *bytes)
{
	size_t len = bytes->len;

	while (len && utf8_inside(bytes->data[len - 1]))
		len--;
	if (len && (unsigned char)bytes->data[len - 1] >= 0xc0)
		bytes->len = len - 1;
}

static int read_file(struct use *use, struct err *err)
{
	struct workbench *bench = use->call->bench;
	AUTO(buf_release) struct buf bytes = BUF_INIT(AGENT_TOOLS_READ_MAX);
	int64_t first = json_int(use->call->input, "first_line", 1), lines;
	bool more = false;
	size_t at;

	if (bench->ops->read(bench, use->store, path_of(use), &bytes, &more, err) < 0)
		return -1;
	if (more)
		cut_whole(&bytes);
	if (!is_text(&bytes))
		return err_set(err, ERR_INPUT, "'%s' is no text in UTF-8", path_of(use));
	at = skip_lines(&bytes, first - 1);
	if (at == bytes.len && (first > 1 || !bytes.len)) {
		say(use, first > 1 ? "[there are fewer lines]" : "[the file is empty]");
		return 0;
	}
	lines = add_lines(use, &bytes, &at);
	if (at < bytes.len)
		say(use, "\n[there is more: go on with first_line %" PRId64 "]", first + lines);
	else if (more)
		say(use, "\n[there is more that cannot be read: the file is very large]");
	return 0;
}

/* --- changing */

static int write_file(struct use *use, struct err *err)
{
	struct workbench *bench = use->call->bench;
	const json_t *content = json_object_get(use->call->input, "content");
	size_t len = json_string_length(content);

	if (len > AGENT_TOOLS_WRITE_MAX)
		return err_set(err, ERR_INPUT, "the content is larger than %zu bytes",
			       AGENT_TOOLS_WRITE_MAX);
	if (bench->ops->write(bench, use->store, path_of(use), json_string_value(content), len,
			      err) < 0)
		return -1;
	say(use, "%s has %zu bytes now.", path_of(use), len);
	return 0;
}

/* --- running */

static void say_output(struct use *use, const struct workbench_run *run)
{
	AUTO_FREE char *text = output_keep_text(&run->output, AGENT_TOOLS_TEXT_MAX - NOTE_MOST);

	buf_add_str(&use->out, text ? text : "");
}

static int run_tests(struct use *use, struct err *err)
{
	struct workbench *bench = use->call->bench;
	AUTO(workbench_run_release) struct workbench_run run = WORKBENCH_RUN_INIT;

	if (bench->ops->test(bench, use->store, &run, err) < 0)
		return -1;
	say(use, "%" PRId64 " of %" PRId64 " passed (%s)\n", run.passed, run.total, run.verdict);
	say_output(use, &run);
	return 0;
}

static void say_end(struct use *use, const struct workbench_run *run)
{
	if (strcmp(run->verdict, "ok") != 0 && strcmp(run->verdict, "runtime_error") != 0)
		say(use, "It was ended: %s", run->verdict);
	else if (run->signal)
		say(use, "A signal ended it: %d", run->signal);
	else
		say(use, "Exit status %d", run->exit_status);
	say(use, ", %" PRId64 " ms.", run->wall_ms);
	if (run->left)
		say(use, " Some files that it made are not kept: too many, too large, or changed "
			 "by the candidate meanwhile.");
	say(use, "\n");
}

static int execute_bash(struct use *use, struct err *err)
{
	struct workbench *bench = use->call->bench;
	const char *command = json_str(use->call->input, "command", "");
	AUTO(workbench_run_release) struct workbench_run run = WORKBENCH_RUN_INIT;

	if (bench->ops->execute(bench, use->store, command, AGENT_TOOLS_WALL_MS, &run, err) < 0)
		return -1;
	say_end(use, &run);
	say_output(use, &run);
	return 0;
}

/* --- checking */

static const struct {
	const char *name;
	int (*use)(struct use *use, struct err *err);
} table[] = {
	{ "list_files", list_files }, { "read_file", read_file }, { "write_file", write_file },
	{ "run_tests", run_tests },   { "execute_bash", execute_bash },
};

static const json_t *find_schema(const char *name)
{
	const json_t *tool;
	size_t i;

	json_array_foreach(list_tools(), i, tool)
		if (strcmp(json_str(tool, "name", ""), name) == 0)
			return json_object_get(tool, "schema");
	return NULL;
}

/* Texts with a NUL are none to the system, which would see another path or command. */
static int check_texts(const json_t *input, struct err *err)
{
	const char *name;
	json_t *value;

	json_object_foreach((json_t *)input, name, value)
		if (json_is_string(value) &&
		    strlen(json_string_value(value)) != json_string_length(value))
			return err_set(err, ERR_INPUT, "/%s: there is a NUL in it", name);
	return 0;
}

static int check_input(const json_t *schema, const json_t *input, struct err *err)
{
	struct schema_fault fault;

	if (!json_is_object(input))
		return err_set(err, ERR_INPUT, "the input is no JSON object");
	if (schema_check(schema, input, &fault, 1) > 0)
		return err_set(err, ERR_INPUT, "%s: %s", fault.pointer, fault.text);
	return check_texts(input, err);
}

static int use_tool(struct use *use, struct err *err)
{
	const char *name = use->call->tool;
	const json_t *schema = find_schema(name);

	if (!schema)
		return err_set(err, ERR_INPUT, "there is no such tool: there are list_files, "
			       "read_file, write_file, run_tests and execute_bash");
	if (check_input(schema, use->call->input, err) < 0)
		return -1;
	for (size_t i = 0; i < sizeof(table) / sizeof(*table); i++)
		if (strcmp(table[i].name, name) == 0)
			return table[i].use(use, err);
	return err_set(err, ERR_ENV, "this tool cannot be used");
}

/* What the model, and the candidate, read when it was not done. */
static char *failure(const struct err *why)
{
	char *text = grade_text_clean(why->text, strlen(why->text), sizeof(why->text));

	return text ? text : buf_strdup("It could not be done.");
}

void agent_tools_use(const struct assistant_call *call, struct store *store,
		     struct assistant_result *ret)
{
	struct use use = { call, store, BUF_INIT(AGENT_TOOLS_TEXT_MAX) };
	struct err err = ERR_INIT;

	ret->ok = use_tool(&use, &err) == 0;
	ret->text = ret->ok ? buf_take(&use.out) : failure(&err);
	buf_release(&use.out);
}

/* --- the record */

static json_t *text_value(struct event_list *list, const char *text)
{
	size_t len = strlen(text);
	json_t *value = len <= INLINE_MAX ? json_string(text) : NULL;

	return value ? value : event_list_payload(list, text, len);
}

/* Foreign words, short and harmless. */
static json_t *shown(const char *text, size_t most)
{
	AUTO(buf_release) struct buf out = BUF_INIT(4 * most);

	grade_text_show(&out, text, strlen(text), most);
	return json_string(buf_str(&out));
}

static int record(const struct assistant_call *call, const struct assistant_result *result,
		  int64_t wall_ms, struct err *err)
{
	AUTO(event_list_release) struct event_list list = EVENT_LIST_INIT;
	AUTO_FREE char *input = json_dumps(call->input, JSON_COMPACT | JSON_ENCODE_ANY);
	json_t *data = json_pack("{s:s, s:s, s:o, s:o, s:o, s:o, s:b, s:I}", "conversation",
				 call->conversation, "exchange", call->exchange, "call",
				 shown(call->id, ID_MAX_BYTES), "tool",
				 shown(call->tool, NAME_MAX_BYTES), "arguments",
				 text_value(&list, input ? input : "null"), "result",
				 text_value(&list, result->text), "ok", result->ok, "wall_ms",
				 (json_int_t)wall_ms);

	if (!result->ok && atomic_load(&call->bench->stopped))
		json_object_set_new(data, "stopped", json_true());
	if (event_list_add(&list, "ai", "ai_tool", data, 0, err) < 0)
		return -1;
	return journal_writer_append(call->writer, call->assessment_id, &list, NULL, err);
}

static bool is_over(const struct assistant_call *call, struct store *store)
{
	AUTO(assessment_release) struct assessment now = ASSESSMENT_INIT;
	struct err ignored = ERR_INIT;

	return assessment_get(store, call->assessment_id, &now, &ignored) < 0 ||
	       now.status != STATUS_ACTIVE || store_now(store) >= now.deadline;
}

static char *unrecorded(const struct err *why)
{
	return buf_strdup(why->code == ERR_STATE
				  ? OVER
				  : "It could not be recorded, and is not told therefore.");
}

static void run_tool(const struct assistant_call *call, struct store *store,
		     struct assistant_result *ret)
{
	int64_t begin = store_now(store);
	struct err err = ERR_INIT;

	if (is_over(call, store)) {
		*ret = (struct assistant_result){ buf_strdup(OVER), false };
		return;
	}
	agent_tools_use(call, store, ret);
	if (record(call, ret, store_now(store) - begin, &err) == 0)
		return;
	free(ret->text);
	*ret = (struct assistant_result){ unrecorded(&err), false };
}

const struct assistant_tools agent_tools = { .list = list_tools, .run = run_tool };
