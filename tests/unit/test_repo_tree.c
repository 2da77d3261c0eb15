/* test_repo_tree.c - what is done with trees: layers, files, changes, checks, clones */
#include "repo_fixture.h"

/* Writes a tree of the files named, each holding its own name and `mark`. */
static const char *tree_of(struct fixture *f, const char *names, const char *mark)
{
	shell(f,
	      "rm -rf work/*; cd work; for n in %s; do mkdir -p $(dirname $n); echo $n %s >$n; "
	      "done",
	      names, mark);
	return write_work(f);
}

static const char *files_of(struct fixture *f, const char *tree)
{
	ok(f, repo_publish(f->repo, &f->err));
	return shell(f,
		     "cd repo.git; git ls-tree -r --name-only %s | while read n; do "
		     "echo $(git cat-file blob %s:$n); done",
		     tree, tree);
}

static void layers_win_file_by_file(void **state)
{
	struct fixture *f = *state;
	const char *task =
		tree_of(f, "start/a start/t/x start/t/y hidden/t/x hidden/h files/f/g README", "1");
	const char *work = tree_of(f, "a t/x/deep mine/z h", "2");
	struct repo_layer layers[] = {
		{ work, "", "", false },	  { task, "start/t", "t", false },
		{ task, "hidden", "", false },	  { task, "none", "none", true },
		{ task, "files", "files", true }, { task, "README", "mine/z/doc", false },
	};
	char tree[REPO_OID_SIZE], again[REPO_OID_SIZE];

	ok(f, repo_lay_trees(f->repo, layers, 6, tree, &f->err));
	assert_string_equal(files_of(f, tree),
			    "a 2\nfiles/f/g 1\nhidden/h 1\nREADME 1\nhidden/t/x 1\nstart/t/y 1");
	ok(f, repo_lay_trees(f->repo, layers, 1, again, &f->err));
	assert_string_equal(again, work);
	ok(f, repo_lay_trees(f->repo, layers, 0, again, &f->err));
	assert_string_equal(again, "4b825dc642cb6eb9a060e54bf8d69288fbee4904");
	layers[5] = (struct repo_layer){ again, "", "empty", false };
	ok(f, repo_lay_trees(f->repo, layers, 6, tree, &f->err));
	assert_false(repo_has(f->repo, tree, "empty"));
	layers[3].optional = false;
	fails(f, repo_lay_trees(f->repo, layers, 6, tree, &f->err), ERR_NOT_FOUND, "'none'");
	layers[3] = (struct repo_layer){ task, "README", "../x", false };
	fails(f, repo_lay_trees(f->repo, layers, 4, tree, &f->err), ERR_INPUT, "'../x'");
	shell(f, "git -C repo.git fsck --strict");
}

static bool drop_tests(void *arg, const char *path)
{
	return fs_path_match(arg, path);
}

static void a_filter_removes_files_and_the_folders_that_become_empty(void **state)
{
	struct fixture *f = *state;
	const char *tree = tree_of(f, "a tests/x tests/u/y b/tests/z c", "1");
	char left[REPO_OID_SIZE];

	ok(f, repo_filter_tree(f->repo, tree, drop_tests, (void *)"tests/**", left, &f->err));
	assert_string_equal(files_of(f, left), "a 1\nb/tests/z 1\nc 1");
	assert_false(repo_has(f->repo, left, "tests"));
	ok(f, repo_filter_tree(f->repo, tree, drop_tests, (void *)"nothing", left, &f->err));
	assert_string_equal(left, tree);
	ok(f, repo_filter_tree(f->repo, tree, drop_tests, (void *)"**", left, &f->err));
	assert_string_equal(left, "4b825dc642cb6eb9a060e54bf8d69288fbee4904");
}

static void a_tree_can_be_copied_into_another_repository(void **state)
{
	struct fixture *f = *state;
	AUTO(repo_close) struct repo *other = create_at(f, "other.git", NULL);
	const char *tree = tree_of(f, "a b/c b/d/e", "1");

	ok(f, repo_copy_tree(other, f->repo, tree, &f->err));
	ok(f, repo_publish(other, &f->err));
	ok(f, repo_copy_tree(other, f->repo, tree, &f->err));
	ok(f, repo_verify(other, tree, &f->err));
	fails(f,
	      repo_copy_tree(other, f->repo, "0123456789012345678901234567890123456789", &f->err),
	      ERR_INTEGRITY, "0123456789");
}

