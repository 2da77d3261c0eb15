/* judge_card.c - see judge_card.h */
#include "score/judge_card.h"

#include "base/json.h"
#include "score/hundredths.h"

#include <math.h>
#include <string.h>

#define BORDERS 3

void judge_questions_release(struct judge_questions *questions)
{
	for (size_t i = 0; i < questions->count; i++)
		judge_question_release(&questions->list[i]);
	questions->count = 0;
}

static int add_question(const struct judge_source *source, const char *subitem,
			struct judge_questions *ret, struct err *err)
{
	const struct judge_aspect *aspect = judge_rubric_find(subitem);
	int found;

	if (!aspect || ret->count == JUDGE_QUESTIONS)
		return 0;
	found = judge_ask_question(source, aspect, &ret->list[ret->count], err);
	ret->count += found == 1;
	return found;
}

int judge_card_questions(const struct judge_source *source, const json_t *card,
			 struct judge_questions *ret, struct err *err)
{
	const json_t *category, *subitem;
	size_t i, k;

	json_array_foreach(json_object_get(card, "categories"), i, category)
		json_array_foreach(json_object_get(category, "subitems"), k, subitem)
			if (!json_is_null(json_object_get(subitem, "value")) &&
			    add_question(source, json_str(subitem, "name", ""), ret, err) < 0)
				return -1;
	return 0;
}

/* --- the samples of an asking */

static void read_sample(const struct judge_question *question, const json_t *stored,
			struct judge_sample *ret)
{
	const json_t *answers = json_object_get(stored, "answers");
	const json_t *last = json_array_get(answers, json_array_size(answers) - 1);

	if (json_is_string(last))
		judge_answer_read(question, json_string_value(last), json_string_length(last),
				  json_str(stored, "stop", NULL), ret);
	else
		judge_answer_missing(json_str(stored, "why", "No answer came."), ret);
}

static bool models_differ(const json_t *stored, const struct judge_sample *samples, size_t count)
{
	const char *first = NULL;

	for (size_t i = 0; i < count; i++) {
		const char *model = json_str(json_array_get(stored, i), "model", "");

		if (samples[i].fault == JUDGE_VALID && first && strcmp(model, first) != 0)
			return true;
		if (samples[i].fault == JUDGE_VALID)
			first = model;
	}
	return false;
}

/* --- the member */

static json_t *number_or_null(int number)
{
	return number < 0 ? json_null() : json_integer(number);
}

/* The digest of the answer, which finds it again among the payloads of the journal. */
static json_t *digest_of(const json_t *stored)
{
	const json_t *answers = json_object_get(stored, "answers");
	const json_t *last = json_array_get(answers, json_array_size(answers) - 1);
	char hex[HASH_HEX_SIZE];
	struct hash hash;

	if (!json_is_string(last))
		return json_null();
	hash = hash_of(json_string_value(last), json_string_length(last));
	return json_string(hash_hex(&hash, hex));
}

static json_t *sample_json(const json_t *stored, const struct judge_sample *sample)
{
	return json_pack("{s:o, s:s?, s:s?, s:s, s:s, s:o}", "level",
			 number_or_null(sample->level), "fault", judge_fault_name(sample->fault),
			 "why", sample->fault ? sample->why : NULL, "model",
			 json_str(stored, "model", ""), "prompt", json_str(stored, "prompt", ""),
			 "answer", digest_of(stored));
}

static json_t *samples_json(const json_t *stored, const struct judge_sample *samples, size_t count)
{
	json_t *list = json_array();

	for (size_t i = 0; i < count; i++)
		json_array_append_new(list, sample_json(json_array_get(stored, i), &samples[i]));
	return list;
}

static json_t *member_json(const struct judge_question *question, const json_t *asking,
			   const struct judge_sample *samples, size_t count,
			   const struct judge_merged *merged, int64_t facts)
{
	const json_t *stored = json_object_get(asking, "samples");
	bool has_level = merged->level >= 0;
	const struct judge_sample *chosen = has_level ? &samples[merged->chosen] : NULL;
	const char *model = json_str(json_array_get(stored, merged->chosen), "model", "");

	return json_pack("{s:o, s:o, s:o, s:[o, o], s:o, s:s?, s:O, s:s, s:s?, s:s, s:o, s:b}",
			 "level", number_or_null(merged->level), "samples",
			 samples_json(stored, samples, count), "spread",
			 number_or_null(merged->spread), "band", hundredths_json(merged->low),
			 hundredths_json(merged->high), "facts", hundredths_json(facts), "model",
			 has_level ? model : NULL, "rubric", json_object_get(asking, "rubric"),
			 "question", question->hash, "reason", chosen ? chosen->reason : NULL,
			 "text", merged->why, "evidence",
			 chosen ? json_incref(chosen->evidence) : json_array(), "needs_review",
			 (int)merged->needs_review);
}

static size_t read_borders(const json_t *thresholds, int64_t borders[BORDERS])
{
	static const char *const levels[BORDERS] = { "operator", "architect", "innovator" };

	for (size_t i = 0; i < BORDERS; i++)
		borders[i] = llround(json_number_value(json_object_get(thresholds, levels[i])) *
				     100);
	return BORDERS;
}

static json_t *judge(const struct judge_card *card, const struct judge_question *question,
		     const json_t *asking, int64_t *value, bool *needs_review)
{
	const json_t *stored = json_object_get(asking, "samples");
	struct judge_sample samples[JUDGE_SAMPLES] = { JUDGE_SAMPLE_INIT };
	size_t count = json_array_size(stored);
	int64_t borders[BORDERS];
	struct judge_rules rules = { .facts = *value, .failed = card->failed,
				     .spoken_to = question->gone > 0, .borders = borders };
	struct judge_merged merged;
	json_t *member;

	if (count > JUDGE_SAMPLES)
		count = JUDGE_SAMPLES;
	for (size_t i = 0; i < count; i++)
		read_sample(question, json_array_get(stored, i), &samples[i]);
	rules.border_count = read_borders(card->thresholds, borders);
	rules.models_differ = models_differ(stored, samples, count);
	judge_merge(samples, count, &rules, &merged);
	member = member_json(question, asking, samples, count, &merged, *value);
	*value = merged.value;
	*needs_review |= merged.needs_review;
	for (size_t i = 0; i < count; i++)
		judge_sample_release(&samples[i]);
	return member;
}

json_t *judge_card_member(const struct judge_card *card, const char *subitem, int64_t *value,
			  bool *needs_review)
{
	for (size_t i = 0; card && *value >= 0 && i < card->questions->count; i++) {
		const struct judge_question *question = &card->questions->list[i];
		const json_t *asking = json_object_get(card->askings, question->hash);

		if (!strcmp(question->aspect->name, subitem) && asking)
			return judge(card, question, asking, value, needs_review);
	}
	return json_null();
}
