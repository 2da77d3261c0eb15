/* rootfs.c - the file system a payload sees */
#include "sandbox/rootfs.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <fnmatch.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "base/auto.h"
#include "base/fs.h"

/* Of uapi/linux/mount.h, which older C libraries do not have (the call is in Linux since 5.12). */
#define MOUNT_SETATTR 442
#define ATTR_RDONLY 0x1
#define ATTR_NOSUID 0x2
#define ATTR_NODEV 0x4
#define ALL_BELOW 0x8000	/* AT_RECURSIVE */

#define MOUNTS_MOST (4 * 1024 * 1024)
#define COPY_MOST (1024 * 1024)	/* bytes of a file that is copied */

struct attributes {
	uint64_t set, clear, propagation, userns_fd;
};

/* Any folder will do: the new root is built in the current folder, the old one is only a source. */
#define SCAFFOLD "/tmp"

static const char *const folders[] = {
	"dev", "dev/shm", "etc", "proc", "run", "tmp", "usr", "var", "work", "none",
};

static const char *const system_folders[] = {
	"usr", "bin", "lib", "lib32", "lib64", "libx32", "sbin",
};

/* What compilers and interpreters look up; no host, user or service names, no keys. */
static const char *const etc_patterns[] = {
	"alternatives", "fpc*.cfg", "java*", "ld.so.cache", "ld.so.conf", "ld.so.conf.d",
	"localtime", "maven", "mime.types", "mono", "os-release", "perl", "protocols", "python3*",
	"R", "services", "timezone",
};

static const struct made_file {
	const char *path;
	const char *text;
} made_files[] = {
	{ "etc/passwd", "root:x:0:0:root:/nonexistent:/usr/sbin/nologin\n"
			"candidate:x:1000:1000:candidate:/tmp:/bin/sh\n"
			"nobody:x:65534:65534:nobody:/nonexistent:/usr/sbin/nologin\n" },
	{ "etc/group", "root:x:0:\ncandidate:x:1000:\nnogroup:x:65534:\n" },
	{ "etc/hosts", "127.0.0.1 localhost tali\n::1 localhost\n" },
	{ "etc/nsswitch.conf", "passwd: files\ngroup: files\nhosts: files\nservices: files\n"
			       "protocols: files\n" },
};

static const struct made_link {
	const char *path;
	const char *target;
} made_links[] = {
	{ "dev/fd", "/proc/self/fd" },
	{ "dev/stdin", "/proc/self/fd/0" },
	{ "dev/stdout", "/proc/self/fd/1" },
	{ "dev/stderr", "/proc/self/fd/2" },
	{ "var/tmp", "/tmp" },
	{ "etc/mtab", "/proc/self/mounts" },
	/* where scripts of Harbor tasks expect the workspace and what is theirs: hidden/.harbor
	 * of such a task; else these lead nowhere */
	{ "app", "/work" },
	{ "tests", "/work/.harbor/tests" },
	{ "logs", "/work/.harbor/logs" },
	{ "solution", "/work/.harbor/solution" },
};

static const struct device {
	const char *path;
	unsigned minor;		/* major is 1 */
} devices[] = {
	{ "dev/null", 3 }, { "dev/zero", 5 }, { "dev/full", 7 }, { "dev/random", 8 },
	{ "dev/urandom", 9 },
};

/* Of the paths container runtimes mask, those that uid 1000 could read, and the deadly one. */
static const char *const masked[] = {
	"proc/acpi", "proc/asound", "proc/bus", "proc/driver", "proc/interrupts", "proc/kallsyms",
	"proc/kcore", "proc/key-users", "proc/keys", "proc/latency_stats", "proc/modules",
	"proc/sched_debug", "proc/scsi", "proc/sysrq-trigger", "proc/timer_list",
};

#define COUNT(array) (sizeof(array) / sizeof(*(array)))

static int set_attributes(const char *path, uint64_t set, struct err *err)
{
	struct attributes attributes = { .set = set };

	if (syscall(MOUNT_SETATTR, AT_FDCWD, path, ALL_BELOW, &attributes, sizeof(attributes)) < 0)
		return err_sys(err, "cannot protect the mount on /%s", path);
	return 0;
}

static int mount_tmpfs(const char *path, unsigned long flags, const char *options, struct err *err)
{
	if (mount("tmpfs", path, "tmpfs", flags, options) < 0)
		return err_sys(err, "cannot mount a tmpfs on /%s", path);
	return 0;
}

static int bind(const char *source, const char *target, struct err *err)
{
	if (mount(source, target, NULL, MS_BIND | MS_REC, NULL) < 0)
		return err_sys(err, "cannot mount %s", source);
	return 0;
}

static int make_file(const char *path, const char *text, size_t len, struct err *err)
{
	AUTO_FD int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644);

	if (fd < 0 || fs_write_all(fd, text, len) < 0)
		return err_sys(err, "cannot make /%s", path);
	return 0;
}