static void materialising_replaces_what_is_there_and_follows_nothing(void **state)
{
	struct fixture *f = *state;
	const char *tree = tree_of(f, "a b/c d/e/f", "1");
	AUTO_FD int out = -1;

	shell(f, "mkdir -p out/a/full out/d outside; : >out/a/full/x; ln -s ../outside out/b; "
		 "ln -s ../../outside/x out/d/e; : >out/stays; echo kept >outside/c; umask 077");
	out = open_at(f, "out");
	ok(f, repo_materialise(f->repo, tree, out, &f->err));
	shell(f,
	      "rm out/stays; diff -r work out; test \"$(cat outside/c)\" = kept -a ! -e outside/x");
	assert_string_equal(shell(f, "stat -c %%a out/a out/d out/d/e/f"), "644\n755\n644");
}

static void what_was_made_is_older_than_what_was_written(void **state)
{
	struct fixture *f = *state;
	AUTO_FD int out = -1;

	shell(f, "mkdir out; printf 'a\\0b' >work/a.o; echo 'int x;' >work/a.c; : >work/done; "
		 "printf 'prog: prog.c\\n\\techo remade\\n' >work/Makefile; echo >work/prog.c; "
		 "echo '#!/bin/sh' >work/prog; chmod 755 work/prog");
	out = open_at(f, "out");
	ok(f, repo_materialise(f->repo, write_work(f), out, &f->err));
	assert_string_equal(shell(f, "cd out; find . -newermt 2001-01-01 -type f | sort"),
			    "./Makefile\n./a.c\n./prog.c");
	assert_string_equal(shell(f, "make -s -C out prog"), "remade");
}

/* As an archive from Windows has them: each may be executed. */
static void a_source_that_may_be_executed_is_no_program(void **state)
{
	struct fixture *f = *state;
	AUTO_FD int out = -1;

	shell(f, "mkdir out; printf 'prog: prog.c\n\techo remade\n' >work/Makefile; "
		 "echo 'int x;' >work/prog.c; printf 'a\\0b' >work/prog; chmod 755 work/*");
	out = open_at(f, "out");
	ok(f, repo_materialise(f->repo, write_work(f), out, &f->err));
	assert_string_equal(shell(f, "make -s -C out prog"), "remade");
}

static int ignore_change(void *arg, const struct repo_change *change, struct err *err)
{
	(void)arg, (void)change, (void)err;
	return 0;
}

static void a_hostile_tree_is_refused_or_does_no_harm(void **state)
{
	struct fixture *f = *state;
	char tree[REPO_OID_SIZE];
	AUTO_FD int out = -1;

	shell(f, "mkdir out");
	out = open_at(f, "out");
	snprintf(tree, sizeof(tree), "%s",
		 shell(f, "cd repo.git; b=$(echo x | git hash-object -w --stdin); "
			  "printf '100644 blob %%s\t..\n' $b | git mktree"));
	fails(f, repo_materialise(f->repo, tree, out, &f->err), ERR_INPUT, "'..'");
	snprintf(tree, sizeof(tree), "%s",
		 shell(f,
		       "cd repo.git; b=$(echo /etc | git hash-object -w --stdin); "
		       "printf '120000 blob %%s\tl\n160000 commit %%s\ts\n100644 blob %%s\tf\n' $b "
		       "0123456789012345678901234567890123456789 $b | git mktree --missing"));
	ok(f, repo_materialise(f->repo, tree, out, &f->err));
	assert_string_equal(shell(f, "ls -A out"), "f");
	ok(f, repo_verify(f->repo, tree, &f->err));
	snprintf(tree, sizeof(tree), "%s",
		 shell(f, "cd repo.git; t=$(echo | git hash-object -w --stdin); k=blob; "
			  "m=100644; for i in 1 2 3 4 5 6 7 8 9; do t=$(for j in 0 1 2 3 4 5 6 7 8 "
			  "9; do "
			  "printf \"$m $k $t\\t$j\\n\"; done | git mktree); k=tree; m=040000; "
			  "done; echo $t"));
	fails(f, repo_materialise(f->repo, tree, out, &f->err), ERR_INPUT, "more than 20000 files");
	fails(f, repo_diff(f->repo, NULL, tree, ignore_change, NULL, &f->err), ERR_INPUT,
	      "more than");
	ok(f, repo_verify(f->repo, tree, &f->err));
}

