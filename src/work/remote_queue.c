/* remote_queue.c - see remote_queue.h */
#include "work/remote_queue.h"

#include "base/auto.h"
#include "base/clock.h"
#include "base/fs.h"
#include "base/json.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#define SCHEMA "tali.queue/1"

struct remote_queue {
	char *path;
	struct remote_line *lines;
	size_t count, size;
	size_t bytes;		/* of the file */
	int64_t next, seq;	/* of the line that comes next */
	int64_t last;		/* `n` of the last line that was read */
	char series[RAND_ID_LEN + 1];
};

static void release_line(struct remote_line *line)
{
	free(line->boot);
	free(line->kind);
	json_decref(line->data);
	json_decref(line->payloads);
	*line = (struct remote_line){ 0 };
}

void remote_queue_close(struct remote_queue **queue)
{
	if (!*queue)
		return;
	for (size_t i = 0; i < (*queue)->count; i++)
		release_line(&(*queue)->lines[i]);
	free((*queue)->lines);
	free((*queue)->path);
	free(*queue);
	*queue = NULL;
}

/* --- time */

#ifdef CLOCK_BOOTTIME
#define STEADY_CLOCK CLOCK_BOOTTIME
#else
#define STEADY_CLOCK CLOCK_MONOTONIC
#endif

/* Without an id of the boot, the steady clock tells nothing to another process: "" is never the
 * same. */
struct remote_moment remote_moment_now(void)
{
	static const struct clock system = { 0 };
	struct remote_moment now = { .wall = clock_now(&system) };
	AUTO(buf_release) struct buf id = BUF_INIT(sizeof(now.boot) - 1);
	AUTO_FD int fd = open("/proc/sys/kernel/random/boot_id", O_RDONLY | O_CLOEXEC);
	struct timespec steady;
	ssize_t got = fd < 0 ? 0 : read(fd, now.boot, sizeof(now.boot) - 1);

	now.boot[got < 0 ? 0 : got] = '\0';
	now.boot[strcspn(now.boot, "\n")] = '\0';
	if (clock_gettime(STEADY_CLOCK, &steady) == 0)
		now.at = (int64_t)steady.tv_sec * 1000 + steady.tv_nsec / 1000000;
	return now;
}

int64_t remote_line_age(const struct remote_line *line, const struct remote_moment *now)
{
	bool same = *now->boot && !strcmp(line->boot, now->boot);
	int64_t age = same ? now->at - line->at : now->wall - line->wall;

	return age > 0 ? age : 0;
}

/* --- what a line changes */

void remote_line_each(const struct remote_line *line, void (*visit)(void *arg, const char *path),
		      void *arg)
{
	const char *to = json_str(line->data, "to", NULL);
	const json_t *edit;
	size_t i;

	if (!strcmp(line->kind, "file")) {
		visit(arg, json_str(line->data, "path", ""));
		if (to)
			visit(arg, to);
	} else if (!strcmp(line->kind, "edit")) {
		json_array_foreach(json_object_get(line->data, "edits"), i, edit)
			visit(arg, json_str(edit, "file", ""));
	}
}

struct search {
	const char *path;
	bool found;
};

static void compare(void *arg, const char *path)
{
	struct search *search = arg;

	search->found |= !search->path || !strcmp(search->path, path);
}

bool remote_line_changes(const struct remote_line *line, const char *path)
{
	struct search search = { .path = path };

	remote_line_each(line, compare, &search);
	return search.found;
}

/* --- lines as text */

static char *line_text(const struct remote_line *line)
{
	AUTO_JSON json_t *value = json_pack("{s:I, s:I, s:s, s:I, s:I, s:s, s:O}", "n",
					    (json_int_t)line->n, "seq", (json_int_t)line->seq,
					    "boot", line->boot, "at", (json_int_t)line->at, "wall",
					    (json_int_t)line->wall, "kind", line->kind, "data",
					    line->data);

	if (line->payloads)
		json_object_set(value, "payloads", line->payloads);
	return json_dumps(value, JSON_COMPACT);
}

static char *head_text(const struct remote_queue *queue)
{
	AUTO_JSON json_t *value = json_pack("{s:s, s:I, s:I, s:s}", "schema", SCHEMA, "next",
					    (json_int_t)queue->next, "seq",
					    (json_int_t)queue->seq, "series", queue->series);

	return json_dumps(value, JSON_COMPACT);
}

