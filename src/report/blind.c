/* blind.c - see blind.h */
#include "report/blind.h"

#include "base/auto.h"
#include "base/buf.h"

#include <ctype.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>
#include <strings.h>

#define WORDS_MAX 16
#define WORD_LEAST 3
#define ACCOUNT_LEAST 7

struct blind_word {
	const char *text;
	size_t len;
	bool any_case;
};

struct blind {
	struct blind_word words[WORDS_MAX];
	int count;
};

static void add_word(struct blind *blind, const char *text, size_t len, bool any_case)
{
	if (len >= WORD_LEAST && blind->count < WORDS_MAX)
		blind->words[blind->count++] = (struct blind_word){ text, len, any_case };
}

/* A letter of any script: bytes above ASCII are taken for parts of words. */
static bool in_word(char c)
{
	return isalnum((unsigned char)c) || (unsigned char)c >= 0x80;
}

/* Length of the word of the person that stands at `text` + `at`, or 0. */
static size_t match(const struct blind *blind, const char *text, size_t at)
{
	int i;

	if (at && in_word(text[at - 1]) && in_word(text[at]))
		return 0;
	for (i = 0; i < blind->count; i++) {
		const struct blind_word *word = &blind->words[i];
		bool same = word->any_case ? !strncasecmp(text + at, word->text, word->len)
					   : !strncmp(text + at, word->text, word->len);

		if (same && !(in_word(text[at + word->len]) && in_word(word->text[word->len - 1])))
			return word->len;
	}
	return 0;
}

/* Yours; NULL when nothing is in it. */
static char *scrub_text(const struct blind *blind, const char *text)
{
	struct buf out = BUF_INIT(SIZE_MAX);
	size_t at, len, kept = 0;

	for (at = 0; text[at]; at += len ? len : 1) {
		len = match(blind, text, at);
		if (!len)
			continue;
		buf_add(&out, text + kept, at - kept);
		buf_add_str(&out, BLIND_MARK);
		kept = at + len;
	}
	if (!kept)
		return NULL;
	buf_add_str(&out, text + kept);
	return buf_take(&out);
}

static void scrub(const struct blind *blind, json_t *value)
{
	json_t *member;
	const char *key;
	size_t i;

	if (json_is_string(value)) {
		AUTO_FREE char *text = scrub_text(blind, json_string_value(value));

		if (text)
			json_string_set_nocheck(value, text);
	} else if (json_is_array(value)) {
		json_array_foreach(value, i, member)
			scrub(blind, member);
	} else {
		json_object_foreach(value, key, member)
			scrub(blind, member);
	}
}

/* "ann" and "mark" are words too; "ann.example" and "annexample" stand in paths of home folders. */
static void add_account(struct blind *blind, const char *email)
{
	size_t len = strcspn(email, "@");

	if (len >= ACCOUNT_LEAST || strcspn(email, ".-_+0123456789") < len)
		add_word(blind, email, len, true);
}

void blind_scrub(json_t *value, const char *email, const char *name)
{
	struct blind blind = { .count = 0 };
	const char *at;

	add_word(&blind, email, strlen(email), true);
	add_account(&blind, email);
	add_word(&blind, name, strlen(name), true);
	for (at = name; *at; at += strspn(at, " \t")) {
		size_t len = strcspn(at, " \t");

		add_word(&blind, at, len, false);
		at += len;
	}
	scrub(&blind, value);
}

char *blind_name(const char *assessment_id)
{
	return buf_format("candidate %.6s", assessment_id);
}
