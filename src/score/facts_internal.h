/* facts_internal.h - the body of a reader of facts, for the facts_* modules */
#ifndef TALI_FACTS_INTERNAL_H
#define TALI_FACTS_INTERNAL_H

#include "base/buf.h"
#include "score/facts_read.h"
#include "score/number_map.h"

#define ASIDES 32		/* requests of programs that are open at one time */
#define TERM_SLOTS 256
#define TERMS_MOST 40
#define GIVEN_MOST (1u << 18)	/* runs of words that are kept of what was given */
#define SEARCH_MOST (1u << 30)
#define COMMAND_MOST 512	/* bytes of a line in a terminal */

struct facts_reader {
	struct fold *fold;
	struct facts facts;
	bool ended;			/* `submit` was met */
	bool stretched;			/* the last change may grow */
	bool finding;			/* a snapshot is read */
	int64_t made_until, made_at;	/* event after which, and instant at which, a save is what
					   a run made; -1 */
	uint64_t code_put;		/* bytes of code so far */
	struct {			/* the last paste event, until its edit comes */
		bool waits;
		enum fact_origin origin;
		size_t index;		/* in pastes */
	} paste;
	char asides[ASIDES][72];	/* exchanges that are no prompts, a ring */
	size_t aside;
	struct number_map given;	/* runs of words of what was given (wording_shingles) */
	uint8_t term_slots[TERM_SLOTS];	/* 1 + index of a term, by its hash; 0: none */
	uint64_t search_left;		/* bytes of answers that may still be searched for pastes */
	struct buf line;		/* what was typed into a terminal since its last return */
	int escape;			/* inside an escape sequence: 1 after ESC, 2 after ESC [ */
	size_t back;			/* how many lines back its history was asked for */
	bool full_screen;		/* an editor or pager has the terminal: keys are no lines */
	unsigned switching;		/* bytes of the sequence that switches screens, so far */
};

/* Makes room for one more of a list and gives it, zeroed; NULL when there are FACTS_MOST. */
#define FACTS_ADD(list, count)                                                                     \
	((__typeof__(list))facts_read_more((void **)&(list), &(count), sizeof(*(list))))
void *facts_read_more(void **list, size_t *count, size_t size);

/* The index of a path, which is added if it is new. */
uint32_t facts_read_path(struct facts_reader *reader, const char *path);

/* The last change is complete: its file is looked at for terms and plans. */
int facts_read_close(struct facts_reader *reader, struct err *err);

/* A list of so many lines was written down. */
void facts_read_plan(struct facts_reader *reader, uint32_t items, int64_t seq);

/* A string of the data or its payload, at most FACTS_TEXT of it, as a text of yours. */
int facts_read_text(const struct facts_reader *reader, const json_t *value, char **ret,
		    size_t *ret_len, struct err *err);

#endif