static void a_file_is_read_within_its_limit(void **state)
{
	struct fixture *f = *state;
	AUTO(buf_release) struct buf out = BUF_INIT(0);
	const char *tree = tree_of(f, "a d/b", "1");

	ok(f, repo_read_file(f->repo, tree, "d/b", 6, &out, &f->err));
	assert_string_equal(buf_str(&out), "d/b 1\n");
	fails(f, repo_read_file(f->repo, tree, "d/b", 5, &out, &f->err), ERR_INPUT,
	      "larger than 5");
	fails(f, repo_read_file(f->repo, tree, "d", 5, &out, &f->err), ERR_NOT_FOUND, "not a file");
	fails(f, repo_read_file(f->repo, tree, "d/c", 5, &out, &f->err), ERR_NOT_FOUND, "'d/c'");
	fails(f, repo_read_file(f->repo, tree, "", 5, &out, &f->err), ERR_NOT_FOUND, "''");
	fails(f, repo_read_file(f->repo, "xyz", "d", 5, &out, &f->err), ERR_INPUT, "object id");
	assert_true(repo_has(f->repo, tree, "d") && repo_has(f->repo, tree, "d/b"));
	assert_false(repo_has(f->repo, tree, "d/b/c") || repo_has(f->repo, tree, "../d"));
}

static int list_file(void *arg, const struct repo_file *file, struct err *err)
{
	if (!strcmp(file->path, "stop"))
		return err_set(err, ERR_NO, "stopped");
	buf_add_format(arg, "%s %.7s %d%s\n", file->path, file->oid, (int)file->size,
		       file->executable ? " x" : "");
	return 0;
}

static void each_file_comes_in_the_order_of_git(void **state)
{
	struct fixture *f = *state;
	AUTO(buf_release) struct buf out = BUF_INIT(4096);
	const char *tree;

	shell(f,
	      "cd work; mkdir a; echo x >a/b; echo >a.c; echo >a0; echo long >run; chmod 755 run");
	tree = write_work(f);
	ok(f, repo_each_file(f->repo, tree, list_file, &out, &f->err));
	assert_string_equal(buf_str(&out), "a.c 8b13789 1\na/b 587be6b 2\na0 8b13789 1\n"
					   "run 2988452 5 x\n");
	shell(f, ": >work/stop");
	fails(f, repo_each_file(f->repo, write_work(f), list_file, &out, &f->err), ERR_NO,
	      "stopped");
}

static int list_change(void *arg, const struct repo_change *change, struct err *err)
{
	(void)err;
	buf_add_format(arg, "%u\t%u\t%c\t%s\n", change->added, change->removed, change->status,
		       change->path);
	return 0;
}

static void changes_are_those_that_git_finds(void **state)
{
	struct fixture *f = *state;
	AUTO(buf_release) struct buf out = BUF_INIT(4096);
	const char *before, *after;

	shell(f,
	      "cd work; seq 9 >a; seq 5 >gone; mkdir d same; seq 3 >d/x; echo >same/y; echo >kind; "
	      "echo >mode; printf 'a\\0b' >binary");
	before = write_work(f);
	shell(f,
	      "cd work; sed -i 's/5/five/;$d' a; rm gone; rm -r d; echo d >d; seq 4 >new; rm kind; "
	      "mkdir kind; echo >kind/z; chmod 755 mode; printf 'a\\0c' >binary; "
	      "echo '* -diff' >.gitattributes");
	after = write_work(f);
	ok(f, repo_diff(f->repo, before, after, list_change, &out, &f->err));
	assert_string_equal(buf_str(&out),
			    "1\t0\tA\t.gitattributes\n1\t2\tM\ta\n0\t0\tM\tbinary\n1\t0\tA\td\n"
			    "0\t3\tD\td/x\n0\t5\tD\tgone\n0\t1\tD\tkind\n1\t0\tA\tkind/z\n"
			    "0\t0\tM\tmode\n4\t0\tA\tnew\n");
	shell(f,
	      "git -C repo.git diff --no-renames --name-only %s %s | sort >theirs; "
	      "cut -f4 <<E | sort | diff - theirs\n%sE",
	      before, after, buf_str(&out));
	buf_clear(&out);
	ok(f, repo_diff(f->repo, before, NULL, list_change, &out, &f->err));
	assert_non_null(strstr(buf_str(&out), "0\t9\tD\ta\n"));
}

