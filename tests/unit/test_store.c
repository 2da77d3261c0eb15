/* test_store.c - transactions, prefixes of ids, the throttle, and jobs that outlive their owner */
#include "store/store.h"

#include "store/job.h"
#include "store/throttle.h"
#include "store_fixture.h"

#include <fcntl.h>
#include <sys/wait.h>

static int count(struct fixture *f)
{
	const struct assessment_filter filter = { .limit = -1 };
	struct err err = ERR_INIT;
	int64_t found = assessment_count(f->store, &filter, &err);

	must(found < 0 ? -1 : 0, &err);
	return (int)found;
}

static void a_scope_that_is_left_undoes_its_transaction(void **state)
{
	struct fixture *f = *state;
	struct assessment assessment = fixture_assessment(f);
	struct err err = ERR_INIT;

	{
		AUTO(store_rollback) struct store *tx = f->store;

		must(store_begin(f->store, &err), &err);
		assert_true(store_in_transaction(f->store));
		assessment.round = 77;
		rand_id(assessment.id);
		must(lifecycle_create(f->store, &assessment, &err), &err);
		assert_int_equal(count(f), 2);
	}
	assert_false(store_in_transaction(f->store));
	assert_int_equal(count(f), 1);
	assessment_release(&assessment);
}

static void transactions_do_not_nest(void **state)
{
	struct fixture *f = *state;
	AUTO(store_rollback) struct store *tx = f->store;
	struct err err = ERR_INIT;

	must(store_begin(f->store, &err), &err);
	assert_int_equal(store_begin(f->store, &err), -1);
	assert_true(store_in_transaction(f->store));
}

static void a_reader_sees_only_what_is_committed(void **state)
{
	struct fixture *f = *state;
	AUTO(store_close) struct store *other = fixture_open(f);
	struct assessment assessment = fixture_assessment(f);
	AUTO(assessment_release) struct assessment found = ASSESSMENT_INIT;
	struct err err = ERR_INIT;

	must(store_begin(f->store, &err), &err);
	must(lifecycle_move(f->store, &assessment, STATUS_REVOKED, "recruiter", NULL, &err), &err);
	must(assessment_get(other, assessment.id, &found, &err), &err);
	assert_int_equal(found.status, STATUS_SCHEDULED);
	must(store_commit(f->store, &err), &err);
	assessment_release(&found);
	must(assessment_get(other, assessment.id, &found, &err), &err);
	assert_int_equal(found.status, STATUS_REVOKED);
	assessment_release(&assessment);
}

static void a_second_init_changes_nothing(void **state)
{
	struct fixture *f = *state;
	struct err err = ERR_INIT;
	uint8_t before[SIGN_PUBLIC_SIZE], after[SIGN_PUBLIC_SIZE];
	bool made = true;

	must(store_public_key(f->store, before, &err), &err);
	must(store_init(f->folder, "another", &f->clock, &made, &err), &err);
	assert_false(made);
	must(store_public_key(f->store, after, &err), &err);
	assert_memory_equal(before, after, SIGN_PUBLIC_SIZE);
	must(store_check(f->store, &err), &err);
}

static void keys_are_readable_by_the_owner_alone(void **state)
{
	static const char *const names[] = { "keys/sign.key", "keys/store.key" };
	struct fixture *f = *state;
	int i;

	for (i = 0; i < 2; i++) {
		AUTO_FREE char *path = fs_join(f->folder, names[i]);
		struct stat st;

		assert_int_equal(stat(path, &st), 0);
		assert_int_equal(st.st_mode & 0777, 0600);
	}
}

static void a_folder_with_other_things_is_no_store(void **state)
{
	struct fixture *f = *state;
	AUTO_FREE char *strange = fs_join(f->folder, "repos");
	AUTO_FREE char *file = fs_join(strange, "file");
	AUTO_FREE char *missing = fs_join(f->folder, "missing");
	struct err err = ERR_INIT;
	bool made;

	must(fs_write(file, 0600, "x", 1, &err), &err);
	assert_int_equal(store_init(strange, "x", &f->clock, &made, &err), -1);
	assert_int_equal(err.code, ERR_STATE);
	assert_null(store_open(missing, STORE_READ, &f->clock, &err));
	assert_int_equal(err.code, ERR_NOT_FOUND);
	assert_false(fs_exists(missing));
}

