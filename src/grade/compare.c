/* compare.c - says whether an output is the answer, and if not, where it first differs */
#include "grade/compare.h"

#include "base/auto.h"
#include "grade/grade_text.h"

#include <float.h>
#include <locale.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SHOWN_MAX 80   /* bytes shown of either side */
#define NUMBER_MAX 400 /* longer digits are not a number anybody meant */

struct token {
	const char *data; /* NULL at the end of the text */
	size_t len;
};

struct scanner {
	const char *at, *end;
	size_t line;
};

static bool is_space(char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

static struct token next_token(struct scanner *scanner)
{
	struct token token = { NULL, 0 };

	while (scanner->at < scanner->end && is_space(*scanner->at)) {
		if (*scanner->at == '\n')
			scanner->line++;
		scanner->at++;
	}
	if (scanner->at == scanner->end)
		return token;

	token.data = scanner->at;
	while (scanner->at < scanner->end && !is_space(*scanner->at))
		scanner->at++;
	token.len = (size_t)(scanner->at - token.data);

	return token;
}

static void show_token(struct buf *out, struct token token)
{
	if (!token.data) {
		buf_add_str(out, "the end");
		return;
	}
	buf_add_byte(out, '\'');
	grade_text_show(out, token.data, token.len, SHOWN_MAX);
	buf_add_byte(out, '\'');
}

static void say(char message[COMPARE_MESSAGE_SIZE], size_t line, struct token expected,
		struct token got)
{
	AUTO(buf_release) struct buf out = BUF_INIT(COMPARE_MESSAGE_SIZE - 1);

	buf_add_format(&out, "line %zu: expected ", line);
	show_token(&out, expected);
	buf_add_str(&out, ", got ");
	show_token(&out, got);
	memcpy(message, buf_str(&out), out.len + 1);
}

/* The part of the line that begins at `at`, a little before it where there is something, so
 * that a difference far to the right can be seen. */
static struct token line_around(const char *text, size_t len, size_t at)
{
	size_t from = at, to = at;

	if (at == len && (len == 0 || text[len - 1] == '\n'))
		return (struct token){ NULL, 0 };
	while (from > 0 && text[from - 1] != '\n' && at - from < SHOWN_MAX / 2)
		from--;
	while (from < at && ((unsigned char)text[from] & 0xc0) == 0x80)
		from++;
	while (to < len && text[to] != '\n' && to - from <= SHOWN_MAX)
		to++;

	return (struct token){ text + from, to - from };
}

bool compare_exact(const struct compare_pair *pair, char message[COMPARE_MESSAGE_SIZE])
{
	size_t shorter = pair->output_len < pair->answer_len ? pair->output_len : pair->answer_len;
	size_t at = 0, line = 1;
	struct token expected, got;

	while (at < shorter && pair->output[at] == pair->answer[at]) {
		if (pair->output[at] == '\n')
			line++;
		at++;
	}
	if (at == pair->output_len && at == pair->answer_len)
		return true;

	expected = line_around(pair->answer, pair->answer_len, at);
	got = line_around(pair->output, pair->output_len, at);
	if (expected.data && got.data && expected.len == got.len &&
	    !memcmp(expected.data, got.data, got.len)) {
		snprintf(message, COMPARE_MESSAGE_SIZE,
			 "line %zu: expected %s line feed at the end", line,
			 at < pair->answer_len ? "a" : "no");
		return false;
	}
	say(message, line, expected, got);

	return false;
}

static const char *skip_digits(const char *at, const char *end)
{
	while (at < end && *at >= '0' && *at <= '9')
		at++;
	return at;
}

/* [+-] digits [. digits] [e [+-] digits], with at least one digit before the exponent. */
static bool is_decimal(struct token token)
{
	const char *at = token.data, *end = token.data + token.len, *digits;
	size_t count;

	if (at < end && (*at == '+' || *at == '-'))
		at++;
	digits = skip_digits(at, end);
	count = (size_t)(digits - at);
	at = digits;
	if (at < end && *at == '.') {
		digits = skip_digits(++at, end);
		count += (size_t)(digits - at);
		at = digits;
	}
	if (count == 0)
		return false;
	if (at < end && (*at == 'e' || *at == 'E')) {
		at++;
		if (at < end && (*at == '+' || *at == '-'))
			at++;
		digits = skip_digits(at, end);
		if (digits == at)
			return false;
		at = digits;
	}

	return at == end;
}

/* More precise than a double: by an absolute tolerance alone, large numbers may be wrong by less
 * than what a double can tell apart. Its range is that of a double. */
static bool read_number(struct token token, locale_t locale, long double *ret)
{
	char digits[NUMBER_MAX + 1];

	if (token.len > NUMBER_MAX || !is_decimal(token))
		return false;
	memcpy(digits, token.data, token.len);
	digits[token.len] = '\0';
	*ret = strtold_l(digits, NULL, locale);

	return isfinite((double)*ret);
}

/* What of two tokens that are not the same byte for byte may still be. */
struct leniency {
	locale_t locale; /* "C", whatever the process has set; 0: numbers are words */
	double rel, abs;
	bool any_case;	 /* of ASCII letters */
	bool same_space; /* white space has to be the same too */
};

static bool near_enough(long double expected, long double got, const struct leniency *leniency)
{
	/* of 1e-6 as it was written a double may be a little less */
	const long double whole = 1 + (long double)DBL_EPSILON;
	const long double distance = fabsl(got - expected);

	return distance <= whole * leniency->abs ||
	       distance <= whole * leniency->rel * fabsl(expected);
}

static char lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

static bool same_word(struct token answer, struct token output, bool any_case)
{
	if (answer.len != output.len)
		return false;
	if (!any_case)
		return !memcmp(answer.data, output.data, answer.len);
	for (size_t i = 0; i < answer.len; i++)
		if (lower(answer.data[i]) != lower(output.data[i]))
			return false;
	return true;
}

static bool same_token(struct token answer, struct token output, const struct leniency *leniency)
{
	long double expected, got;

	if (same_word(answer, output, leniency->any_case))
		return true;
	return leniency->locale && read_number(answer, leniency->locale, &expected) &&
	       read_number(output, leniency->locale, &got) && near_enough(expected, got, leniency);
}

/* Both stand before white space or at an end. */
static bool same_space(struct scanner answer, struct scanner output)
{
	while (answer.at < answer.end && is_space(*answer.at) && output.at < output.end &&
	       *output.at == *answer.at) {
		answer.at++;
		output.at++;
	}
	return !(answer.at < answer.end && is_space(*answer.at)) &&
	       !(output.at < output.end && is_space(*output.at));
}

static bool compare(const struct compare_pair *pair, const struct leniency *leniency,
		    char message[COMPARE_MESSAGE_SIZE])
{
	struct scanner output = { pair->output, pair->output + pair->output_len, 1 };
	struct scanner answer = { pair->answer, pair->answer + pair->answer_len, 1 };

	for (;;) {
		bool spaced = !leniency->same_space || same_space(answer, output);
		struct token expected = next_token(&answer);
		struct token got = next_token(&output);

		if ((expected.data != NULL) != (got.data != NULL) ||
		    (expected.data && !same_token(expected, got, leniency))) {
			say(message, output.line, expected, got);
			return false;
		}
		if (!spaced) {
			snprintf(message, COMPARE_MESSAGE_SIZE,
				 "line %zu: other white space than expected", output.line);
			return false;
		}
		if (!expected.data)
			return true;
	}
}

static locale_t new_locale(void)
{
	locale_t locale = newlocale(LC_NUMERIC_MASK, "C", (locale_t)0);

	if (!locale)
		abort();
	return locale;
}

bool compare_tokens(const struct compare_pair *pair, char message[COMPARE_MESSAGE_SIZE])
{
	struct leniency none = { 0 };

	return compare(pair, &none, message);
}

bool compare_float(const struct compare_pair *pair, double rel, double abs,
		   char message[COMPARE_MESSAGE_SIZE])
{
	struct leniency near = { .locale = new_locale(), .rel = rel, .abs = abs };
	bool same = compare(pair, &near, message);

	freelocale(near.locale);
	return same;
}

bool compare_kattis(const struct compare_pair *pair, const struct compare_kattis *rule,
		    char message[COMPARE_MESSAGE_SIZE])
{
	struct leniency leniency = {
		.locale = rule->has_tolerance ? new_locale() : (locale_t)0,
		.rel = rule->rel,
		.abs = rule->abs,
		.any_case = !rule->case_sensitive,
		.same_space = rule->space_sensitive,
	};
	bool same = compare(pair, &leniency, message);

	if (leniency.locale)
		freelocale(leniency.locale);
	return same;
}

bool compare_number(const char *text, size_t len, double *ret)
{
	locale_t locale = new_locale();
	long double value;
	bool is_number = read_number((struct token){ text, len }, locale, &value);

	if (is_number)
		*ret = (double)value;
	freelocale(locale);
	return is_number;
}
