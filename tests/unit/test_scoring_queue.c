/* test_scoring_queue.c - the order in which submissions are scored, and how a sweep ends
 *
 * The submissions have no repository: each ends at once as an integrity failure, which is an
 * outcome like another here. Grading itself is tested by tests/cli/t0037-score-all.sh. */
#include "assess/scoring_queue.h"

#include "store/score_row.h"
#include "store/score_sweep.h"
#include "store_fixture.h"

#include <sys/eventfd.h>

#define MOST 16

struct told {
	char ids[MOST][RAND_ID_LEN + 1];
	int count, total, given_up, gone_on;
	int refuse_at;		/* the outcome at which the callback fails; 0: never */
};

static int take(void *arg, const struct scoring_outcome *outcome, struct err *err)
{
	struct told *told = arg;

	if (outcome->document)
		assert_true(told->count < told->gone_on);
	else
		assert_int_equal(outcome->err->code, ERR_INTEGRITY);
	memcpy(told->ids[told->count++], outcome->assessment_id, RAND_ID_LEN + 1);
	assert_int_equal(outcome->done, told->count);
	told->total = outcome->total;
	return told->count == told->refuse_at ? err_set(err, ERR_ENV, "refused") : 0;
}

static void begin(void *arg, int64_t begun, int done, int total)
{
	struct told *told = arg;

	assert_true(done <= total);
	assert_int_equal(begun > 0, done > 0);
	told->gone_on = done;
}

static void give_up(void *arg)
{
	struct told *told = arg;

	told->given_up++;
}

static int run(struct fixture *f, int jobs, int stop_fd, struct told *told,
	       struct scoring_sweep *sweep, struct err *err)
{
	struct scoring scoring = { .sandbox = NULL };
	struct scoring_queue queue = {
		.scoring = &scoring, .clock = &f->clock, .jobs = jobs, .stop_fd = stop_fd,
		.give_up = give_up, .begin = begin, .outcome = take, .arg = told,
	};

	return scoring_queue_run(f->store, f->task, &queue, sweep, err);
}

static void must_run(struct fixture *f, int jobs, int stop_fd, struct told *told,
		     struct scoring_sweep *sweep)
{
	struct err err = ERR_INIT;

	must(run(f, jobs, stop_fd, told, sweep, &err), &err);
}

static void add_candidate(struct fixture *f, const char *email)
{
	AUTO(candidate_release) struct candidate candidate = CANDIDATE_INIT;
	struct err err = ERR_INIT;

	candidate.email = buf_strdup(email);
	candidate.name = buf_strdup("");
	candidate.notes = buf_strdup("");
	must(store_begin(f->store, &err), &err);
	must(candidate_add(f->store, &candidate, &err), &err);
	must(store_commit(f->store, &err), &err);
	memcpy(f->candidate, candidate.id, sizeof(candidate.id));
}

static void add_run(struct fixture *f, const char *id, const char *sweep)
{
	AUTO(score_row_release) struct score_row row = SCORE_ROW_INIT;
	struct err err = ERR_INIT;

	memcpy(row.task_version, VERSION_ID, sizeof(row.task_version));
	row.result = buf_strdup("{}");
	row.measured = buf_strdup("{}");
	row.sweep = sweep;
	must(score_row_add(f->store, id, &row, &err), &err);
}

/* A submission of the newest candidate with so many score runs. */
static void add_submission(struct fixture *f, int64_t submitted, int runs,
			   char ret_id[RAND_ID_LEN + 1])
{
	AUTO(assessment_release) struct assessment assessment = fixture_assessment(f);
	struct err err = ERR_INIT;

	assessment.submitted = submitted;
	assessment.status = runs ? STATUS_SCORED : STATUS_SUBMITTED;
	must(store_begin(f->store, &err), &err);
	must(assessment_save(f->store, &assessment, &err), &err);
	while (runs-- > 0)
		add_run(f, assessment.id, NULL);
	must(store_commit(f->store, &err), &err);
	memcpy(ret_id, assessment.id, sizeof(assessment.id));
}

static void live_work_comes_first_and_candidates_take_turns(void **state)
{
	struct fixture *f = *state;
	char ids[7][RAND_ID_LEN + 1];
	static const int order[] = { 1, 4, 5, 2, 3, 6, 0 };
	struct told told = { .count = 0 };
	struct scoring_sweep sweep;

	add_submission(f, 100, 2, ids[0]);
	add_submission(f, 300, 0, ids[1]);
	add_submission(f, 400, 0, ids[2]);
	add_submission(f, 500, 0, ids[3]);
	add_candidate(f, "bob@example.org");
	add_submission(f, 600, 0, ids[4]);
	add_candidate(f, "cat@example.org");
	add_submission(f, 700, 0, ids[5]);
	add_submission(f, 200, 1, ids[6]);
	must_run(f, 1, -1, &told, &sweep);
	assert_int_equal(told.count, 7);
	assert_int_equal(told.total, 7);
	for (int i = 0; i < 7; i++)
		assert_string_equal(told.ids[i], ids[order[i]]);
	assert_int_equal(sweep.done, 7);
	assert_false(sweep.stopped);
}

static void what_was_not_handed_in_is_left_out(void **state)
{
	struct fixture *f = *state;
	struct assessment scheduled = fixture_assessment(f);
	struct told told = { .count = 0 };
	struct scoring_sweep sweep;

	assessment_release(&scheduled);
	must_run(f, 4, -1, &told, &sweep);
	assert_int_equal(told.count, 0);
	assert_int_equal(sweep.total, 0);
}

