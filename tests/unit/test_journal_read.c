/* test_journal_read.c - an exported journal is read whole, and no change of it stays unseen
 *
 * TALI_SEED=N repeats the changes of an earlier run. */
#include "journal/journal_read.h"

#include "assess/import.h"
#include "assess/snapshot.h"
#include "base/json.h"
#include "journal/journal.h"
#include "journal/journal_export.h"
#include "store_fixture.h"

#include <fcntl.h>
#include <stdio.h>

struct text {
	char *data;
	size_t len;
};

static void write_file(int folder, const char *name, const char *contents)
{
	int fd = openat(folder, name, O_WRONLY | O_CREAT | O_TRUNC, 0644);

	assert_true(fd >= 0);
	assert_int_equal(fs_write_all(fd, contents, strlen(contents)), 0);
	close(fd);
}

/* An assessment with three snapshots, a payload and a seal. */
static struct assessment make_session(struct fixture *f)
{
	struct assessment assessment = fixture_assessment(f), before;
	AUTO_FREE char *path = store_repo_path(f->store, assessment.id);
	AUTO_FREE char *work = fs_join(f->folder, "work");
	AUTO(repo_close) struct repo *repo = NULL;
	struct repo_skip skip = { .names = NULL };
	struct journal_seal seal = { .task_version = VERSION_ID };
	struct err err = ERR_INIT;
	struct snapshot snapshot;
	char tree[REPO_OID_SIZE];
	int i, folder;

	repo = repo_create(path, NULL, &err);
	must(repo ? fs_mkdirs(work, 0755, &err) : -1, &err);
	folder = open(work, O_RDONLY | O_DIRECTORY);
	must(store_begin(f->store, &err), &err);
	for (i = 0; i < 3; i++) {
		AUTO_FREE char *text = buf_format("line %d\nand the others\n", i);

		write_file(folder, "notes.txt", text);
		must(repo_write_folder(repo, folder, NULL, &skip, tree, NULL, &err), &err);
		must(repo_publish(repo, &err), &err);
		must(snapshot_commit(f->store, repo, &assessment, tree, i ? "run" : "start",
				     store_now(f->store), 0, NULL, &snapshot, &err), &err);
	}
	close(folder);
	must(journal_append(f->store, assessment.id, "ai", "ai_response",
			    json_pack("{s:s, s:o}", "conversation", "c", "text",
				      journal_blob(f->store, "an answer \xe2\x82\xac", 13, &err)),
			    &err), &err);
	before = assessment;
	assessment.submitted = store_now(f->store);
	must(lifecycle_change(f->store, &before, &assessment, "candidate", "extend", NULL, &err),
	     &err);
	seal.commit = snapshot.commit;
	seal.tree = snapshot.tree;
	must(journal_seal(f->store, assessment.id, &seal, &err), &err);
	must(store_commit(f->store, &err), &err);
	return assessment;
}

static struct text export_text(struct store *store, const struct assessment *assessment)
{
	struct text text = { NULL, 0 };
	FILE *out = open_memstream(&text.data, &text.len);
	struct err err = ERR_INIT;

	must(journal_export(store, assessment, out, &err), &err);
	fclose(out);
	return text;
}

/* Reads bytes without a repository: then nothing but the text itself can tell. */
static int read_bytes(struct fixture *f, const char *data, size_t len, struct err *err)
{
	AUTO(journal_read_release) struct journal_read read = { .assessment_id = "" };
	AUTO_FILE FILE *file = len ? fmemopen((void *)data, len, "r") : fopen("/dev/null", "r");
	uint8_t key[SIGN_PUBLIC_SIZE];

	*err = (struct err)ERR_INIT;
	must(store_public_key(f->store, key, err), err);
	return journal_read(file, key, NULL, NULL, &read, err);
}

static void must_be_seen(struct fixture *f, const char *what, size_t at, const char *data,
			 size_t len)
{
	struct err err = ERR_INIT;

	if (read_bytes(f, data, len, &err) == 0)
		fail_msg("%s at %zu is not seen: %.*s", what, at, 60,
			 data + (at > 30 ? at - 30 : 0));
	if (err.code != ERR_INTEGRITY)
		fail_msg("%s at %zu: error %d, %s", what, at, err.code, err.text);
}

static unsigned seeded(void)
{
	const char *given = getenv("TALI_SEED");
	unsigned seed = given ? (unsigned)strtoul(given, NULL, 10) : (unsigned)getpid();

	print_message("# seed %u\n", seed);
	srandom(seed);
	return seed;
}

static void each_byte_counts(void **state)
{
	struct fixture *f = *state;
	AUTO(assessment_release) struct assessment assessment = make_session(f);
	struct text text = export_text(f->store, &assessment);
	AUTO_FREE char *owned = text.data;
	AUTO_FREE char *changed = buf_alloc(text.len + 2);
	size_t at, step = getenv("TALI_VALGRIND") ? 37 : 1;
	struct err err = ERR_INIT;

	seeded();
	must(read_bytes(f, text.data, text.len, &err), &err);
	for (at = 0; at < text.len; at += step) {
		char byte = (char)random();

		memcpy(changed, text.data, text.len);
		changed[at] = (char)(changed[at] ^ 1 << random() % 8);
		must_be_seen(f, "a flipped bit", at, changed, text.len);
		if (at % 3 == 0) {
			memcpy(changed + at, text.data + at + 1, text.len - at - 1);
			must_be_seen(f, "a missing byte", at, changed, text.len - 1);
		} else if (at % 3 == 1) {
			memcpy(changed, text.data, at);
			changed[at] = byte;
			memcpy(changed + at + 1, text.data + at, text.len - at);
			must_be_seen(f, "a byte more", at, changed, text.len + 1);
		} else {
			must_be_seen(f, "a cut", at, text.data, at);
		}
	}
}