/* Taken. */
static void push(struct remote_queue *queue, struct remote_line *line)
{
	if (queue->count == queue->size) {
		queue->size = queue->size ? 2 * queue->size : 16;
		queue->lines = buf_realloc(queue->lines, queue->size, sizeof(*queue->lines));
	}
	queue->lines[queue->count++] = *line;
	*line = (struct remote_line){ 0 };
}

static int read_line(struct remote_queue *queue, const char *text, size_t len, int64_t done,
		     struct err *err)
{
	AUTO_JSON json_t *value = json_parse(text, len, "queue", err);
	const json_t *data = json_object_get(value, "data");
	AUTO(release_line) struct remote_line line = {
		.n = json_int(value, "n", 0), .seq = json_int(value, "seq", -1),
		.at = json_int(value, "at", 0), .wall = json_int(value, "wall", 0),
		.boot = buf_strdup(json_str(value, "boot", "")),
		.kind = buf_strdup(json_str(value, "kind", "")), .size = len,
	};

	if (!value || line.n <= queue->last || line.seq < 0 || !json_is_object(data))
		return err_set(err, ERR_INTEGRITY, "%s is damaged: `tali start` the link "
			       "again", queue->path);
	line.data = json_incref((json_t *)data);
	line.payloads = json_incref(json_object_get(value, "payloads"));
	queue->last = line.n;
	if (line.n >= queue->next)
		queue->next = line.n + 1;
	if (line.seq >= queue->seq)
		queue->seq = line.seq + 1;
	if (line.n > done)
		push(queue, &line);
	return 0;
}

static int read_head(struct remote_queue *queue, const char *text, size_t len, struct err *err)
{
	AUTO_JSON json_t *value = json_parse(text, len, "queue", err);

	if (!value || strcmp(json_str(value, "schema", ""), SCHEMA) != 0)
		return err_set(err, ERR_INTEGRITY, "%s is damaged: `tali start` the link "
			       "again", queue->path);
	queue->next = json_int(value, "next", 1);
	queue->seq = json_int(value, "seq", 1);
	snprintf(queue->series, sizeof(queue->series), "%s", json_str(value, "series", ""));
	return 0;
}

/* What stands after the last end of a line was never added. */
static int read_lines(struct remote_queue *queue, const struct buf *text, int64_t done,
		      struct err *err)
{
	const char *at = buf_str(text), *end;
	bool head = true;

	for (; (end = strchr(at, '\n')); at = end + 1, head = false)
		if ((head ? read_head(queue, at, (size_t)(end - at), err)
			  : read_line(queue, at, (size_t)(end - at), done, err)) < 0)
			return -1;
	queue->bytes = (size_t)(at - buf_str(text));
	return 0;
}

struct remote_queue *remote_queue_open(const struct remote_state *state, int64_t done,
				       struct err *err)
{
	AUTO(remote_queue_close) struct remote_queue *queue = buf_alloc(sizeof(*queue));
	AUTO(buf_release) struct buf text = BUF_INIT(2 * REMOTE_QUEUE_MAX);

	queue->path = fs_join(state->path, "queue");
	queue->next = done + 1;
	queue->seq = 1;
	if (fs_exists(queue->path) &&
	    (fs_read(AT_FDCWD, queue->path, 2 * REMOTE_QUEUE_MAX, &text, err) < 0 ||
	     read_lines(queue, &text, done, err) < 0))
		return NULL;
	if (queue->next <= done)
		queue->next = done + 1;
	return TAKE(queue);
}

/* --- writing */

/* The whole file anew. */
static int rewrite(struct remote_queue *queue, struct err *err)
{
	AUTO(buf_release) struct buf text = BUF_INIT(3 * (size_t)REMOTE_QUEUE_MAX);
	AUTO_FREE char *head = head_text(queue);

	buf_add_format(&text, "%s\n", head);
	for (size_t i = 0; i < queue->count; i++) {
		AUTO_FREE char *line = line_text(&queue->lines[i]);

		buf_add_str(&text, line);
		buf_add_byte(&text, '\n');
	}
	if (fs_write(queue->path, 0600, buf_str(&text), text.len, err) < 0)
		return -1;
	queue->bytes = text.len;
	return 0;
}

void remote_queue_trim(struct remote_queue *queue)
{
	struct err ignored = ERR_INIT;

	rewrite(queue, &ignored);
}

