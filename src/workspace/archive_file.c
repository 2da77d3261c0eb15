/* archive_file.c - see archive_file.h */
#include "workspace/archive_file.h"

#include "base/auto.h"
#include "workspace/archive_library.h"
#include "workspace/folder_scan.h"
#include "workspace/repo_internal.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <locale.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* libarchive converts names between UTF-8 and the charset of the thread's locale, and "C" has only
 * ASCII. */
struct utf8_locale {
	locale_t own, before;
};

static void utf8_locale_begin(struct utf8_locale *locale)
{
	locale->own = newlocale(LC_CTYPE_MASK, "C.UTF-8", (locale_t)0);
	if (locale->own)
		locale->before = uselocale(locale->own);
}

static void utf8_locale_end(struct utf8_locale *locale)
{
	if (!locale->own)
		return;
	uselocale(locale->before);
	freelocale(locale->own);
}

static int archive_err(struct err *err, enum err_code code, struct archive *archive,
		       const char *name)
{
	const char *text = archive(error_string)(archive);

	return err_set(err, code, "'%s': %s", name, text ? text : "libarchive failed");
}

/* --- unpack: into a folder ".unpack..." inside the target, whose contents move up when all is
 * well */

struct unpack {
	struct archive *archive;
	const struct fs_limits *limits;
	int folder_fd; /* where the archive is unpacked */
	uint64_t files, bytes;
};

static void free_reader(struct archive **archive)
{
	if (*archive)
		archive(read_free)(*archive);
}

/* Only the formats we speak of, each built in: no filter that runs a program. */
static struct archive *open_reader(const char *path, int fd, struct err *err)
{
	AUTO(free_reader) struct archive *archive = archive(read_new)();

	if (!archive)
		abort();
	archive(read_support_filter_gzip)(archive);
	archive(read_support_format_tar)(archive);
	archive(read_support_format_zip)(archive);
	if (archive(read_open_fd)(archive, fd, 65536) != ARCHIVE_OK) {
		archive_err(err, ERR_INPUT, archive, path);
		return NULL;
	}
	return TAKE(archive);
}

/* The entry's path without "./" in front and "/" at the end; "" for the top itself. */
static int entry_path(struct archive_entry *entry, char path[REPO_PATH_SIZE], struct err *err)
{
	const char *name = archive(entry_pathname)(entry);
	size_t len;

	if (!name)
		return err_set(err, ERR_INPUT, "the name of an entry is not UTF-8");
	while (name[0] == '.' && name[1] == '/')
		name += strspn(name + 1, "/") + 1;
	len = strlen(name);
	while (len > 1 && name[len - 1] == '/')
		len--;
	if (len >= REPO_PATH_SIZE)
		return err_set(err, ERR_INPUT, "'%.100s...': the path is too long", name);
	memcpy(path, name, len);
	path[len] = '\0';
	if (!strcmp(path, "."))
		path[0] = '\0';
	return *path ? repo_check_path(path, err) : 0;
}

static int count_entry(struct unpack *unpack, const char *path, struct err *err)
{
	if (++unpack->files > unpack->limits->files)
		return err_set(err, ERR_INPUT, "'%s': more than %" PRIu64 " files and folders",
			       path, unpack->limits->files);
	return 0;
}

/* The folder that `path` (a folder when `whole`, else a file in it) needs, made with those above
 * it. */
static int make_folders(struct unpack *unpack, const char *path, bool whole, struct err *err)
{
	char part[REPO_PATH_SIZE];
	const char *at = path;
	unsigned depth = 0;

	for (;;) {
		at += strcspn(at, "/");
		if (!*at && !whole)
			return 0;
		snprintf(part, sizeof(part), "%.*s", (int)(at - path), path);
		if (++depth > unpack->limits->depth)
			return err_set(err, ERR_INPUT, "'%s': folders are nested more than %u deep",
				       path, unpack->limits->depth);
		if (mkdirat(unpack->folder_fd, part, 0755) == 0) {
			if (count_entry(unpack, part, err) < 0)
				return -1;
		} else if (errno != EEXIST) {
			return errno == ENOTDIR
				       ? err_set(err, ERR_INPUT, "'%s': a file has its name", path)
				       : err_sys(err, "'%s'", path);
		}
		if (!*at++)
			return 0;
	}
}

