/* test_repo.c - repositories, and folders to trees, with git itself as the peer */
#include "repo_fixture.h"

#include <sys/syscall.h>

static int syncs;

/* Stands before the C library's, also for libtali.a. */
int fsync(int fd)
{
	syncs++;
	return (int)syscall(SYS_fsync, fd);
}

/* --- folders to trees */

static void a_folder_gives_the_tree_that_git_writes(void **state)
{
	struct fixture *f = *state;
	const char *tree;

	shell(f,
	      "cd work; mkdir -p a/b/c 'a b' empty/er; echo 1 >a.c; echo 2 >a/x; echo 3 >a0; "
	      "echo 4 >a/b/c/d; echo 5 >'a b/ü'; echo 6 >run; chmod 755 run; : >a-; : >empty.txt");
	tree = write_work(f);
	assert_string_equal(tree, git_tree_of(f, "work"));
	assert_string_equal(tree, write_work(f));
}

static void an_empty_folder_gives_the_empty_tree(void **state)
{
	assert_string_equal(write_work(*state), "4b825dc642cb6eb9a060e54bf8d69288fbee4904");
}

static void bytes_go_in_and_out_as_they_are_whatever_attributes_say(void **state)
{
	struct fixture *f = *state;
	const char *tree;
	AUTO_FD int out = -1;

	shell(f,
	      "mkdir out; printf 'one\\r\\ntwo\\n$Id$\\n' >work/crlf.txt; echo '*.log' "
	      ">work/.gitignore; "
	      "echo '* text=auto eol=lf ident filter=evil working-tree-encoding=UTF-16' "
	      ">work/.gitattributes; echo kept >work/x.log; "
	      "git -C repo.git config filter.evil.clean 'touch %s/ran'; "
	      "git -C repo.git config filter.evil.smudge 'touch %s/ran'",
	      f->path, f->path);
	tree = write_work(f);
	assert_string_equal(read_file(f, tree, "crlf.txt"), "one\r\ntwo\n$Id$\n");
	assert_string_equal(read_file(f, tree, "x.log"), "kept\n");
	out = open_at(f, "out");
	ok(f, repo_materialise(f->repo, tree, out, &f->err));
	shell(f, "diff -r work out; test ! -e ran");
}

static void links_and_special_files_are_left_out_and_counted(void **state)
{
	struct fixture *f = *state;
	char tree[REPO_OID_SIZE];
	unsigned left_out = 99;

	shell(f,
	      "cd work; echo x >file; ln -s /etc/passwd link; ln -s /etc dirlink; mkfifo pipe sub; "
	      "rm sub; mkdir sub; mkfifo sub/pipe");
	ok(f, repo_write_folder(f->repo, f->work, NULL, NULL, tree, &left_out, &f->err));
	ok(f, repo_publish(f->repo, &f->err));
	assert_int_equal(left_out, 4);
	assert_string_equal(shell(f, "git -C repo.git ls-tree -r --name-only %s", tree), "file");
}

static void dot_git_and_skipped_names_never_enter(void **state)
{
	static const char *const names[] = { "__pycache__", NULL };
	struct repo_skip skip = { names };
	struct fixture *f = *state;
	char tree[REPO_OID_SIZE];

	shell(f,
	      "cd work; git init -q .; git init -q sub/inner; mkdir mod; echo 'gitdir: /x' "
	      ">mod/.git; "
	      "mkdir -p sub/__pycache__; : >sub/__pycache__/x; echo y >sub/inner/y; : >.gitkeep");
	ok(f, repo_write_folder(f->repo, f->work, NULL, &skip, tree, NULL, &f->err));
	ok(f, repo_publish(f->repo, &f->err));
	assert_string_equal(shell(f, "git -C repo.git ls-tree -r --name-only %s", tree),
			    ".gitkeep\nsub/inner/y");
}

