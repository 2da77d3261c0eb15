/* snapshot.c - a snapshot when one file of a workspace changed, against git add -A and git commit
 *
 *	snapshot ROUNDS FILES LAUNCHES	(in an empty folder)
 *
 * Both look at the same workspace; git's repository lies in it, ours beside it. */
#include "base/auto.h"
#include "measure.h"
#include "workspace/repo.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static void fail(const char *what)
{
	fprintf(stderr, "bench: %s\n", what);
	exit(1);
}

/* Files of about 40 lines, 50 to a folder. */
static void write_file(long number, long change)
{
	char path[64];

	snprintf(path, sizeof(path), "work/part%ld", number / 50);
	mkdir(path, 0755);
	snprintf(path, sizeof(path), "work/part%ld/file%ld.txt", number / 50, number);

	FILE *file = fopen(path, "w");

	if (!file)
		fail(path);
	for (int line = 0; line < 40; line++)
		fprintf(file, "line %d of file %ld, change %ld\n", line, number, change);
	if (fclose(file))
		fail(path);
}

static void snapshot(struct repo *repo, int work_fd)
{
	struct err err = ERR_INIT;
	char tree[REPO_OID_SIZE], parent[REPO_OID_SIZE], commit[REPO_OID_SIZE];
	struct repo_commit data = { .tree = tree, .name = "Ada", .email = "ada@example.org",
				    .message = "snapshot", .time_ms = 1700000000000 };

	if (repo_get_ref(repo, "refs/heads/main", parent, &err) < 0)
		fail(err.text);
	data.parent = *parent ? parent : NULL;
	if (repo_write_folder(repo, work_fd, "work.index", NULL, tree, NULL, &err) < 0 ||
	    repo_write_commit(repo, &data, commit, &err) < 0 || repo_publish(repo, &err) < 0 ||
	    repo_set_ref(repo, "refs/heads/main", commit, &err) < 0)
		fail(err.text);
}

static void git_commit(void)
{
	static const char *const add[] = { "git", "-C", "work", "add", "-A", NULL };
	static const char *const commit[] = { "git", "-C", "work", "commit", "-qm", "x", NULL };

	measure_launch(add);
	measure_launch(commit);
}

int main(int argc, char **argv)
{
	static double value[MEASURE_MOST_ROUNDS], base[MEASURE_MOST_ROUNDS];
	static const char *const init[] = { "git", "init", "-q", "work", NULL };
	long rounds = argc == 4 ? strtol(argv[1], NULL, 10) : 0;
	long files = argc == 4 ? strtol(argv[2], NULL, 10) : 0;
	long launches = argc == 4 ? strtol(argv[3], NULL, 10) : 0;
	long change = 0;
	struct err err = ERR_INIT;

	if (rounds < 1 || rounds > MEASURE_MOST_ROUNDS || files < 1 || launches < 1) {
		fputs("usage: snapshot ROUNDS FILES LAUNCHES\n", stderr);
		return 2;
	}
	measure_launch(init);
	for (long i = 0; i < files; i++)
		write_file(i, 0);

	AUTO(repo_close) struct repo *repo = repo_create("ours.git", NULL, &err);
	AUTO_FD int work_fd = open("work", O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	if (!repo || work_fd < 0)
		fail(repo ? "work" : err.text);
	snapshot(repo, work_fd);
	git_commit();
	for (long i = 0; i < rounds; i++) {
		for (long j = 0; j < launches; j++) {
			double start;

			write_file(change % files, change + 1);
			start = measure_now();
			snapshot(repo, work_fd);
			value[i] += (measure_now() - start) / (double)launches;
			start = measure_now();
			git_commit();
			base[i] += (measure_now() - start) / (double)launches;
			change++;
		}
	}
	measure_print("snapshot", value, base, rounds);
	return 0;
}
