/* score_session.c - see score_session.h */
#include "score/score_session.h"

#include "base/auto.h"
#include "base/json.h"
#include "score/code_json.h"
#include "score/code_tree.h"
#include "score/facts_read.h"
#include "score/integrity.h"
#include "score/provenance.h"
#include "score/score_card.h"
#include "score/signals_outcome.h"
#include "score/signals_planning.h"
#include "score/signals_prompts.h"
#include "score/signals_tools.h"
#include "score/work_json.h"
#include "task/rubric.h"

#include <string.h>

#define STATEMENT_FILE "README.md"
#define STATEMENT_MOST (1u << 20)
#define NOT_READ "Changed files of code that are too large or too many to be measured: %u. A " \
		 "person has to look at them."

struct record {
	struct facts facts;
	struct provenance provenance;
	struct buf statement;
	bool there;		/* false: no journal, or one that does not fold */
	char fault[512];	/* why it does not fold, or "" */
};

static void record_release(struct record *record)
{
	facts_release(&record->facts);
	provenance_release(&record->provenance);
	buf_release(&record->statement);
}

static int read_event(void *arg, const struct event *event, struct err *err)
{
	return facts_read_event(arg, event, err);
}

static int fold_record(const struct score_session *session, const char *statement,
		       struct record *ret, struct err *err)
{
	struct fold_stored stored = { session->store, session->repo };
	struct fold_source source = fold_source_stored(&stored);
	AUTO(facts_read_drop) struct facts_reader *reader = facts_read_begin(&source, statement);
	AUTO(fold_free) struct fold *fold = NULL;

	if (event_each(session->store, session->assessment_id, 0, read_event, reader, err) < 0 ||
	    facts_read_end(&reader, &ret->facts, &fold, err) < 0)
		return -1;
	return provenance_read(fold, &ret->facts, &ret->provenance, err);
}

static int read_statement(const struct score_session *session, struct buf *ret, struct err *err)
{
	if (repo_has(session->repo, session->task_tree, STATEMENT_FILE) &&
	    repo_read_file(session->repo, session->task_tree, STATEMENT_FILE, STATEMENT_MOST,
			   ret, err) < 0 && err->code != ERR_INPUT)
		return -1;
	*err = (struct err)ERR_INIT;
	return 0;
}

/* A journal whose chain holds but whose edits do not fit is nobody's score. */
static int read_record(const struct score_session *session, struct record *ret, struct err *err)
{
	int result;

	if (!session->assessment_id)
		return 0;
	if (read_statement(session, &ret->statement, err) < 0)
		return -1;
	result = fold_record(session, buf_str(&ret->statement), ret, err);
	ret->there = result == 0;
	if (result < 0 && err->code == ERR_INTEGRITY) {
		snprintf(ret->fault, sizeof(ret->fault), "%s", err->text);
		*err = (struct err)ERR_INIT;
		result = 0;
	}
	return result;
}

static void measure(const struct score_session *session, const struct record *record,
		    const struct code_metrics *code, bool left_out, struct signals *ret)
{
	const json_t *ai = json_object_get(session->manifest->root, "ai");
	const struct signal_evidence evidence = {
		.facts = record->there ? &record->facts : NULL,
		.provenance = &record->provenance,
		.grade = session->grade,
		.code = code,
		.code_left_out = left_out,
		.ai_off = !strcmp(json_str(ai, "policy", ""), "off"),
		.token_budget = json_int(ai, "max_tokens", 0),
		.limit_ms = session->limit_ms,
	};

	signals_planning(&evidence, ret);
	signals_prompts(&evidence, ret);
	signals_tools(&evidence, ret);
	signals_outcome(&evidence, ret);
}

static json_t *integrity_json(const struct record *record, uint32_t left_out)
{
	json_t *list = record->there ? integrity_observe(&record->facts) : json_array();

	if (*record->fault)
		json_array_append_new(list, json_pack("{s:s, s:n, s:s+, s:[]}", "name",
						      "record_does_not_fold", "number", "text",
						      "The record cannot be replayed: ",
						      record->fault, "events"));
	if (left_out)
		json_array_append_new(list, json_pack("{s:s, s:n, s:o, s:[]}", "name",
						      "code_not_read", "number", "text",
						      json_sprintf(NOT_READ, (unsigned)left_out),
						      "events"));
	return list;
}

/* --- the judge */

struct judged {
	struct judge_questions questions;
	json_t *askings;	/* NULL: nobody was asked */
};

static void judged_release(struct judged *judged)
{
	judge_questions_release(&judged->questions);
	json_decref(judged->askings);
}

static int ask_judge(const struct score_session *session, const struct record *record,
		     const json_t *card, struct judged *ret, struct err *err)
{
	const struct judge_source source = {
		.facts = &record->facts, .statement = buf_str(&record->statement),
		.repo = session->repo, .tree = session->tree, .task_tree = session->task_tree,
	};

	if (!session->judge || !record->there)
		return 0;
	if (judge_card_questions(&source, card, &ret->questions, err) < 0)
		return -1;
	ret->askings = session->judge(session->arg, &ret->questions, err);
	return ret->askings ? 0 : -1;
}

/* What no judge can make good. */
static bool has_failed(const struct grade *grade)
{
	return grade->tampered || grade->build != VERDICT_OK ||
	       (grade->possible > 0 && grade->points <= 0);
}

/* The card by the facts alone; with what was asked about it, made once more. Yours. */
static json_t *judged_card(const struct score_session *session, const struct record *record,
			   const struct signals *signals, const json_t *rubric, bool left_out,
			   struct err *err)
{
	AUTO(judged_release) struct judged judged = { .questions = JUDGE_QUESTIONS_INIT };
	struct judge_card judge = { .questions = &judged.questions,
				    .thresholds = json_object_get(rubric, "thresholds"),
				    .failed = has_failed(session->grade) };
	struct score_card_parts parts = {
		.rubric = rubric, .signals = signals,
		.needs_review = session->grade->tampered || *record->fault || left_out,
	};
	AUTO_JSON json_t *card = score_card(&parts);

	if (ask_judge(session, record, card, &judged, err) < 0)
		return NULL;
	if (!judged.askings)
		return TAKE(card);
	judge.askings = judged.askings;
	parts.judge = &judge;
	return score_card(&parts);
}

int score_session_add(const struct score_session *session, json_t *result, struct err *err)
{
	AUTO_JSON json_t *card = NULL;
	AUTO(record_release) struct record record = { .facts = FACTS_INIT };
	AUTO_JSON json_t *rubric = rubric_for(session->manifest);
	AUTO(code_metrics_release) struct code_metrics code = CODE_METRICS_INIT;
	struct signals signals = { .count = 0 };
	bool is_code;

	if (read_record(session, &record, err) < 0)
		return err_wrap(err, "the record of the session");
	if (code_tree_measure(session->repo, session->tree, session->task_tree, &code, &is_code,
			      err) < 0)
		return err_wrap(err, "the code of the submission");
	is_code = is_code && code.total.changed_lines > 0;
	measure(session, &record, is_code ? &code : NULL, code.left_out > 0, &signals);
	card = judged_card(session, &record, &signals, rubric, code.left_out > 0, err);
	if (!card)
		return err_wrap(err, "the judge");
	json_object_set(result, "score", card);
	json_object_set_new(result, "work",
			    record.there ? work_json(&record.facts, &record.provenance,
						     session->limit_ms)
					 : json_null());
	json_object_set_new(result, "code", is_code ? code_json(&code) : json_null());
	json_object_set_new(result, "integrity", integrity_json(&record, code.left_out));
	return 0;
}
