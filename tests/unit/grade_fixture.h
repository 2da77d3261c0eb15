/* grade_fixture.h - what test_grade.c, test_grade_tree.c and test_grade_prove.c share: a small
 * task, a submission, a sandbox */
#ifndef GRADE_FIXTURE_H
#define GRADE_FIXTURE_H

#include "base/auto.h"
#include "base/buf.h"
#include "base/fs.h"
#include "base/hash.h"
#include "grade/grade.h"
#include "task/manifest.h"
#include "workspace/repo.h"

#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* Each test has a folder of its own with task/, work/ (the submission) and repo.git. */
struct fixture {
	char *path;
	struct repo *repo;
	struct manifest manifest;
	struct err err;
};

static inline void ok(struct fixture *f, int rc)
{
	if (rc < 0)
		fail_msg("error %d: %s", f->err.code, f->err.text);
}

static inline void put(struct fixture *f, const char *path, const char *text)
{
	AUTO_FREE char *whole = fs_join(f->path, path);
	AUTO_FREE char *folder = buf_strdup(whole);

	*strrchr(folder, '/') = '\0';
	ok(f, fs_mkdirs(folder, 0755, &f->err));
	ok(f, fs_write(whole, 0644, text, strlen(text), &f->err));
}

static inline void take_away(struct fixture *f, const char *path)
{
	AUTO_FREE char *whole = fs_join(f->path, path);

	ok(f, fs_remove_tree(AT_FDCWD, whole, &f->err));
}

static inline void tree_of(struct fixture *f, const char *folder, char ret[REPO_OID_SIZE])
{
	AUTO_FREE char *path = fs_join(f->path, folder);
	struct repo_skip none = { NULL };
	AUTO_FD int fd = -1;

	ok(f, fs_mkdirs(path, 0755, &f->err));
	fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	ok(f, repo_write_folder(f->repo, fd, NULL, &none, ret, NULL, &f->err));
}

/* Reads the manifest; single quotes stand for double ones. */
static inline void read_manifest(struct fixture *f, const char *text)
{
	AUTO_FREE char *json = buf_strdup(text);

	for (char *at = json; *at; at++)
		if (*at == '\'')
			*at = '"';
	manifest_release(&f->manifest);
	ok(f, manifest_parse(json, strlen(json), "task.json", &f->manifest, NULL, &f->err));
}

#define TASK_HEAD                                                                                  \
	"{'schema': 'tali.task/1', 'name': 'add', 'title': 'Add', 'type': 'bug_fix',"              \
	" 'difficulty': 'basic', 'language': 'python', 'time_limit_minutes': 30,"                  \
	" 'run': ['python3', 'main.py'], "
#define TASK_LIMITS                                                                                \
	"'limits': {'cpu_seconds': 5, 'wall_seconds': 10, 'memory_mb': 256, 'processes': 16,"      \
	" 'output_kb': 256, 'disk_mb': 8, 'open_files': 64}, "
#define TEST_VISIBLE                                                                               \
	"{'id': 'visible', 'kind': 'command', 'visibility': 'visible', 'points': 0,"               \
	" 'argv': ['python3', 'tests/check.py'], 'report': 'exit'}"
#define TEST_UNIT                                                                                  \
	"{'id': 'unit', 'kind': 'command', 'visibility': 'hidden', 'points': 60,"                  \
	" 'argv': ['python3', 'hidden_tests/run.py', '{report}'], 'report': 'junit',"              \
	" 'cases': {'test_big': {'weight': 2, 'tags': ['edge']}}}"
#define TEST_CLI                                                                                   \
	"{'id': 'cli', 'kind': 'io', 'visibility': 'hidden', 'points': 40, 'dir': 'io',"           \
	" 'argv': ['python3', 'main.py'], 'compare': 'tokens'}"
#define TASK_TESTS(tests) "'tests': [" tests "], 'protected': ['tests/**']"

