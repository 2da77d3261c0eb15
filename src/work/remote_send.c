/* remote_send.c - see remote_send.h */
#include "work/remote_send.h"

#include "base/auto.h"
#include "base/fs.h"
#include "base/json.h"
#include "journal/batch.h"

#include <fcntl.h>
#include <inttypes.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define BATCH_BYTES (BATCH_MAX - 100000)	/* leaves room for what is around the events */
#define PATIENCE_MS 15000			/* in all, when it goes too fast for the server */
#define HTTP_TOO_LARGE 413

void remote_sent_release(struct remote_sent *sent)
{
	json_decref(sent->conflicts);
	json_decref(sent->refused);
	*sent = (struct remote_sent)REMOTE_SENT_INIT;
}

/* --- the batch */

struct making {
	const struct remote_base *base;
	json_t *revs;
	bool unsure;
};

static void add_rev(void *arg, const char *path)
{
	struct making *making = arg;
	const struct remote_file *file = remote_base_find(making->base, path);

	making->unsure |= file && file->rev == REMOTE_REV_UNSURE;
	json_object_set_new(making->revs, path, json_integer(file ? file->rev : 0));
}

static json_t *event_json(const struct remote_line *line, const struct remote_moment *now)
{
	int64_t time = now->wall - remote_line_age(line, now);

	return json_pack("{s:I, s:I, s:s, s:O}", "seq", (json_int_t)line->seq, "time",
			 (json_int_t)(time > 0 ? time : 0), "kind", line->kind, "data",
			 line->data);
}

/* A batch must not have a payload twice. */
static void add_payloads(json_t *payloads, json_t *seen, const json_t *more)
{
	json_t *payload;
	size_t i;

	json_array_foreach(more, i, payload) {
		const char *base64 = json_str(payload, "base64", "");
		struct hash hash = hash_of(base64, strlen(base64));
		char hex[HASH_HEX_SIZE];

		if (json_object_get(seen, hash_hex(&hash, hex)))
			continue;
		json_object_set_new(seen, hex, json_true());
		json_array_append(payloads, payload);
	}
}

char *remote_send_batch(const struct remote_queue *queue, const struct remote_base *base,
			const char *client, const struct remote_moment *now, size_t most,
			size_t *ret_count)
{
	AUTO_JSON json_t *events = json_array();
	AUTO_JSON json_t *payloads = json_array();
	AUTO_JSON json_t *seen = json_object();
	AUTO_JSON json_t *revs = json_object();
	AUTO_JSON json_t *batch = NULL;
	size_t bytes = 0, i;

	for (i = 0; i < remote_queue_count(queue) && i < most; i++) {
		const struct remote_line *line = remote_queue_at(queue, i);
		struct making making = { .base = base, .revs = revs };

		if (!line->seq || (i && bytes + line->size > BATCH_BYTES))
			break;
		remote_line_each(line, add_rev, &making);
		if (making.unsure)
			break;
		bytes += line->size;
		json_array_append_new(events, event_json(line, now));
		add_payloads(payloads, seen, line->payloads);
	}
	*ret_count = i;
	batch = json_pack("{s:s, s:s, s:I, s:O, s:O}", "schema", "tali.batch/1", "client", client,
			  "sent", (json_int_t)now->wall, "events", events, "base", revs);
	if (json_array_size(payloads))
		json_object_set(batch, "payloads", payloads);
	return json_dumps(batch, JSON_COMPACT);
}

/* --- what was sent, for the candidate */

static json_int_t bytes_of(const json_t *content)
{
	return json_is_object(content) ? json_int(content, "size", 0)
				       : (json_int_t)json_string_length(content);
}

static json_t *sent_json(const struct remote_line *line, const struct remote_moment *now)
{
	json_int_t bytes = bytes_of(json_object_get(line->data, "content"));
	const char *path = json_str(line->data, "path", NULL);
	const json_t *edit;
	size_t i;

	json_array_foreach(json_object_get(line->data, "edits"), i, edit) {
		bytes += bytes_of(json_object_get(edit, "ins"));
		path = json_str(edit, "file", NULL);
	}
	return json_pack("{s:I, s:s, s:s?, s:I}", "time",
			 (json_int_t)(now->wall - remote_line_age(line, now)), "kind", line->kind,
			 "path", path, "bytes", bytes);
}

/* Nothing depends on it: a full disk is no reason to stop. */
static void log_sent(const struct remote_state *state, const struct remote_queue *queue,
		     size_t count)
{
	AUTO_FREE char *path = fs_join(state->path, "sent.jsonl");
	AUTO(buf_release) struct buf text = BUF_INIT(1u << 20);
	struct remote_moment now = remote_moment_now();
	AUTO_FD int fd = open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);

	for (size_t i = 0; i < count; i++) {
		AUTO_JSON json_t *value = sent_json(remote_queue_at(queue, i), &now);
		AUTO_FREE char *line = json_dumps(value, JSON_COMPACT);

		buf_add_format(&text, "%s\n", line);
	}
	if (fd >= 0 && fs_write_all(fd, buf_str(&text), text.len) < 0)
		return;
}

