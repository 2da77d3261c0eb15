/* judge_answer.c - see judge_answer.h */
#include "score/judge_answer.h"

#include "ai/ai_json.h"
#include "base/auto.h"
#include "base/buf.h"
#include "base/json.h"
#include "base/schema.h"
#include "base/utf8.h"
#include "score/judge_text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void judge_sample_release(struct judge_sample *sample)
{
	json_decref(sample->evidence);
	free(sample->reason);
	*sample = (struct judge_sample)JUDGE_SAMPLE_INIT;
}

const char *judge_fault_name(enum judge_fault fault)
{
	static const char *const names[] = { NULL, "unanswered", "stopped", "unparsable",
					     "invented" };

	return names[fault];
}

/* `why` may quote the answer, and be cut anywhere. */
static void fail(struct judge_sample *ret, enum judge_fault fault, const char *why)
{
	AUTO(buf_release) struct buf shown = BUF_INIT(SIZE_MAX);
	size_t len;

	*ret = (struct judge_sample)JUDGE_SAMPLE_INIT;
	ret->fault = fault;
	judge_text_add(&shown, why, strlen(why), sizeof(ret->why));
	len = shown.len < sizeof(ret->why) ? shown.len : sizeof(ret->why) - 1;
	while (len < shown.len && len && utf8_inside(shown.data[len]))
		len--;
	memcpy(ret->why, buf_str(&shown), len);
	ret->why[len] = '\0';
}

void judge_answer_missing(const char *why, struct judge_sample *ret)
{
	fail(ret, JUDGE_UNANSWERED, why);
}

/* --- the form */

json_t *judge_answer_parse(const char *text, size_t len, struct err *err)
{
	AUTO_JSON json_t *answer = NULL;
	struct schema_fault fault;

	if (len > JUDGE_ANSWER_MAX) {
		err_set(err, ERR_INPUT, "it has more than %zu bytes", JUDGE_ANSWER_MAX);
		return NULL;
	}
	answer = ai_json_request(text, len, err);
	if (!answer)
		return NULL;
	if (schema_check(judge_rubric_answer(), answer, &fault, 1)) {
		err_set(err, ERR_INPUT, "%s: %s", fault.pointer, fault.text);
		return NULL;
	}
	return TAKE(answer);
}

/* --- the quotes */

static bool stands(const struct judge_question *question, json_int_t seq, const char *quote)
{
	const json_t *piece;
	size_t i;

	json_array_foreach(json_object_get(question->material, "evidence"), i, piece)
		if (json_int(piece, "seq", -1) == seq && strstr(json_str(piece, "text", ""), quote))
			return true;
	return false;
}

/* False with the fault set. */
static bool check_quotes(const struct judge_question *question, const json_t *answer,
			 struct judge_sample *ret)
{
	const json_t *evidence = json_object_get(answer, "evidence"), *one;
	size_t count = json_array_size(evidence), i;

	if (count > JUDGE_QUOTES_MAX || (!count && json_int(answer, "level", 0) > 0)) {
		fail(ret, JUDGE_UNPARSABLE, count ? "it has too many quotes" :
						    "it has a level without a quote");
		return false;
	}
	json_array_foreach(evidence, i, one) {
		const char *quote = json_str(one, "quote", "");
		size_t len = strlen(quote);

		if (len < JUDGE_QUOTE_MIN || len > JUDGE_QUOTE_MAX) {
			fail(ret, JUDGE_UNPARSABLE, "a quote is too short or too long");
			return false;
		}
		if (!stands(question, json_int(one, "seq", -1), quote) ||
		    strstr(quote, JUDGE_TEXT_GONE)) {
			fail(ret, JUDGE_INVENTED, "a quote does not stand in the event it names");
			return false;
		}
	}
	return true;
}

/* --- the answer */

static bool ended_well(const char *stop)
{
	static const char *const words[] = { "end_turn", "stop", "completed" };

	for (size_t i = 0; stop && i < sizeof(words) / sizeof(*words); i++)
		if (!strcmp(stop, words[i]))
			return true;
	return false;
}

void judge_answer_read(const struct judge_question *question, const char *text, size_t len,
		       const char *stop, struct judge_sample *ret)
{
	AUTO_JSON json_t *answer = NULL;
	struct buf reason = BUF_INIT((size_t)1 << 20);
	struct err err = ERR_INIT;
	const char *words;

	if (!ended_well(stop)) {
		fail(ret, JUDGE_STOPPED, "it was refused, or ended before its end");
		return;
	}
	answer = judge_answer_parse(text, len, &err);
	if (!answer) {
		fail(ret, JUDGE_UNPARSABLE, err.text);
		return;
	}
	if (!check_quotes(question, answer, ret))
		return;
	*ret = (struct judge_sample)JUDGE_SAMPLE_INIT;
	ret->level = (int)json_int(answer, "level", 0);
	ret->evidence = json_incref(json_object_get(answer, "evidence"));
	words = json_str(answer, "reasoning", "");
	judge_text_add(&reason, words, strlen(words), JUDGE_REASON_MAX);
	ret->reason = buf_take(&reason);
}
