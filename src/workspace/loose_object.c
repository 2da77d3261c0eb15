/* loose_object.c - see loose_object.h */
#include "workspace/loose_object.h"

#include "base/auto.h"
#include "base/buf.h"
#include "base/fs.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

/* "TYPE LENGTH", NUL and the contents as a zlib stream, yours; NULL when it cannot be made. */
static unsigned char *compress_object(git_object_t type, const void *data, size_t len,
				      uLongf *ret_len)
{
	AUTO(buf_release) struct buf plain = BUF_INIT(len + 64);
	AUTO_FREE unsigned char *stream = NULL;

	buf_add_format(&plain, "%s %zu", git(object_type2string)(type), len);
	buf_add_byte(&plain, '\0');
	buf_add(&plain, data, len);
	*ret_len = compressBound(plain.len);
	stream = buf_alloc(*ret_len);
	if (compress2(stream, ret_len, (const Bytef *)plain.data, plain.len, Z_BEST_SPEED) != Z_OK)
		return NULL;
	return TAKE(stream);
}

int loose_object_write(struct loose_object *ret, const char *objects, git_object_t type,
		       const void *data, size_t len, struct err *err)
{
	AUTO(loose_object_release) struct loose_object object = LOOSE_OBJECT_INIT;
	uLongf stream_len = 0;
	AUTO_FREE unsigned char *stream = compress_object(type, data, len, &stream_len);

	if (!stream)
		return err_set(err, ERR_ENV, "cannot compress an object");
	object.temp = fs_join(objects, "tmp_obj_XXXXXX");
	object.fd = mkostemp(object.temp, O_CLOEXEC);
	if (object.fd < 0) {
		free(TAKE(object.temp));
		return err_sys(err, "cannot write an object in '%s'", objects);
	}
	if (fs_write_all(object.fd, stream, stream_len) < 0 || fchmod(object.fd, 0444) < 0)
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
