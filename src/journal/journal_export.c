/* journal_export.c - see journal_export.h */
#include "journal/journal_export.h"

#include "base/auto.h"
#include "base/buf.h"
#include "base/fs.h"
#include "base/json.h"
#include "journal/chain.h"
#include "journal/journal_check.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#define SCHEMA "tali.journal/1"
#define LINE_MAX_BYTES (96 << 20)	/* a payload of 64 MiB in base64, and its frame */

static int write_line(FILE *out, json_t *line, struct err *err)
{
	AUTO_JSON json_t *owned = line;
	AUTO_FREE char *text = json_canonical(owned);

	if (fputs(text, out) < 0 || putc('\n', out) < 0)
		return err_sys(err, "cannot write");
	return 0;
}

struct export {
	FILE *out;
	struct journal_check check;
};

/* Checked on the way out: nobody exports what does not verify. */
static int write_event(void *arg, const struct event *event, struct err *err)
{
	struct export *export = arg;
	AUTO_FREE char *text = NULL;

	if (journal_check_event(&export->check, event, err) < 0)
		return -1;
	text = chain_canonical(event, true);
	if (fprintf(export->out, "{\"event\":%s}\n", text) < 0)
		return err_sys(err, "cannot write");
	return 0;
}

static int compare_text(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static int write_blobs(struct store *store, const struct export *export, struct err *err)
{
	AUTO_FREE const char **hashes = NULL;
	size_t count = json_object_size(export->check.blobs), i = 0;
	const char *hash;
	json_t *size;

	hashes = buf_alloc((count + 1) * sizeof(*hashes));
	json_object_foreach(export->check.blobs, hash, size)
		hashes[i++] = hash;
	qsort(hashes, count, sizeof(*hashes), compare_text);
	for (i = 0; i < count; i++) {
		size_t len = 0;
		AUTO_FREE void *data = event_blob_get(store, hashes[i], &len, err);
		AUTO_FREE char *base64 = NULL;

		if (!data)
			return -1;
		base64 = hash_base64(data, len);
		if (write_line(export->out,
			       json_pack("{s:{s:s, s:s, s:I}}", "blob", "data", base64, "hash",
					 hashes[i], "size", (json_int_t)len), err) < 0)
			return -1;
	}
	return 0;
}

int journal_export(struct store *store, const char *assessment_id, FILE *out, struct err *err)
{
	AUTO_FREE char *key = NULL;
	struct export export = { .out = out };
	uint8_t public_key[SIGN_PUBLIC_SIZE];
	int result;

	if (store_public_key(store, public_key, err) < 0)
		return -1;
	key = hash_base64(public_key, sizeof(public_key));
	journal_check_start(&export.check, assessment_id, public_key);
	result = write_line(out, json_pack("{s:s, s:s, s:s}", "assessment", assessment_id,
					   "public_key", key, "schema", SCHEMA), err);
	if (result == 0)
		result = event_each(store, assessment_id, 0, write_event, &export, err);
	if (result == 0)
		result = journal_check_end(&export.check, err);
	if (result == 0)
		result = write_blobs(store, &export, err);
	if (result == 0)
		result = write_line(out,
				    json_pack("{s:{s:I, s:I}}", "end", "blobs",
					      (json_int_t)json_object_size(export.check.blobs),
					      "events", (json_int_t) export.check.next_seq),
				    err);
	journal_check_release(&export.check);
	if (result == 0 && fflush(out) != 0)
		return err_sys(err, "cannot write");
	return result;
}

struct reader {
	struct journal_check check;
	int64_t blobs;			/* seen so far; they come in order of hash, each once */
	char last_blob[HASH_HEX_SIZE];
	bool ended;
};

static int read_event(struct reader *reader, const json_t *value, struct err *err)
{
	const json_t *object = json_object_get(value, "data");
	AUTO_FREE char *data = object ? json_canonical(object) : buf_strdup("");
	struct event event = {
		.seq = json_int(value, "seq", -1), .time = json_int(value, "time", 0),
		.client_seq = json_int(value, "client_seq", 0),
		.client_time = json_int(value, "client_time", 0),
		.actor = json_str(value, "actor", ""), .kind = json_str(value, "kind", ""),
		.data = data,
	};

	snprintf(event.hash, sizeof(event.hash), "%s", json_str(value, "hash", ""));
	if (reader->blobs)
		return err_set(err, ERR_INTEGRITY, "event %" PRId64 " stands behind a payload",
			       event.seq);
	if (!object || json_object_size(value) !=
			       6u + (event.client_seq != 0) + (event.client_time != 0))
		return err_set(err, ERR_INTEGRITY, "event %" PRId64 ": unknown members", event.seq);
	return journal_check_event(&reader->check, &event, err);
}

static int read_blob(struct reader *reader, const json_t *value, struct err *err)
{
	const char *name = json_str(value, "hash", "");
	const char *base64 = json_str(value, "data", NULL);
	const json_t *size = json_object_get(reader->check.blobs, name);
	size_t len = 0;
	AUTO_FREE void *data = base64 ? hash_from_base64(base64, &len, err) : NULL;
	char hex[HASH_HEX_SIZE];
	struct hash hash;

	if (!data)
		return err_set(err, ERR_INTEGRITY, "payload %.64s cannot be read", name);
	if (strcmp(name, reader->last_blob) <= 0)
		return err_set(err, ERR_INTEGRITY, "payload %.64s is out of order", name);
	hash = hash_of(data, len);
	if (!size || json_object_size(value) != 3)
		return err_set(err, ERR_INTEGRITY, "payload %.64s: no event points at it", name);
	if (strcmp(hash_hex(&hash, hex), name) != 0 ||
	    json_integer_value(size) != (json_int_t)len ||
	    json_int(value, "size", -1) != (json_int_t)len)
		return err_set(err, ERR_INTEGRITY, "payload %.64s was changed", name);
	snprintf(reader->last_blob, sizeof(reader->last_blob), "%s", name);
	reader->blobs++;
	return 0;
}

static int read_end(struct reader *reader, const json_t *value, struct err *err)
{
	size_t wanted = json_object_size(reader->check.blobs);

	reader->ended = true;
	if (json_int(value, "events", -1) != reader->check.next_seq ||
	    json_int(value, "blobs", -1) != (json_int_t)wanted || json_object_size(value) != 2)
		return err_set(err, ERR_INTEGRITY, "events or payloads are missing");
	if (reader->blobs != (int64_t)wanted)
		return err_set(err, ERR_INTEGRITY, "a payload that an event points at is missing");
	return journal_check_end(&reader->check, err);
}

static int read_header(struct reader *reader, const json_t *line, const char *key,
		       struct journal_summary *ret, struct err *err)
{
	if (strcmp(json_str(line, "schema", ""), SCHEMA) != 0)
		return err_set(err, ERR_INTEGRITY, "not a " SCHEMA " export");
	if (json_object_size(line) != 3 || strcmp(json_str(line, "public_key", ""), key) != 0)
		return err_set(err, ERR_INTEGRITY, "made by a store with another key");
	snprintf(ret->assessment_id, sizeof(ret->assessment_id), "%s",
		 json_str(line, "assessment", ""));
	journal_check_release(&reader->check);
	journal_check_start(&reader->check, ret->assessment_id, reader->check.public_key);
	return 0;
}

static int read_line(struct reader *reader, const char *text, size_t len, bool first,
		     const char *key, struct journal_summary *ret, struct err *err)
{
	AUTO_JSON json_t *line = json_parse(text, len, "JSON", err);
	AUTO_FREE char *canonical = NULL;
	const json_t *value;

	if (!line)
		return -1;
	canonical = json_canonical(line);
	if (strlen(canonical) != len || memcmp(canonical, text, len) != 0 || reader->ended)
		return err_set(err, ERR_INTEGRITY, "not a line of a journal");
	if (first)
		return read_header(reader, line, key, ret, err);
	if (json_object_size(line) != 1)
		return err_set(err, ERR_INTEGRITY, "not a line of a journal");
	if ((value = json_object_get(line, "event")))
		return read_event(reader, value, err);
	if ((value = json_object_get(line, "blob")))
		return read_blob(reader, value, err);
	if ((value = json_object_get(line, "end")))
		return read_end(reader, value, err);
	return err_set(err, ERR_INTEGRITY, "not a line of a journal");
}

static int read_lines(FILE *file, struct reader *reader, const char *key,
		      struct journal_summary *ret, struct err *err)
{
	AUTO_FREE char *line = NULL;
	size_t size = 0;
	int64_t number = 0;
	ssize_t len;

	while ((len = getline(&line, &size, file)) > 0) {
		number++;
		if (len > LINE_MAX_BYTES || line[len - 1] != '\n') {
			err_set(err, ERR_INTEGRITY, "cut off or too long");
			return err_wrap(err, "line %" PRId64, number);
		}
		if (read_line(reader, line, (size_t)len - 1, number == 1, key, ret, err) == 0)
			continue;
		err->code = ERR_INTEGRITY;
		return err_wrap(err, "line %" PRId64, number);
	}
	if (ferror(file))
		return err_sys(err, "cannot read");
	if (number == 0)
		return err_set(err, ERR_INTEGRITY, "the file is empty");
	if (!reader->ended)
		return err_set(err, ERR_INTEGRITY, "the end is missing");
	return 0;
}

int journal_verify_file(const char *path, const uint8_t public_key[SIGN_PUBLIC_SIZE],
			struct journal_summary *ret, struct err *err)
{
	AUTO_FILE FILE *file = fopen(path, "re");
	AUTO_FREE char *key = hash_base64(public_key, SIGN_PUBLIC_SIZE);
	struct reader reader = { .blobs = 0 };
	int result;

	if (!file && errno == ENOENT)
		return err_set(err, ERR_NOT_FOUND, "%s: no such file", path);
	if (!file)
		return err_sys(err, "%s", path);
	if (fs_is_dir(path))
		return err_set(err, ERR_INPUT, "%s: is a folder", path);
	journal_check_start(&reader.check, "", public_key);
	result = read_lines(file, &reader, key, ret, err);
	ret->events = reader.check.next_seq;
	ret->blobs = reader.blobs;
	ret->signatures = reader.check.signatures;
	hash_hex(&reader.check.head, ret->head);
	journal_check_release(&reader.check);
	return result < 0 ? err_wrap(err, "%s", path) : 0;
}

int journal_read_key(const char *words, uint8_t public_key[SIGN_PUBLIC_SIZE], struct err *err)
{
	struct buf text = BUF_INIT(4096);
	AUTO_FREE uint8_t *key = NULL;
	size_t len = 0;

	if (fs_exists(words)) {
		if (fs_read(AT_FDCWD, words, 4096, &text, err) < 0)
			return -1;
	} else {
		buf_add_str(&text, words);
	}
	if (text.data)
		text.data[strcspn(text.data, "\r\n")] = '\0';
	key = hash_from_base64(buf_str(&text), &len, err);
	buf_release(&text);
	if (!key || len != SIGN_PUBLIC_SIZE)
		return err_set(err, ERR_INPUT, "'%s' is not a public key (keys/sign.pub)", words);
	memcpy(public_key, key, SIGN_PUBLIC_SIZE);
	return 0;
}