/* --- answers */

struct taking {
	struct remote_base *base;
	const json_t *revs;
	bool again;	/* some of it was stored before: others may have come since */
};

static void take_rev(void *arg, const char *path)
{
	const struct taking *taking = arg;
	const json_t *rev = json_object_get(taking->revs, path);
	struct remote_file *file = remote_base_find(taking->base, path);

	if (file)
		file->rev = taking->again || !json_is_integer(rev) ? REMOTE_REV_UNSURE
								   : json_integer_value(rev);
}

/* The first `count` lines are stored. */
static int take(struct remote_queue *queue, struct remote_base *base,
		const struct remote_state *state, size_t count, const json_t *revs, bool again,
		struct err *err)
{
	struct taking taking = { base, revs, again };

	if (!count)
		return 0;
	for (size_t i = 0; i < count; i++) {
		const struct remote_line *line = remote_queue_at(queue, i);

		if (remote_base_apply(base, line->kind, line->data, line->payloads, err) < 0)
			return -1;
	}
	for (size_t i = 0; i < count; i++)
		remote_line_each(remote_queue_at(queue, i), take_rev, &taking);
	if (remote_base_save(base, remote_queue_at(queue, count - 1)->n, err) < 0)
		return -1;
	log_sent(state, queue, count);
	remote_queue_shift(queue, count);
	return 0;
}

static size_t count_stored(const struct remote_queue *queue, size_t count, int64_t acknowledged)
{
	size_t stored = 0;

	while (stored < count && remote_queue_at(queue, stored)->seq <= acknowledged)
		stored++;
	return stored;
}

static int drop_conflicts(struct remote_queue *queue, const json_t *answer,
			  struct remote_sent *ret, struct err *err)
{
	const json_t *conflict;
	size_t i;

	json_array_foreach(json_object_get(answer, "conflicts"), i, conflict) {
		const char *path = json_str(conflict, "path", "");
		int dropped = remote_queue_drop(queue, path, err);

		if (dropped < 0)
			return -1;
		if (dropped)
			json_array_append_new(ret->conflicts, json_string(path));
	}
	return 0;
}

int remote_send_answer(struct remote_queue *queue, struct remote_base *base,
		       const struct remote_state *state, size_t count, const json_t *answer,
		       struct remote_sent *ret, struct err *err)
{
	int64_t acknowledged = json_int(answer, "acknowledged", -1);
	int64_t first = remote_queue_at(queue, 0)->seq;
	size_t before = remote_queue_count(queue);
	size_t stored = count_stored(queue, count, acknowledged);

	if (take(queue, base, state, stored, json_object_get(answer, "revs"),
		 json_int(answer, "duplicates", 0) > 0, err) < 0)
		return -1;
	ret->acknowledged += stored;
	/* what the server misses is nowhere any more: it was set back to an earlier state */
	if (json_is_object(json_object_get(answer, "gap")) && acknowledged >= 0 &&
	    acknowledged < first - 1)
		return remote_queue_renumber(queue, acknowledged + 1, err);
	if (drop_conflicts(queue, answer, ret, err) < 0)
		return -1;
	if (remote_queue_count(queue) < before || json_int(answer, "retry_ms", 0) > 0)
		return 0;
	return err_set(err, ERR_ENV, "%s: not the answer of a tali server", state->server);
}

/* --- sending */

struct sending {
	struct remote_queue *queue;
	struct remote_base *base;
	struct remote *remote;
	struct remote_sent *ret;
	size_t most;		/* events of a batch */
	int patience_ms;
};

/* One that it will never take must not keep the others. */
static int refused(struct sending *sending, size_t count, struct err *err)
{
	if (count > 1)
		sending->most = 1;
	else
		json_array_append_new(sending->ret->refused, json_string(err->text));
	*err = (struct err)ERR_INIT;
	return count > 1 || remote_queue_drop_first(sending->queue, err) > 0 ? 0 : -1;
}

static int wait_for(struct sending *sending, const json_t *answer, struct err *err)
{
	json_int_t ms = json_int(answer, "retry_ms", 0);

	if (ms <= 0)
		return 0;
	sending->ret->offline = ms > sending->patience_ms;
	if (sending->ret->offline)
		return err_set(err, ERR_ENV, "%s takes no more just now: the rest is sent later",
			       sending->remote->state.server);
	sending->patience_ms -= (int)ms;
	poll(NULL, 0, (int)ms);
	return 0;
}

