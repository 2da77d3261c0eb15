/* page_talk.h - what was said, run and noted in a session, as tables of a page
 *
 * Each row is a JSON array that begins with milliseconds after the start:
 *
 *	events    [MS, kind, actor, "label", seq]
 *	          [..., MS]		when it lies outside of what the page shows
 *	          [..., MS, "text"]	all words of a note or estimate
 *	messages  [MS, conversation, 0, "model", "text"]			prompt
 *	          [MS, conversation, 1, "model", "text", "reasoning", input, output tokens]
 *	          [MS, conversation, 2, "tool", "arguments", "result", ok]	1, 0, -1: not told
 *	results   [MS, 0, "command", "verdict", exit status, signal, "stdout", "stderr", wall ms,
 *		  "where", when that is not here]
 *	          [MS, 1, "verdict", passed, total, [["case", "verdict"], ...]]
 *
 * kind, actor and conversation are numbers in `names`. Numbers that were not told are -1. Texts are
 * plain (page_plain.h) and cut; a page has room for so many bytes of them. */
#ifndef TALI_PAGE_TALK_H
#define TALI_PAGE_TALK_H

#include "replay/page_steps.h"
#include "replay/page_table.h"
#include "replay/timeline.h"

#define PAGE_TALK_TEXT_MAX (64u << 10)	/* bytes of one text */
#define PAGE_TALK_MAX (48u << 20)	/* of all */
#define PAGE_CASES_MAX 1000		/* of one test */

struct page_talk {
	const struct page_steps *steps;	/* borrowed */
	struct page_table names;	/* JSON strings */
	struct buf events, messages, results;	/* rows with commas between */
	size_t room;
};

#define PAGE_TALK_INIT(to) \
	{ .steps = (to), .names = PAGE_TABLE_INIT, .events = BUF_INIT(SIZE_MAX), \
	  .messages = BUF_INIT(SIZE_MAX), .results = BUF_INIT(SIZE_MAX), .room = PAGE_TALK_MAX }

void page_talk_release(struct page_talk *talk);

/* An event that a person may jump to, with its data. */
void page_talk_mark(struct page_talk *talk, const struct timeline_mark *mark, const json_t *data);

/* Whatever else an event says, after the fold took it at `instant`; nothing for other kinds. */
int page_talk_event(struct page_talk *talk, struct fold *fold, const char *kind,
		    const json_t *data, int64_t instant, struct err *err);

#endif
