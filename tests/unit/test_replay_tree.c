/* test_replay_tree.c - instants as git trees: what is remembered between them changes nothing */
#include "fold_fixture.h"

#include "base/fs.h"
#include "replay/replay_tree.h"

#include <stdlib.h>

struct place {
	struct world *world;
	char *folder;
	struct repo *repo;
	struct replay_tree *tree;	/* used for one instant after the other */
};

static int make(void **state)
{
	struct place *place = buf_alloc(sizeof(*place));
	struct err err = ERR_INIT;
	AUTO_FREE char *path = NULL;

	world_make((void **)&place->world);
	place->folder = fs_temp_dir("tali-tree", &err);
	assert_non_null(place->folder);
	path = fs_join(place->folder, "repo.git");
	place->repo = repo_create(path, NULL, &err);
	assert_non_null(place->repo);
	place->tree = replay_tree_new(place->repo);
	*state = place;
	return 0;
}

static int drop(void **state)
{
	struct place *place = *state;

	replay_tree_free(&place->tree);
	repo_close(&place->repo);
	fs_temp_release(&place->folder);
	world_remove((void **)&place->world);
	free(place);
	return 0;
}

/* The tree, which must be what one without a memory makes; borrowed until the next. */
static const char *tree_now(struct place *place)
{
	static char tree[REPO_OID_SIZE];
	char fresh[REPO_OID_SIZE];
	AUTO(replay_tree_free) struct replay_tree *other = replay_tree_new(place->repo);
	struct err err = ERR_INIT;

	if (replay_tree_write(place->tree, place->world->fold, tree, &err) < 0 ||
	    replay_tree_write(other, place->world->fold, fresh, &err) < 0)
		fail_msg("%s", err.text);
	assert_string_equal(tree, fresh);
	return tree;
}

static void holds(struct place *place, const char *path, const char *text)
{
	AUTO(buf_release) struct buf bytes = BUF_INIT(1000);
	struct err err = ERR_INIT;

	assert_int_equal(repo_read_file(place->repo, tree_now(place), path, 1000, &bytes, &err), 0);
	assert_string_equal(buf_str(&bytes), text);
}

static json_t *file_op(const char *op, const char *path, const char *to)
{
	return to ? json_pack("{s:s, s:s, s:s}", "op", op, "path", path, "to", to)
		  : json_pack("{s:s, s:s}", "op", op, "path", path);
}

static void each_instant_is_a_tree(void **state)
{
	struct place *place = *state;
	struct world *w = place->world;

	assert_string_equal(tree_now(place), "4b825dc642cb6eb9a060e54bf8d69288fbee4904");
	told(w, "snapshot", snapshot(world_tree(w, "a/b.txt", "one", "c.txt", "two", NULL)));
	holds(place, "a/b.txt", "one");
	told(w, "edit", edit("c.txt", 3, 0, "!", "typed"));
	holds(place, "c.txt", "two!");
	holds(place, "a/b.txt", "one");
	told(w, "file", file_op("rename", "c.txt", "a/d.txt"));
	holds(place, "a/d.txt", "two!");
	assert_false(repo_has(place->repo, tree_now(place), "c.txt"));
	told(w, "file", file_op("delete", "a/b.txt", NULL));
	assert_false(repo_has(place->repo, tree_now(place), "a/b.txt"));
	told(w, "file", file_op("rename", "a/d.txt", "a/b.txt"));
	holds(place, "a/b.txt", "two!");
}

/* Two parts of one event change the same file: its number alone does not tell them apart. */
static void parts_of_one_event_are_told_apart(void **state)
{
	struct place *place = *state;
	struct world *w = place->world;
	struct err err = ERR_INIT;
	json_t *data = json_pack("{s:[{s:i, s:s, s:i, s:i, s:s}, {s:i, s:s, s:i, s:i, s:s}]}",
				 "edits", "ms", 0, "file", "f", "at", 0, "del", 0, "ins", "x",
				 "ms", 5, "file", "f", "at", 1, "del", 0, "ins", "y");

	told(w, "snapshot", snapshot(world_tree(w, "f", "", NULL)));
	holds(place, "f", "");
	assert_int_equal(fold_begin(w->fold, world_event(w, "edit", data), &err), 0);
	assert_int_equal(fold_part(w->fold, &err), 0);
	holds(place, "f", "x");
	assert_int_equal(fold_part(w->fold, &err), 0);
	holds(place, "f", "xy");
	told(w, "note", json_pack("{s:s}", "text", "n"));
	holds(place, "f", "xy");
}

/* Back in time, where the same event is not complete yet. */
static void going_back_is_no_trap(void **state)
{
	struct place *place = *state;
	struct world *w = place->world;
	const char *trees[3];
	struct err err = ERR_INIT;
	int i;

	trees[0] = world_tree(w, "f", "", "g", "g", NULL);
	for (i = 0; i < 2; i++) {
		json_t *data = json_pack("{s:[{s:s, s:i, s:i, s:s}, {s:s, s:i, s:i, s:s}]}",
					 "edits", "file", "f", "at", 0, "del", 0, "ins", "x",
					 "file", "f", "at", 1, "del", 0, "ins", "y");

		fold_free(&w->fold);
		w->fold = fold_new(&w->source);
		w->seq = 0;
		told(w, "snapshot", snapshot(trees[0]));
		assert_int_equal(fold_begin(w->fold, world_event(w, "edit", data), &err), 0);
		assert_int_equal(fold_part(w->fold, &err), 0);
		holds(place, "f", "x");
		assert_int_equal(fold_part(w->fold, &err), 0);
		holds(place, "f", "xy");
	}
}

static void bad_paths_and_ids_are_no_tree(void **state)
{
	struct place *place = *state;
	char oid[REPO_OID_SIZE], tree[REPO_OID_SIZE];
	struct repo_entry entry = { "ok", oid, true };
	struct err err = ERR_INIT;

	assert_int_equal(repo_write_blob(place->repo, "x", 1, oid, &err), 0);
	assert_int_equal(repo_build_tree(place->repo, &entry, 1, tree, &err), 0);
	entry.path = ".git/config";
	assert_int_equal(repo_build_tree(place->repo, &entry, 1, tree, &err), -1);
	assert_int_equal(err.code, ERR_INPUT);
	entry.path = "../out";
	assert_int_equal(repo_build_tree(place->repo, &entry, 1, tree, &err), -1);
	entry = (struct repo_entry){ "ok", "nonsense", false };
	assert_int_equal(repo_build_tree(place->repo, &entry, 1, tree, &err), -1);
}

#define WITH_PLACE(test) cmocka_unit_test_setup_teardown(test, make, drop)

int main(void)
{
	const struct CMUnitTest tests[] = {
		WITH_PLACE(each_instant_is_a_tree),
		WITH_PLACE(parts_of_one_event_are_told_apart),
		WITH_PLACE(going_back_is_no_trap),
		WITH_PLACE(bad_paths_and_ids_are_no_tree),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
