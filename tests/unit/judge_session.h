/* judge_session.h - a session in memory, and questions about it, for tests of the judge */
#ifndef TALI_JUDGE_SESSION_H
#define TALI_JUDGE_SESSION_H

#include "score/judge_card.h"

#include "base/auto.h"
#include "base/hash.h"
#include "base/json.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#define SEED "000102030405060708090a0b0c0d0e0f"
/* A valid answer about plain_question: level 3. */
#define QUOTED "{\"evidence\":[{\"seq\":8,\"quote\":\"divmod for the shares\"}]," \
	       "\"reasoning\":\"A plan.\",\"level\":3}"

#define PLAN "Plan: divmod for the shares; the rest goes to the first people"

struct session {
	struct facts facts;
	struct fact_exchange exchanges[3];
	struct fact_note notes[100];
	struct judge_source source;
};

static inline void begin(struct session *s)
{
	*s = (struct session){ .facts = FACTS_INIT };
	s->facts.exchanges = s->exchanges;
	s->facts.notes = s->notes;
	s->source = (struct judge_source){ .facts = &s->facts, .statement = "Split a bill." };
}

static inline void say(struct session *s, int64_t seq, const char *prompt)
{
	s->exchanges[s->facts.exchange_count++] = (struct fact_exchange){
		.seq = seq, .prompt = (char *)prompt, .prompt_len = strlen(prompt),
		.answer_seq = seq + 1, .answer = (char *)"Use divmod.", .answer_len = 11,
	};
}

static inline void note(struct session *s, int64_t seq, const char *text)
{
	s->notes[s->facts.note_count++] = (struct fact_note){ .seq = seq, .text = (char *)text };
}

static inline int ask(const struct session *s, const char *aspect, struct judge_question *ret)
{
	struct err err = ERR_INIT;
	int found = judge_ask_question(&s->source, judge_rubric_find(aspect), ret, &err);

	assert_int_not_equal(found, -1);
	return found;
}

/* A question with two pieces: the plan as event 8, a prompt as event 12. */
static inline struct judge_question plain_question(void)
{
	struct judge_question question = JUDGE_QUESTION_INIT;
	struct session s;

	begin(&s);
	note(&s, 8, PLAN);
	say(&s, 12, "What does split(0, 3) give?");
	assert_int_equal(ask(&s, "problem_understanding", &question), 1);
	return question;
}

#endif
