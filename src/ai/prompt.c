/* prompt.c - see prompt.h */
#include "ai/prompt.h"

#include "base/auto.h"
#include "base/buf.h"
#include "base/share.h"
#include "base/utf8.h"

#include <stdlib.h>
#include <string.h>

#define PROMPT_MAX ((size_t)1 << 20)

static void add_part(struct buf *out, const char *name)
{
	AUTO_FREE char *path = buf_format("prompts/%s.md", name);
	const struct share_file *file = share_find(path);

	if (!file)
		abort();
	if (out->len)
		buf_add_byte(out, '\n');
	buf_add(out, file->data, file->size);
}

char *prompt_planted(const char *planted)
{
	struct buf out = BUF_INIT(PROMPT_MAX);

	add_part(&out, "planted");
	buf_add_format(&out, "\n%s\n", planted);
	return buf_take(&out);
}

char *prompt_system(const struct prompt_config *config)
{
	struct buf out = BUF_INIT(PROMPT_MAX);
	size_t len = strnlen(config->statement, PROMPT_STATEMENT_MAX);

	add_part(&out, config->policy == AI_POLICY_GUARDED ? "guarded" : "full");
	add_part(&out, config->agent ? "agent" : "chat");
	if (config->planted) {
		AUTO_FREE char *planted = prompt_planted(config->planted);

		buf_add_byte(&out, '\n');
		buf_add_str(&out, planted);
	}
	add_part(&out, "data");
	while (len && config->statement[len] && utf8_inside(config->statement[len]))
		len--;
	buf_add_format(&out, "\n%s\n", config->mark);
	buf_add(&out, config->statement, len);
	buf_add_format(&out, "\n%s\n", config->mark);
	return buf_take(&out);
}

/* A path may have any character but control ones: none may end the tag. */
static void add_name(struct buf *out, const char *path)
{
	for (; *path; path++)
		buf_add_byte(out, *path == '"' || *path == '<' || *path == '>' ? '_' : *path);
}

char *prompt_file(const char *mark, const char *path, const char *text, size_t len, bool more)
{
	struct buf out = BUF_INIT(PROMPT_MAX);

	buf_add_str(&out, "<tali-file \"");
	add_name(&out, path);
	buf_add_format(&out, "\">\n%s\n", mark);
	buf_add(&out, text, len);
	buf_add_format(&out, "\n%s\n%s</tali-file>", mark, more ? "(it goes on)\n" : "");
	return buf_take(&out);
}
