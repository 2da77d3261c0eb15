/* journal_read.c - see journal_read.h */
#include "journal/journal_read.h"

#include "base/auto.h"
#include "base/buf.h"
#include "base/fs.h"
#include "base/json.h"
#include "journal/event_kind.h"
#include "journal/journal_export.h"
#include "journal/journal_git.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/* The kinds of lines, in the order in which they stand. */
enum part { PART_EVENT, PART_BLOB, PART_SCORE, PART_PACK, PART_END };

struct reader {
	struct journal_read *read;
	const struct journal_read_visit *visit;
	struct repo *repo;		/* or NULL */
	const char *key;		/* base64 */
	const uint8_t *public_key;
	enum part part;			/* of the line before */
	char last_blob[HASH_HEX_SIZE];
	FILE *pack;			/* gathers it; NULL without a repository */
	int64_t pack_size;
	struct hash_stream pack_hash;
};

static int refuse(struct err *err)
{
	return err_set(err, ERR_INTEGRITY, "not a line of a journal");
}

/* It names a folder later on. */
static int read_header(struct reader *reader, const json_t *line, struct err *err)
{
	struct journal_read *read = reader->read;
	const char *id = json_str(line, "assessment", "");

	if (strcmp(json_str(line, "schema", ""), JOURNAL_EXPORT_SCHEMA) != 0)
		return err_set(err, ERR_INTEGRITY, "not a " JOURNAL_EXPORT_SCHEMA " export");
	if (json_object_size(line) != 3 || strcmp(json_str(line, "public_key", ""), reader->key))
		return err_set(err, ERR_INTEGRITY, "made by a store with another key");
	if (!rand_is_id(id))
		return err_set(err, ERR_INTEGRITY, "no assessment has such an id");
	snprintf(read->assessment_id, sizeof(read->assessment_id), "%s", id);
	journal_check_release(&read->check);
	journal_check_start(&read->check, read->assessment_id, reader->public_key);
	return 0;
}

static int read_event(struct reader *reader, const json_t *value, struct err *err)
{
	const json_t *object = json_object_get(value, "data");
	AUTO_FREE char *data = object ? json_canonical(object) : buf_strdup("");
	const char *hash = json_str(value, "hash", "");
	struct event event = {
		.seq = json_int(value, "seq", -1), .time = json_int(value, "time", 0),
		.client_seq = json_int(value, "client_seq", 0),
		.client_time = json_int(value, "client_time", 0),
		.actor = json_str(value, "actor", ""), .kind = json_str(value, "kind", ""),
		.data = data,
	};

	snprintf(event.hash, sizeof(event.hash), "%s", hash);
	if (!object || strlen(hash) != HASH_HEX_SIZE - 1 ||
	    json_object_size(value) != 6u + (event.client_seq != 0) + (event.client_time != 0))
		return err_set(err, ERR_INTEGRITY, "event %" PRId64 ": not of this form",
			       event.seq);
	if (strlen(data) > EVENT_KIND_DATA_MAX || event.seq >= JOURNAL_READ_EVENTS)
		return err_set(err, ERR_INTEGRITY, "event %" PRId64 ": too large", event.seq);
	if (journal_check_event(&reader->read->check, &event, err) < 0)
		return -1;
	return reader->visit->event ? reader->visit->event(reader->visit->arg, &event, err) : 0;
}

static int read_blob(struct reader *reader, const json_t *value, struct err *err)
{
	const struct journal_read_visit *visit = reader->visit;
	const char *name = json_str(value, "hash", "");
	const char *base64 = json_str(value, "data", NULL);
	const json_t *size = json_object_get(reader->read->check.blobs, name);
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
	reader->read->blobs++;
	return visit->blob ? visit->blob(visit->arg, data, len, err) : 0;
}

static int read_score(struct reader *reader, const json_t *value, struct err *err)
{
	const struct journal_read_visit *visit = reader->visit;
	const char *result = json_str(value, "result", "");
	int64_t number = json_int(value, "number", 0);

	if (json_object_size(value) != 2)
		return refuse(err);
	if (journal_check_score(&reader->read->check, reader->read->scores++, number, result,
				err) < 0)
		return -1;
	return visit->score ? visit->score(visit->arg, number, result, err) : 0;
}

