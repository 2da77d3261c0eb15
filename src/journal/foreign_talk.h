/* foreign_talk.h - a foreign conversation with an assistant, told as events ai_* */
#ifndef TALI_FOREIGN_TALK_H
#define TALI_FOREIGN_TALK_H

#include "journal/foreign.h"

struct foreign_talk {
	const struct foreign_sink *sink;
	char conversation[65];
	char model[FOREIGN_WORD + 1];	/* the last that was told, or "" */
	bool said;			/* something was given */
};

/* Makes a conversation's id of any text: what an id may not hold becomes '-'. */
void foreign_talk_name(struct foreign_talk *talk, const char *text);

/* Appends the text of a message to `out`: a string, or a list of parts with "text", the others
 * named in brackets. */
void foreign_talk_content(const json_t *content, struct buf *out);

/* The candidate asked. */
int foreign_talk_prompt(struct foreign_talk *talk, int64_t instant, const char *text, size_t len,
			struct err *err);

/* An assistant answered. Everything but the text may be missing: NULL, or -1. */
struct foreign_answer {
	const char *text, *reasoning;
	size_t text_len, reasoning_len;
	json_t *stop;			/* string or NULL; taken */
	json_int_t input_tokens, output_tokens, cached_tokens, cost_microusd;
};
#define FOREIGN_ANSWER_INIT { .input_tokens = -1, .output_tokens = -1, .cached_tokens = -1, \
			      .cost_microusd = -1 }
int foreign_talk_answer(struct foreign_talk *talk, int64_t instant,
			const struct foreign_answer *answer, struct err *err);

/* It used a tool. `tool` and `call` are words, taken; `arguments` and `result` texts or NULL; `ok`
 * 1, 0, or -1 when that is not told. */
struct foreign_use {
	json_t *tool, *call;
	const struct buf *arguments, *result;
	int ok;
};
int foreign_talk_use(struct foreign_talk *talk, int64_t instant, const struct foreign_use *use,
		     struct err *err);

/* Another model; the same as before is no event. `model` is a word or NULL, taken. */
int foreign_talk_model(struct foreign_talk *talk, int64_t instant, json_t *model, struct err *err);

#endif
