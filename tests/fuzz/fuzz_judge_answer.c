/* fuzz_judge_answer.c - any bytes as an answer: a level only with form and quotes */
#include "score/judge_answer.h"

#include "base/auto.h"
#include "base/json.h"
#include "base/utf8.h"
#include "score/judge_merge.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void demand(bool holds)
{
	if (!holds)
		abort();
}

static bool stands(const struct judge_question *question, const json_t *one)
{
	const json_t *piece;
	size_t i;

	json_array_foreach(json_object_get(question->material, "evidence"), i, piece)
		if (json_equal(json_object_get(piece, "seq"), json_object_get(one, "seq")) &&
		    strstr(json_str(piece, "text", ""), json_str(one, "quote", "")))
			return true;
	return false;
}

static void check(const struct judge_question *question, const struct judge_sample *sample)
{
	const json_t *one;
	size_t i;

	if (sample->fault) {
		demand(sample->level == -1 && !sample->evidence && !sample->reason);
		demand(*sample->why && utf8_valid(sample->why, strlen(sample->why)));
		return;
	}
	demand(sample->level >= 0 && sample->level < JUDGE_LEVELS);
	demand(utf8_valid(sample->reason, strlen(sample->reason)));
	demand(sample->level == 0 || json_array_size(sample->evidence) > 0);
	json_array_foreach(sample->evidence, i, one)
		demand(stands(question, one));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct judge_question question = { .aspect = judge_rubric_at(0) };
	struct judge_sample sample = JUDGE_SAMPLE_INIT;
	struct judge_rules rules = { .facts = 5000 };
	struct judge_merged merged;

	question.material = json_pack("{s:[{s:i, s:s}, {s:i, s:s}]}", "evidence", "seq", 3, "text",
				      "a plan of five steps", "seq", 9, "text", "it works now");
	judge_answer_read(&question, (const char *)data, size, "end_turn", &sample);
	check(&question, &sample);
	judge_merge(&sample, 1, &rules, &merged);
	demand(merged.value >= 3500 && merged.value <= 6500);
	judge_sample_release(&sample);
	judge_question_release(&question);
	return 0;
}