/* A runner as small as can be that behaves as pytest does: it imports the candidate's module,
 * writes its report at the end and exits with 1 when a case failed. */
#define RUNNER                                                                                     \
	"import sys\n"                                                                             \
	"from xml.sax.saxutils import quoteattr\n"                                                 \
	"sys.path.insert(0, '/work')\n"                                                            \
	"results = []\n"                                                                           \
	"try:\n"                                                                                   \
	"    import add\n"                                                                         \
	"except Exception as error:\n"                                                             \
	"    results.append(('load', 'error', repr(error)))\n"                                     \
	"else:\n"                                                                                  \
	"    for name, a, b in (('test_small', 1, 2), ('test_big', 10 ** 9, 1)):\n"                \
	"        try:\n"                                                                           \
	"            got = add.add(a, b)\n"                                                        \
	"            bad = None if got == a + b else 'failure'\n"                                  \
	"            results.append((name, bad, 'got %r' % (got,)))\n"                             \
	"        except Exception as error:\n"                                                     \
	"            results.append((name, 'error', repr(error)))\n"                               \
	"with open(sys.argv[1], 'w') as out:\n"                                                    \
	"    out.write('<testsuite>')\n"                                                           \
	"    for name, bad, message in results:\n"                                                 \
	"        out.write('<testcase name=%s>' % quoteattr(name))\n"                              \
	"        if bad:\n"                                                                        \
	"            out.write('<%s message=%s/>' % (bad, quoteattr(message)))\n"                  \
	"        out.write('</testcase>')\n"                                                       \
	"    out.write('</testsuite>')\n"                                                          \
	"sys.exit(any(bad for _, bad, _ in results))\n"

#define MAIN                                                                                       \
	"import add\n"                                                                             \
	"a, b = (int(word) for word in input().split())\n"                                         \
	"print(add.add(a, b))\n"
#define GOOD "def add(a, b):\n    return a + b\n"
#define BAD "def add(a, b):\n    return a - b\n"

static inline void put_task(struct fixture *f)
{
	put(f, "task/README.md", "# Add\n");
	put(f, "task/start/add.py", BAD);
	put(f, "task/start/main.py", MAIN);
	put(f, "task/start/tests/check.py",
	    "import sys\nsys.path.insert(0, '/work')\nimport add\nassert add.add(1, 2) == 3\n");
	put(f, "task/hidden/hidden_tests/run.py", RUNNER);
	put(f, "task/hidden/io/one.in", "1 2\n");
	put(f, "task/hidden/io/one.ans", "3\n");
	put(f, "task/hidden/io/two.in", "5 0\n");
	put(f, "task/hidden/io/two.ans", "5\n");
	put(f, "task/solution/add.py", GOOD);
	read_manifest(f, TASK_HEAD TASK_LIMITS TASK_TESTS(TEST_VISIBLE "," TEST_UNIT
								       "," TEST_CLI) "}");
}

/* The submission: what the candidate started from, with the right answer. */
static inline void put_work(struct fixture *f)
{
	put(f, "work/README.md", "# Add\n");
	put(f, "work/add.py", GOOD);
	put(f, "work/main.py", MAIN);
	put(f, "work/tests/check.py",
	    "import sys\nsys.path.insert(0, '/work')\nimport add\nassert add.add(1, 2) == 3\n");
}

static inline int fixture_open(void **state)
{
	struct fixture *f = buf_alloc(sizeof(*f));
	AUTO_FREE char *path = NULL;

	f->path = fs_temp_dir("tali-test", &f->err);
	path = fs_join(f->path, "repo.git");
	f->repo = repo_create(path, NULL, &f->err);
	if (!f->repo)
		fail_msg("%s", f->err.text);
	put_task(f);
	put_work(f);
	*state = f;
	return 0;
}

static inline int fixture_close(void **state)
{
	struct fixture *f = *state;

	manifest_release(&f->manifest);
	repo_close(&f->repo);
	fs_temp_release(&f->path);
	free(f);
	return 0;
}

#endif
