/* facts.h - what happened in a session, as plain data: the journal, read once (facts_read.h)
 *
 * Facts end with the event `submit`: what came later (scores, remarks) is no part of the work.
 * Numbers of events are those of the journal; instants are milliseconds since the epoch; sizes are
 * bytes of UTF-8. All lists are in the order of the journal. Texts end in NUL, may hold anything
 * else, and are cut at FACTS_TEXT. */
#ifndef TALI_FACTS_H
#define TALI_FACTS_H

#include "score/path_kind.h"
#include "score/time_split.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define FACTS_TEXT (256u << 10)		/* bytes kept of one prompt, answer or note */
#define FACTS_MOST 100000		/* of a list other than changes; what is more is not kept */
#define FACTS_LARGE 400			/* bytes of code that make "the first larger change" */

enum fact_origin {
	FACT_TYPED,
	FACT_MOVED,		/* pasted, copied within the work */
	FACT_AI_PASTED,		/* pasted out of an answer, by its text or by what the page says */
	FACT_AI_APPLIED,	/* put there by the assistant's page or its tools */
	FACT_OUTSIDE,		/* pasted from elsewhere, or nobody knows from where */
	FACT_SAVED,		/* found changed on disk: by an own editor, or a program */
	FACT_MADE,		/* by a run, on record in the same moment */
	FACT_STARTER,
	FACT_ORIGINS
};

/* "typed", "moved", ... as in tali.score/1; borrowed for good. */
const char *facts_origin_name(enum fact_origin origin);

struct fact_path {
	char *path;
	enum path_kind kind;
};

/* Bytes that were put into one file one after the other, without anything else between: one
 * stretch of typing, one paste, or what one save brought. */
struct fact_change {
	int64_t seq, last_seq;
	int64_t instant, last_instant;
	uint32_t path;		/* index into paths */
	uint32_t added, removed;
	enum fact_origin origin;
	int64_t exchange;	/* whose answer has what was pasted; -1: not known, or no paste */
};

/* A run, the visible tests, or a command in a terminal that runs either. */
struct fact_check {
	int64_t seq, instant;
	bool is_test, passed;	/* a run passes with verdict ok and exit status 0 */
	bool reported;		/* a run on the candidate's machine, which alone says how it ended:
				   it passed only as far as that goes, and is no proof */
	bool by_hand;		/* in a terminal: reported by nobody, so it never passed; is_test
				   is false, whichever it was */
	uint32_t cases_passed, cases;	/* of tests */
	size_t changes;		/* how many changes there were before it */
};

/* A prompt of the candidate and what came of it. Requests of a program in between (results of
 * tools, titles, tries again) are no prompts; what they used is in `facts` alone. */
struct fact_exchange {
	int64_t seq, instant;
	int64_t answer_seq, answer_instant;	/* the last answer; -1 when none came */
	char *prompt, *answer;			/* answer "" when none came */
	size_t prompt_len, answer_len;
	char *conversation;
	uint32_t tools;		/* uses of tools up to the next prompt */
	size_t changes, checks;	/* how many there were before it */
};

struct fact_note {
	int64_t seq, instant;
	char *text;
};

struct fact_paste {
	int64_t seq, instant;
	uint32_t size;
	enum fact_origin origin;	/* moved, ai_pasted or outside */
};

/* A file was opened, shown, or left alone for another. */
struct fact_look {
	int64_t seq, instant;
	uint32_t path;
	bool statement;		/* README.md at the top */
};

/* A line that was typed into a terminal, up to its return. */
struct fact_command {
	int64_t seq, instant;
	char *text;
};

struct fact_focus {
	int64_t seq, instant;
	bool away;		/* blur or hidden */
};

/* A word of the statement that the work should be about. */
struct fact_term {
	char *word;
	int64_t named, served;	/* event that first had it in a note, plan, prompt or test; in code;
				   -1: none. What the starter has is never served. */
	bool started;		/* stands in the starter's code */
};

struct facts {
	int64_t started, ended;		/* of the work; equal when nothing says more */
	int64_t events;			/* up to and with `submit` */
	bool automatic;			/* time was up */

	struct fact_path *paths;
	struct fact_change *changes;
	struct fact_check *checks;
	struct fact_exchange *exchanges;
	struct fact_note *notes;
	struct fact_paste *pastes;
	struct fact_look *looks;
	struct fact_command *commands;
	struct fact_focus *focus;
	struct fact_term *terms;
	char **models;			/* names, each once, in order of use */
	size_t path_count, change_count, check_count, exchange_count, note_count, paste_count,
		look_count, command_count, focus_count, term_count, model_count;

	/* The first moment with FACTS_LARGE bytes of code put in: the number of that event, or -1;
	 * and the longest list written before: how many lines, in which event, or -1. */
	int64_t large_seq;
	uint32_t plan_items;
	int64_t plan_seq;

	/* The first estimate: its event, or -1; minutes; and the time that was spent before. */
	int64_t estimate_seq, estimate_minutes, estimate_total_ms, estimate_instant;

	/* The first change: its event, or -1; time spent before; whether it is on record as it
	 * happened, and was not only found by a snapshot. */
	int64_t first_change_seq, first_change_ms;
	bool first_change_seen;

	uint64_t put[FACT_ORIGINS];	/* bytes put in, also those that were removed later */
	uint64_t found;			/* of these, found by snapshots: nobody knows when */
	int64_t input_tokens, output_tokens, cost_microusd;
	uint32_t tools;			/* uses of tools by the assistant */
	struct time_split time;
};

#define FACTS_INIT { .large_seq = -1, .plan_seq = -1, .estimate_seq = -1, .first_change_seq = -1 }
void facts_release(struct facts *facts);

/* Whether at least half of the work is on record as it happened, in the page or a recorded shell.
 * Else the candidate worked in an editor of their own, and pauses say nothing. */
bool facts_seen(const struct facts *facts);
/* The time it took, from `instant` on, up to which `before` was spent: pauses cut where the work
 * was seen, else by the clock. */
int64_t facts_took(const struct facts *facts, int64_t instant, int64_t before);

/* Whether a change of the candidate is one that a run or test can look at: code and tests, and no
 * text for people. */
bool facts_can_check(const struct facts *facts, const struct fact_change *change);

/* The change that event `seq` is part of, or NULL; the first of several. */
const struct fact_change *facts_change_of(const struct facts *facts, int64_t seq);
/* The same for what was pasted (moved, ai_pasted, outside). */
const struct fact_change *facts_paste_of(const struct facts *facts, int64_t seq);

/* The last prompt before event `seq`: an index into exchanges, or -1. */
int64_t facts_exchange_before(const struct facts *facts, int64_t seq);

#endif