/* Whether something else is mounted somewhere below the folder. `mounts` is /proc/PID/mountinfo,
 * where the place is the fifth word of a line; no folder of ours holds what would be escaped. */
static bool has_mounts_below(const char *folder, const char *mounts)
{
	size_t len = strlen(folder);

	while (*mounts) {
		const char *end = mounts + strcspn(mounts, "\n"), *place = mounts;

		for (int word = 1; place < end && word < 5; word++)
			place += strcspn(place, " \n") + 1;
		if (place < end && !strncmp(place, folder, len) && place[len] == '/')
			return true;
		mounts = end + (*end == '\n');
	}
	return false;
}

/* A folder of the host behind inodes of our own: a lock on a file in it is seen by nobody else.
 * Where that cannot be had, the folder is bound: a file system that is no ground for it, or one
 * with others mounted below, which would not show. */
static int show_folder(const char *source, const char *name, const char *mounts, struct err *err)
{
	char layers[512];

	/* two are needed where nothing can be written */
	snprintf(layers, sizeof(layers), "lowerdir=%s:none", source);
	if (mkdir(name, 0755) < 0 && errno != EEXIST)
		return err_sys(err, "cannot make %s", source);
	if (!has_mounts_below(source, mounts) &&
	    mount("overlay", name, "overlay", MS_RDONLY | MS_NOSUID | MS_NODEV, layers) == 0)
		return 0;
	return bind(source, name, err) < 0 ? -1 : set_attributes(name, ATTR_NODEV, err);
}

/* Small files are copied, for the same reason. */
static int show_file(const char *source, const char *name, const struct stat *status,
		     struct err *err)
{
	AUTO(buf_release) struct buf text = BUF_INIT(COPY_MOST);

	if (status->st_size > COPY_MOST)
		return make_file(name, "", 0, err) < 0 ? -1 : bind(source, name, err);
	if (fs_read(AT_FDCWD, source, COPY_MOST, &text, err) < 0)
		return err_wrap(err, "cannot copy %s", source);
	return make_file(name, buf_str(&text), text.len, err);
}

/* Shows one thing of the host under the same name: links as links, the rest read-only. */
static int show(const char *name, const char *mounts, struct err *err)
{
	char source[256], target[256];
	struct stat status;
	ssize_t len;

	snprintf(source, sizeof(source), "/%s", name);
	if (lstat(source, &status) < 0)
		return 0;

	if (S_ISLNK(status.st_mode)) {
		len = readlink(source, target, sizeof(target) - 1);
		if (len < 0)
			return err_sys(err, "cannot read the link %s", source);
		target[len] = 0;
		if (symlink(target, name) < 0)
			return err_sys(err, "cannot make the link %s", source);
		return 0;
	}
	if (S_ISDIR(status.st_mode))
		return show_folder(source, name, mounts, err);
	/* what we may not read, the payload could not either */
	if (!S_ISREG(status.st_mode) || access(source, R_OK) < 0)
		return 0;
	return show_file(source, name, &status, err);
}

static bool wanted_of_etc(const char *name)
{
	for (size_t i = 0; i < COUNT(etc_patterns); i++)
		if (fnmatch(etc_patterns[i], name, 0) == 0)
			return true;
	return false;
}

static int show_etc(const char *mounts, struct err *err)
{
	DIR *folder = opendir("/etc");
	struct dirent *entry;
	int failed = 0;

	while (folder && failed == 0 && (entry = readdir(folder))) {
		char name[sizeof("etc/") + sizeof(entry->d_name)];

		if (!wanted_of_etc(entry->d_name))
			continue;
		snprintf(name, sizeof(name), "etc/%s", entry->d_name);
		failed = show(name, mounts, err);
	}
	if (folder)
		closedir(folder);
	return failed;
}

/* Our own templates, where they are installed: they have hidden tests and solutions. */
static int hide_templates(struct err *err)
{
	const char *name = TALI_TEMPLATE_DIR + 1;
	struct stat status;

	if (stat(name, &status) < 0 || !S_ISDIR(status.st_mode))
		return 0;
	return bind("none", name, err);
}

static int show_system(struct err *err)
{
	AUTO(buf_release) struct buf mounts = BUF_INIT(MOUNTS_MOST);

	if (fs_read(AT_FDCWD, "/proc/self/mountinfo", MOUNTS_MOST, &mounts, err) < 0)
		return -1;
	for (size_t i = 0; i < COUNT(system_folders); i++)
		if (show(system_folders[i], buf_str(&mounts), err) < 0)
			return -1;
	if (hide_templates(err) < 0)
		return -1;
	return show_etc(buf_str(&mounts), err);
}