/* All of it or, on a full disk, nothing. */
static int append(struct remote_queue *queue, const struct buf *text, struct err *err)
{
	AUTO_FD int fd = open(queue->path, O_WRONLY | O_CLOEXEC | O_NOFOLLOW);

	if (fd < 0 || ftruncate(fd, (off_t)queue->bytes) < 0 ||
	    lseek(fd, 0, SEEK_END) < 0)
		return err_sys(err, "%s", queue->path);
	if (fs_write_all(fd, buf_str(text), text->len) < 0 || fdatasync(fd) < 0) {
		err_sys(err, "cannot keep what was saved until it is sent: %s", queue->path);
		if (ftruncate(fd, (off_t)queue->bytes) < 0)
			return -1;
		return -1;
	}
	queue->bytes += text->len;
	return 0;
}

/* --- adding */

struct payloads {
	const struct event_list *list;
	json_t *seen, *array;
};

/* Each once. */
static void add_payload(const struct payloads *payloads, const json_t *reference)
{
	const char *hash = json_str(reference, "blob", NULL);
	const struct ready_payload *payload;
	AUTO_FREE char *base64 = NULL;

	if (!hash || json_object_get(payloads->seen, hash))
		return;
	json_object_set_new(payloads->seen, hash, json_true());
	payload = event_list_find_payload(payloads->list, hash);
	if (!payload)
		return;
	base64 = hash_base64(payload->data, payload->size);
	json_array_append_new(payloads->array, json_pack("{s:s}", "base64", base64));
}

/* What an event points at; NULL when that is nothing. */
static json_t *payloads_of(const struct event_list *list, json_t *data)
{
	AUTO_JSON json_t *seen = json_object();
	struct payloads payloads = { list, seen, json_array() };
	const char *key;
	json_t *value;
	size_t i;

	json_object_foreach(data, key, value)
		add_payload(&payloads, value);
	json_array_foreach(json_object_get(data, "edits"), i, value)
		add_payload(&payloads, json_object_get(value, "ins"));
	if (json_array_size(payloads.array))
		return payloads.array;
	json_decref(payloads.array);
	return NULL;
}

static bool is_put(const char *kind, const json_t *data)
{
	return !strcmp(kind, "file") &&
	       json_int(json_object_get(data, "content"), "size", 0) > REMOTE_PUT_FROM;
}

static int make_line(struct remote_queue *queue, const struct event_list *list,
		     const struct ready_event *event, const struct remote_moment *now,
		     struct remote_line *ret, struct err *err)
{
	json_t *data = json_parse(event->data, strlen(event->data), "data", err);

	if (!data)
		return -1;
	*ret = (struct remote_line){
		.n = queue->next++, .at = now->at, .wall = now->wall,
		.boot = buf_strdup(now->boot), .kind = buf_strdup(event->kind), .data = data,
		.payloads = payloads_of(list, data),
	};
	if (!is_put(event->kind, data))
		ret->seq = queue->seq++;
	return 0;
}

/* As it was before some were added. */
struct mark {
	size_t count;
	int64_t next, seq;
	char series[RAND_ID_LEN + 1];
};

static struct mark mark_of(const struct remote_queue *queue)
{
	struct mark mark = { .count = queue->count, .next = queue->next, .seq = queue->seq };

	memcpy(mark.series, queue->series, sizeof(mark.series));
	return mark;
}

static int undo(struct remote_queue *queue, const struct mark *mark)
{
	while (queue->count > mark->count)
		release_line(&queue->lines[--queue->count]);
	queue->next = mark->next;
	queue->seq = mark->seq;
	memcpy(queue->series, mark->series, sizeof(queue->series));
	return -1;
}

static int add_lines(struct remote_queue *queue, const struct event_list *list, struct buf *text,
		     struct err *err)
{
	struct remote_moment now = remote_moment_now();

	for (size_t i = 0; i < list->count; i++) {
		AUTO(release_line) struct remote_line line = { 0 };
		AUTO_FREE char *words = NULL;

		if (make_line(queue, list, &list->events[i], &now, &line, err) < 0)
			return -1;
		words = line_text(&line);
		line.size = strlen(words);
		buf_add(text, words, line.size);
		buf_add_byte(text, '\n');
		push(queue, &line);
	}
	if (text->full || queue->bytes + text->len > REMOTE_QUEUE_MAX)
		return err_set(err, ERR_ENV, "more than %u MB wait to be sent: send first",
			       REMOTE_QUEUE_MAX >> 20);
	return 0;
}

int remote_queue_add(struct remote_queue *queue, const struct event_list *list, struct err *err)
{
	AUTO(buf_release) struct buf text = BUF_INIT(REMOTE_QUEUE_MAX);
	const struct mark before = mark_of(queue);

	if (!list->count)
		return 0;
	if (!before.count) {
		rand_id(queue->series);
		queue->seq = 1;
		queue->bytes = 0;
	}
	if (add_lines(queue, list, &text, err) < 0 ||
	    (before.count ? append(queue, &text, err) : rewrite(queue, err)) < 0)
		return undo(queue, &before);
	return 0;
}

