/* repo_fixture.h - what test_repo.c and test_repo_tree.c share: a repository, a folder, and git as
 * the peer */
#ifndef REPO_FIXTURE_H
#define REPO_FIXTURE_H

#include "workspace/repo.h"

#include "base/auto.h"

#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

/* Each test has a folder T of its own with a repository T/repo.git, a folder T/work, and the
 * error. */
struct fixture {
	char *path;
	struct repo *repo;
	int work;
	struct err err;
};

/* Runs a shell script in T, which must succeed; its output without the last line break. */
__attribute__((format(printf, 2, 3))) static inline const char *shell(struct fixture *f,
								      const char *format, ...)
{
	static char output[8192];
	char script[4096], command[8192];
	va_list args;
	size_t len;
	FILE *pipe;

	va_start(args, format);
	vsnprintf(script, sizeof(script), format, args);
	va_end(args);
	snprintf(command, sizeof(command),
		 "exec 2>&1; cd '%s'; GIT_CONFIG_NOSYSTEM=1; GIT_CONFIG_GLOBAL=/dev/null; "
		 "export GIT_CONFIG_NOSYSTEM GIT_CONFIG_GLOBAL; set -e\n%s",
		 f->path, script);
	pipe = popen(command, "r");
	len = fread(output, 1, sizeof(output) - 1, pipe);
	output[len] = '\0';
	if (pclose(pipe) != 0)
		fail_msg("%s\n-> %s", script, output);
	if (len && output[len - 1] == '\n')
		output[len - 1] = '\0';
	return output;
}

static inline void ok(struct fixture *f, int rc)
{
	if (rc < 0)
		fail_msg("error %d: %s", f->err.code, f->err.text);
}

static inline void fails(struct fixture *f, int rc, enum err_code code, const char *text)
{
	assert_int_equal(rc, -1);
	if (f->err.code != code || !strstr(f->err.text, text))
		fail_msg("error %d: %s (wanted %d, '%s')", f->err.code, f->err.text, code, text);
}

static char *at(struct fixture *f, const char *name)
{
	return fs_join(f->path, name);
}

static inline int open_at(struct fixture *f, const char *name)
{
	AUTO_FREE char *path = at(f, name);
	int fd = open(path, O_RDONLY | O_DIRECTORY);

	assert_true(fd >= 0);
	return fd;
}

static inline struct repo *create_at(struct fixture *f, const char *name, const char *alternate)
{
	AUTO_FREE char *path = at(f, name);
	AUTO_FREE char *other = alternate ? at(f, alternate) : NULL;
	struct repo *repo = repo_create(path, other, &f->err);

	ok(f, repo ? 0 : -1);
	return repo;
}

static inline int setup(void **state)
{
	struct fixture *f = buf_alloc(sizeof(*f));

	f->path = fs_temp_dir("test-repo", &f->err);
	f->repo = create_at(f, "repo.git", NULL);
	shell(f, "mkdir work");
	f->work = open_at(f, "work");
	*state = f;
	return 0;
}

static inline int teardown(void **state)
{
	struct fixture *f = *state;

	close(f->work);
	repo_close(&f->repo);
	fs_temp_release(&f->path);
	free(f);
	return 0;
}

/* The tree of T/work, with the cache "work.index". */
static inline const char *write_work(struct fixture *f)
{
	static char trees[8][REPO_OID_SIZE];
	static unsigned next;
	char *tree = trees[next++ % 8];

	ok(f, repo_write_folder(f->repo, f->work, "work.index", NULL, tree, NULL, &f->err));
	ok(f, repo_publish(f->repo, &f->err));
	return tree;
}

/* So many files that the cache is worth its writing. */
static inline void fill_work(struct fixture *f)
{
	shell(f, "mkdir -p work/fill; cd work/fill; for i in $(seq 40); do echo $i >$i; done");
}

/* The tree that git makes of lines "MODE OID\tPATH" or of a folder, by an index of its own. */
static inline const char *git_tree_of(struct fixture *f, const char *folder)
{
	return shell(
		f,
		"rm -f i; export GIT_DIR=$PWD/repo.git GIT_INDEX_FILE=$PWD/i GIT_WORK_TREE=%s; "
		"git -c core.bare=false -c core.fileMode=true add -A -f . && git write-tree",
		folder);
}

static inline void commit_main(struct fixture *f, const char *tree, const char *message,
			       char ret[REPO_OID_SIZE])
{
	char parent[REPO_OID_SIZE];
	struct repo_commit commit = { .tree = tree, .parent = parent, .name = "Ada L",
				      .email = "ada@example.org", .message = message,
				      .time_ms = INT64_C(1700000000123) };

	ok(f, repo_get_ref(f->repo, "refs/heads/main", parent, &f->err));
	if (!*parent)
		commit.parent = NULL;
	ok(f, repo_write_commit(f->repo, &commit, ret, &f->err));
	ok(f, repo_publish(f->repo, &f->err));
	ok(f, repo_set_ref(f->repo, "refs/heads/main", ret, &f->err));
}

static inline const char *read_file(struct fixture *f, const char *tree, const char *path)
{
	static char text[4096];
	AUTO(buf_release) struct buf out = BUF_INIT(0);

	ok(f, repo_read_file(f->repo, tree, path, sizeof(text) - 1, &out, &f->err));
	memcpy(text, buf_str(&out), out.len + 1);
	return text;
}

#endif
