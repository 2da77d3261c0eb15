/* loose_object.c - see loose_object.h */
#include "workspace/loose_object.h"

#include "base/auto.h"
#include "base/buf.h"
#include "base/fs.h"

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define MOST_STORED 65535u /* bytes of a stored block */

/* RFC 1950, section 8.2: 5552 is the most bytes whose sums still fit in 32 bits */
static uint32_t adler32(const unsigned char *data, size_t len)
{
	uint32_t a = 1, b = 0;

	while (len) {
		size_t some = len < 5552 ? len : 5552;

		len -= some;
		while (some--) {
			a += *data++;
			b += a;
		}
		a %= 65521;
		b %= 65521;
	}
	return b << 16 | a;
}

static void add_stored(struct buf *out, const char *data, size_t len)
{
	do {
		uint16_t some = (uint16_t)(len < MOST_STORED ? len : MOST_STORED);
		unsigned char head[5] = { some == len, some & 0xff, some >> 8, ~some & 0xff,
					  (~some >> 8) & 0xff };

		buf_add(out, head, sizeof(head));
		buf_add(out, data, some);
		data += some;
		len -= some;
	} while (len);
}

static void add_zlib(struct buf *out, const struct buf *plain)
{
	uint32_t sum = adler32((const unsigned char *)buf_str(plain), plain->len);
	unsigned char tail[4] = { sum >> 24, sum >> 16 & 0xff, sum >> 8 & 0xff, sum & 0xff };

	buf_add(out, "\x78\x01", 2);
	add_stored(out, buf_str(plain), plain->len);
	buf_add(out, tail, sizeof(tail));
}

static int write_stored(const struct loose_object *object, git_object_t type, const void *data,
			size_t len)
{
	AUTO(buf_release) struct buf plain = BUF_INIT(len + 64);
	AUTO(buf_release) struct buf stream = BUF_INIT(len + len / MOST_STORED * 5 + 128);

	buf_add_format(&plain, "%s %zu", git(object_type2string)(type), len);
	buf_add_byte(&plain, '\0');
	buf_add(&plain, data, len);
	add_zlib(&stream, &plain);
	return fs_write_all(object->fd, stream.data, stream.len);
}

/* libgit2 can compress, but gives an object its place at once: so it does that in a folder
 * aside. */
static int write_compressed(struct loose_object *object, const char *objects, const git_oid *id,
			    git_object_t type, const void *data, size_t len)
{
	AUTO(fs_temp_release) char *aside = buf_format("%s/tmp_objdir-tali-XXXXXX", objects);
	AUTO_FREE char *path = NULL;
	char hex[GIT_OID_HEXSZ + 1];
	git_odb_backend *loose;
	int rc;

	if (!mkdtemp(aside)) {
		free(TAKE(aside));
		return -1;
	}
	if (git(odb_backend_loose)(&loose, aside, -1, 0, 0, 0) < 0)
		return -1;
	rc = loose->write(loose, id, data, len, type);
	loose->free(loose);
	git(oid_tostr)(hex, sizeof(hex), id);
	path = buf_format("%s/%.2s/%s", aside, hex, hex + 2);
	if (rc < 0 || rename(path, object->temp) < 0)
		return -1;
	close(object->fd);
	object->fd = open(object->temp, O_RDONLY | O_CLOEXEC);
	return object->fd < 0 ? -1 : 0;
}

int loose_object_write(struct loose_object *ret, const char *objects, const git_oid *id,
		       git_object_t type, const void *data, size_t len, struct err *err)
{
	AUTO(loose_object_release) struct loose_object object = LOOSE_OBJECT_INIT;
	int rc;

	object.temp = fs_join(objects, "tmp_obj_XXXXXX");
	object.fd = mkostemp(object.temp, O_CLOEXEC);
	if (object.fd < 0) {
		free(TAKE(object.temp));
		return err_sys(err, "cannot write an object in '%s'", objects);
	}
	rc = len <= LOOSE_OBJECT_STORED ? write_stored(&object, type, data, len)
					: write_compressed(&object, objects, id, type, data, len);
	if (rc < 0 || fchmod(object.fd, 0444) < 0)
		return err_sys(err, "cannot write an object in '%s'", objects);
	sync_file_range(object.fd, 0, 0, SYNC_FILE_RANGE_WRITE);
	*ret = object;
	object = (struct loose_object)LOOSE_OBJECT_INIT;
	return 0;
}

int loose_object_sync(struct loose_object *object, struct err *err)
{
	return fsync(object->fd) < 0 ? err_sys(err, "cannot sync '%s'", object->temp) : 0;
}

int loose_object_place(struct loose_object *object, const char *objects, const git_oid *id,
		       bool *ret_fresh, struct err *err)
{
	char hex[GIT_OID_HEXSZ + 1];
	AUTO_FREE char *folder = NULL;
	AUTO_FREE char *path = NULL;

	git(oid_tostr)(hex, sizeof(hex), id);
	folder = buf_format("%s/%.2s", objects, hex);
	path = fs_join(folder, hex + 2);
	if (rename(object->temp, path) < 0) {
		if (errno == ENOENT && mkdir(folder, 0755) == 0)
			*ret_fresh = true;
		if (rename(object->temp, path) < 0)
			return err_sys(err, "cannot write '%s'", path);
	}
	free(TAKE(object->temp));
	return 0;
}

void loose_object_release(struct loose_object *object)
{
	auto_close(&object->fd);
	if (object->temp)
		unlink(object->temp);
	free(object->temp);
	*object = (struct loose_object)LOOSE_OBJECT_INIT;
}