static void names_that_are_not_allowed_are_refused_by_name(void **state)
{
	static const char *const names[] = { ".GIT", "git~1",	  ".git .", ".git:x",
					     "a\\b", "new\nline", "\xff",   NULL };
	struct fixture *f = *state;
	char tree[REPO_OID_SIZE];
	int i;

	shell(f, "mkdir work/sub");
	for (i = 0; names[i]; i++) {
		AUTO_FREE char *path = buf_format("sub/%s", names[i]);

		close(openat(f->work, path, O_WRONLY | O_CREAT, 0644));
		fails(f, repo_write_folder(f->repo, f->work, "x", NULL, tree, NULL, &f->err),
		      ERR_INPUT, "'sub/");
		unlinkat(f->work, path, 0);
	}
	ok(f, repo_write_folder(f->repo, f->work, "x", NULL, tree, NULL, &f->err));
}

static void what_is_past_the_limits_is_refused(void **state)
{
	struct fixture *f = *state;
	char tree[REPO_OID_SIZE];

	shell(f, "truncate -s 33554433 work/big");
	fails(f, repo_write_folder(f->repo, f->work, NULL, NULL, tree, NULL, &f->err), ERR_INPUT,
	      "'big': larger than 33554432 bytes");
	shell(f, "cd work; rm big; for i in 1 2 3 4 5 6 7 8 9; do truncate -s 33554432 f$i; done");
	fails(f, repo_write_folder(f->repo, f->work, NULL, NULL, tree, NULL, &f->err), ERR_INPUT,
	      "more than 268435456 bytes in all");
	shell(f, "cd work; rm f*; d=.; for i in $(seq 65); do d=$d/d; done; mkdir -p $d; : >$d/x");
	fails(f, repo_write_folder(f->repo, f->work, NULL, NULL, tree, NULL, &f->err), ERR_INPUT,
	      "nested more than 64 deep");
	shell(f, "cd work; rm -r d; seq 20001 | xargs touch");
	fails(f, repo_write_folder(f->repo, f->work, NULL, NULL, tree, NULL, &f->err), ERR_INPUT,
	      "more than 20000 files");
}

static void a_file_that_cannot_be_read_is_an_error_that_names_it(void **state)
{
	struct fixture *f = *state;
	char tree[REPO_OID_SIZE];
	bool root = geteuid() == 0;
	int rc;

	shell(f, "mkdir work/sub; : >work/sub/secret; chmod 000 work/sub/secret");
	if (root)
		shell(f, "chown -R 65534 .");
	if (root)
		assert_int_equal(seteuid(65534), 0);
	rc = repo_write_folder(f->repo, f->work, "x", NULL, tree, NULL, &f->err);
	if (root)
		assert_int_equal(seteuid(0), 0);
	fails(f, rc, ERR_ENV, "'sub/secret': Permission denied");
}

static void a_change_of_equal_size_and_time_is_seen(void **state)
{
	struct fixture *f = *state;
	int i;

	fill_work(f);
	for (i = 0; i < 50; i++) {
		struct timespec times[2] = { { 1000000000, 0 }, { 1000000000, 0 } };
		AUTO_FD int fd = openat(f->work, "file", O_WRONLY | O_CREAT, 0644);
		char text[16];

		snprintf(text, sizeof(text), "%03d", i);
		assert_int_equal(write(fd, text, 3), 3);
		futimens(fd, times);
		assert_string_equal(read_file(f, write_work(f), "file"), text);
	}
}

/* Gives the cache the times of the files as they are, which it does not trust when they are fresh.
 * With an oid, the first file is said to have those contents, and nothing is said of trees. */
