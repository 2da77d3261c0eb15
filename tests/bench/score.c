/* score.c - scoring a long session, against a fold of all its events
 *
 *	score ROUNDS STORE ASSESSMENT EVENTS
 *
 * The assessment is active. Somebody types into thirty files, asks an assistant, pastes, and runs the
 * tests; the events get their true hashes, in one transaction. What is timed is all that scoring adds
 * to grading: reading the journal, facts, origins, code, signals, and the document. */
#include "assess/snapshot.h"
#include "base/auto.h"
#include "base/json.h"
#include "journal/fold.h"
#include "journal/journal.h"
#include "measure.h"
#include "score/score_session.h"
#include "store/assessment.h"
#include "store/task.h"

#include <stdlib.h>
#include <string.h>

#define FILES 30
#define STAY 400	/* keys in one place before another */

static struct clock now;

static uint32_t next_random(void)
{
	static uint32_t seed = 1;

	seed = seed * 1664525u + 1013904223u;
	return seed >> 8;
}

/* --- a session */

struct typing {
	long lengths[FILES], file, at;
};

static json_t *edit(struct typing *typing, long del, const char *ins, const char *origin)
{
	AUTO_FREE char *path = buf_format("src/f%ld.py", typing->file);
	json_t *data = json_pack("{s:[{s:s, s:I, s:I, s:s, s:s}]}", "edits", "file", path, "at",
				 (json_int_t)typing->at, "del", (json_int_t)del, "ins", ins,
				 "origin", origin);

	typing->lengths[typing->file] += (long)strlen(ins) - del;
	typing->at += (long)strlen(ins);
	return data;
}

static json_t *type_key(struct typing *typing, long n)
{
	char key[2] = { "abcdefghijklmnop qrstuvw (){}\n"[next_random() % 30], '\0' };

	if (n % STAY == 1) {
		long length;

		typing->file = (long)(next_random() % FILES);
		length = typing->lengths[typing->file];
		typing->at = length ? (long)(next_random() % (unsigned)length) : 0;
	}
	if (next_random() % 8 == 0 && typing->at > 0) {
		typing->at--;
		return edit(typing, 1, "", "typed");
	}
	return edit(typing, 0, key, "typed");
}

#define ANSWER "def word_count(text):\n    return len(text.split())\n"

static json_t *next_event(struct typing *typing, long n, const char **kind)
{
	AUTO_FREE char *path = buf_format("src/f%ld.py", n);

	*kind = n < FILES ? "file" : n % 500 == 0 ? "ai_prompt" : n % 500 == 1 ? "ai_response"
	      : n % 300 == 0 ? "test" : n % 1000 == 2 ? "note" : n % 20 == 0 ? "cursor" : "edit";
	if (n < FILES)
		return json_pack("{s:s, s:s}", "op", "create", "path", path);
	if (n % 500 == 0)
		return json_pack("{s:s, s:s}", "conversation", "c", "text",
				 "In f1.py word_count should return 0 for an empty text, not 1. It "
				 "fails: AssertionError: 1 == 0");
	if (n % 500 == 1)
		return json_pack("{s:s, s:s, s:i}", "conversation", "c", "text", "So:\n" ANSWER,
				 "input_tokens", 100);
	if (n % 300 == 0)
		return json_pack("{s:s, s:s, s:i, s:i, s:{}, s:[]}", "tree",
				 "0123456789012345678901234567890123456789", "verdict",
				 "wrong_answer", "passed", (int)(n / 300 % 7), "total", 10, "cases",
				 "weak");
	if (n % 1000 == 2)
		return json_pack("{s:s}", "text", "- one\n- two\n- three");
	if (n % 20 == 0)
		return json_pack("{s:I, s:s}", "at", (json_int_t)typing->at, "file", "src/f1.py");
	return n % 700 == 3 ? edit(typing, 0, ANSWER, "paste") : type_key(typing, n);
}