static void several_threads_tell_each_submission_once(void **state)
{
	struct fixture *f = *state;
	char ids[12][RAND_ID_LEN + 1];
	struct told told = { .count = 0 };
	struct scoring_sweep sweep;

	for (int i = 0; i < 12; i++)
		add_submission(f, i + 1, 0, ids[i]);
	must_run(f, 4, -1, &told, &sweep);
	assert_int_equal(told.count, 12);
	for (int i = 0; i < 12; i++) {
		int seen = 0;

		for (int j = 0; j < 12; j++)
			seen += !strcmp(ids[i], told.ids[j]);
		assert_int_equal(seen, 1);
	}
}

static void an_outcome_that_cannot_be_taken_ends_the_sweep(void **state)
{
	struct fixture *f = *state;
	char id[RAND_ID_LEN + 1];
	struct told told = { .refuse_at = 2 };
	struct scoring_sweep sweep;
	struct err err = ERR_INIT;

	for (int i = 0; i < 8; i++)
		add_submission(f, i + 1, 0, id);
	assert_int_equal(run(f, 1, -1, &told, &sweep, &err), -1);
	assert_string_equal(err.text, "refused");
	assert_int_equal(told.count, 2);
}

/* All may be over before the descriptor is looked at; then nothing was stopped. */
static void a_readable_descriptor_stops_it(void **state)
{
	struct fixture *f = *state;
	char id[RAND_ID_LEN + 1];
	AUTO_FD int stop = eventfd(1, EFD_CLOEXEC);
	struct told told = { .count = 0 };
	struct scoring_sweep sweep;

	for (int i = 0; i < MOST; i++)
		add_submission(f, i + 1, 0, id);
	must_run(f, 1, stop, &told, &sweep);
	assert_int_equal(told.given_up, 1);
	assert_int_equal(sweep.done, told.count);
	assert_int_equal(sweep.stopped, sweep.done < sweep.total);
}

/* As if a process had been at it and was killed; every submission of `ids` has a run. */
static void leave_sweep(struct fixture *f, const char *version, char (*ids)[RAND_ID_LEN + 1],
			int count)
{
	struct score_sweep sweep;
	struct err err = ERR_INIT;

	f->clock.offset_ms++;
	must(store_begin(f->store, &err), &err);
	assert_int_equal(score_sweep_take(f->store, f->task, version, true, &sweep, &err), 0);
	for (int i = 0; i < count; i++)
		add_run(f, ids[i], sweep.id);
	must(score_sweep_leave(f->store, sweep.id, false, &err), &err);
	must(store_commit(f->store, &err), &err);
	f->clock.offset_ms++;
}

static void one_that_was_left_is_gone_on_with_once(void **state)
{
	struct fixture *f = *state;
	char ids[4][RAND_ID_LEN + 1];
	struct told first = { .count = 0 }, second = { .count = 0 };
	struct scoring_sweep sweep;

	for (int i = 0; i < 4; i++)
		add_submission(f, i + 1, i == 2, ids[i]);
	leave_sweep(f, "", ids, 2);
	must_run(f, 1, -1, &first, &sweep);
	assert_int_equal(first.gone_on, 2);
	assert_int_equal(first.count, 4);
	assert_string_equal(first.ids[0], ids[0]);
	assert_string_equal(first.ids[1], ids[1]);
	assert_string_equal(first.ids[2], ids[3]);
	assert_string_equal(first.ids[3], ids[2]);
	assert_int_equal(sweep.done, 4);
	f->clock.offset_ms++;
	must_run(f, 1, -1, &second, &sweep);
	assert_int_equal(second.gone_on, 0);
	assert_int_equal(second.count, 4);
}

static void one_of_another_version_is_not_gone_on_with(void **state)
{
	struct fixture *f = *state;
	char ids[1][RAND_ID_LEN + 1];
	struct told told = { .count = 0 };
	struct scoring_sweep sweep;

	add_submission(f, 1, 0, ids[0]);
	leave_sweep(f, VERSION_ID, ids, 1);
	must_run(f, 1, -1, &told, &sweep);
	assert_int_equal(told.gone_on, 0);
	assert_int_equal(told.count, 1);
}

static void one_that_somebody_works_on_is_left_alone(void **state)
{
	struct fixture *f = *state;
	struct score_sweep first, second;
	struct err err = ERR_INIT;

	must(store_begin(f->store, &err), &err);
	assert_int_equal(score_sweep_take(f->store, f->task, "", false, &first, &err), 0);
	f->clock.offset_ms++;
	assert_int_equal(score_sweep_take(f->store, f->task, "", false, &second, &err), 0);
	assert_string_not_equal(first.id, second.id);
	must(score_sweep_leave(f->store, second.id, false, &err), &err);
	assert_int_equal(score_sweep_take(f->store, f->task, "", false, &first, &err), 1);
	assert_string_equal(first.id, second.id);
	must(store_commit(f->store, &err), &err);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		WITH_STORE(live_work_comes_first_and_candidates_take_turns),
		WITH_STORE(what_was_not_handed_in_is_left_out),
		WITH_STORE(several_threads_tell_each_submission_once),
		WITH_STORE(an_outcome_that_cannot_be_taken_ends_the_sweep),
		WITH_STORE(a_readable_descriptor_stops_it),
		WITH_STORE(one_that_was_left_is_gone_on_with_once),
		WITH_STORE(one_of_another_version_is_not_gone_on_with),
		WITH_STORE(one_that_somebody_works_on_is_left_alone),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