struct lines {
	const char *start[256];
	size_t len[256];
	size_t count;
};

static struct lines split(const struct text *text)
{
	struct lines lines = { .count = 0 };
	const char *at = text->data;

	while (at < text->data + text->len) {
		const char *end = strchr(at, '\n') + 1;

		assert_true(lines.count < 256);
		lines.start[lines.count] = at;
		lines.len[lines.count++] = (size_t)(end - at);
		at = end;
	}
	return lines;
}

static void put(struct buf *out, const struct lines *lines, size_t which)
{
	buf_add(out, lines->start[which], lines->len[which]);
}

/* Every line left out, twice, and in the place of every other. */
static void each_line_has_its_place(void **state)
{
	struct fixture *f = *state;
	AUTO(assessment_release) struct assessment assessment = make_session(f);
	struct text text = export_text(f->store, &assessment);
	AUTO_FREE char *owned = text.data;
	struct lines lines = split(&text);
	AUTO(buf_release) struct buf changed = BUF_INIT(4 << 20);
	size_t i, j, k;

	for (i = 0; i < lines.count; i++) {
		for (j = 0; j <= lines.count; j++) {
			buf_clear(&changed);
			for (k = 0; k < lines.count; k++) {
				if (k == j)
					put(&changed, &lines, i);
				if (k != i || j == lines.count)
					put(&changed, &lines, k);
			}
			if (j == lines.count)
				put(&changed, &lines, i);
			if (changed.len != text.len || memcmp(changed.data, text.data, text.len))
				must_be_seen(f, "a moved line", i * 1000 + j, changed.data,
					     changed.len);
		}
	}
}

static void what_is_no_export_is_refused(void **state)
{
	static const char *const texts[] = {
		"", "\n", "{}", "{}\n", "null\n", "[]\n", "{\"schema\":\"tali.journal/1\"}\n",
		"{\"assessment\":\"../../../../../x\",\"public_key\":\"\",\"schema\":\"x\"}\n",
		"\xff\xfe\n", "{\"end\":{}}\n",
	};
	struct fixture *f = *state;
	size_t i;

	for (i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		must_be_seen(f, texts[i], i, texts[i], strlen(texts[i]));
}

/* The id names a folder: a store that signs such an event is no reason to write elsewhere. */
static void an_id_that_is_a_path_is_refused(void **state)
{
	struct fixture *f = *state;
	uint8_t public_key[SIGN_PUBLIC_SIZE];
	AUTO_FREE char *key = NULL;
	AUTO_FREE char *line = NULL;
	struct err err = ERR_INIT;

	must(store_public_key(f->store, public_key, &err), &err);
	key = hash_base64(public_key, sizeof(public_key));
	line = buf_format("{\"assessment\":\"../../../../etc/x\",\"public_key\":\"%s\",\"schema\":"
			  "\"tali.journal/1\"}\n", key);
	assert_int_equal(read_bytes(f, line, strlen(line), &err), -1);
	assert_non_null(strstr(err.text, "no assessment has such an id"));
}

static void an_import_exports_the_same_bytes(void **state)
{
	struct fixture *f = *state;
	AUTO(assessment_release) struct assessment assessment = make_session(f);
	AUTO(assessment_release) struct assessment imported = ASSESSMENT_INIT;
	struct text text = export_text(f->store, &assessment), again;
	AUTO_FREE char *owned = text.data;
	AUTO_FREE char *path = fs_join(f->folder, "export");
	AUTO_FREE char *folder = fs_join(f->folder, "other");
	AUTO(store_close) struct store *other = NULL;
	uint8_t key[SIGN_PUBLIC_SIZE];
	struct err err = ERR_INIT;
	bool made;

	must(store_public_key(f->store, key, &err), &err);
	must(fs_write(path, 0644, text.data, text.len, &err), &err);
	must(store_init(folder, "other", &f->clock, &made, &err), &err);
	other = store_open(folder, STORE_WRITE, &f->clock, &err);
	must(other ? import_journal(other, path, key, &imported, &err) : -1, &err);
	again = export_text(other, &imported);
	assert_int_equal(again.len, text.len);
	assert_memory_equal(again.data, text.data, text.len);
	free(again.data);
	assert_int_equal(import_journal(other, path, key, &imported, &err), -1);
	assert_int_equal(err.code, ERR_STATE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		WITH_STORE(each_byte_counts),
		WITH_STORE(each_line_has_its_place),
		WITH_STORE(what_is_no_export_is_refused),
		WITH_STORE(an_id_that_is_a_path_is_refused),
		WITH_STORE(an_import_exports_the_same_bytes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
