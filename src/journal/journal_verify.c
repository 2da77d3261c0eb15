/* journal_verify.c - see journal_verify.h */
#include "journal/journal_verify.h"

#include "base/auto.h"
#include "base/buf.h"
#include "base/fs.h"
#include "journal/fold.h"

#include <fcntl.h>
#include <stdio.h>

/* The contents that the events name: payloads are files of a folder, by their hash, and the rest is
 * in the repository. */
struct contents {
	struct fold_stored stored;	/* the first: the source is one of it. No store. */
	int folder;
};

static int keep_payload(void *arg, const void *data, size_t len, struct err *err)
{
	const struct contents *contents = arg;
	struct hash hash = hash_of(data, len);
	char name[HASH_HEX_SIZE];
	AUTO_FD int fd = openat(contents->folder, hash_hex(&hash, name),
				O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);

	if (fd < 0 || fs_write_all(fd, data, len) < 0)
		return err_sys(err, "cannot keep payload %s", name);
	return 0;
}

static int kept_payload(void *arg, const char *hash, size_t limit, struct buf *out, struct err *err)
{
	const struct contents *contents = arg;

	*out = (struct buf)BUF_INIT(limit);
	return fs_read(contents->folder, hash, limit, out, err);
}

static int fold_one(void *arg, const struct event *event, struct err *err)
{
	return fold_event(arg, event, err);
}

/* The second reading checks all but the git history again: the file may have been changed. */
static int check_fold(FILE *file, const uint8_t public_key[SIGN_PUBLIC_SIZE],
		      struct contents *contents, struct err *err)
{
	struct fold_source source = fold_source_stored(&contents->stored);
	AUTO(fold_free) struct fold *fold = NULL;
	AUTO(journal_read_release) struct journal_read again;
	struct journal_read_visit visit = { .event = fold_one };

	source.payload = kept_payload;
	fold = visit.arg = fold_new(&source);
	return journal_read(file, public_key, NULL, &visit, &again, err);
}

int journal_verify(FILE *file, const uint8_t public_key[SIGN_PUBLIC_SIZE], struct repo *repo,
		   struct journal_read *ret, struct err *err)
{
	AUTO(fs_temp_release) char *folder = fs_temp_dir("tali-payloads", err);
	AUTO_FD int folder_fd = folder ? open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC) : -1;
	struct contents contents = { .stored.repo = repo, .folder = folder_fd };
	struct journal_read_visit visit = { .arg = &contents, .blob = keep_payload };

	*ret = (struct journal_read){ .assessment_id = "" };
	if (!folder)
		return -1;
	if (folder_fd < 0)
		return err_sys(err, "%s", folder);
	if (journal_read(file, public_key, repo, &visit, ret, err) < 0)
		return -1;
	return check_fold(file, public_key, &contents, err);
}

int journal_verify_path(const char *path, const uint8_t public_key[SIGN_PUBLIC_SIZE],
			struct journal_summary *ret, struct err *err)
{
	AUTO_FILE FILE *file = journal_read_open(path, err);
	AUTO(fs_temp_release) char *folder = file ? fs_temp_dir("tali-verify", err) : NULL;
	AUTO(repo_close) struct repo *repo = folder ? repo_create(folder, NULL, err) : NULL;
	AUTO(journal_read_release) struct journal_read read = { .assessment_id = "" };

	if (!repo)
		return -1;
	if (journal_verify(file, public_key, repo, &read, err) < 0)
		return err_wrap(err, "%s", path);
	snprintf(ret->assessment_id, sizeof(ret->assessment_id), "%s", read.assessment_id);
	ret->events = read.check.next_seq;
	ret->blobs = read.blobs;
	ret->signatures = read.check.signatures;
	hash_hex(&read.check.head, ret->head);
	return 0;
}