/* What comes out is counted, not what the headers promise. */
static int count_bytes(struct unpack *unpack, const char *path, uint64_t size, uint64_t more,
		       struct err *err)
{
	if (size > unpack->limits->file_bytes)
		return err_set(err, ERR_INPUT, "'%s': larger than %" PRIu64 " bytes", path,
			       unpack->limits->file_bytes);
	unpack->bytes += more;
	if (unpack->bytes > unpack->limits->bytes)
		return err_set(err, ERR_INPUT, "'%s': more than %" PRIu64 " bytes in all", path,
			       unpack->limits->bytes);
	return 0;
}

/* A hole at the end of a sparse file comes as nothing at all: `whole` is the size that the header
 * states. */
static int unpack_bytes(struct unpack *unpack, const char *path, int fd, uint64_t whole,
			struct err *err)
{
	char chunk[65536];
	uint64_t size = 0;
	la_ssize_t got;

	while ((got = archive(read_data)(unpack->archive, chunk, sizeof(chunk))) != 0) {
		if (got < 0)
			return archive_err(err, ERR_INPUT, unpack->archive, path);
		size += (uint64_t)got;
		if (count_bytes(unpack, path, size, (uint64_t)got, err) < 0)
			return -1;
		if (fs_write_all(fd, chunk, (size_t)got) < 0)
			return err_sys(err, "'%s'", path);
	}
	if (whole <= size)
		return 0;
	if (count_bytes(unpack, path, whole, whole - size, err) < 0)
		return -1;
	return ftruncate(fd, (off_t)whole) < 0 ? err_sys(err, "'%s'", path) : 0;
}

/* No link can stand on the way, since none is ever made and the folder is ours alone. */
static int unpack_file(struct unpack *unpack, const char *path, struct archive_entry *entry,
		       struct err *err)
{
	mode_t mode = archive(entry_perm)(entry) & S_IXUSR ? 0755 : 0644;
	la_int64_t size = archive(entry_size_is_set)(entry) ? archive(entry_size)(entry) : 0;
	AUTO_FD int fd = -1;

	if (make_folders(unpack, path, false, err) < 0 || count_entry(unpack, path, err) < 0)
		return -1;
	fd = openat(unpack->folder_fd, path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC,
		    0600);
	if (fd < 0 && (errno == EEXIST || errno == EISDIR))
		return err_set(err, ERR_INPUT, "'%s': the archive has it twice", path);
	if (fd < 0 && errno == ENOTDIR)
		return err_set(err, ERR_INPUT, "'%s': a file has its name", path);
	if (fd < 0 || fchmod(fd, mode) < 0)
		return err_sys(err, "'%s'", path);
	return unpack_bytes(unpack, path, fd, size > 0 ? (uint64_t)size : 0, err);
}

static int unpack_entry(struct unpack *unpack, struct archive_entry *entry, struct err *err)
{
	char path[REPO_PATH_SIZE];

	if (entry_path(entry, path, err) < 0)
		return -1;
	if (archive(entry_is_encrypted)(entry))
		return err_set(err, ERR_INPUT, "'%s': is encrypted", path);
	if (archive(entry_hardlink)(entry) || archive(entry_filetype)(entry) == AE_IFLNK)
		return err_set(err, ERR_INPUT, "'%s': is a link", path);
	switch (archive(entry_filetype)(entry)) {
	case AE_IFDIR:
		/* libarchive would unpack such data just to pass over it */
		if (archive(entry_size)(entry) > 0)
			return err_set(err, ERR_INPUT, "'%s': a folder with data", path);
		return *path ? make_folders(unpack, path, true, err) : 0;
	case AE_IFREG: return unpack_file(unpack, path, entry, err);
	default: return err_set(err, ERR_INPUT, "'%s': is neither a file nor a folder", path);
	}
}

static int unpack_all(struct unpack *unpack, const char *path, struct err *err)
{
	struct archive_entry *entry;
	int rc;

	while ((rc = archive(read_next_header)(unpack->archive, &entry)) != ARCHIVE_EOF) {
		/* ARCHIVE_WARN: a name or other field could not be taken as it is */
		if (rc != ARCHIVE_OK)
			return archive_err(err, ERR_INPUT, unpack->archive, path);
		if (unpack_entry(unpack, entry, err) < 0)
			return -1;
	}
	return 0;
}

static void auto_closedir(DIR **dir)
{
	if (*dir)
		closedir(*dir);
}