static void make_cache_sure(struct fixture *f, const char *oid)
{
	shell(f,
	      "cat >sure.py <<'E'\n"
	      "import hashlib, os, struct\n"
	      "index = bytearray(open('repo.git/work.index', 'rb').read()[:-20])\n"
	      "at = 12\n"
	      "for i in range(struct.unpack('>I', index[8:12])[0]):\n"
	      " path = index[at + 62:index.index(0, at + 62)].decode()\n"
	      " ctime = os.stat('work/' + path).st_ctime_ns\n"
	      " index[at:at + 8] = struct.pack('>II', ctime // 10**9, ctime %% 10**9)\n"
	      " at += (62 + len(path)) // 8 * 8 + 8\n"
	      "if '%s':\n"
	      " index[52:72] = bytes.fromhex('%s'); del index[at:]\n"
	      "open('repo.git/work.index', 'wb').write(index + hashlib.sha1(index).digest())\n"
	      "E\npython3 sure.py",
	      oid, oid);
}

static void unchanged_files_are_taken_from_the_cache(void **state)
{
	struct fixture *f = *state;
	char oid[REPO_OID_SIZE];

	fill_work(f);
	shell(f, "echo real >work/file; mkdir work/sub; echo other >work/sub/other");
	write_work(f);
	ok(f, repo_write_blob(f->repo, "claim\n", 6, oid, &f->err));
	ok(f, repo_publish(f->repo, &f->err));
	make_cache_sure(f, oid);
	assert_string_equal(read_file(f, write_work(f), "file"), "claim\n");
	shell(f, "touch work/file");
	assert_string_equal(read_file(f, write_work(f), "file"), "real\n");
	assert_string_equal(write_work(f), git_tree_of(f, "work"));
}

static void renames_removals_and_changes_of_kind_are_followed(void **state)
{
	static const char *const steps[] = { "mkdir -p d/e; echo 1 >d/e/f; echo 2 >g",
					     "mv g d/e/h; rm d/e/f",
					     "rm -r d; echo 3 >d",
					     "rm d; mkdir d; echo 4 >d/x; echo 5 >d-",
					     "chmod 755 d/x",
					     "rm -r d d-",
					     NULL };
	struct fixture *f = *state;
	int i;

	for (i = 0; steps[i]; i++) {
		shell(f, "cd work; %s", steps[i]);
		assert_string_equal(write_work(f), git_tree_of(f, "work"));
	}
}

static void a_cache_that_is_damaged_locked_or_from_elsewhere_is_made_again(void **state)
{
	struct fixture *f = *state;
	char before[REPO_OID_SIZE];

	fill_work(f);
	shell(f, "cd work; mkdir a; echo 1 >a/b; echo 2 >c");
	snprintf(before, sizeof(before), "%s", write_work(f));
	shell(f,
	      "printf garbage | dd of=repo.git/work.index bs=1 seek=20 conv=notrunc status=none");
	assert_string_equal(write_work(f), before);
	shell(f, ": >repo.git/work.index");
	assert_string_equal(write_work(f), before);
	shell(f, "rm repo.git/work.index; touch -d '10 minutes ago' repo.git/work.index.lock");
	assert_string_equal(write_work(f), before);
	shell(f, "test -s repo.git/work.index -a ! -e repo.git/work.index.lock; "
		 "rm -r repo.git/objects/??");
	make_cache_sure(f, "");
	repo_close(&f->repo);
	f->repo = create_at(f, "repo.git", NULL);
	assert_string_equal(write_work(f), before);
	ok(f, repo_verify(f->repo, before, &f->err));
}

static void many_new_files_become_one_pack_and_few_become_loose(void **state)
{
	struct fixture *f = *state;
	const char *tree;

	shell(f, "cd work; mkdir d; for i in $(seq 300); do echo $i >d/$i; done");
	tree = write_work(f);
	assert_string_equal(shell(f, "ls repo.git/objects; ls repo.git/objects/pack | wc -l"),
			    "info\npack\n2");
	assert_string_equal(tree, git_tree_of(f, "work"));
	shell(f, "echo new >work/d/1; rm repo.git/objects/?? -rf");
	ok(f, repo_verify(f->repo, write_work(f), &f->err));
	shell(f, "test $(ls -d repo.git/objects/?? | wc -l) = 3; git -C repo.git fsck --full "
		 "--strict");
}

