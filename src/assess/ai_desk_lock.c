/* ai_desk_lock.c - see ai_desk_lock.h */
#include "assess/ai_desk_lock.h"

#include "assess/ai_desk_internal.h"
#include "assess/ai_unanswered.h"
#include "base/auto.h"
#include "base/fs.h"
#include "base/json.h"
#include "store/event.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/file.h>

struct reading {
	struct ai_desk *desk;
	struct store *store;
	struct ai_recall *recall;
};

static bool is_own(const struct ai_desk *desk, const json_t *data)
{
	return strncmp(json_str(data, "exchange", ""), desk->tag, AI_DESK_TAG_LEN) == 0;
}

static int read_event(void *arg, const struct event *event, struct err *err)
{
	struct reading *reading = arg;
	AUTO_JSON json_t *data = NULL;
	AUTO_FREE char *payload = NULL;
	const json_t *blocks;

	reading->desk->seen = event->seq + 1;
	if (strncmp(event->kind, "ai_", 3) != 0)
		return 0;
	data = json_parse(event->data, strlen(event->data), "event", err);
	if (!data)
		return -1;
	if (is_own(reading->desk, data))
		return 0;
	blocks = json_object_get(data, "blocks");
	if (json_is_object(blocks)) {
		payload = event_blob_get(reading->store, json_str(blocks, "blob", ""), NULL, err);
		if (!payload)
			return -1;
	}
	ai_recall_event(reading->recall, event->kind, data,
			payload ? payload : json_string_value(blocks));
	return 0;
}

static int read_on(struct reading *reading, struct err *err)
{
	struct ai_desk *desk = reading->desk;

	return event_each(reading->store, desk->assessment_id, desk->seen, read_event, reading,
			  err);
}

/* Nobody but the holder of the lock records answers, so what is open now stays open. What ended the
 * session has closed it already. */
static int close_unanswered(struct reading *reading, struct err *err)
{
	const char *id = reading->desk->assessment_id;
	AUTO(store_rollback) struct store *tx = reading->store;
	AUTO(assessment_release) struct assessment row = ASSESSMENT_INIT;

	if (!ai_recall_is_open(reading->recall))
		return 0;
	if (store_begin(tx, err) < 0 || assessment_get(tx, id, &row, err) < 0)
		return -1;
	if (row.status != STATUS_ACTIVE)
		return 0;
	if (ai_unanswered_close(tx, id, err) < 0 || store_commit(tx, err) < 0)
		return -1;
	return read_on(reading, err);
}

static int read_others(struct ai_desk *desk, struct store *store, struct err *err)
{
	struct reading reading = { desk, store, ai_recall_new(desk->book) };
	int result = read_on(&reading, err);
	struct ai_amount spent;

	if (result == 0)
		result = close_unanswered(&reading, err);
	spent = ai_recall_spent(reading.recall);
	ai_recall_free(&reading.recall);
	desk->budget.spent.tokens += spent.tokens;
	desk->budget.spent.cost += spent.cost;
	desk->budget.spent.messages += spent.messages;
	return result;
}

/* The file stays open: the next exchange only locks it again. */
static int open_file(struct ai_desk *desk, struct store *store, struct err *err)
{
	AUTO_FREE char *folder = fs_join(store_path(store), "locks");
	AUTO_FREE char *path = buf_format("%s/ai-%s", folder, desk->assessment_id);

	if (desk->lock_fd >= 0)
		return 0;
	if (fs_mkdirs(folder, 0700, err) < 0)
		return -1;
	desk->lock_fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
	return desk->lock_fd < 0 ? err_sys(err, "%s", path) : 0;
}

int ai_desk_lock_take(struct ai_desk *desk, struct store *store, struct err *err)
{
	if (desk->locked)
		return 1;
	if (open_file(desk, store, err) < 0)
		return -1;
	if (flock(desk->lock_fd, LOCK_EX | LOCK_NB) < 0)
		return errno == EWOULDBLOCK ? 0 : err_sys(err, "the lock of the models");
	desk->locked = true;
	if (read_others(desk, store, err) == 0)
		return 1;
	flock(desk->lock_fd, LOCK_UN);
	desk->locked = false;
	return -1;
}

void ai_desk_lock_leave(struct ai_desk *desk)
{
	if (desk->running || desk->waiting || desk->writes)
		return;
	if (desk->locked)
		flock(desk->lock_fd, LOCK_UN);
	desk->locked = false;
	pthread_cond_broadcast(&desk->quiet);
}