static DIR *open_dir(int folder_fd, const char *name)
{
	int fd = openat(folder_fd, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	DIR *dir = fd < 0 ? NULL : fdopendir(fd);

	if (!dir)
		auto_close(&fd);
	return dir;
}

static const char *next_name(DIR *dir)
{
	struct dirent *entry;

	while ((entry = readdir(dir)))
		if (strcmp(entry->d_name, ".") && strcmp(entry->d_name, ".."))
			return entry->d_name;
	return NULL;
}

/* What macOS adds beside a folder is none of the contents. */
static const char *next_content(DIR *dir)
{
	const char *name = next_name(dir);

	while (name && !strcmp(name, "__MACOSX"))
		name = next_name(dir);
	return name;
}

/* The folder whose contents are wanted: `top` itself or, when asked for, the one folder that is all
 * of it. */
static DIR *find_contents(int folder_fd, const char *top, bool strip_single)
{
	AUTO(auto_closedir) DIR *dir = open_dir(folder_fd, top);
	AUTO(auto_closedir) DIR *inner = NULL;
	const char *name = dir ? next_content(dir) : NULL;

	if (!strip_single || !name)
		return TAKE(dir);
	inner = open_dir(dirfd(dir), name);
	return !inner || next_content(dir) ? TAKE(dir) : TAKE(inner);
}

/* All names are looked at before the first one moves. */
static int move_up(int folder_fd, DIR *contents, struct err *err)
{
	const char *name;

	rewinddir(contents);
	while ((name = next_name(contents)))
		if (faccessat(folder_fd, name, F_OK, AT_SYMLINK_NOFOLLOW) == 0)
			return err_set(err, ERR_INPUT, "'%s' is there already", name);
	rewinddir(contents);
	while ((name = next_name(contents)))
		if (renameat(dirfd(contents), name, folder_fd, name) < 0)
			return err_sys(err, "'%s'", name);
	return 0;
}

static int unpack_into(const char *path, int folder_fd, const char *top,
		       const struct fs_limits *limits, bool strip_single, struct err *err)
{
	AUTO(utf8_locale_end) struct utf8_locale locale = { .own = NULL };
	AUTO_FD int fd = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	AUTO_FD int top_fd = openat(folder_fd, top, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	AUTO(free_reader) struct archive *archive = NULL;
	AUTO(auto_closedir) DIR *contents = NULL;
	struct unpack unpack = { .limits = limits, .folder_fd = top_fd };
	struct stat st;

	utf8_locale_begin(&locale);
	if (fd < 0 && errno == ENOENT)
		return err_set(err, ERR_NOT_FOUND, "'%s': no such file", path);
	if (fd < 0 || top_fd < 0 || fstat(fd, &st) < 0)
		return err_sys(err, "'%s'", path);
	if (!S_ISREG(st.st_mode))
		return err_set(err, ERR_INPUT, "'%s': not a regular file", path);
	archive = unpack.archive = open_reader(path, fd, err);
	if (!archive || unpack_all(&unpack, path, err) < 0)
		return -1;
	contents = find_contents(folder_fd, top, strip_single);
	return contents ? move_up(folder_fd, contents, err) : err_sys(err, "'%s'", top);
}

/* mkdtemp below a descriptor */
static int make_temp_folder(int folder_fd, char name[32], struct err *err)
{
	unsigned i;

	for (i = 0; i < 1000; i++) {
		snprintf(name, 32, ".unpack.%ld.%u", (long)getpid(), i);
		if (mkdirat(folder_fd, name, 0700) == 0)
			return 0;
		if (errno != EEXIST)
			break;
	}
	return err_sys(err, "cannot make a folder to unpack in");
}

int archive_file_unpack(const char *path, int folder_fd, const struct fs_limits *limits,
			bool strip_single, struct err *err)
{
	struct err ignored = ERR_INIT;
	char top[32];
	int rc;

	if (archive_library_load(err) < 0 || make_temp_folder(folder_fd, top, err) < 0)
		return -1;
	rc = unpack_into(path, folder_fd, top, limits, strip_single, err);
	fs_remove_tree(folder_fd, top, &ignored);
	return rc;
}

/* --- pack */

static void free_writer(struct archive **archive)
{
	if (*archive)
		archive(write_free)(*archive);
}

/* By the ending of the name: .zip or .kpp, .tar, else .tar.gz. */
static int choose_form(struct archive *archive, const char *path)
{
	const char *dot = strrchr(path, '.'), *ending = dot ? dot : "";
	const char *options = "hdrcharset=UTF-8";
	int rc;

	if (!strcmp(ending, ".zip") || !strcmp(ending, ".kpp")) {
		rc = archive(write_set_format_zip)(archive);
	} else {
		rc = archive(write_set_format_pax_restricted)(archive);
		if (rc == ARCHIVE_OK && strcmp(ending, ".tar") != 0) {
			rc = archive(write_add_filter_gzip)(archive);
			options = "gzip:!timestamp,hdrcharset=UTF-8";
		}
	}
	return rc == ARCHIVE_OK ? archive(write_set_options)(archive, options) : rc;
}

static struct archive *open_writer(const char *path, int fd, struct err *err)
{
	AUTO(free_writer) struct archive *archive = archive(write_new)();

	if (!archive)
		abort();
	if (choose_form(archive, path) != ARCHIVE_OK ||
	    archive(write_open_fd)(archive, fd) != ARCHIVE_OK) {
		archive_err(err, ERR_ENV, archive, path);
		return NULL;
	}
	return TAKE(archive);
}

static void free_entry(struct archive_entry **entry)
{
	archive(entry_free)(*entry);
}

/* The header is written after the file was read, so that its size is right whatever happens
 * meanwhile. */
static int pack_entry(struct archive *archive, const char *name, const struct stat *st,
		      const struct buf *contents, struct err *err)
{
	AUTO(free_entry) struct archive_entry *entry = archive(entry_new)();
	bool is_folder = S_ISDIR(st->st_mode);

	archive(entry_copy_pathname)(entry, name);
	archive(entry_set_filetype)(entry, is_folder ? AE_IFDIR : AE_IFREG);
	archive(entry_set_perm)(entry, is_folder || st->st_mode & S_IXUSR ? 0755 : 0644);
	archive(entry_set_size)(entry, is_folder ? 0 : (la_int64_t)contents->len);
	archive(entry_set_mtime)(entry, 0, 0);
	archive(entry_set_uname)(entry, "root");
	archive(entry_set_gname)(entry, "root");
	if (archive(write_header)(archive, entry) != ARCHIVE_OK)
		return archive_err(err, ERR_ENV, archive, name);
	if (!is_folder && archive(write_data)(archive, buf_str(contents), contents->len) !=
				  (la_ssize_t)contents->len)
		return archive_err(err, ERR_ENV, archive, name);
	return 0;
}

static int pack_all(struct archive *archive, int folder_fd, const struct folder_scan *scan,
		    const char *top, struct err *err)
{
	AUTO(buf_release) struct buf contents = BUF_INIT(repo_limits.file_bytes);
	struct stat folder = { .st_mode = S_IFDIR };
	size_t i;

	if (pack_entry(archive, top, &folder, &contents, err) < 0)
		return -1;
	for (i = 0; i < scan->count; i++) {
		AUTO_FREE char *name = fs_join(top, scan->entries[i].path);
		struct stat st = scan->entries[i].stat;
		int rc = 0;

		if (S_ISREG(st.st_mode))
			rc = folder_scan_read(folder_fd, scan->entries[i].path, &contents, &st,
					      err);
		if (rc == 0)
			rc = pack_entry(archive, name, &st, &contents, err);
		if (rc < 0)
			return -1;
	}
	return 0;
}

static int pack_into(const char *path, int fd, int folder_fd, const char *top, struct err *err)
{
	AUTO(utf8_locale_end) struct utf8_locale locale = { .own = NULL };
	AUTO(folder_scan_release) struct folder_scan scan = FOLDER_SCAN_INIT;
	AUTO(free_writer) struct archive *archive = NULL;

	utf8_locale_begin(&locale);
	if (folder_scan_list(&scan, folder_fd, NULL, &repo_limits, err) < 0)
		return -1;
	archive = open_writer(path, fd, err);
	if (!archive || pack_all(archive, folder_fd, &scan, top, err) < 0)
		return -1;
	if (archive(write_close)(archive) != ARCHIVE_OK)
		return archive_err(err, ERR_ENV, archive, path);
	return fchmod(fd, 0644) < 0 || fsync(fd) < 0 ? err_sys(err, "'%s'", path) : 0;
}

int archive_file_pack(const char *path, int folder_fd, const char *top, struct err *err)
{
	AUTO_FREE char *temp = buf_format("%s.XXXXXX", path);
	AUTO_FD int fd = -1;

	if (archive_library_load(err) < 0 || repo_check_path(top, err) < 0)
		return -1;
	fd = mkostemp(temp, O_CLOEXEC);
	if (fd < 0)
		return err_sys(err, "'%s'", path);
	if (pack_into(path, fd, folder_fd, top, err) < 0) {
		unlink(temp);
		return -1;
	}
	if (rename(temp, path) < 0) {
		err_sys(err, "'%s'", path);
		unlink(temp);
		return -1;
	}
	return fs_sync_parent(path) < 0 ? err_sys(err, "'%s'", path) : 0;
}