/* --- checking */

static void a_changed_byte_in_a_loose_object_is_found(void **state)
{
	struct fixture *f = *state;
	char commit[REPO_OID_SIZE];

	shell(f, "head -c 4000 /dev/urandom >work/a");
	commit_main(f, write_work(f), "m", commit);
	ok(f, repo_verify(f->repo, commit, &f->err));
	shell(f, "cd repo.git; o=$(git rev-parse main:a); o=objects/$(echo $o | sed 's,^..,&/,'); "
		 "cp $o ../saved; chmod 644 $o; printf '\\125\\252' | "
		 "dd of=$o bs=1 seek=2000 conv=notrunc status=none");
	fails(f, repo_verify(f->repo, commit, &f->err), ERR_INTEGRITY,
	      shell(f, "git -C repo.git rev-parse main:a"));
	shell(f, "cd repo.git; o=$(git rev-parse main:a); : >objects/$(echo $o | sed 's,^..,&/,')");
	fails(f, repo_verify(f->repo, commit, &f->err), ERR_INTEGRITY, "missing or damaged");
	shell(f,
	      "cd repo.git; o=$(git rev-parse main:a); rm -f objects/$(echo $o | sed 's,^..,&/,')");
	fails(f, repo_verify(f->repo, commit, &f->err), ERR_INTEGRITY, "missing or damaged");
}

/* Stored without compression, so that nothing but the hash can tell. */
static void a_changed_byte_in_a_pack_is_found(void **state)
{
	struct fixture *f = *state;
	char commit[REPO_OID_SIZE];

	shell(f, "for i in $(seq 500); do echo line $i of the secret; done >work/a");
	commit_main(f, write_work(f), "m", commit);
	repo_close(&f->repo);
	shell(f, "cd repo.git; git -c core.compression=0 -c pack.compression=0 repack -q -a -d -F; "
		 "ls objects; grep -c 'line 250 of the secret' objects/pack/*.pack");
	f->repo = create_at(f, "repo.git", NULL);
	ok(f, repo_verify(f->repo, commit, &f->err));
	repo_close(&f->repo);
	shell(f, "chmod 644 repo.git/objects/pack/*.pack; "
		 "sed -i 's/line 250 of the secret/line 251 of the secret/' "
		 "repo.git/objects/pack/*.pack");
	f->repo = create_at(f, "repo.git", NULL);
	fails(f, repo_verify(f->repo, commit, &f->err), ERR_INTEGRITY,
	      shell(f, "git -C repo.git rev-parse main:a"));
}

static void history_tags_and_everything_below_are_checked(void **state)
{
	struct fixture *f = *state;
	char commit[REPO_OID_SIZE], tag[REPO_OID_SIZE];
	int i;

	for (i = 0; i < 5; i++) {
		shell(f, "mkdir -p work/d; echo %d >work/d/a", i);
		commit_main(f, write_work(f), "m", commit);
	}
	snprintf(tag, sizeof(tag), "%s",
		 shell(f, "cd repo.git; git -c user.name=a -c user.email=b "
			  "tag -a -m m t main; git rev-parse t"));
	ok(f, repo_verify(f->repo, tag, &f->err));
	shell(f, "cd repo.git; o=$(git rev-parse main~3:d/a); rm -f objects/$(echo $o | sed "
		 "'s,^..,&/,')");
	fails(f, repo_verify(f->repo, tag, &f->err), ERR_INTEGRITY, "missing");
}

/* --- clones */

