/* command_check.c - see command_check.h */
#include "score/command_check.h"

#include <stddef.h>
#include <string.h>

static const char *const wrappers[] = { "time", "env", "nice", "npx", "command", NULL };
static const char *const runners[] = {
	"pytest", "py.test", "tox", "nox", "jest", "vitest", "mocha", "ctest", "bats", "prove",
	"rspec", "phpunit", NULL
};
static const char *const tools[] = {
	"npm", "yarn", "pnpm", "bun", "deno", "go", "cargo", "make", "mvn", "gradle", "gradlew",
	"bundle", "poetry", "uv", NULL
};
static const char *const verbs[] = { "test", "tests", "check", "run", "start", "exec", NULL };
static const char *const interpreters[] = {
	"python", "node", "tsx", "ts-node", "bash", "sh", "java", "ruby", "perl", "php", NULL
};
/* modules of python that run nothing of the work */
static const char *const modules[] = { "venv", "pip", "ensurepip", NULL };

struct word {
	const char *text;
	size_t len;
};

static bool is(struct word word, const char *text)
{
	return strlen(text) == word.len && !memcmp(word.text, text, word.len);
}

static bool is_any(struct word word, const char *const *words)
{
	while (*words && !is(word, *words))
		words++;
	return *words != NULL;
}

/* The next word of a command, which goes on; false at its end. */
static bool next_word(struct word *rest, struct word *ret)
{
	size_t len = 0;

	while (rest->len && strchr(" \t", *rest->text)) {
		rest->text++;
		rest->len--;
	}
	while (len < rest->len && !strchr(" \t", rest->text[len]))
		len++;
	*ret = (struct word){ rest->text, len };
	*rest = (struct word){ rest->text + len, rest->len - len };
	return len > 0;
}

/* "/usr/bin/python3.11" is python. */
static struct word name_of(struct word word)
{
	const char *slash = memrchr(word.text, '/', word.len);

	if (slash)
		word = (struct word){ slash + 1, word.len - (size_t)(slash + 1 - word.text) };
	while (word.len && strchr("0123456789.", word.text[word.len - 1]))
		word.len--;
	return word;
}

static bool has_program(struct word rest)
{
	struct word word, module;

	while (next_word(&rest, &word)) {
		if (is(word, "-c") || is(word, "-e"))
			return false;
		if (is(word, "-m"))
			return next_word(&rest, &module) && !is_any(module, modules);
		if (*word.text != '-' || is(word, "--test"))
			return true;
	}
	return false;
}

static bool is_check(struct word rest)
{
	struct word word, name;

	do {
		if (!next_word(&rest, &word))
			return false;
		name = name_of(word);
	} while (is_any(name, wrappers) || memchr(word.text, '=', word.len));
	if (is_any(name, runners) || (word.len > 2 && !memcmp(word.text, "./", 2)))
		return true;
	if (is_any(name, interpreters))
		return has_program(rest);
	if (!is_any(name, tools))
		return false;
	while (next_word(&rest, &word))
		if (is_any(word, verbs))
			return true;
	return false;
}

bool command_check(const char *line)
{
	while (*line) {
		size_t len = strcspn(line, ";&|");

		if (is_check((struct word){ line, len }))
			return true;
		line += len;
		line += strspn(line, ";&|");
	}
	return false;
}
