/* facts_terms.h - the words of the statement, and where they stand (for facts_read) */
#ifndef TALI_FACTS_TERMS_H
#define TALI_FACTS_TERMS_H

#include "score/facts_internal.h"

enum term_place {
	TERM_STARTED,	/* in the starter's code */
	TERM_NAMED,	/* in a note, plan, prompt or test */
	TERM_SERVED	/* in code */
};

/* Makes terms of the words of a statement; once, at the beginning. It is a text that was given. */
void facts_terms_add(struct facts_reader *reader, const char *statement);

/* A text for people that the task gave the candidate. */
void facts_terms_given(struct facts_reader *reader, const char *text, size_t len);

/* A text of the candidate without what is said by those that were given: who pastes that has
 * neither a plan nor named a term. As wording_own; yours. */
char *facts_terms_own(const struct facts_reader *reader, const char *text, size_t len);

/* What event `seq` says, in that place. Costs the length of the text. */
void facts_terms_look(struct facts_reader *reader, const char *text, size_t len,
		      enum term_place place, int64_t seq);

#endif
