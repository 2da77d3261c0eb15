/* comparing.c - see comparing.h */
#include "assess/comparing.h"

#include "assess/cohort.h"
#include "base/auto.h"
#include "base/buf.h"
#include "base/utf8.h"
#include "score/code_metrics.h"
#include "score/integrity.h"
#include "score/similarity.h"
#include "store/assessment.h"
#include "store/task.h"
#include "workspace/repo.h"

#include <stdlib.h>
#include <string.h>

/* A submission that takes part. */
struct entry {
	char id[RAND_ID_LEN + 1], candidate[RAND_ID_LEN + 1];
	char version[TASK_VERSION_SIZE], commit[REPO_OID_SIZE];
	int64_t submitted;
	char *email;
	uint32_t left_out;		/* files of code that are too large */
};

struct field {
	struct store *store;
	struct task task;
	struct entry *entries;
	size_t count;
	struct similarity *similarity;
	struct similarity_result result;
};

static void field_release(struct field *field)
{
	size_t i;

	for (i = 0; i < field->count; i++)
		free(field->entries[i].email);
	free(field->entries);
	task_release(&field->task);
	similarity_free(&field->similarity);
	similarity_result_release(&field->result);
}

/* --- who takes part */

static int add_entry(void *arg, const struct assessment *assessment, struct err *err)
{
	struct field *field = arg;
	struct entry *entry;

	(void)err;
	if (!assessment->submitted || !*assessment->commit)
		return 0;
	if ((field->count & (field->count - 1)) == 0)
		field->entries = buf_realloc(field->entries,
					      field->count ? field->count * 2 : 1,
					      sizeof *entry);
	entry = &field->entries[field->count++];
	*entry = (struct entry){ .email = buf_strdup(assessment->email),
				  .submitted = assessment->submitted };
	memcpy(entry->id, assessment->id, sizeof entry->id);
	memcpy(entry->candidate, assessment->candidate_id, sizeof entry->candidate);
	memcpy(entry->version, assessment->task_version, sizeof entry->version);
	memcpy(entry->commit, assessment->commit, sizeof entry->commit);
	return 0;
}

/* By candidate, the newest first. */
static int by_candidate(const void *a, const void *b)
{
	const struct entry *x = a, *y = b;
	int order = strcmp(x->candidate, y->candidate);

	if (order)
		return order;
	if (x->submitted != y->submitted)
		return x->submitted > y->submitted ? -1 : 1;
	return strcmp(x->id, y->id);
}

static int by_id(const void *a, const void *b)
{
	return strcmp(((const struct entry *)a)->id, ((const struct entry *)b)->id);
}

static void keep_newest(struct field *field)
{
	size_t i, kept = 0;

	if (!field->count)
		return;
	qsort(field->entries, field->count, sizeof *field->entries, by_candidate);
	for (i = 0; i < field->count; i++) {
		if (kept && !strcmp(field->entries[kept - 1].candidate,
				    field->entries[i].candidate))
			free(field->entries[i].email);
		else
			field->entries[kept++] = field->entries[i];
	}
	field->count = kept;
	qsort(field->entries, field->count, sizeof *field->entries, by_id);
}

static int list_entries(struct field *field, struct err *err)
{
	struct assessment_filter filter = { .task_id = field->task.id, .limit = -1 };

	if (assessment_each(field->store, &filter, add_entry, field, err) < 0)
		return -1;
	keep_newest(field);
	return 0;
}

/* --- their code */

struct reading {
	struct field *field;
	struct repo *repo;
	uint32_t *left_out;		/* NULL: it is the starter that is read */
};

static int read_file(void *arg, const struct repo_file *file, struct err *err)
{
	struct reading *reading = arg;
	struct similarity *similarity = reading->field->similarity;
	AUTO(buf_release) struct buf text = { 0 };

	if (!code_language_of(file->path))
		return 0;
	if (file->size > CODE_METRICS_FILE_MAX) {
		if (reading->left_out)
			++*reading->left_out;
		return 0;
	}
	if (repo_read_blob(reading->repo, file->oid, CODE_METRICS_FILE_MAX, &text, err) < 0)
		return -1;
	if (reading->left_out)
		similarity_add(similarity, file->path, buf_str(&text), text.len);
	else
		similarity_starter(similarity, file->path, buf_str(&text), text.len);
	return 0;
}

static int read_starter(void *arg, const struct task_version *version, struct err *err)
{
	struct reading *reading = arg;

	if (!*version->start_tree)
		return 0;
	return repo_each_file(reading->repo, version->start_tree, read_file, reading, err);
}

/* Of all versions: a submission may be of any. */
static int read_starters(struct field *field, struct err *err)
{
	AUTO_FREE char *name = buf_format("start-%s", field->task.id);
	AUTO_FREE char *path = store_repo_path(field->store, name);
	AUTO(repo_close) struct repo *repo = NULL;
	struct reading reading = { .field = field };

	if (field->task.stub)
		return 0;
	repo = repo_open(path, err);
	if (!repo)
		return -1;
	reading.repo = repo;
	return task_version_each(field->store, field->task.id, read_starter, &reading, err);
}