static void a_unique_prefix_stands_for_an_id(void **state)
{
	struct fixture *f = *state;
	struct assessment one = fixture_assessment(f), two = fixture_assessment(f), shadow = one;
	AUTO(assessment_release) struct assessment found = ASSESSMENT_INIT;
	struct err err = ERR_INIT;
	char prefix[RAND_ID_LEN + 1];
	size_t same = 0;

	/* the same but for the last character */
	shadow.id[RAND_ID_LEN - 1] = one.id[RAND_ID_LEN - 1] == '0' ? '1' : '0';
	shadow.round = 99;
	must(store_begin(f->store, &err), &err);
	must(lifecycle_create(f->store, &shadow, &err), &err);
	must(store_commit(f->store, &err), &err);
	while (one.id[same] == two.id[same])
		same++;
	snprintf(prefix, sizeof(prefix), "%.*s", (int)same + 1, two.id);
	must(assessment_find(f->store, prefix, &found, &err), &err);
	assert_string_equal(found.id, two.id);
	assessment_release(&found);
	must(assessment_find(f->store, one.id, &found, &err), &err);
	assert_string_equal(found.id, one.id);
	assessment_release(&found);
	snprintf(prefix, sizeof(prefix), "%.15s", one.id);
	assert_int_equal(assessment_find(f->store, prefix, &found, &err), -1);
	assert_int_equal(err.code, ERR_USAGE);
	assert_non_null(strstr(err.text, one.id));
	assert_non_null(strstr(err.text, shadow.id));
	assessment_release(&one);
	assessment_release(&two);
}

static void what_is_no_prefix_is_not_found(void **state)
{
	static const char *const words[] = { "", "%", "_", "!", "00000000000000000000", "ada",
					     "' OR 1=1 --", "\xff" };
	struct fixture *f = *state;
	struct assessment one = fixture_assessment(f);
	size_t i;

	for (i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		AUTO(assessment_release) struct assessment found = ASSESSMENT_INIT;
		struct err err = ERR_INIT;

		if (!strncmp(one.id, words[i], strlen(words[i])) && *words[i])
			continue;
		assert_int_equal(assessment_find(f->store, words[i], &found, &err), -1);
		assert_int_equal(err.code, ERR_NOT_FOUND);
	}
	assessment_release(&one);
}

/* --- throttle: nothing waits, the clock is moved */

#define MOST 8
#define LOCK_MS 900000

static void fail_once(struct fixture *f, const char *source)
{
	struct err err = ERR_INIT;

	must(store_begin(f->store, &err), &err);
	must(throttle_fail(f->store, source, MOST, LOCK_MS, &err), &err);
	must(store_commit(f->store, &err), &err);
}

static bool may_try(struct fixture *f, const char *source)
{
	struct err err = ERR_INIT;
	int result = throttle_check(f->store, source, &err);

	assert_int_equal(err.code, result < 0 ? ERR_STATE : ERR_NONE);
	return result == 0;
}

static void wrong_tries_wait_twice_as_long_each_time(void **state)
{
	struct fixture *f = *state;
	int64_t wait = 2000;
	int i;

	f->clock.fixed_ms = clock_now(&f->clock);
	for (i = 0; i < 3; i++) {
		fail_once(f, "here");
		assert_true(may_try(f, "here"));
	}
	for (; i < MOST - 1; i++, wait *= 2) {
		fail_once(f, "here");
		assert_false(may_try(f, "here"));
		assert_true(may_try(f, "there"));
		f->clock.offset_ms += wait - 1000;
		assert_false(may_try(f, "here"));
		f->clock.offset_ms += 1000;
		assert_true(may_try(f, "here"));
	}
	fail_once(f, "here");
	f->clock.offset_ms += LOCK_MS - 1000;
	assert_false(may_try(f, "here"));
	f->clock.offset_ms += 1000;
	assert_true(may_try(f, "here"));
	fail_once(f, "here");	/* it has not been forgotten: locked again */
	f->clock.offset_ms += LOCK_MS - 1000;
	assert_false(may_try(f, "here"));
}

static void a_quarter_of_an_hour_or_a_success_forgets(void **state)
{
	struct fixture *f = *state;
	struct err err = ERR_INIT;
	int i;

	for (i = 0; i < 4; i++)
		fail_once(f, "here");
	assert_false(may_try(f, "here"));
	f->clock.offset_ms += 16 * 60 * 1000;
	fail_once(f, "here");
	assert_true(may_try(f, "here"));
	for (i = 0; i < 4; i++)
		fail_once(f, "here");
	assert_false(may_try(f, "here"));
	must(store_begin(f->store, &err), &err);
	must(throttle_clear(f->store, "here", &err), &err);
	must(store_commit(f->store, &err), &err);
	assert_true(may_try(f, "here"));
}

