/* pack_scan.c - see pack_scan.h */
#include "workspace/pack_scan.h"

#include "base/auto.h"

#include <inttypes.h>
#include <stdbool.h>
#include <string.h>
#include <zlib.h>

#define TRAILER_SIZE 20
#define SIZES_MOST 20	/* bytes that the two sizes of a delta take */

enum { TYPE_COMMIT = 1, TYPE_TAG = 4, TYPE_OFFSET_DELTA = 6, TYPE_REF_DELTA = 7 };

const struct pack_limits pack_limits = {
	.objects = 2000000,
	.object_bytes = 32u << 20,
	.bytes = 16ull << 30,
};

struct scan {
	FILE *file;
	const struct pack_limits *limits;
	z_stream zlib;
	unsigned char in[65536], out[65536];
	uint64_t bytes;		/* unpacked so far */
};

static void scan_release(struct scan *scan)
{
	inflateEnd(&scan->zlib);
}

static int cut_off(const struct scan *scan, struct err *err)
{
	if (ferror(scan->file))
		return err_sys(err, "cannot read the pack");
	return err_set(err, ERR_INTEGRITY, "the pack is cut off");
}

/* Fills the input when it is used up. */
static int fill(struct scan *scan, struct err *err)
{
	if (scan->zlib.avail_in)
		return 0;
	scan->zlib.next_in = scan->in;
	scan->zlib.avail_in = (uInt)fread(scan->in, 1, sizeof(scan->in), scan->file);
	return scan->zlib.avail_in ? 0 : cut_off(scan, err);
}

static int next_byte(struct scan *scan, struct err *err)
{
	if (fill(scan, err) < 0)
		return -1;
	scan->zlib.avail_in--;
	return *scan->zlib.next_in++;
}

static int skip(struct scan *scan, int count, struct err *err)
{
	while (count-- > 0)
		if (next_byte(scan, err) < 0)
			return -1;
	return 0;
}

static int read_number(struct scan *scan, uint32_t *ret, struct err *err)
{
	int i, byte;

	for (i = 0, *ret = 0; i < 4; i++) {
		if ((byte = next_byte(scan, err)) < 0)
			return -1;
		*ret = *ret << 8 | (uint32_t)byte;
	}
	return 0;
}

/* Type and size, and what tells the base of a delta. */
static int read_head(struct scan *scan, int *ret_type, uint64_t *ret_size, struct err *err)
{
	int byte = next_byte(scan, err), shift = 4, count = 0;

	if (byte < 0)
		return -1;
	*ret_type = byte >> 4 & 7;
	*ret_size = (uint64_t)byte & 15;
	for (; byte & 0x80; shift += 7) {
		if ((byte = next_byte(scan, err)) < 0)
			return -1;
		if (shift > 46)
			return err_set(err, ERR_INTEGRITY, "an object of the pack has no size");
		*ret_size |= (uint64_t)(byte & 0x7f) << shift;
	}
	if (*ret_type == TYPE_REF_DELTA)
		return skip(scan, 20, err);
	if (*ret_type != TYPE_OFFSET_DELTA)
		return *ret_type >= TYPE_COMMIT && *ret_type <= TYPE_TAG ? 0
		       : err_set(err, ERR_INTEGRITY, "an object of the pack is of no kind");
	do
		if ((byte = next_byte(scan, err)) < 0)
			return -1;
	while (byte & 0x80 && ++count < 9);
	return 0;
}

/* The size of the result, which stands behind that of the base. */
static int read_result_size(const unsigned char *text, size_t len, uint64_t *ret, struct err *err)
{
	size_t at = 0;
	int round, shift;

	for (round = 0; round < 2; round++) {
		for (*ret = 0, shift = 0;; shift += 7) {
			if (at == len || shift > 49)
				return err_set(err, ERR_INTEGRITY, "a delta of the pack is none");
			*ret |= (uint64_t)(text[at] & 0x7f) << shift;
			if (!(text[at++] & 0x80))
				break;
		}
	}
	return 0;
}

static int check_size(struct scan *scan, uint64_t size, struct err *err)
{
	if (size > scan->limits->object_bytes)
		return err_set(err, ERR_INPUT, "an object of the pack is larger than %" PRIu64
			       " bytes", scan->limits->object_bytes);
	return 0;
}

/* Inflates one object, `size` bytes. The first of them go to `start`. */
static int read_body(struct scan *scan, uint64_t size, unsigned char start[SIZES_MOST],
		     size_t *ret_start, struct err *err)
{
	uint64_t total = 0;
	int rc = Z_OK;

	*ret_start = 0;
	if (inflateReset(&scan->zlib) != Z_OK)
		return err_set(err, ERR_ENV, "zlib failed");
	while (rc != Z_STREAM_END) {
		size_t got, keep;

		if (fill(scan, err) < 0)
			return -1;
		scan->zlib.next_out = scan->out;
		scan->zlib.avail_out = sizeof(scan->out);
		rc = inflate(&scan->zlib, Z_NO_FLUSH);
		got = sizeof(scan->out) - scan->zlib.avail_out;
		if ((rc != Z_OK && rc != Z_STREAM_END) || (total += got) > size)
			return err_set(err, ERR_INTEGRITY, "an object of the pack is damaged");
		keep = SIZES_MOST - *ret_start < got ? SIZES_MOST - *ret_start : got;
		memcpy(start + *ret_start, scan->out, keep);
		*ret_start += keep;
	}
	if (total != size)
		return err_set(err, ERR_INTEGRITY, "an object of the pack is damaged");
	return 0;
}

static int read_object(struct scan *scan, struct err *err)
{
	unsigned char start[SIZES_MOST];
	size_t start_len;
	uint64_t size;
	int type;

	if (read_head(scan, &type, &size, err) < 0 || check_size(scan, size, err) < 0 ||
	    read_body(scan, size, start, &start_len, err) < 0)
		return -1;
	if (type >= TYPE_OFFSET_DELTA &&
	    (read_result_size(start, start_len, &size, err) < 0 || check_size(scan, size, err) < 0))
		return -1;
	scan->bytes += size;
	if (scan->bytes > scan->limits->bytes)
		return err_set(err, ERR_INPUT, "the pack unpacks to more than %" PRIu64 " bytes",
			       scan->limits->bytes);
	return 0;
}

static int read_objects(struct scan *scan, uint64_t *ret_objects, struct err *err)
{
	uint32_t magic, version, count, i;

	if (read_number(scan, &magic, err) < 0 || read_number(scan, &version, err) < 0 ||
	    read_number(scan, &count, err) < 0)
		return -1;
	if (magic != 0x5041434b || version != 2)
		return err_set(err, ERR_INTEGRITY, "not a pack of git");
	if (count > scan->limits->objects)
		return err_set(err, ERR_INPUT, "the pack has more than %" PRIu64 " objects",
			       scan->limits->objects);
	for (i = 0; i < count; i++)
		if (read_object(scan, err) < 0)
			return -1;
	if (skip(scan, TRAILER_SIZE, err) < 0)
		return -1;
	if (scan->zlib.avail_in || getc(scan->file) != EOF)
		return err_set(err, ERR_INTEGRITY, "something stands behind the pack");
	*ret_objects = count;
	return 0;
}

int pack_scan(FILE *file, const struct pack_limits *limits, uint64_t *ret_objects, struct err *err)
{
	AUTO(scan_release) struct scan scan = { .file = file, .limits = limits };

	if (inflateInit(&scan.zlib) != Z_OK)
		return err_set(err, ERR_ENV, "zlib cannot start");
	return read_objects(&scan, ret_objects, err);
}