static int send_batch(struct sending *sending, struct err *err)
{
	struct remote *remote = sending->remote;
	struct remote_moment now = remote_moment_now();
	AUTO(buf_release) struct buf out = BUF_INIT(REMOTE_ANSWER_MAX);
	AUTO_JSON json_t *answer = NULL;
	size_t count;
	AUTO_FREE char *client = buf_format("%s.%s", remote->state.client,
					    remote_queue_series(sending->queue));
	AUTO_FREE char *text = remote_send_batch(sending->queue, sending->base, client, &now,
						 sending->most, &count);
	const struct remote_ask ask = { .method = "POST", .path = "/api/v1/events",
					.content_type = "application/json", .body = text,
					.body_len = strlen(text) };
	struct err why = ERR_INIT, ignored = ERR_INIT;
	int status, failed;

	if (!count) {
		sending->ret->unsure = true;
		return 1;
	}
	failed = remote_bytes(remote, &ask, &out, &status, &why);
	if (status)
		answer = json_parse(buf_str(&out), out.len, "answer", &ignored);
	if (json_object_get(answer, "acknowledged"))
		return remote_send_answer(sending->queue, sending->base, &remote->state, count,
					  answer, sending->ret, err) < 0 ? -1 :
		       wait_for(sending, answer, err);
	if (!failed)
		err_set(&why, ERR_ENV, "%s: not the answer of a tali server",
			remote->state.server);
	*err = why;
	sending->ret->offline = err->code == ERR_ENV;
	return err->code == ERR_INPUT ? refused(sending, count, err) : -1;
}

/* The bytes of a file that is put; yours. */
static char *put_bytes(const struct remote_line *line, size_t *ret_len, struct err *err)
{
	const json_t *payload = json_array_get(line->payloads, 0);

	return hash_from_base64(json_str(payload, "base64", ""), ret_len, err);
}

/* It was stored by us when the answer was lost, or is another's: who looks at it will know. */
static int put_conflict(struct sending *sending, const char *path, struct err *err)
{
	struct remote_file *file = remote_base_find(sending->base, path);

	if (file)
		file->rev = REMOTE_REV_UNSURE;
	sending->ret->unsure = true;
	*err = (struct err)ERR_INIT;
	return 1;
}

static int send_put(struct sending *sending, struct err *err)
{
	const struct remote_line *line = remote_queue_at(sending->queue, 0);
	const char *path = json_str(line->data, "path", "");
	const struct remote_file *file = remote_base_find(sending->base, path);
	AUTO_FREE char *rev = buf_format("\"%" PRId64 "\"", file ? file->rev : 0);
	AUTO_FREE char *address = remote_file_path(path);
	AUTO(buf_release) struct buf out = BUF_INIT(65536);
	AUTO_JSON json_t *answer = NULL;
	AUTO_JSON json_t *revs = NULL;
	struct remote_ask ask = { .method = "PUT", .path = address, .if_new = !file,
				  .content_type = "application/octet-stream",
				  .if_match = file ? rev : NULL };
	AUTO_FREE char *bytes = put_bytes(line, &ask.body_len, err);
	int status;

	if (!bytes)
		return -1;
	if (file && file->rev == REMOTE_REV_UNSURE)
		return put_conflict(sending, path, err);
	ask.body = bytes;
	if (remote_bytes(sending->remote, &ask, &out, &status, err) < 0) {
		if (status == 412)
			return put_conflict(sending, path, err);
		/* a proxy, too, may have a limit, which waiting does not change */
		if (err->code == ERR_INPUT || status == HTTP_TOO_LARGE) {
			err_wrap(err, "%.200s", path);
			return refused(sending, 1, err);
		}
		sending->ret->offline = err->code == ERR_ENV;
		return -1;
	}
	answer = json_parse(buf_str(&out), out.len, "answer", err);
	if (!answer)
		return err_set(err, ERR_ENV, "%s: not the answer of a tali server",
			       sending->remote->state.server);
	revs = json_pack("{s:O?}", path, json_object_get(answer, "rev"));
	if (take(sending->queue, sending->base, &sending->remote->state, 1, revs, false, err) < 0)
		return -1;
	sending->ret->acknowledged++;
	return 0;
}

int remote_send(struct remote_queue *queue, struct remote_base *base, struct remote *remote,
		struct remote_sent *ret, struct err *err)
{
	struct sending sending = { .queue = queue, .base = base, .remote = remote, .ret = ret,
				   .most = BATCH_EVENTS_MAX, .patience_ms = PATIENCE_MS };
	int result = 0;

	*ret = (struct remote_sent){ .conflicts = json_array(), .refused = json_array() };
	while (result == 0 && remote_queue_count(queue))
		result = remote_queue_at(queue, 0)->seq ? send_batch(&sending, err)
							: send_put(&sending, err);
	if (ret->acknowledged)
		remote_queue_trim(queue);
	return result < 0 ? -1 : 0;
}
