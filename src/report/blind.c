/* blind.c - see blind.h */
#include "report/blind.h"

#include "base/auto.h"
#include "base/buf.h"
#include "base/utf8.h"

#include <ctype.h>
#include <locale.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>
#include <wctype.h>

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
	locale_t letters;	/* of all scripts, whatever the user's locale is */
};

/* --- characters */

struct range {
	uint32_t first, last;
};

static bool is_in(const struct range *ranges, uint32_t character)
{
	for (; ranges->last; ranges++)
		if (character >= ranges->first && character <= ranges->last)
			return true;
	return false;
}

/* Of scripts that put no blanks between words, or endings right behind a name: Thai, Lao, Burmese,
 * Khmer, Japanese, Chinese, Korean. */
static bool is_spaceless(uint32_t character)
{
	static const struct range ranges[] = {
		{ 0xe00, 0xeff }, { 0x1000, 0x109f }, { 0x1780, 0x17ff }, { 0x3005, 0x3007 },
		{ 0x3040, 0x30fa }, { 0x30fc, 0x30ff }, { 0x3400, 0x9fff }, { 0xac00, 0xd7a3 },
		{ 0xf900, 0xfaff }, { 0x20000, 0x3ffff }, { 0, 0 },
	};

	return is_in(ranges, character);
}

/* A letter or a digit. What is above ASCII is one, except marks, symbols and blanks. */
static bool is_letter(uint32_t character)
{
	static const struct range others[] = {
		{ 0x80, 0xa9 }, { 0xab, 0xb4 }, { 0xb6, 0xb9 }, { 0xbb, 0xbf }, { 0xd7, 0xd7 },
		{ 0xf7, 0xf7 }, { 0x2000, 0x2bff }, { 0x3000, 0x3004 }, { 0x3008, 0x303f },
		{ 0x30fb, 0x30fb }, { 0xff01, 0xff0f }, { 0xff1a, 0xff20 }, { 0xff3b, 0xff40 },
		{ 0xff5b, 0xff65 }, { 0, 0 },
	};

	return character < 0x80 ? isalnum((int)character) : !is_in(others, character);
}

/* A letter that is a part of the same word as those beside it. */
static bool in_word(uint32_t character)
{
	return is_letter(character) && !is_spaceless(character);
}

/* 0 at the end. */
static uint32_t character_at(const char *text, size_t len, size_t *ret_width)
{
	*ret_width = utf8_char(text, len);
	if (*ret_width)
		return utf8_decode(text, *ret_width);
	*ret_width = len ? 1 : 0;
	return len ? (unsigned char)*text : 0;
}

/* --- the words of a person */

/* Three bytes, of two characters at least: one alone is a word of many a language. */
static void add_word(struct blind *blind, const char *text, size_t len, bool any_case)
{
	if (len >= WORD_LEAST && utf8_char(text, len) < len && blind->count < WORDS_MAX)
		blind->words[blind->count++] = (struct blind_word){ text, len, any_case };
}

/* "Lovelace, Ada", "Jean-Luc O'Brien (Paris)": what is between the words is none of them. */
static void add_words(struct blind *blind, const char *name)
{
	size_t len = strlen(name), from = 0, at = 0, width;

	do {
		uint32_t character = character_at(name + at, len - at, &width);

		if (!is_letter(character)) {
			add_word(blind, name + from, at - from, false);
			from = at + width;
		}
		at += width;
	} while (width);
}

/* --- texts */

/* Length of the word that stands at the beginning of the text, or 0. */
static size_t match_word(const struct blind *blind, const struct blind_word *word,
			 const char *text, size_t len)
{
	size_t at = 0, i, step, width;
	uint32_t c = 0, next;

	for (i = 0; i < word->len; i += step) {
		uint32_t wanted = character_at(word->text + i, word->len - i, &step);

		c = character_at(text + at, len - at, &width);
		if (c != wanted && (!word->any_case || towlower_l(c, blind->letters) !=
						       towlower_l(wanted, blind->letters)))
			return 0;
		at += width;
	}
	next = character_at(text + at, len - at, &width);
	return in_word(c) && in_word(next) ? 0 : at;
}

/* Length of the word of the person that stands at the beginning of the text, or 0. */
static size_t match(const struct blind *blind, const char *text, size_t len)
{
	size_t found = 0;
	int i;

	for (i = 0; i < blind->count && !found; i++)
		found = match_word(blind, &blind->words[i], text, len);
	return found;
}

/* Yours; NULL when nothing is in it. */
static char *scrub_text(const struct blind *blind, const char *text)
{
	size_t len = strlen(text), at, step, kept = 0;
	struct buf out = BUF_INIT(SIZE_MAX);
	bool inside = false;	/* a word has begun before `at` */

	for (at = 0; at < len; at += step) {
		bool letter = in_word(character_at(text + at, len - at, &step));
		size_t found = inside && letter ? 0 : match(blind, text + at, len - at);

		inside = letter && !found;
		if (!found)
			continue;
		buf_add(&out, text + kept, at - kept);
		buf_add_str(&out, BLIND_MARK);
		step = found;
		kept = at + found;
	}
	if (!kept)
		return NULL;
	buf_add_str(&out, text + kept);
	return buf_take(&out);
}

/* Members that hold words of the house: a person may be called as one of them. What has a value is
 * named by the rubric. */
static bool is_of_house(const json_t *object, const char *key)
{
	static const char *const keys[] = { "schema", "kind", "actor", "level", "verdict", "unit",
					    "visibility", "status", "category", "subitem",
					    "subject", NULL };
	int i;

	for (i = 0; keys[i]; i++)
		if (!strcmp(key, keys[i]))
			return true;
	return !strcmp(key, "name") && json_object_get(object, "value");
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
			if (!is_of_house(value, key))
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
	struct blind blind = { .letters = newlocale(LC_CTYPE_MASK, "C.UTF-8", (locale_t)0) };

	if (!blind.letters)	/* then ASCII's alone */
		blind.letters = newlocale(LC_CTYPE_MASK, "C", (locale_t)0);
	add_word(&blind, email, strlen(email), true);
	add_account(&blind, email);
	add_word(&blind, name, strlen(name), true);
	add_words(&blind, name);
	scrub(&blind, value);
	freelocale(blind.letters);
}

char *blind_name(const char *assessment_id)
{
	return buf_format("candidate %.6s", assessment_id);
}
