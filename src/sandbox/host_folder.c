/* host_folder.c - folders of the host that a run gets a copy of, and what it made of them */
#include "sandbox/host_folder.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>

#include "base/auto.h"
#include "base/fs.h"

#define DEPTH_MOST 64

void host_folder_release(struct host_folder *folder)
{
	free(folder->source);
	free(folder->target);
	*folder = (struct host_folder){ NULL };
}

static bool take_ending(char *words, const char *ending)
{
	size_t len = strlen(words), cut = strlen(ending);

	if (len < cut || strcmp(words + len - cut, ending) != 0)
		return false;
	words[len - cut] = 0;
	return true;
}

/* "/work/a" and "a" are the same. */
static const char *below_work(const char *target)
{
	if (strcmp(target, "/work") == 0 || strcmp(target, ".") == 0)
		return "";
	return strncmp(target, "/work/", 6) == 0 ? target + 6 : target;
}

int host_folder_parse(const char *words, struct host_folder *ret, struct err *err)
{
	AUTO_FREE char *copy = buf_strdup(words);
	bool read_only = take_ending(copy, ":ro");
	char *colon = strrchr(copy, ':');
	const char *target = colon ? below_work(colon + 1) : "";

	if (colon)
		*colon = 0;
	if (!*copy)
		return err_set(err, ERR_USAGE, "--dir '%s': no folder is named", words);
	if (*target && !fs_path_confined(target))
		return err_set(err, ERR_USAGE, "--dir '%s': '%s' is not below /work", words,
			       target);
	*ret = (struct host_folder){ buf_strdup(copy), buf_strdup(target), read_only };
	return 0;
}

/* The folder in the sandbox; made when there is none and `make` says so. */
static int open_target(const struct host_folder *folder, int work_fd, bool make)
{
	AUTO_FREE char *copy = buf_strdup(folder->target);
	AUTO_FD int at = openat(work_fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	char *rest = copy, *part;

	while (at >= 0 && (part = strsep(&rest, "/")) && *part) {
		int below;

		if (make && mkdirat(at, part, 0755) < 0 && errno != EEXIST)
			return -1;
		below = openat(at, part, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
		close(at);
		at = below;
	}
	return TAKE_FD(at);
}

static int open_source(const struct host_folder *folder, struct err *err)
{
	int fd = open(folder->source, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	if (fd < 0) {
		err_sys(err, "--dir '%s'", folder->source);
		err->code = ERR_INPUT;
	}
	return fd;
}

static struct fs_limits limits_of(const struct plan_limits *limits)
{
	return (struct fs_limits){ .files = limits->inodes, .bytes = limits->disk,
				   .file_bytes = limits->file_size, .depth = DEPTH_MOST };
}

int host_folder_lay(const struct host_folder *folder, int work_fd,
		    const struct plan_limits *limits, struct err *err)
{
	struct fs_limits most = limits_of(limits);
	AUTO_FD int from = open_source(folder, err);
	AUTO_FD int to = -1;

	if (from < 0)
		return -1;
	to = open_target(folder, work_fd, true);
	if (to < 0)
		return err_sys(err, "--dir: cannot make '%s'", folder->target);
	return fs_copy_tree(from, to, &most, NULL, err) < 0
		       ? err_wrap(err, "--dir '%s'", folder->source)
		       : 0;
}

int host_folder_collect(const struct host_folder *folder, int work_fd,
			const struct plan_limits *limits, unsigned *left_out, struct err *err)
{
	struct fs_limits most = limits_of(limits);
	AUTO_FD int from = -1;
	AUTO_FD int to = -1;
	unsigned here = 0;

	if (folder->read_only)
		return 0;
	/* the run may have put something else in its place */
	from = open_target(folder, work_fd, false);
	if (from < 0) {
		++*left_out;
		return 0;
	}
	to = open_source(folder, err);
	if (to < 0)
		return -1;
	if (fs_copy_changes(from, to, &most, &here, err) < 0)
		return err_wrap(err, "--dir '%s'", folder->source);
	*left_out += here;
	return 0;
}