/* --- what waits */

const char *remote_queue_series(const struct remote_queue *queue)
{
	return queue->series;
}

size_t remote_queue_count(const struct remote_queue *queue)
{
	return queue->count;
}

const struct remote_line *remote_queue_at(const struct remote_queue *queue, size_t index)
{
	return &queue->lines[index];
}

int remote_queue_apply(const struct remote_queue *queue, struct remote_base *base,
		       struct err *err)
{
	for (size_t i = 0; i < queue->count; i++) {
		const struct remote_line *line = &queue->lines[i];

		if (remote_base_apply(base, line->kind, line->data, line->payloads, err) < 0)
			return err_wrap(err, "event %" PRId64 " of the queue", line->n);
	}
	return 0;
}

static void take_out(struct remote_queue *queue, size_t index)
{
	release_line(&queue->lines[index]);
	queue->count--;
	memmove(queue->lines + index, queue->lines + index + 1,
		(queue->count - index) * sizeof(*queue->lines));
}

void remote_queue_shift(struct remote_queue *queue, size_t count)
{
	if (!count)
		return;
	for (size_t i = 0; i < count; i++)
		release_line(&queue->lines[i]);
	queue->count -= count;
	memmove(queue->lines, queue->lines + count, queue->count * sizeof(*queue->lines));
}

int remote_queue_renumber(struct remote_queue *queue, int64_t seq, struct err *err)
{
	for (size_t i = 0; i < queue->count; i++)
		if (queue->lines[i].seq)
			queue->lines[i].seq = seq++;
	queue->seq = seq;
	return rewrite(queue, err);
}

static void note_path(void *arg, const char *path)
{
	json_object_set_new(arg, path, json_true());
}

/* All files that are joined to those of `paths` by a rename. */
static void spread(const struct remote_queue *queue, json_t *paths)
{
	size_t before;

	do {
		before = json_object_size(paths);
		for (size_t i = 0; i < queue->count; i++) {
			const struct remote_line *line = &queue->lines[i];
			const char *to = json_str(line->data, "to", NULL);

			if (!strcmp(line->kind, "file") && to &&
			    (json_object_get(paths, to) ||
			     json_object_get(paths, json_str(line->data, "path", ""))))
				remote_line_each(line, note_path, paths);
		}
	} while (json_object_size(paths) > before);
}

/* The number with which what waits begins. */
static int64_t first_seq(const struct remote_queue *queue)
{
	for (size_t i = 0; i < queue->count; i++)
		if (queue->lines[i].seq)
			return queue->lines[i].seq;
	return queue->seq;
}

static int drop_all(struct remote_queue *queue, json_t *paths, struct err *err)
{
	size_t before = queue->count;
	int64_t seq = first_seq(queue);
	const char *path;
	json_t *ignored;

	spread(queue, paths);
	json_object_foreach(paths, path, ignored)
		for (size_t i = queue->count; i-- > 0;)
			if (remote_line_changes(&queue->lines[i], path))
				take_out(queue, i);
	if (before == queue->count)
		return 0;
	return remote_queue_renumber(queue, seq, err) < 0 ? -1 : (int)(before - queue->count);
}

int remote_queue_drop(struct remote_queue *queue, const char *path, struct err *err)
{
	AUTO_JSON json_t *paths = json_object();

	note_path(paths, path);
	return drop_all(queue, paths, err);
}

int remote_queue_drop_first(struct remote_queue *queue, struct err *err)
{
	AUTO_JSON json_t *paths = json_object();
	int64_t seq = first_seq(queue);

	remote_line_each(&queue->lines[0], note_path, paths);
	if (json_object_size(paths))
		return drop_all(queue, paths, err);
	take_out(queue, 0);
	return remote_queue_renumber(queue, seq, err) < 0 ? -1 : 1;
}

int remote_queue_drop_files(struct remote_queue *queue, struct err *err)
{
	int64_t seq = first_seq(queue);

	for (size_t i = queue->count; i-- > 0;)
		if (remote_line_changes(&queue->lines[i], NULL))
			take_out(queue, i);
	return remote_queue_renumber(queue, seq, err);
}

int remote_queue_clear(struct remote_queue *queue, struct err *err)
{
	int64_t seq = first_seq(queue);

	remote_queue_shift(queue, queue->count);
	return remote_queue_renumber(queue, seq, err);
}