static struct repo *open_entry(const struct field *field, const struct entry *entry,
			       char ret_tree[REPO_OID_SIZE], struct err *err)
{
	AUTO_FREE char *path = store_repo_path(field->store, entry->id);
	AUTO(repo_close) struct repo *repo = repo_open(path, err);

	if (!repo || repo_commit_tree(repo, entry->commit, ret_tree, err) < 0) {
		err_wrap(err, "submission %s", entry->id);
		return NULL;
	}
	return TAKE(repo);
}

static int read_entry(struct field *field, struct entry *entry, struct err *err)
{
	char tree[REPO_OID_SIZE];
	AUTO(repo_close) struct repo *repo = open_entry(field, entry, tree, err);
	struct reading reading = { field, repo, &entry->left_out };

	if (!repo)
		return -1;
	similarity_begin(field->similarity);
	if (repo_each_file(repo, tree, read_file, &reading, err) < 0)
		return err_wrap(err, "submission %s", entry->id);
	return 0;
}

static int gather(struct field *field, const struct comparing *request, struct err *err)
{
	size_t i;

	field->similarity = similarity_new();
	if (list_entries(field, err) < 0 || read_starters(field, err) < 0)
		return -1;
	for (i = 0; i < field->count; i++) {
		if (read_entry(field, &field->entries[i], err) < 0)
			return -1;
		if (request->progress)
			request->progress(request->arg, (unsigned)i + 1, (unsigned)field->count);
	}
	similarity_compare(field->similarity, &field->result);
	return 0;
}

/* --- as JSON */

static json_t *submissions_json(const struct field *field)
{
	json_t *list = json_array();
	size_t i;

	for (i = 0; i < field->count; i++) {
		const struct entry *entry = &field->entries[i];
		const struct similarity_member *member = &field->result.members[i];

		json_array_append_new(list, json_pack(
			"{s:s, s:s, s:s, s:i, s:i, s:b, s:i, s:b}", "assessment", entry->id,
			"email", entry->email, "task_version", entry->version, "own",
			(int)member->own, "common", (int)member->common, "compared",
			(int)member->compared, "large_files", (int)entry->left_out, "cut",
			(int)member->cut));
	}
	return list;
}

static json_t *pairs_json(const struct field *field, long threshold)
{
	json_t *list = json_array();
	size_t i;

	for (i = 0; i < field->result.pair_count; i++) {
		const struct similarity_pair *pair = &field->result.pairs[i];

		if (pair->value < (uint32_t)threshold * 100)
			break;
		json_array_append_new(list, json_pack(
			"{s:s, s:s, s:i, s:i, s:i, s:i, s:i}", "a", field->entries[pair->a].id,
			"b", field->entries[pair->b].id, "value", (int)pair->value, "share_a",
			(int)pair->share_a, "share_b", (int)pair->share_b, "shared",
			(int)pair->shared, "rank", (int)pair->rank));
	}
	return list;
}

static json_t *base_json(const struct similarity_result *result)
{
	return json_pack("{s:I, s:i, s:i, s:i, s:i}", "pairs", (json_int_t)result->compared_pairs,
			 "median", (int)result->median, "p90", (int)result->p90, "p99",
			 (int)result->p99, "most", (int)result->most);
}

/* --- what was observed in their sessions */

/* The names of all observations, each with its base. */
static json_t *usual_json(const json_t *observed)
{
	AUTO_JSON json_t *all = json_array();
	json_t *usual = integrity_names();
	const json_t *entry;
	size_t i;

	json_array_foreach(observed, i, entry)
		json_array_append(all, json_object_get(entry, "observations"));
	integrity_add_base(usual, all);
	return usual;
}

static json_t *sessions_json(const struct field *field, struct err *err)
{
	json_t *observed = cohort_observations(field->store, field->task.id, NULL, err);

	if (!observed)
		return NULL;
	return json_pack("{s:o, s:o}", "usual", usual_json(observed), "observed", observed);
}

/* --- regions */

static int find_entry(const struct field *field, const char *words, uint32_t *ret,
		      struct err *err)
{
	AUTO(assessment_release) struct assessment assessment = ASSESSMENT_INIT;
	size_t i;

	if (assessment_find(field->store, words, &assessment, err) < 0)
		return -1;
	for (i = 0; i < field->count; i++)
		if (!strcmp(field->entries[i].id, assessment.id)) {
			*ret = (uint32_t)i;
			return 0;
		}
	return err_set(err, ERR_NOT_FOUND, "%s is no newest submission of a candidate for '%s'",
		       assessment.id, field->task.name);
}

