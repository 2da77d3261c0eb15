/* toml.c - see toml.h */
#include "task/toml.h"

#include "base/auto.h"
#include "base/buf.h"
#include "base/json.h"
#include "sandbox/sandbox.h"

#include <string.h>

/* JSON has at most six bytes for one, and what stands around keys and values. */
#define ANSWER_MOST (16 << 20)
#define MESSAGE_MOST 200

/* Reads standard input and answers {"value": ...}, {"line": n, "fault": "..."} or {"missing": 1}.
 * json.dumps knows dates by `default`; of numbers it refuses what is not finite. */
static const char program[] =
	"import json, re, sys\n"
	"try:\n"
	"    import tomllib\n"
	"except ImportError:\n"
	"    print('{\"missing\": 1}')\n"
	"    sys.exit()\n"
	"def check(value):\n"
	"    todo = [(value, 1)]\n"
	"    while todo:\n"
	"        value, level = todo.pop()\n"
	"        if isinstance(value, int) and not -2**63 <= value < 2**63:\n"
	"            return 'has a number of more than 64 bits'\n"
	"        if not isinstance(value, (dict, list)):\n"
	"            continue\n"
	"        if level > int(sys.argv[1]):\n"
	"            return 'is nested too deep'\n"
	"        inner = value.values() if isinstance(value, dict) else value\n"
	"        todo.extend((one, level + 1) for one in inner)\n"
	"def answer():\n"
	"    try:\n"
	"        value = tomllib.loads(sys.stdin.buffer.read().decode())\n"
	"    except RecursionError:\n"
	"        return {'line': 0, 'fault': 'is nested too deep'}\n"
	"    except UnicodeDecodeError as fault:\n"
	"        line = fault.object.count(b'\\n', 0, fault.start) + 1\n"
	"        return {'line': line, 'fault': 'is not UTF-8'}\n"
	"    except ValueError as fault:\n"
	"        said = str(fault)\n"
	"        at = re.search(r' \\(at line (\\d+), column \\d+\\)$', said)\n"
	"        end = re.search(r' \\(at end of document\\)$', said)\n"
	"        line = int(at[1]) if at else -1 if end else 0\n"
	"        cut = at or end\n"
	"        return {'line': line, 'fault': said[:cut.start()] if cut else said}\n"
	"    fault = check(value)\n"
	"    return {'line': 0, 'fault': fault} if fault else {'value': value}\n"
	"try:\n"
	"    print(json.dumps(answer(), default=str, allow_nan=False))\n"
	"except ValueError:\n"
	"    print(json.dumps({'line': 0, 'fault': 'has a number that is not finite'}))\n";

static void take_output(void *arg, int stream, const void *data, size_t len)
{
	if (stream == 1)
		buf_add(arg, data, len);
}

static int run(struct sandbox *sandbox, bool allow_weak, int stdin_fd, struct buf *answer,
	       struct err *err)
{
	char depth[16];
	const char *const argv[] = { "python3", "-I", "-c", program, depth, NULL };
	struct plan plan = {
		.argv = argv, .stdin_fd = stdin_fd, .limits = plan_default_limits,
		.allow_weak = allow_weak,
	};
	struct sandbox_io io = { .arg = answer, .output = take_output };
	struct run_report report;
	char how[64];

	snprintf(depth, sizeof(depth), "%d", TOML_MAX_DEPTH);
	plan.limits.output = ANSWER_MOST;
	if (sandbox_run(sandbox, &plan, &io, &report, err) < 0)
		return err_wrap(err, "TOML is read in the sandbox");
	if (report.exit_status == 127)
		return err_set(err, ERR_ENV, "TOML is read by python3, which is not installed");
	if (report.verdict != VERDICT_OK)
		return err_set(err, ERR_INPUT, "python3 cannot read it: %s",
			       run_report_text(&report, how));
	return 0;
}

static int last_line(const char *text, size_t len)
{
	int line = 1;

	for (size_t i = 0; i + 1 < len; i++)
		line += text[i] == '\n';
	return line;
}

static int refuse(const json_t *answer, const char *text, size_t len, const char *name,
		  struct err *err)
{
	const char *fault = json_str(answer, "fault", "cannot be read");
	int line = (int)json_int(answer, "line", 0);

	if (line < 0)
		line = last_line(text, len);
	if (line)
		return err_set(err, ERR_INPUT, "%s:%d: %.*s", name, line, MESSAGE_MOST, fault);
	return err_set(err, ERR_INPUT, "%s: %.*s", name, MESSAGE_MOST, fault);
}

int toml_parse(struct sandbox *sandbox, bool allow_weak, const char *text, size_t len,
	       const char *name, json_t **ret, struct err *err)
{
	AUTO(buf_release) struct buf out = BUF_INIT(ANSWER_MOST);
	AUTO_JSON json_t *answer = NULL;
	AUTO_FD int stdin_fd = -1;
	json_t *value;

	if (len > TOML_MAX_BYTES)
		return err_set(err, ERR_INPUT, "%s: is larger than %d bytes", name, TOML_MAX_BYTES);
	stdin_fd = sandbox_stdin(text, len, err);
	if (stdin_fd < 0 || run(sandbox, allow_weak, stdin_fd, &out, err) < 0)
		return err_wrap(err, "%s", name);
	answer = json_parse(buf_str(&out), out.len, "its JSON", err);
	if (!answer)
		return err_wrap(err, "%s", name);
	if (json_object_get(answer, "missing"))
		return err_set(err, ERR_ENV, "%s: TOML is read by python3 of version 3.11 or newer",
			       name);
	value = json_object_get(answer, "value");
	if (!json_is_object(value))
		return refuse(answer, text, len, name, err);
	*ret = json_incref(value);
	return 0;
}