/* All pieces are of the same size but the last, so that none can be cut in two. */
static int read_pack(struct reader *reader, const json_t *value, struct err *err)
{
	const char *base64 = json_str(value, "data", NULL);
	size_t len = 0;
	AUTO_FREE void *data = base64 ? hash_from_base64(base64, &len, err) : NULL;

	if (!data || !len || len > JOURNAL_PACK_PIECE || json_object_size(value) != 2)
		return err_set(err, ERR_INTEGRITY, "a piece of the pack cannot be read");
	if (json_int(value, "at", -1) != reader->pack_size ||
	    reader->pack_size % JOURNAL_PACK_PIECE)
		return err_set(err, ERR_INTEGRITY, "a piece of the pack is missing");
	reader->pack_size += (int64_t)len;
	if (reader->pack_size > JOURNAL_READ_PACK)
		return err_set(err, ERR_INTEGRITY, "the pack is larger than %lld bytes",
			       JOURNAL_READ_PACK);
	hash_stream_add(&reader->pack_hash, data, len);
	if (reader->pack && fwrite(data, 1, len, reader->pack) != len)
		return err_sys(err, "cannot write the pack");
	return 0;
}

/* The pack holds the history and nothing else. */
static int check_history(struct reader *reader, struct err *err)
{
	const struct journal_check *check = &reader->read->check;
	bool wanted = *json_str(check->row, "commit", "") != '\0';
	uint64_t packed = 0, objects = 0;

	if (wanted != (reader->pack_size > 0))
		return err_set(err, ERR_INTEGRITY, "the git history is %s",
			       wanted ? "missing" : "of no snapshot");
	if (!reader->repo)
		return 0;
	if (wanted && repo_pack_read(reader->repo, reader->pack, &packed, err) < 0)
		return -1;
	if (journal_git_check(reader->repo, check, &objects, err) < 0)
		return -1;
	if (packed != objects)
		return err_set(err, ERR_INTEGRITY, "the pack holds what no snapshot does");
	return 0;
}

static int read_end(struct reader *reader, const json_t *value, struct err *err)
{
	const struct journal_read *read = reader->read;
	const json_t *pack = json_object_get(value, "pack");
	size_t wanted = json_object_size(read->check.blobs);
	struct hash hash = hash_stream_end(&reader->pack_hash);
	char hex[HASH_HEX_SIZE];

	if (json_int(value, "events", -1) != read->check.next_seq ||
	    json_int(value, "blobs", -1) != (json_int_t)wanted ||
	    json_int(value, "scores", -1) != read->scores || json_object_size(value) != 4)
		return err_set(err, ERR_INTEGRITY, "events or payloads are missing");
	if (read->blobs != (int64_t)wanted)
		return err_set(err, ERR_INTEGRITY, "a payload that an event points at is missing");
	if (json_int(pack, "size", -1) != reader->pack_size || json_object_size(pack) != 2 ||
	    strcmp(json_str(pack, "hash", ""), hash_hex(&hash, hex)) != 0)
		return err_set(err, ERR_INTEGRITY, "the pack was changed");
	if (journal_check_end(&read->check, err) < 0 ||
	    journal_check_scores(&read->check, read->scores, err) < 0)
		return -1;
	return check_history(reader, err);
}

static const struct line {
	const char *name;
	int (*read)(struct reader *reader, const json_t *value, struct err *err);
} lines[] = {
	[PART_EVENT] = { "event", read_event }, [PART_BLOB] = { "blob", read_blob },
	[PART_SCORE] = { "score", read_score }, [PART_PACK] = { "pack", read_pack },
	[PART_END] = { "end", read_end },
};