static int make_own(struct err *err)
{
	for (size_t i = 0; i < COUNT(folders); i++) {
		if (mkdir(folders[i], 0755) < 0)
			return err_sys(err, "cannot make /%s", folders[i]);
		/* the first: a mount of its own, because nodes are honoured there alone */
		if (i == 0 && mount_tmpfs(folders[i], MS_NOSUID | MS_NOEXEC,
					  "size=64k,nr_inodes=16,mode=0755", err) < 0)
			return -1;
	}
	for (size_t i = 0; i < COUNT(made_files); i++)
		if (make_file(made_files[i].path, made_files[i].text, strlen(made_files[i].text),
			      err) < 0)
			return -1;
	for (size_t i = 0; i < COUNT(made_links); i++)
		if (symlink(made_links[i].target, made_links[i].path) < 0)
			return err_sys(err, "cannot make /%s", made_links[i].path);
	return 0;
}

/* A node of our own, which locks of others do not reach; false where we may not make or open one:
 * so it is for an ordinary user, and in some containers. */
static bool make_device(const struct device *device)
{
	AUTO_FD int fd = -1;

	if (mknod(device->path, S_IFCHR | 0666, makedev(1, device->minor)) < 0)
		return false;
	fd = open(device->path, O_RDWR | O_CLOEXEC);
	if (fd < 0)
		unlink(device->path);
	return fd >= 0;
}

static int show_devices(struct err *err)
{
	for (size_t i = 0; i < COUNT(devices); i++) {
		const struct device *device = &devices[i];
		char source[32];

		if (make_device(device))
			continue;
		snprintf(source, sizeof(source), "/%s", device->path);
		if (make_file(device->path, "", 0, err) < 0 ||
		    bind(source, device->path, err) < 0)
			return -1;
	}
	return 0;
}

static int mask(const char *path, struct err *err)
{
	struct stat status;

	if (lstat(path, &status) < 0)
		return 0;
	return bind(S_ISDIR(status.st_mode) ? "none" : "dev/null", path, err);
}

/* hidepid=2: pid 1 is another uid's, or not to be traced, and so it cannot be seen. */
static int mount_proc(struct err *err)
{
	unsigned long flags = MS_NOSUID | MS_NODEV | MS_NOEXEC | MS_RDONLY;

	if (mount("proc", "proc", "proc", flags, "hidepid=2") < 0)
		return err_sys(err, "cannot mount /proc (is ours covered in part, as in a "
			       "container?)");
	for (size_t i = 0; i < COUNT(masked); i++)
		if (mask(masked[i], err) < 0)
			return -1;
	return 0;
}

static int mount_writable(uint64_t disk, uint32_t inodes, uid_t uid, gid_t gid, struct err *err)
{
	unsigned long flags = MS_NOSUID | MS_NODEV;
	char sizes[96], work[160], shared[160];

	snprintf(sizes, sizeof(sizes), "size=%" PRIu64 ",nr_inodes=%" PRIu32, disk,
		 inodes);
	snprintf(work, sizeof(work), "%s,mode=0755,uid=%u,gid=%u", sizes, uid, gid);
	snprintf(shared, sizeof(shared), "%s,mode=1777", sizes);

	if (mount_tmpfs("work", flags, work, err) < 0 || mount_tmpfs("tmp", flags, shared, err) < 0)
		return -1;
	return mount_tmpfs("dev/shm", flags | MS_NOEXEC, shared, err);
}

static int build(uint64_t disk, uint32_t inodes, uid_t uid, gid_t gid, struct err *err)
{
	if (mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) < 0)
		return err_sys(err, "cannot separate the mounts");
	if (mount_tmpfs(SCAFFOLD, MS_NOSUID | MS_NODEV, "size=8m,nr_inodes=512,mode=0755", err) < 0)
		return -1;
	if (chdir(SCAFFOLD) < 0)
		return err_sys(err, "cannot enter " SCAFFOLD);

	if (make_own(err) < 0 || show_system(err) < 0 || show_devices(err) < 0 ||
	    mount_proc(err) < 0)
		return -1;
	/* all mounts so far */
	if (set_attributes(".", ATTR_RDONLY | ATTR_NOSUID, err) < 0)
		return -1;
	return mount_writable(disk, inodes, uid, gid, err);
}

/* The old root is stacked under the new one for a moment and then let go with all that is in it. */
static int switch_root(struct err *err)
{
	if (syscall(SYS_pivot_root, ".", ".") < 0)
		return err_sys(err, "cannot change the root");
	if (umount2(".", MNT_DETACH) < 0 || chdir("/") < 0)
		return err_sys(err, "cannot leave the old root");
	return 0;
}

int rootfs_enter(uint64_t disk, uint32_t inodes, uid_t uid, gid_t gid,
		 int ret_folders[ROOTFS_FOLDERS], struct err *err)
{
	static const char *const writable[ROOTFS_FOLDERS] = { "/work", "/tmp", "/dev/shm" };

	umask(0);
	if (build(disk, inodes, uid, gid, err) < 0 || switch_root(err) < 0)
		return err_wrap(err, "sandbox file system");

	for (int i = 0; i < ROOTFS_FOLDERS; i++) {
		ret_folders[i] = open(writable[i], O_RDONLY | O_DIRECTORY | O_CLOEXEC);
		if (ret_folders[i] < 0)
			return err_sys(err, "cannot open %s", writable[i]);
	}
	return 0;
}
