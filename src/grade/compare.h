/* compare.h - says whether an output is the answer, and if not, where it first differs
 *
 * Exact: byte for byte. Tokens: what stands between white space (space, \t \n \v \f \r) must be
 * the same, in order. Float: as tokens, but two decimal numbers are also the same when |output
 * - answer| <= abs or <= rel * |answer|; what is not a finite decimal number ("nan", "0x1p3")
 * is compared by its bytes.
 *
 * Kattis: the default output validator of the problem package format 2025-09, section "Default
 * output validator specification". As tokens, and: the case of ASCII letters is all one unless it
 * matters; white space may have to be the same byte for byte; where a tolerance is said, a token of
 * the answer that is a decimal number wants a number that is near enough, in either way. */
#ifndef TALI_COMPARE_H
#define TALI_COMPARE_H

#include <stdbool.h>
#include <stddef.h>

#define COMPARE_MESSAGE_SIZE 256

struct compare_pair {
	const char *output;
	size_t output_len;
	const char *answer;
	size_t answer_len;
};

/* True when they are the same. Otherwise `message` is one printable line about the first
 * difference, e.g. "line 3: expected '12', got '13'"; the line is counted in the output. */
bool compare_exact(const struct compare_pair *pair, char message[COMPARE_MESSAGE_SIZE]);
bool compare_tokens(const struct compare_pair *pair, char message[COMPARE_MESSAGE_SIZE]);
bool compare_float(const struct compare_pair *pair, double rel, double abs,
		   char message[COMPARE_MESSAGE_SIZE]);

struct compare_kattis {
	bool case_sensitive, space_sensitive;
	bool has_tolerance;	/* one of the two is said; the other is 0 */
	double rel, abs;
};

bool compare_kattis(const struct compare_pair *pair, const struct compare_kattis *rule,
		    char message[COMPARE_MESSAGE_SIZE]);

/* A finite decimal number of at most 400 bytes: [+-] digits [. digits] [e [+-] digits], with a
 * digit before the exponent, and nothing else; in any locale. */
bool compare_number(const char *text, size_t len, double *ret);

#endif
