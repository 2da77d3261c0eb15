/* facts_terms.c - see facts_terms.h */
#include "score/facts_terms.h"

#include "base/auto.h"
#include "score/wording.h"

#include <string.h>

static void add_term(void *arg, const char *word)
{
	struct facts_reader *reader = arg;
	struct facts *facts = &reader->facts;
	struct fact_term *term = FACTS_ADD(facts->terms, facts->term_count);
	size_t slot = wording_hash(word, strlen(word)) % TERM_SLOTS;

	*term = (struct fact_term){ .word = buf_strdup(word), .named = -1, .served = -1 };
	while (reader->term_slots[slot])
		slot = (slot + 1) % TERM_SLOTS;
	reader->term_slots[slot] = (uint8_t)facts->term_count;
}

void facts_terms_given(struct facts_reader *reader, const char *text, size_t len)
{
	size_t count;
	AUTO_FREE uint64_t *runs = wording_shingles(text, len, &count);

	for (size_t i = 0; i < count && reader->given.count < GIVEN_MOST; i++)
		number_map_place(&reader->given, runs[i], NULL);
}

void facts_terms_add(struct facts_reader *reader, const char *statement)
{
	facts_terms_given(reader, statement, strlen(statement));
	wording_terms(statement, TERMS_MOST, add_term, reader);
}

char *facts_terms_own(const struct facts_reader *reader, const char *text, size_t len)
{
	return wording_own(text, len, &reader->given);
}

/* NULL when the word is none. */
static struct fact_term *find(struct facts_reader *reader, const char *word, size_t len)
{
	size_t slot = wording_hash(word, len) % TERM_SLOTS;

	for (; reader->term_slots[slot]; slot = (slot + 1) % TERM_SLOTS) {
		struct fact_term *term = &reader->facts.terms[reader->term_slots[slot] - 1];

		if (strlen(term->word) == len && wording_same(term->word, word, len))
			return term;
	}
	return NULL;
}

void facts_terms_look(struct facts_reader *reader, const char *text, size_t len,
		      enum term_place place, int64_t seq)
{
	const char *word;
	size_t at = 0, word_len;

	while (reader->facts.term_count && wording_next(text, len, &at, &word, &word_len)) {
		struct fact_term *term = find(reader, word, word_len);

		if (!term)
			continue;
		if (place == TERM_STARTED)
			term->started = true;
		else if (place == TERM_NAMED && term->named < 0)
			term->named = seq;
		else if (place == TERM_SERVED && term->served < 0 && !term->started)
			term->served = seq;
	}
}
