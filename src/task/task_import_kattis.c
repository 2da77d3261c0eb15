/* task_import_kattis.c - problem packages of Kattis, ICPC and DOMjudge as tasks */
#include "task/task_import_kattis.h"

#include "base/auto.h"
#include "task/kattis_judge.h"
#include "task/kattis_problem.h"
#include "task/kattis_scoring.h"
#include "task/kattis_statement.h"
#include "task/kattis_submissions.h"

#define MINUTES 60

static bool detect(const struct import_source *source)
{
	return import_source_has(source, "problem.yaml") ||
	       import_source_has(source, "domjudge-problem.ini") ||
	       (import_source_has_folder(source, "data/secret") &&
		import_source_has_folder(source, "submissions"));
}

/* What such packages say nothing about. */
static void fill_manifest(const struct kattis *kattis)
{
	json_t *manifest = import_draft_manifest(kattis->draft);

	json_object_set_new(manifest, "type", json_string("algorithm"));
	json_object_set_new(manifest, "difficulty", json_string("intermediate"));
	json_object_set_new(manifest, "time_limit_minutes", json_integer(MINUTES));
	json_object_set_new(manifest, "run", json_pack("[s]", "{program}"));
	json_object_set_new(manifest, "build", json_string("language"));
	import_draft_changed(kattis->draft, "difficulty: intermediate, 60 minutes",
			     "the package says neither");
}

static int run(struct import_call *call, struct err *err)
{
	AUTO(kattis_release) struct kattis kattis = { .call = call, .source = call->source };

	kattis.draft = import_call_draft(call, import_source_name(call->source), err);
	if (!kattis.draft || kattis_problem_read(&kattis, err) < 0)
		return -1;
	fill_manifest(&kattis);
	if (kattis_judge_import(&kattis, err) < 0 || kattis_include_import(&kattis, err) < 0 ||
	    kattis_scoring_import(&kattis, err) < 0 ||
	    kattis_submissions_import(&kattis, err) < 0 ||
	    kattis_statement_import(&kattis, err) < 0)
		return -1;
	kattis_judge_note_rest(&kattis);
	return 0;
}

const struct import_format task_import_kattis = {
	.name = "kattis",
	.detect = detect,
	.run = run,
};
