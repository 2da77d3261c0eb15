/* fuzz_agent_tools.c - what a model wants of its tools: a name in the first line, an input in the
 * second (JSON, or the text itself), and what files and programs say in the rest
 *
 * Whatever it is, the bench gets whole texts within the limits, and the model a text that is UTF-8
 * and not too long. */
#include "assess/agent_tools.h"

#include "ai/ai_blocks.h"
#include "base/auto.h"
#include "base/utf8.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct said {
	struct workbench bench;
	const char *data;
	size_t len;
};

static void demand(bool holds)
{
	if (!holds)
		abort();
}

static void demand_text(const char *text, size_t most)
{
	demand(*text && strlen(text) <= 4 * most && utf8_valid(text, strlen(text)));
}

static int list(struct workbench *bench, struct store *store, json_t *files, struct err *err)
{
	(void)bench;
	(void)store;
	(void)err;
	json_array_append_new(files, json_pack("{s:s, s:i}", "path", "a", "size", 1));
	return 0;
}

static int read_file(struct workbench *bench, struct store *store, const char *path,
		     struct buf *out, bool *ret_more, struct err *err)
{
	const struct said *said = (const struct said *)bench;

	(void)store;
	(void)err;
	demand_text(path, 1024);
	buf_add(out, said->data, said->len);
	*ret_more = said->len % 2;
	return 0;
}

static int write_file(struct workbench *bench, struct store *store, const char *path,
		      const void *data, size_t len, struct err *err)
{
	(void)bench;
	(void)store;
	demand_text(path, 1024);
	demand(len <= AGENT_TOOLS_WRITE_MAX && utf8_valid(data, len) && !memchr(data, 0, len));
	return err_set(err, ERR_STATE, "%s", path);
}

static int test(struct workbench *bench, struct store *store, struct workbench_run *ret,
		struct err *err)
{
	const struct said *said = (const struct said *)bench;

	(void)store;
	(void)err;
	output_keep_add(&ret->output, said->data, said->len);
	return 0;
}

static int execute(struct workbench *bench, struct store *store, const char *command,
		   uint32_t wall_ms, struct workbench_run *ret, struct err *err)
{
	demand_text(command, 8192);
	demand(wall_ms == AGENT_TOOLS_WALL_MS);
	return test(bench, store, ret, err);
}

/* The line at *at, yours; moves behind it. */
static char *take_line(const char **at, size_t *left)
{
	const char *end = memchr(*at, '\n', *left);
	size_t len = end ? (size_t)(end - *at) : *left;
	char *line = buf_alloc(len + 1);

	if (len)
		memcpy(line, *at, len);
	*at += end ? len + 1 : len;
	*left -= end ? len + 1 : len;
	return line;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct workbench_ops ops = {
		.list = list, .read = read_file, .write = write_file, .test = test,
		.execute = execute,
	};
	const char *at = (const char *)data;
	AUTO_FREE char *tool = take_line(&at, &size);
	AUTO_FREE char *input = take_line(&at, &size);
	AUTO_JSON json_t *value = ai_blocks_input(input, strlen(input));
	struct said said = { .bench = { .ops = &ops }, .data = at, .len = size };
	const struct assistant_call call = { .id = "1", .tool = tool, .input = value,
					     .bench = &said.bench };
	struct assistant_result result = { NULL, false };

	agent_tools_use(&call, NULL, &result);
	demand(result.text && strlen(result.text) <= AGENT_TOOLS_TEXT_MAX);
	demand(utf8_valid(result.text, strlen(result.text)));
	free(result.text);
	return 0;
}