/* Bytes that are no UTF-8 become U+FFFD. */
static void add_text(struct buf *out, const char *text, size_t len)
{
	size_t at = 0;

	while (at < len) {
		size_t size = text[at] ? utf8_char(text + at, len - at) : 0;

		if (size)
			buf_add(out, text + at, size);
		else
			buf_add_str(out, "\xef\xbf\xbd");
		at += size ? size : 1;
	}
}

/* Lines `first` to `last`, from 1. */
static json_t *lines_json(const struct buf *text, uint32_t first, uint32_t last)
{
	json_t *lines = json_array();
	const char *at = buf_str(text), *end = at + text->len;
	uint32_t number;

	for (number = 1; at < end && number <= last; number++) {
		const char *next = memchr(at, '\n', (size_t)(end - at));
		AUTO(buf_release) struct buf line = BUF_INIT(SIZE_MAX);

		next = next ? next : end;
		if (number >= first && number - first < COMPARING_REGION_LINES) {
			add_text(&line, at, (size_t)(next - at));
			json_array_append_new(lines, json_string(buf_str(&line)));
		}
		at = next + 1;
	}
	return lines;
}

/* One of the two that are shown. */
struct shown {
	struct repo *repo;
	char tree[REPO_OID_SIZE];
};

static void shown_release(struct shown *shown)
{
	repo_close(&shown->repo);
}

static json_t *side_json(const struct shown *shown, const char *path, uint32_t first,
			 uint32_t last, struct err *err)
{
	AUTO(buf_release) struct buf text = { 0 };

	if (repo_read_file(shown->repo, shown->tree, path, CODE_METRICS_FILE_MAX, &text, err) < 0)
		return NULL;
	return json_pack("{s:s, s:i, s:i, s:o}", "path", path, "first", (int)first, "last",
			 (int)last, "lines", lines_json(&text, first, last));
}

static int add_region(json_t *list, const struct shown shown[2],
		      const struct similarity_region *region, struct err *err)
{
	AUTO_JSON json_t *a = side_json(&shown[0], region->path_a, region->first_a,
					region->last_a, err);
	AUTO_JSON json_t *b = a ? side_json(&shown[1], region->path_b, region->first_b,
					    region->last_b, err) : NULL;

	if (!b)
		return -1;
	json_array_append_new(list, json_pack("{s:i, s:O, s:O}", "symbols", (int)region->symbols,
					      "a", a, "b", b));
	return 0;
}

static json_t *regions_json(const struct field *field, uint32_t a, uint32_t b, struct err *err)
{
	AUTO(shown_release) struct shown first = { .repo = NULL };
	AUTO(shown_release) struct shown second = { .repo = NULL };
	AUTO_FREE struct similarity_region *regions = NULL;
	AUTO_JSON json_t *list = json_array();
	size_t count, i;

	first.repo = open_entry(field, &field->entries[a], first.tree, err);
	second.repo = open_entry(field, &field->entries[b], second.tree, err);
	if (!first.repo || !second.repo)
		return NULL;
	regions = similarity_regions(field->similarity, a, b, &count);
	for (i = 0; i < count; i++)
		if (add_region(list, (const struct shown[]){ first, second }, &regions[i], err) < 0)
			return NULL;
	return TAKE(list);
}

static json_t *shown_json(const struct field *field, const struct comparing *request,
			  struct err *err)
{
	uint32_t a, b;
	json_t *regions;

	if (find_entry(field, request->show_a, &a, err) < 0 ||
	    find_entry(field, request->show_b, &b, err) < 0)
		return NULL;
	if (a == b) {
		err_set(err, ERR_USAGE, "a submission is not compared with itself");
		return NULL;
	}
	regions = regions_json(field, a, b, err);
	return regions ? json_pack("{s:s, s:s, s:o}", "a", field->entries[a].id, "b",
				   field->entries[b].id, "regions", regions) : NULL;
}

json_t *comparing_run(struct store *store, const char *task, const struct comparing *request,
		      struct err *err)
{
	AUTO(field_release) struct field field = { .store = store, .task = TASK_INIT };
	AUTO_JSON json_t *shown = NULL;
	json_t *sessions;

	if (request->threshold < COMPARING_LEAST || request->threshold > 100) {
		err_set(err, ERR_USAGE, "the threshold must be %d to 100", COMPARING_LEAST);
		return NULL;
	}
	if (task_find(store, task, &field.task, err) < 0 || gather(&field, request, err) < 0)
		return NULL;
	if (request->show_a) {
		shown = shown_json(&field, request, err);
		if (!shown)
			return NULL;
	}
	sessions = sessions_json(&field, err);
	if (!sessions)
		return NULL;
	return json_pack("{s:s, s:s, s:o, s:o, s:i, s:o, s:o, s:O*}", "schema", "tali.similar/1",
			 "task", field.task.name, "submissions", submissions_json(&field), "base",
			 base_json(&field.result), "threshold", (int)request->threshold * 100,
			 "pairs", pairs_json(&field, request->threshold), "sessions", sessions,
			 "shown", shown);
}