static void large_files_are_packed_as_they_come(void **state)
{
	struct fixture *f = *state;
	const char *tree;

	shell(f, "cd work; for i in 1 2 3; do head -c 20000000 /dev/urandom >$i; done");
	tree = write_work(f);
	assert_string_equal(shell(f, "ls repo.git/objects/pack | wc -l"), "4");
	assert_string_equal(tree, git_tree_of(f, "work"));
	shell(f, "rm -rf repo.git/objects/??");
	ok(f, repo_verify(f->repo, tree, &f->err));
	shell(f, "seq 100000 >work/1");
	ok(f, repo_verify(f->repo, write_work(f), &f->err));
	shell(f, "o=$(git hash-object work/1); o=repo.git/objects/$(echo $o | sed 's,^..,&/,'); "
		 "test $(stat -c %%s $o) -lt 300000; ! ls repo.git/objects | grep tmp_; "
		 "git -C repo.git fsck --full --strict");
}

static void an_object_of_any_size_is_one_that_git_reads(void **state)
{
	static const size_t sizes[] = { 0, 1, 3990, 4000, 4001, 65536, 300000 };
	struct fixture *f = *state;
	AUTO_FREE char *data = buf_alloc(300000);
	char oid[REPO_OID_SIZE];
	size_t i;

	for (i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
		memset(data, 'a' + (int)i, sizes[i]);
		ok(f, repo_write_blob(f->repo, data, sizes[i], oid, &f->err));
		ok(f, repo_publish(f->repo, &f->err));
		assert_string_equal(
			shell(f, "git -C repo.git cat-file blob %s | git hash-object --stdin", oid),
			oid);
	}
}

static void what_could_not_be_published_is_gone(void **state)
{
	struct fixture *f = *state;
	char tree[REPO_OID_SIZE];

	shell(f, "echo 1 >work/a; : >repo.git/objects/$(git hash-object work/a | cut -c1-2)");
	ok(f, repo_write_folder(f->repo, f->work, NULL, NULL, tree, NULL, &f->err));
	fails(f, repo_publish(f->repo, &f->err), ERR_ENV, "");
	shell(f, "! git -C repo.git cat-file -e %s 2>/dev/null", tree);
	assert_string_equal(shell(f, "ls repo.git/objects | grep tmp || echo none"), "none");
	shell(f, "find repo.git/objects -type f -size 0 -delete");
	ok(f, repo_write_folder(f->repo, f->work, NULL, NULL, tree, NULL, &f->err));
	ok(f, repo_publish(f->repo, &f->err));
	ok(f, repo_verify(f->repo, tree, &f->err));
}

/* --- repositories, commits, refs */

static void git_reads_our_commits_and_we_read_its_refs(void **state)
{
	struct fixture *f = *state;
	char first[REPO_OID_SIZE], second[REPO_OID_SIZE], oid[REPO_OID_SIZE];

	shell(f, "echo 1 >work/a");
	commit_main(f, write_work(f), "first\n\nrun 1\n", first);
	shell(f, "echo 2 >work/a");
	commit_main(f, write_work(f), "second\n", second);
	shell(f,
	      "git -C repo.git log --format='%%H %%an <%%ae> %%ct %%cn %%s' >log; diff - log <<E\n"
	      "%s Ada L <ada@example.org> 1700000000 Ada L second\n"
	      "%s Ada L <ada@example.org> 1700000000 Ada L first\nE",
	      second, first);
	shell(f,
	      "git -C repo.git fsck --full --strict; git -C repo.git tag t %s; "
	      "git -C repo.git pack-refs --all",
	      first);
	ok(f, repo_get_ref(f->repo, "refs/tags/t", oid, &f->err));
	assert_string_equal(oid, first);
	ok(f, repo_set_ref(f->repo, "refs/heads/main", first, &f->err));
	assert_string_equal(shell(f, "git -C repo.git rev-parse main"), first);
	ok(f, repo_set_ref(f->repo, "refs/tags/submission/1", second, &f->err));
	ok(f, repo_get_ref(f->repo, "refs/tags/submission/1", oid, &f->err));
	assert_string_equal(oid, second);
	ok(f, repo_get_ref(f->repo, "refs/heads/none", oid, &f->err));
	assert_string_equal(oid, "");
	ok(f, repo_commit_tree(f->repo, second, oid, &f->err));
	assert_string_equal(oid, write_work(f));
	fails(f, repo_set_ref(f->repo, "refs/../HEAD", first, &f->err), ERR_INPUT, "name of a ref");
	fails(f,
	      repo_set_ref(f->repo, "refs/heads/main", "0123456789012345678901234567890123456789",
			   &f->err),
	      ERR_INTEGRITY, "missing");
}

