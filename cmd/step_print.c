/* step_print.c - see step_print.h */
#include "step_print.h"

#include "base/auto.h"
#include "base/buf.h"
#include "base/json.h"
#include "base/term.h"
#include "grade/grade_text.h"

#include <string.h>

#define SHOWN_MOST 100		/* bytes of what it is about */

/* The file or the command that it is about; of a tool that there is not, the whole input. */
static char *subject(const json_t *input)
{
	const char *text = json_str(input, "path", json_str(input, "command", NULL));

	if (text)
		return buf_strdup(text);
	return json_is_object(input) && !json_object_size(input)
		       ? buf_strdup("") : json_dumps(input, JSON_COMPACT | JSON_ENCODE_ANY);
}

void step_print_begin(FILE *out, const json_t *data)
{
	AUTO(buf_release) struct buf line = BUF_INIT(1024);
	AUTO_FREE char *about = subject(json_object_get(data, "input"));
	const char *tool = json_str(data, "tool", "");

	grade_text_show(&line, tool, strlen(tool), 40);
	if (about && *about) {
		buf_add_byte(&line, ' ');
		grade_text_show(&line, about, strlen(about), SHOWN_MOST);
	}
	fputs("  ", out);
	term_print(out, TERM_BOLD, buf_str(&line));
	putc('\n', out);
}

void step_print_end(FILE *out, const json_t *data)
{
	AUTO(buf_release) struct buf line = BUF_INIT(1024);
	const char *text = json_str(data, "text", "");
	bool ok = json_flag(data, "ok", false);

	buf_add_format(&line, "%s, %lld ms: ", ok ? "done" : "not done",
		       (long long)json_int(data, "ms", 0));
	grade_text_show(&line, text, strcspn(text, "\n"), SHOWN_MOST);
	fputs("    ", out);
	term_print(out, ok ? TERM_DIM : TERM_RED, buf_str(&line));
	putc('\n', out);
}
