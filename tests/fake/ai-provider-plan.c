/* ai-provider-plan.c - what the words of a model name, or of a file, make the fake provider do */
#include "ai-provider-plan.h"
#include "base/auto.h"
#include "base/buf.h"
#include "base/fs.h"

#include <fcntl.h>
#include <string.h>

enum word_kind { WORD_FLAG, WORD_NUMBER, WORD_TEXT };

struct word {
	const char *name;
	enum word_kind kind;
	size_t at;
};

#define FLAG(name) { #name, WORD_FLAG, offsetof(struct plan, name) }
#define NUMBER(name) { #name, WORD_NUMBER, offsetof(struct plan, name) }
#define TEXT(name) { #name, WORD_TEXT, offsetof(struct plan, name) }

static const struct word words[] = {
	TEXT(say), TEXT(leak), TEXT(code), TEXT(judge), TEXT(obey), NUMBER(words), NUMBER(huge),
	NUMBER(cached), NUMBER(delay), NUMBER(slowhead), NUMBER(gap), NUMBER(status),
	NUMBER(retry), NUMBER(retryms), NUMBER(fail), FLAG(utf8), FLAG(endless), FLAG(think),
	FLAG(refusal), FLAG(max), FLAG(noretry), FLAG(html), FLAG(redirect), FLAG(stall),
	FLAG(cut), FLAG(error), FLAG(garble), FLAG(reset), FLAG(nousage), FLAG(nostop),
	FLAG(types), FLAG(unknown), FLAG(deep), FLAG(drip), FLAG(close), FLAG(crlf),
	FLAG(comments), FLAG(bom), FLAG(ping), FLAG(whole), FLAG(invent), FLAG(wordy),
	FLAG(half),
};

void plan_release(struct plan *plan)
{
	free(plan->say);
	free(plan->leak);
	free(plan->code);
	free(plan->judge);
	free(plan->obey);
	for (size_t i = 0; i < plan->call_count; i++)
		free(plan->calls[i].text);
}

static char *decode(const char *text)
{
	char *out = buf_strdup(text), *to = out;

	for (const char *from = out; *from; from++) {
		char hex[3] = { from[0] == '%' ? from[1] : 0, 0, 0 }, *end;
		long byte;

		if (hex[0])
			hex[1] = from[2];
		byte = strtol(hex, &end, 16);
		if (hex[0] && hex[1] && end == hex + 2) {
			*to++ = (char)byte;
			from += 2;
		} else {
			*to++ = *from;
		}
	}
	*to = '\0';
	return out;
}

static void add_call(struct plan *plan, enum plan_call_kind kind, const char *text, size_t parallel)
{
	if (plan->call_count < PLAN_CALLS_MAX)
		plan->calls[plan->call_count++] =
			(struct plan_call){ kind, decode(text), parallel };
}

static bool is_call(struct plan *plan, const char *name, const char *value)
{
	if (strcmp(name, "tool") == 0)
		add_call(plan, CALL_OFFERED, "", 1);
	else if (strcmp(name, "tools") == 0)
		add_call(plan, CALL_OFFERED, "", strtoul(value, NULL, 10));
	else if (strcmp(name, "bash") == 0)
		add_call(plan, CALL_BASH, value, 1);
	else if (strcmp(name, "write") == 0)
		add_call(plan, CALL_WRITE, value, 1);
	else if (strcmp(name, "call") == 0)
		add_call(plan, CALL_NAMED, value, 1);
	else
		return false;
	return true;
}

static void add_word(struct plan *plan, char *name)
{
	char *value = strchr(name, '-');

	if (value)
		*value++ = '\0';
	if (is_call(plan, name, value ? value : ""))
		return;
	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++) {
		char *at = (char *)plan + words[i].at;

		if (strcmp(words[i].name, name) != 0 || !value != (words[i].kind == WORD_FLAG))
			continue;
		if (words[i].kind == WORD_FLAG) {
			*(bool *)at = true;
		} else if (words[i].kind == WORD_NUMBER) {
			*(long *)at = strtol(value, NULL, 10);
		} else {
			free(*(char **)at);
			*(char **)at = decode(value);
		}
	}
}

static void add_words(struct plan *plan, const char *text)
{
	AUTO_FREE char *copy = buf_strdup(text);
	char *rest = copy, *word;

	while ((word = strsep(&rest, ".\n")))
		if (*word)
			add_word(plan, word);
}

void plan_add_model(struct plan *plan, const char *model)
{
	const char *dot = strchr(model, '.');

	if (dot)
		add_words(plan, dot);
}

void plan_add_file(struct plan *plan, const char *path)
{
	AUTO(buf_release) struct buf text = BUF_INIT(65536);
	struct err err = ERR_INIT;

	if (fs_read(AT_FDCWD, path, text.limit, &text, &err) == 0)
		add_words(plan, buf_str(&text));
}