static void anybody_can_sign_a_commit(void **state)
{
	static const char *const names[][2] = {
		{ "Ann <b> \"x\"", "Ann b \"x" },
		{ "a\nb\tc", "abc" },
		{ "<>", "unknown" },
		{ "...", "unknown" },
		{ "\xc3\x89va", "\xc3\x89va" },
	};
	struct fixture *f = *state;
	char *tree = strdup(write_work(f));
	size_t i;

	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		struct repo_commit commit = { .tree = tree, .name = names[i][0],
					      .email = "a@b", .message = "x\n" };
		char oid[REPO_OID_SIZE];

		ok(f, repo_write_commit(f->repo, &commit, oid, &f->err));
		ok(f, repo_publish(f->repo, &f->err));
		assert_string_equal(shell(f, "git -C repo.git log -1 --format=%%an %s", oid),
				    names[i][1]);
	}
	free(tree);
}

static void a_half_made_repository_is_mended_and_a_missing_one_is_not_found(void **state)
{
	static const char *const broken[] = {
		"rm HEAD", "rm config", "rm -r refs", "rm -r objects/info", "rm -r objects HEAD",
		NULL
	};
	struct fixture *f = *state;
	AUTO_FREE char *none = at(f, "none.git");
	int i;

	assert_null(repo_open(none, &f->err));
	fails(f, -1, ERR_NOT_FOUND, "is not a repository");
	for (i = 0; broken[i]; i++) {
		shell(f, "cd repo.git; %s", broken[i]);
		repo_close(&f->repo);
		f->repo = create_at(f, "repo.git", NULL);
		assert_string_equal(shell(f, "cd repo.git; git fsck; git symbolic-ref HEAD; "
					     "git config core.hooksPath; ls"),
				    "notice: HEAD points to an unborn branch (main)\n"
				    "notice: No default references\nrefs/heads/main\n/dev/null\n"
				    "HEAD\nconfig\ninfo\nobjects\nrefs");
	}
}

static void objects_of_the_alternate_are_borrowed_and_its_refs_not_told(void **state)
{
	struct fixture *f = *state;
	AUTO(repo_close) struct repo *borrower = NULL;
	AUTO_FREE char *path = NULL;
	char tree[REPO_OID_SIZE], commit[REPO_OID_SIZE], task[REPO_OID_SIZE];

	shell(f, "echo 1 >work/a");
	snprintf(tree, sizeof(tree), "%s", write_work(f));
	commit_main(f, tree, "task", task);
	borrower = create_at(f, "b.git", "repo.git");
	assert_true(repo_has(borrower, tree, "a"));
	shell(f, "echo 2 >work/b");
	ok(f, repo_write_folder(borrower, f->work, NULL, NULL, tree, NULL, &f->err));
	assert_false(repo_has(f->repo, tree, "b"));
	ok(f, repo_write_commit(borrower,
				&(struct repo_commit){
					.tree = tree, .name = "A", .email = "a@b", .message = "m" },
				commit, &f->err));
	ok(f, repo_publish(borrower, &f->err));
	ok(f, repo_set_ref(borrower, "refs/heads/main", commit, &f->err));
	shell(f, "! git receive-pack --http-backend-info-refs b.git | grep -a %s", task);
	shell(f, "git clone -q b.git c; diff -r -x .git work c; rm -rf c; mv repo.git moved.git");
	fails(f, repo_verify(borrower, commit, &f->err), ERR_INTEGRITY, "is missing");
	repo_close(&borrower);
	borrower = create_at(f, "b.git", "moved.git");
	ok(f, repo_verify(borrower, commit, &f->err));
	repo_close(&borrower);
	shell(f, "mkdir elsewhere; mv b.git moved.git elsewhere; git -C elsewhere/b.git fsck");
	path = fs_join(f->path, "elsewhere/b.git");
	borrower = repo_open(path, &f->err);
	ok(f, repo_verify(borrower, commit, &f->err));
}