static void a_clone_is_clean_whole_and_has_no_way_back(void **state)
{
	struct fixture *f = *state;
	AUTO(repo_close) struct repo *borrower = create_at(f, "b.git", "repo.git");
	AUTO_FREE char *path = at(f, "new/clone");
	char commit[REPO_OID_SIZE], hidden[REPO_OID_SIZE];
	AUTO(repo_close) struct repo *task = f->repo;

	ok(f, repo_write_blob(task, "hidden test\n", 12, hidden, &f->err));
	ok(f, repo_publish(task, &f->err));
	fails(f, repo_clone_out(borrower, path, "A", "a@b", &f->err), ERR_NOT_FOUND, "no commit");
	shell(f, "cd work; printf 'a\\r\\n$Id$\\n' >crlf; printf '* text=auto eol=lf ident "
		 "filter=evil\\n' "
		 ">.gitattributes; mkdir d; echo 1 >d/run; chmod 755 d/run; echo x >.gitignore; "
		 "echo y >x");
	write_work(f); /* into the task's repository */
	f->repo = borrower;
	commit_main(f, write_work(f), "one", commit);
	shell(f, "echo 2 >work/d/e");
	commit_main(f, write_work(f), "two", commit);
	f->repo = NULL;
	ok(f, repo_clone_out(borrower, path, "O'Hara \"x\" \\ y", "a@b.c", &f->err));
	repo_close(&borrower);
	repo_close(&task);
	shell(f, "rm -r repo.git b.git");
	shell(f, "cd new/clone; git config filter.evil.clean 'touch ../ran; cat'");
	assert_string_equal(shell(f, "cd new/clone; git status --porcelain --untracked-files=all; "
				     "ls .. | grep -v clone || :"),
			    "");
	assert_string_equal(
		shell(f, "cd new/clone; git fsck --full --strict; git log --format=%%s; "
			 "git remote; git branch; git config user.name; git config user.email"),
		"two\none\n* main\nO'Hara \"x\" \\ y\na@b.c");
	shell(f,
	      "diff -r -x .git work new/clone; cd new/clone; test ! -e "
	      ".git/objects/info/alternates; "
	      "! git cat-file -e %s 2>/dev/null; echo 3 >d/e; git commit -qam three; git fsck",
	      hidden);
	f->repo = create_at(f, "repo.git", NULL);
}

static void a_clone_needs_an_empty_folder_or_one_that_was_interrupted(void **state)
{
	struct fixture *f = *state;
	AUTO_FREE char *path = at(f, "clone");
	char commit[REPO_OID_SIZE];

	shell(f, "echo 1 >work/a; mkdir clone; echo theirs >clone/b");
	commit_main(f, write_work(f), "one", commit);
	fails(f, repo_clone_out(f->repo, path, "A", "a@b", &f->err), ERR_STATE,
	      "clone' is not empty");
	shell(f, "rm clone/b; mkdir -p clone/.git.unfinished/objects; echo half >clone/a");
	ok(f, repo_clone_out(f->repo, path, "A", "a@b", &f->err));
	assert_string_equal(shell(f, "cd clone; git status --porcelain; ls -A"), ".git\na");
	fails(f, repo_clone_out(f->repo, path, "A", "a@b", &f->err), ERR_STATE, "is not empty");
	shell(f, "rm -rf clone; : >clone");
	fails(f, repo_clone_out(f->repo, path, "A", "a@b", &f->err), ERR_STATE, "is not a folder");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(layers_win_file_by_file),
		TEST(a_filter_removes_files_and_the_folders_that_become_empty),
		TEST(a_tree_can_be_copied_into_another_repository),
		TEST(materialising_replaces_what_is_there_and_follows_nothing),
		TEST(what_was_made_is_older_than_what_was_written),
		TEST(a_source_that_may_be_executed_is_no_program),
		TEST(a_hostile_tree_is_refused_or_does_no_harm),
		TEST(a_file_is_read_within_its_limit),
		TEST(each_file_comes_in_the_order_of_git),
		TEST(changes_are_those_that_git_finds),
		TEST(a_changed_byte_in_a_loose_object_is_found),
		TEST(a_changed_byte_in_a_pack_is_found),
		TEST(history_tags_and_everything_below_are_checked),
		TEST(a_clone_is_clean_whole_and_has_no_way_back),
		TEST(a_clone_needs_an_empty_folder_or_one_that_was_interrupted),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