static void write_session(struct store *store, const struct assessment *to, long events)
{
	struct typing typing = { .file = 0 };
	struct err err = ERR_INIT;

	if (store_begin(store, &err) < 0)
		measure_fail("%s", err.text);
	for (long n = 0; n < events; n++) {
		const char *kind = NULL;
		json_t *data = next_event(&typing, n, &kind);

		now.fixed_ms = to->started + n * 100;
		if (journal_append(store, to->id, "candidate", kind, data, &err) < 0)
			measure_fail("%s", err.text);
	}
	if (store_commit(store, &err) < 0)
		measure_fail("%s", err.text);
}

/* --- what is measured */

struct subject {
	struct store *store;
	struct assessment assessment;
	struct task_version version;
	struct manifest manifest;
	struct repo *repo;
};

static double score(const struct subject *subject)
{
	static const struct grade grade = { .points = 1, .possible = 1 };
	AUTO_JSON json_t *result = json_object();
	struct score_session session = {
		.store = subject->store, .assessment_id = subject->assessment.id,
		.repo = subject->repo, .tree = subject->version.start_tree,
		.task_tree = subject->version.start_tree, .manifest = &subject->manifest,
		.grade = &grade, .limit_ms = 3600000,
	};
	struct err err = ERR_INIT;
	double start = measure_now();

	if (score_session_add(&session, result, &err) < 0)
		measure_fail("%s", err.text);
	free(json_canonical(result));
	if (json_array_size(json_object_get(json_object_get(result, "work"), "prompts")) == 0)
		measure_fail("the session was not read");
	return measure_now() - start;
}

static int fold_one(void *arg, const struct event *event, struct err *err)
{
	return fold_event(arg, event, err);
}

static double fold_all(const struct subject *subject)
{
	struct fold_stored stored = { subject->store, subject->repo };
	struct fold_source source = fold_source_stored(&stored);
	AUTO(fold_free) struct fold *fold = fold_new(&source);
	struct err err = ERR_INIT;
	double start = measure_now();

	if (event_each(subject->store, subject->assessment.id, 0, fold_one, fold, &err) < 0)
		measure_fail("%s", err.text);
	return measure_now() - start;
}

static int open_subject(struct subject *subject, const char *path, const char *id,
			struct err *err)
{
	struct task_version *version = &subject->version;
	const struct assessment *assessment = &subject->assessment;

	subject->store = store_open(path, STORE_WRITE, &now, err);
	if (!subject->store || assessment_get(subject->store, id, &subject->assessment, err) < 0 ||
	    task_version_get(subject->store, assessment->task_id, assessment->task_version, version,
			     err) < 0 ||
	    manifest_parse(version->manifest, strlen(version->manifest), MANIFEST_FILE,
			   &subject->manifest, NULL, err) < 0)
		return -1;
	subject->repo = snapshot_repo(subject->store, assessment, err);
	return subject->repo ? 0 : -1;
}

int main(int argc, char **argv)
{
	static double value[MEASURE_MOST_ROUNDS], baseline[MEASURE_MOST_ROUNDS];
	long rounds = argc == 5 ? strtol(argv[1], NULL, 10) : 0;
	long events = argc == 5 ? strtol(argv[4], NULL, 10) : 0;
	AUTO_FREE char *name = buf_format("score-%ld", events);
	AUTO_FREE char *limit = buf_format("score-%ld-ms", events);
	struct subject subject = { .store = NULL };
	struct err err = ERR_INIT;

	if (rounds < 1 || rounds > MEASURE_MOST_ROUNDS || events < 1000) {
		fputs("usage: score ROUNDS STORE ASSESSMENT EVENTS\n", stderr);
		return 2;
	}
	hash_init();
	if (open_subject(&subject, argv[2], argv[3], &err) < 0)
		measure_fail("%s", err.text);
	write_session(subject.store, &subject.assessment, events);
	for (long i = 0; i < rounds; i++) {
		value[i] = score(&subject);
		baseline[i] = fold_all(&subject);
	}
	measure_print(name, value, baseline, rounds);
	measure_print_limit(limit, value[rounds / 2], "ms", 1000);
	repo_close(&subject.repo);
	manifest_release(&subject.manifest);
	task_version_release(&subject.version);
	assessment_release(&subject.assessment);
	store_close(&subject.store);
	return 0;
}
