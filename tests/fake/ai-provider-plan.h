/* ai-provider-plan.h - what the words of a model name, or of a file, make the fake provider do
 *
 * A model name is NAME.WORD.WORD...; a word is NAME, NAME-NUMBER or NAME-TEXT, with %XX for bytes
 * that cannot stand there (%2e for a dot). A file may also have one word per line. Unknown words
 * mean nothing, so that ordinary names of models have no faults.
 *
 * What is said
 *	say-TEXT	this, instead of the default
 *	leak-TEXT	this at the end of a sentence, in deltas of 5 bytes
 *	words-N		N words
 *	utf8		text of characters of two to four bytes
 *	huge-N		N MiB of text
 *	endless		text until the client goes, whatever the maximum
 *	think		a block of thoughts before it
 *	refusal		a refusal instead
 *	max		stops as if the maximum was reached (the request's own counts anyway)
 *	half		the arguments of a call end in the middle, as at the maximum
 *	tool		calls the first tool that is offered; text once its result is there
 *	tools-2		two calls at once
 *	bash-TEXT	calls execute_bash with this command
 *	write-PATH	calls write_file with this path, or PATH=TEXT
 *	call-NAME	calls this tool, with arguments made up by its schema
 *	judge-LEVELS	a judgement: a digit is the level of the first, second, ... request, with a
 *			quote; with invent (the quote is made up), obey-TEXT (4 where the
 *			material says TEXT), wordy (words around it, until told what is wrong)
 *	cached-N	N tokens of the input came from the cache
 * Several calls are made one after the other, a turn each.
 *
 * When
 *	delay-MS	before the answer	slowhead-MS	between status line and headers
 *	gap-MS		between deltas
 *
 * Errors and faults
 *	status-N	this status; with retry-S, retryms-N (headers), code-NAME (in the body),
 *			noretry (x-should-retry: false), html (a page, not JSON)
 *	fail-N		status-N (else 529) for the first N requests of this model only
 *	redirect	307 to another path
 *	stall		silence after the first delta, until the client goes
 *	cut		the connection ends there
 *	error		an error event there (streams only)
 *	garble		a data line there that is no JSON (not streamed: a body that is none)
 *	reset		RST after the first byte of the body
 *	nousage, nostop	no usage, no end of the protocol's own (the HTTP ends well)
 *	types		wrong JSON types everywhere
 *	unknown		fields, events and blocks nobody knows
 *	deep		a value 5,000 levels deep
 * Form
 *	drip		each byte for itself	close		no length, the connection ends
 *	crlf comments bom ping			of an event stream
 *	whole		each text in one delta */
#ifndef TALI_AI_PROVIDER_PLAN_H
#define TALI_AI_PROVIDER_PLAN_H

#include <stdbool.h>
#include <stddef.h>

#define PLAN_CALLS_MAX 8

enum plan_call_kind { CALL_OFFERED, CALL_BASH, CALL_WRITE, CALL_NAMED };

struct plan_call {
	enum plan_call_kind kind;
	char *text;		/* command, path, or name of the tool */
	size_t parallel;	/* of these at once */
};

struct plan {
	char *say, *leak, *code, *judge, *obey;
	long words, huge, cached;
	long delay, slowhead, gap;
	long status, retry, retryms, fail;	/* retry, retryms: -1 is none */
	bool utf8, endless, think, refusal, max, half;
	bool noretry, html, redirect, stall, cut, error, garble, reset, nousage, nostop, types;
	bool invent, wordy;
	bool unknown, deep, drip, close, crlf, comments, bom, ping, whole;
	struct plan_call calls[PLAN_CALLS_MAX];
	size_t call_count;
};

#define PLAN_INIT { .retry = -1, .retryms = -1 }

void plan_release(struct plan *plan);
/* Adds the words of a model's name: those after its first dot. */
void plan_add_model(struct plan *plan, const char *model);
/* Adds the words of a file; one that is not there has none. */
void plan_add_file(struct plan *plan, const char *path);

#endif