static void all_addresses_of_a_network_are_one_source(void **state)
{
	struct fixture *f = *state;

	fail_once(f, "2001:db8:1:2::1");
	fail_once(f, "2001:db8:1:2:ffff::1");
	fail_once(f, "2001:db8:1:2:3:4:5:6");
	fail_once(f, "2001:db8:1:2::");
	assert_false(may_try(f, "2001:db8:1:2::7"));
	assert_true(may_try(f, "2001:db8:1:3::7"));
	for (int i = 0; i < 4; i++)
		fail_once(f, "::ffff:192.0.2.1");
	assert_false(may_try(f, "::ffff:192.0.2.1"));
	assert_true(may_try(f, "::ffff:192.0.2.2"));
}

/* --- jobs */

static int take(struct fixture *f, const char *id)
{
	struct err err = ERR_INIT;
	int taken;

	must(store_begin(f->store, &err), &err);
	taken = job_take(f->store, id, &err);
	must(taken, &err);
	must(store_commit(f->store, &err), &err);
	return taken;
}

static void add_job(struct fixture *f, const char *assessment, char id[RAND_ID_LEN + 1])
{
	struct err err = ERR_INIT;

	must(store_begin(f->store, &err), &err);
	must(job_add(f->store, assessment, "provision", id, &err), &err);
	must(store_commit(f->store, &err), &err);
}

static int count_open(struct fixture *f)
{
	struct job jobs[8] = { JOB_INIT };
	struct err err = ERR_INIT;
	int found = job_open_ones(f->store, jobs, 8, &err), i;

	must(found, &err);
	for (i = 0; i < found; i++)
		job_release(&jobs[i]);
	return found;
}

static void a_job_is_taken_once_and_ends_once(void **state)
{
	struct fixture *f = *state;
	struct assessment assessment = fixture_assessment(f);
	AUTO(job_release) struct job job = JOB_INIT;
	char id[RAND_ID_LEN + 1];
	struct err err = ERR_INIT;

	add_job(f, assessment.id, id);
	assert_int_equal(count_open(f), 1);
	assert_int_equal(take(f, id), 1);
	assert_int_equal(take(f, id), 0);
	assert_int_equal(take(f, "nobody"), 0);
	assert_int_equal(count_open(f), 0);
	must(job_log(f->store, id, "a line", &err), &err);
	must(job_finish(f->store, id, "done", &err), &err);
	assert_int_equal(take(f, id), 0);
	assert_int_equal(job_find(f->store, assessment.id, "provision", &job, &err), 1);
	assert_string_equal(job.state, "done");
	assert_string_equal(job.owner, "");
	assert_int_equal(job.attempts, 1);
	assert_non_null(strstr(job.log, " a line\n"));
	assessment_release(&assessment);
}

/* Another process takes the job and dies with it. */
static void take_and_die(struct fixture *f, const char *id)
{
	int status;
	pid_t child;

	store_close(&f->store);
	child = fork();
	if (child == 0) {
		struct err err = ERR_INIT;
		struct store *store = store_open(f->folder, STORE_WRITE, &f->clock, &err);

		bool failed = !store || store_begin(store, &err) < 0 ||
			      job_take(store, id, &err) != 1 || store_commit(store, &err) < 0;

		store_close(&store);
		_exit(failed);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_int_equal(status, 0);
	f->store = fixture_open(f);
}

static void the_job_of_a_dead_owner_is_open_again(void **state)
{
	struct fixture *f = *state;
	struct assessment assessment = fixture_assessment(f);
	AUTO(job_release) struct job job = JOB_INIT;
	char id[RAND_ID_LEN + 1];
	struct err err = ERR_INIT;

	add_job(f, assessment.id, id);
	take_and_die(f, id);
	assert_int_equal(count_open(f), 1);
	assert_int_equal(take(f, id), 1);
	assert_int_equal(job_find(f->store, assessment.id, "provision", &job, &err), 1);
	assert_int_equal(job.attempts, 2);
	assert_string_equal(job.state, "running");
	assert_int_equal(take(f, id), 0);
	assessment_release(&assessment);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		WITH_STORE(a_scope_that_is_left_undoes_its_transaction),
		WITH_STORE(transactions_do_not_nest),
		WITH_STORE(a_reader_sees_only_what_is_committed),
		WITH_STORE(a_second_init_changes_nothing),
		WITH_STORE(keys_are_readable_by_the_owner_alone),
		WITH_STORE(a_folder_with_other_things_is_no_store),
		WITH_STORE(a_unique_prefix_stands_for_an_id),
		WITH_STORE(what_is_no_prefix_is_not_found),
		WITH_STORE(wrong_tries_wait_twice_as_long_each_time),
		WITH_STORE(a_quarter_of_an_hour_or_a_success_forgets),
		WITH_STORE(all_addresses_of_a_network_are_one_source),
		WITH_STORE(a_job_is_taken_once_and_ends_once),
		WITH_STORE(the_job_of_a_dead_owner_is_open_again),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
