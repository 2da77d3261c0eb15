/* judging.h - asks a model to judge a submission, keeps what it answered, and plays that back
 *
 * Answers are events of the journal, kind `judge`, written with the score run that they were asked
 * for. Whoever scores the submission again finds the answers to the same questions there
 * (score/judge_ask.h says when a question is the same) and asks nobody: of several the newest
 * counts, whoever gave it. Only `tali score --judge` asks, and only what the model of judge.model
 * has not answered: three samples a question, each with a seed of its own. What that model answered
 * before another was asked is recorded again, as the newest. */
#ifndef TALI_JUDGING_H
#define TALI_JUDGING_H

#include "score/judge_card.h"
#include "store/store.h"

/* Who is asked: the settings judge.model and judge.provider. Several threads may ask the same. */
struct judging;

/* ERR_STATE: no model is set, or nobody has it; ERR_NOT_FOUND: no such provider; ERR_ENV. */
struct judging *judging_open(struct store *store, struct err *err);
void judging_close(struct judging **judging);
/* Nothing more is asked: what is being judged is given up, at latest when the question that is
 * under way has its answer. Any thread. */
void judging_stop(struct judging *judging);

/* One submission. */
struct judging_run {
	struct store *store;
	const char *assessment_id;
	struct judging *judging;	/* NULL: nobody is asked */
	void (*progress)(void *arg, const char *step, int done, int total);	/* or NULL */
	void *arg;
	json_t *stored;			/* {hash of the question: asking}, the newest */
	json_t *own;			/* the same of the model that is asked alone */
	json_t *fresh;			/* [asking] to be recorded */
	bool locked;			/* by `lock`, until the release */
	int lock;
};

/* Reads what is stored, the other members being set and the rest zero. Who asks has the submission
 * alone until judging_release: it waits until nobody else judges it, so that what another one was
 * answered is read here and not asked again. 1: there is something to play back, or somebody to
 * ask; 0; -1, ERR_ENV when it was stopped while it waited. */
int judging_begin(struct judging_run *run, struct err *err);
void judging_release(struct judging_run *run);

/* The callback of score/score_session.h, with the run as `arg`. That no answer comes is no error:
 * it stands in the asking, and the first time it happens no more is asked of this submission. NULL:
 * ERR_ENV, it was stopped. */
json_t *judging_answers(void *run, const struct judge_questions *questions, struct err *err);

/* Adds the events of what was asked. Needs an open transaction. */
int judging_record(struct judging_run *run, struct err *err);

#endif
