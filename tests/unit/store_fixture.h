/* store_fixture.h - a store in a folder of its own, with a candidate, a task and assessments */
#ifndef TALI_STORE_FIXTURE_H
#define TALI_STORE_FIXTURE_H

#include "assess/lifecycle.h"
#include "base/auto.h"
#include "base/buf.h"
#include "base/fs.h"
#include "store/candidate.h"
#include "store/store.h"
#include "store/task.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#define VERSION_ID "0123456789abcdef0123456789abcdef01234567"

struct fixture {
	struct clock clock;		/* may be moved */
	char *folder;			/* also the store's */
	struct store *store;
	char candidate[RAND_ID_LEN + 1], task[RAND_ID_LEN + 1];
	int64_t rounds;			/* assessments so far */
};

/* A failed call ends the test with its message. */
static inline void must(int result, const struct err *err)
{
	if (result < 0)
		fail_msg("%s", err->text);
}

static inline struct store *fixture_open(struct fixture *f)
{
	struct err err = ERR_INIT;
	struct store *store = store_open(f->folder, STORE_WRITE, &f->clock, &err);

	must(store ? 0 : -1, &err);
	return store;
}

static inline void fixture_people(struct fixture *f)
{
	AUTO(candidate_release) struct candidate candidate = CANDIDATE_INIT;
	AUTO(task_version_release) struct task_version version = TASK_VERSION_INIT;
	AUTO(task_release) struct task task = TASK_INIT;
	struct err err = ERR_INIT;

	candidate.email = buf_strdup("ada@example.org");
	candidate.name = buf_strdup("Ada");
	candidate.notes = buf_strdup("");
	rand_id(task.id);
	task.name = buf_strdup("tiny");
	task.visibility = buf_strdup("private");
	task.template_name = buf_strdup("");
	memcpy(task.version, VERSION_ID, sizeof(VERSION_ID));
	memcpy(version.version, VERSION_ID, sizeof(VERSION_ID));
	memcpy(version.start_tree, VERSION_ID, sizeof(VERSION_ID));
	version.manifest = buf_strdup("{}");
	version.proof = buf_strdup("");
	must(store_begin(f->store, &err), &err);
	must(candidate_add(f->store, &candidate, &err), &err);
	must(task_add(f->store, &task, &err), &err);
	must(task_version_add(f->store, task.id, &version, &err), &err);
	must(store_commit(f->store, &err), &err);
	memcpy(f->candidate, candidate.id, sizeof(candidate.id));
	memcpy(f->task, task.id, sizeof(task.id));
}

static inline int fixture_make(void **state)
{
	struct fixture *f = buf_alloc(sizeof(*f));
	struct err err = ERR_INIT;
	bool made = false;

	hash_init();
	f->folder = fs_temp_dir("tali-store", &err);
	must(f->folder ? 0 : -1, &err);
	must(store_init(f->folder, "example", &f->clock, &made, &err), &err);
	assert_true(made);
	f->store = fixture_open(f);
	fixture_people(f);
	*state = f;
	return 0;
}

static inline int fixture_remove(void **state)
{
	struct fixture *f = *state;

	store_close(&f->store);
	fs_temp_release(&f->folder);
	free(f);
	return 0;
}

/* A new assessment; its texts are yours. */
static inline struct assessment fixture_assessment(struct fixture *f)
{
	struct assessment assessment = ASSESSMENT_INIT;
	struct err err = ERR_INIT;

	rand_id(assessment.id);
	memcpy(assessment.candidate_id, f->candidate, sizeof(f->candidate));
	memcpy(assessment.task_id, f->task, sizeof(f->task));
	memcpy(assessment.task_version, VERSION_ID, sizeof(VERSION_ID));
	memcpy(assessment.secret_id, assessment.id, sizeof(assessment.id));
	assessment.round = ++f->rounds;
	assessment.attempt = 1;
	assessment.created = store_now(f->store);
	assessment.duration_ms = 3600000;
	assessment.instructions = buf_strdup("");
	assessment.message = buf_strdup("");
	assessment.reason = buf_strdup("");
	assessment.email = buf_strdup("ada@example.org");
	assessment.name = buf_strdup("Ada");
	assessment.task_name = buf_strdup("tiny");
	must(store_begin(f->store, &err), &err);
	must(lifecycle_create(f->store, &assessment, &err), &err);
	must(store_commit(f->store, &err), &err);
	return assessment;
}

#define WITH_STORE(test) cmocka_unit_test_setup_teardown(test, fixture_make, fixture_remove)

#endif