/* libgit2 looks for the user's configuration when it starts: so a broken one is there in all
 * tests. */
static int break_configuration(void **state)
{
	struct err err = ERR_INIT;
	char *home = fs_temp_dir("test-repo-home", &err);
	AUTO_FREE char *path = fs_join(home, ".gitconfig");

	setenv("HOME", home, 1);
	*state = home;
	return fs_write(path, 0644, "[broken", 7, &err);
}

static int remove_configuration(void **state)
{
	char *home = *state;

	fs_temp_release(&home);
	return 0;
}

static void one_that_is_thrown_away_waits_for_no_disk(void **state)
{
	struct fixture *f = *state;
	AUTO(repo_close) struct repo *kept = NULL, *passing = NULL;
	AUTO_FREE char *path = at(f, "passing.git");
	char tree[REPO_OID_SIZE];

	syncs = 0;
	kept = create_at(f, "kept.git", NULL);
	assert_true(syncs > 0);
	syncs = 0;
	passing = repo_create_passing(path, &f->err);
	ok(f, passing ? 0 : -1);
	assert_int_equal(syncs, 0);
	shell(f, "echo 1 >work/a; git -C passing.git rev-parse --is-bare-repository | grep true");
	ok(f, repo_write_folder(passing, f->work, NULL, NULL, tree, NULL, &f->err));
	assert_string_equal(tree, git_tree_of(f, "work"));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_folder_gives_the_tree_that_git_writes),
		TEST(an_empty_folder_gives_the_empty_tree),
		TEST(bytes_go_in_and_out_as_they_are_whatever_attributes_say),
		TEST(links_and_special_files_are_left_out_and_counted),
		TEST(dot_git_and_skipped_names_never_enter),
		TEST(names_that_are_not_allowed_are_refused_by_name),
		TEST(what_is_past_the_limits_is_refused),
		TEST(a_file_that_cannot_be_read_is_an_error_that_names_it),
		TEST(a_change_of_equal_size_and_time_is_seen),
		TEST(unchanged_files_are_taken_from_the_cache),
		TEST(renames_removals_and_changes_of_kind_are_followed),
		TEST(a_cache_that_is_damaged_locked_or_from_elsewhere_is_made_again),
		TEST(many_new_files_become_one_pack_and_few_become_loose),
		TEST(large_files_are_packed_as_they_come),
		TEST(an_object_of_any_size_is_one_that_git_reads),
		TEST(what_could_not_be_published_is_gone),
		TEST(git_reads_our_commits_and_we_read_its_refs),
		TEST(anybody_can_sign_a_commit),
		TEST(a_half_made_repository_is_mended_and_a_missing_one_is_not_found),
		TEST(objects_of_the_alternate_are_borrowed_and_its_refs_not_told),
		TEST(one_that_is_thrown_away_waits_for_no_disk),
	};

	return cmocka_run_group_tests(tests, break_configuration, remove_configuration);
}
