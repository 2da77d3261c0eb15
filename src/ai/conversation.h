/* conversation.h - which earlier exchange a request continues, what in it is new, and whether the
 * history that it tells is the one on the record
 *
 * Clients send all of a conversation each time. The book of an assessment keeps, of each thread of
 * talk, a short hash of every block that was asked and answered (compared as ai_blocks.h has it);
 * then an earlier request and its answer are a beginning of the next. Threads that part (a message
 * is asked again in other words) are threads of one conversation. A book belongs to one thread of
 * the process at a time. */
#ifndef TALI_CONVERSATION_H
#define TALI_CONVERSATION_H

#include "ai/ai_answer.h"
#include "ai/ai_request.h"

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Beyond it, or beyond half a million hashes, what was used least lately is forgotten. */
#define CONVERSATION_THREADS_MAX 512

struct conversation_book;

struct conversation_book *conversation_book_new(void);
void conversation_book_free(struct conversation_book **book);

struct conversation_place {
	char *id;		/* of the conversation that it continues; NULL: a new one */
	json_t *added;		/* [{role, block}]: what is not on the record yet */
	bool repeat;		/* all of it was asked before, as by a client that tries again */
	bool forged;		/* it has words of the assistant that the record does not have */
	int64_t input_bound;	/* input tokens it has at most; -1: nothing better than its bytes */
	struct conversation_told *told;	/* hashes of the request, for conversation_asked */
};

#define CONVERSATION_PLACE_INIT { .input_bound = -1 }
void conversation_place_release(struct conversation_place *place);

/* Finds the place of a request; the book stays as it is. */
void conversation_find(const struct conversation_book *book, const struct ai_request *request,
		       struct conversation_place *ret);

/* Notes that the exchange of this place was begun; `id` is the place's, or that of a new
 * conversation. The place has no more hashes afterwards: once for each place. */
void conversation_asked(struct conversation_book *book, const char *id, const char *exchange,
			struct conversation_place *place);

/* Notes how it ended. An exchange that is not known is passed over. */
void conversation_answered(struct conversation_book *book, const char *exchange,
			   const struct ai_answer *answer);

/* Notes an exchange of the journal, in its order: the messages that were new, and the blocks of the
 * answer (NULL: none). */
void conversation_recall(struct conversation_book *book, const char *id, const json_t *added,
			 const json_t *answer, bool complete);

#endif