/* Nothing stands behind the end, and no part comes again behind a later one. */
static int read_part(struct reader *reader, const json_t *line, struct err *err)
{
	enum part part;

	for (part = reader->part; part <= PART_END; part++) {
		const json_t *value = json_object_get(line, lines[part].name);

		if (!value)
			continue;
		if (reader->part == PART_END)
			break;
		reader->part = part;
		return lines[part].read(reader, value, err);
	}
	return refuse(err);
}

static int read_line(struct reader *reader, const char *text, size_t len, bool first,
		     struct err *err)
{
	AUTO_JSON json_t *line = json_parse(text, len, "JSON", err);
	AUTO_FREE char *canonical = NULL;

	if (!line)
		return -1;
	canonical = json_canonical(line);
	if (strlen(canonical) != len || memcmp(canonical, text, len) != 0)
		return refuse(err);
	if (first)
		return read_header(reader, line, err);
	return json_object_size(line) == 1 ? read_part(reader, line, err) : refuse(err);
}

/* One line without its newline: 1, 0 at the end of the file, -1. */
static int next_line(FILE *file, struct buf *line, struct err *err)
{
	char piece[65536];

	buf_clear(line);
	while (fgets(piece, sizeof(piece), file)) {
		size_t len = strlen(piece);

		/* a NUL byte ends the piece before its newline, and then the line is no JSON */
		if (len && piece[len - 1] == '\n') {
			buf_add(line, piece, len - 1);
			return line->full ? err_set(err, ERR_INTEGRITY, "too long") : 1;
		}
		if (!buf_add(line, piece, len) || len < sizeof(piece) - 1)
			return err_set(err, ERR_INTEGRITY, "cut off or too long");
	}
	if (ferror(file))
		return err_sys(err, "cannot read");
	return line->len ? err_set(err, ERR_INTEGRITY, "cut off") : 0;
}

static int read_lines(struct reader *reader, FILE *file, struct err *err)
{
	AUTO(buf_release) struct buf line = BUF_INIT(JOURNAL_READ_LINE);
	int64_t number = 0;
	int row;

	while ((row = next_line(file, &line, err)) == 1) {
		if (read_line(reader, buf_str(&line), line.len, ++number == 1, err) == 0)
			continue;
		if (err->code != ERR_ENV)
			err->code = ERR_INTEGRITY;
		return err_wrap(err, "line %" PRId64, number);
	}
	if (row < 0)
		return err_wrap(err, "line %" PRId64, number + 1);
	if (number == 0)
		return err_set(err, ERR_INTEGRITY, "the file is empty");
	if (reader->part != PART_END)
		return err_set(err, ERR_INTEGRITY, "the end is missing");
	return 0;
}

int journal_read(FILE *file, const uint8_t public_key[SIGN_PUBLIC_SIZE], struct repo *repo,
		 const struct journal_read_visit *visit, struct journal_read *ret, struct err *err)
{
	static const struct journal_read_visit nobody;
	AUTO_FREE char *key = hash_base64(public_key, SIGN_PUBLIC_SIZE);
	AUTO_FILE FILE *pack = repo ? repo_pack_spool(repo, err) : NULL;
	struct reader reader = {
		.read = ret, .visit = visit ? visit : &nobody, .repo = repo, .pack = pack,
		.key = key, .public_key = public_key,
	};

	*ret = (struct journal_read){ .assessment_id = "" };
	journal_check_start(&ret->check, ret->assessment_id, public_key);
	hash_stream_init(&reader.pack_hash);
	rewind(file);
	if (repo && !pack)
		return -1;
	return read_lines(&reader, file, err);
}

void journal_read_release(struct journal_read *read)
{
	journal_check_release(&read->check);
}

FILE *journal_read_open(const char *path, struct err *err)
{
	AUTO_FILE FILE *file = fopen(path, "re");

	if (!file && errno == ENOENT)
		err_set(err, ERR_NOT_FOUND, "%s: no such file", path);
	else if (!file)
		err_sys(err, "%s", path);
	else if (fs_is_dir(path))
		err_set(err, ERR_INPUT, "%s: is a folder", path);
	else
		return TAKE(file);
	return NULL;
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
