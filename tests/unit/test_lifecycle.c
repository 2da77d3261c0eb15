/* test_lifecycle.c - which status may follow which, and what the journal keeps of a change */
#include "assess/lifecycle.h"

#include "journal/journal_check.h"
#include "store_fixture.h"

static const struct { enum status from, to; } moves[] = {
	{ STATUS_SCHEDULED, STATUS_ACTIVATED }, { STATUS_SCHEDULED, STATUS_EXPIRED },
	{ STATUS_SCHEDULED, STATUS_REVOKED }, { STATUS_ACTIVATED, STATUS_INITIALIZING },
	{ STATUS_ACTIVATED, STATUS_ERROR }, { STATUS_ACTIVATED, STATUS_REVOKED },
	{ STATUS_INITIALIZING, STATUS_CONFIGURING }, { STATUS_INITIALIZING, STATUS_ERROR },
	{ STATUS_INITIALIZING, STATUS_REVOKED }, { STATUS_CONFIGURING, STATUS_ACTIVE },
	{ STATUS_CONFIGURING, STATUS_ERROR }, { STATUS_CONFIGURING, STATUS_REVOKED },
	{ STATUS_ACTIVE, STATUS_SUBMITTED }, { STATUS_ACTIVE, STATUS_REVOKED },
	{ STATUS_SUBMITTED, STATUS_SCORING }, { STATUS_SCORING, STATUS_SCORED },
	{ STATUS_ERROR, STATUS_ACTIVATED }, { STATUS_ERROR, STATUS_REVOKED },
};

static bool is_listed(enum status from, enum status to)
{
	size_t i;

	for (i = 0; i < sizeof(moves) / sizeof(moves[0]); i++)
		if (moves[i].from == from && moves[i].to == to)
			return true;
	return false;
}

static void only_the_listed_moves_are_made(void **state)
{
	struct fixture *f = *state;
	struct assessment assessment = fixture_assessment(f);
	int from, to;

	for (from = 0; from < STATUSES; from++) {
		for (to = 0; to < STATUSES; to++) {
			AUTO(store_rollback) struct store *tx = f->store;
			struct err err = ERR_INIT;
			int result;

			must(store_begin(f->store, &err), &err);
			assessment.status = (enum status)from;
			result = lifecycle_move(f->store, &assessment, (enum status)to, "system",
						NULL, &err);
			if (result != (is_listed((enum status)from, (enum status)to) || from == to
					       ? 0 : -1))
				fail_msg("%s -> %s: %d", status_name((enum status)from),
					 status_name((enum status)to), result);
			assert_int_equal(assessment.status, result == 0 ? to : from);
			assert_int_equal(err.code, result == 0 ? ERR_NONE : ERR_STATE);
			assert_int_equal(lifecycle_may_move((enum status)from, (enum status)to),
					 is_listed((enum status)from, (enum status)to));
		}
	}
	assessment_release(&assessment);
}

static void a_status_has_one_name(void **state)
{
	struct err err = ERR_INIT;
	enum status read;
	int status;

	(void)state;
	for (status = 0; status < STATUSES; status++) {
		must(status_parse(status_name((enum status)status), &read, &err), &err);
		assert_int_equal(read, status);
	}
	assert_int_equal(status_parse("Active", &read, &err), -1);
	assert_int_equal(status_parse("", &read, &err), -1);
}

static void a_status_that_is_required_is_named(void **state)
{
	struct assessment assessment = ASSESSMENT_INIT;
	struct err err = ERR_INIT;

	(void)state;
	assessment.status = STATUS_REVOKED;
	assert_int_equal(lifecycle_require(&assessment, STATUS_REVOKED, "for this", &err), 0);
	assert_int_equal(lifecycle_require(&assessment, STATUS_ACTIVE, "to run", &err), -1);
	assert_int_equal(err.code, ERR_STATE);
	assert_string_equal(err.text, "the assessment is revoked; it must be active to run");
	assessment.status = STATUS_SCORED;
	assessment.submitted = 1795176000000LL;
	assert_int_equal(lifecycle_require(&assessment, STATUS_ACTIVE, "to run", &err), -1);
	assert_string_equal(err.text, "the assessment is scored (handed in at "
				      "2026-11-20T12:00:00Z); it must be active to run");
}

/* What the journal alone says the row must be. */
static int compare(struct fixture *f, const struct assessment *assessment, struct err *err)
{
	AUTO(journal_check_release) struct journal_check check;
	uint8_t key[SIGN_PUBLIC_SIZE];

	must(store_public_key(f->store, key, err), err);
	journal_check_start(&check, assessment->id, key);
	must(journal_check_store(f->store, &check, err), err);
	return lifecycle_compare(assessment, check.row, err);
}

static void the_journal_knows_every_field_of_the_row(void **state)
{
	struct fixture *f = *state;
	struct assessment before = fixture_assessment(f), after = before;
	struct err err = ERR_INIT;

	must(compare(f, &before, &err), &err);
	after.extra_ms = 60000;
	after.deadline = 12345;
	must(store_begin(f->store, &err), &err);
	must(lifecycle_change(f->store, &before, &after, "recruiter", "extend", NULL, &err), &err);
	must(store_commit(f->store, &err), &err);
	must(compare(f, &after, &err), &err);
	assert_int_equal(compare(f, &before, &err), -1);
	assert_int_equal(err.code, ERR_INTEGRITY);
	after.live = true;
	assert_int_equal(compare(f, &after, &err), -1);
	assert_string_equal(err.text, "the row's kind is not what the journal says");
	assessment_release(&before);
}

/* A change that is not committed leaves neither row nor event. */
static void a_change_stands_or_falls_with_its_event(void **state)
{
	struct fixture *f = *state;
	struct assessment assessment = fixture_assessment(f);
	AUTO(assessment_release) struct assessment now = ASSESSMENT_INIT;
	struct err err = ERR_INIT;
	struct store *tx = f->store;

	must(store_begin(f->store, &err), &err);
	must(lifecycle_move(f->store, &assessment, STATUS_ACTIVATED, "system", "x", &err), &err);
	store_rollback(&tx);
	must(assessment_get(f->store, assessment.id, &now, &err), &err);
	assert_int_equal(now.status, STATUS_SCHEDULED);
	must(compare(f, &now, &err), &err);
	assessment_release(&assessment);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		WITH_STORE(only_the_listed_moves_are_made),
		cmocka_unit_test(a_status_has_one_name),
		cmocka_unit_test(a_status_that_is_required_is_named),
		WITH_STORE(the_journal_knows_every_field_of_the_row),
		WITH_STORE(a_change_stands_or_falls_with_its_event),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
