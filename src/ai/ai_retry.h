/* ai_retry.h - whether and when a call of tali's own is made again
 *
 * What passes through the gateway is never retried: clients do that themselves, and one layer is
 * enough. All times are milliseconds of one clock of the caller. */
#ifndef TALI_AI_RETRY_H
#define TALI_AI_RETRY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define AI_RETRY_TRIES 4		/* of one call, with the first */
#define AI_RETRY_AFTER_MAX 60000	/* a provider that wants more is asked after this */

enum ai_fault {
	AI_FAULT_STATUS,	/* an HTTP status that is no success */
	AI_FAULT_CONNECT,	/* no connection, or TLS was not agreed upon */
	AI_FAULT_CERTIFICATE,	/* the peer is not who it should be */
	AI_FAULT_TIMEOUT,	/* no answer in time */
	AI_FAULT_BROKEN		/* cut, stalled, or an error inside of the answer */
};

/* A try that failed. */
struct ai_retry {
	enum ai_fault fault;
	int status;			/* HTTP, of AI_FAULT_STATUS */
	const char *code;		/* the provider's word (ai_answer.h), or NULL */
	const char *retry_after;	/* the headers, or NULL */
	const char *retry_after_ms;
	int tries;			/* made so far, from 1 on */
	bool acted;			/* a tool was run by what this answer said */
	int64_t now;			/* also the time of day, for a date in retry_after */
	int64_t deadline;		/* of the whole call; no try begins behind it */
	uint32_t random;		/* any number: spreads those who wait for the same */
};

/* How long to wait before the next try, from 0 on; -1: there is none. */
int64_t ai_retry_wait(const struct ai_retry *retry);

/* --- one provider, over all calls. Lock it where threads share it. */

/* Tries again are at most a tenth of the calls (ten at first), and a provider that failed
 * five times within 30 s is left alone for 15 s; then one call finds out. */
struct ai_retry_gate {
	int64_t failures[5];	/* times, a ring */
	size_t count, next;
	int64_t closed_until;	/* 0: open */
	bool probing;		/* one call is finding out */
	int32_t allowance;	/* tenths of a try again; starts with AI_RETRY_GATE_INIT */
};

#define AI_RETRY_GATE_INIT { .allowance = 100 }

/* Whether a call may be made now. When true for a gate that was closed, all others wait until
 * ai_retry_gate_report of this one. */
bool ai_retry_gate_enter(struct ai_retry_gate *gate, int64_t now);

/* How a call that was let in ended: whether the provider was there and well. */
void ai_retry_gate_report(struct ai_retry_gate *gate, int64_t now, bool well);

/* Whether a try again may be made; takes it off the allowance. */
bool ai_retry_gate_again(struct ai_retry_gate *gate);

#endif
