/* signal.h - a number computed from facts, grade and code, with the events it rests on
 *
 * A signal has a name that share/rubric/signals.json knows (signal_map.h). Its number is in
 * hundredths of the unit named there. `basis` is how much it rests on, in whatever the map's
 * "least" counts: below that it is not measured. */
#ifndef TALI_SIGNAL_H
#define TALI_SIGNAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct facts;
struct provenance;
struct grade;
struct code_metrics;

#define SIGNAL_EVENTS 12	/* most that one cites */
#define SIGNAL_MOST 64		/* most there are */

enum signal_no {
	SIGNAL_YES,		/* measured, if the basis is enough */
	SIGNAL_NO_RECORD,	/* there is no journal */
	SIGNAL_NO_AI,		/* the task allows no assistant */
	SIGNAL_NO_PROMPT,	/* nobody was asked */
	SIGNAL_NO_TESTS,	/* nothing to earn points with */
	SIGNAL_NO_CODE,		/* none in a language that is read */
	SIGNAL_CODE_LEFT_OUT,	/* none but what is too large to be read */
	SIGNAL_NOES
};

struct signal {
	const char *name;	/* borrowed for good */
	enum signal_no no;
	int64_t number, basis;
	int64_t part, whole;	/* for the sentence: "{a} of {b}" */
	int64_t events[SIGNAL_EVENTS];
	size_t event_count;
};

/* What signals are computed from; all borrowed. */
struct signal_evidence {
	const struct facts *facts;		/* NULL without a journal */
	const struct provenance *provenance;	/* there when facts are */
	const struct grade *grade;
	const struct code_metrics *code;	/* NULL when no code is read */
	bool code_left_out;			/* some is too large to be read */
	bool ai_off;				/* the task allows no assistant */
	int64_t token_budget;			/* of the task; 0: it sets none */
	int64_t limit_ms;			/* the time there was; 0: nobody said */
};

struct signals {
	struct signal list[SIGNAL_MOST];
	size_t count;
};

/* Adds one that is zero but for its name; yours to fill. */
struct signal *signal_add(struct signals *signals, const char *name);
/* Adds an event to those cited; rising and each once, as long as there is room. */
void signal_cite(struct signal *signal, int64_t seq);
/* NULL when there is none. */
const struct signal *signal_find(const struct signals *signals, const char *name);

/* part * 100 % of whole in hundredths of a percent, rounded half up; sets part, whole, number. 0 of
 * 0 is 0. */
void signal_share(struct signal *signal, int64_t part, int64_t whole);

#endif
