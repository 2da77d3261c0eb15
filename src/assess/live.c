/* live.c - see live.h */
#include "assess/live.h"

#include "assess/lifecycle.h"
#include "assess/live_fold.h"
#include "assess/live_internal.h"
#include "assess/live_terminal.h"
#include "base/auto.h"
#include "base/buf.h"
#include "base/json.h"
#include "journal/journal.h"
#include "report/view.h"

#include <string.h>
#include <time.h>

#define IDLE_MS (10 * 60 * 1000)	/* until a session that nobody uses is forgotten */

static int64_t steady_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

struct live_table *live_table_new(struct journal_writer *writer, struct sandbox *sandbox)
{
	struct live_table *table = buf_alloc(sizeof(*table));

	table->writer = writer;
	table->sandbox = sandbox;
	pthread_mutex_init(&table->lock, NULL);
	return table;
}

static void drop_sizes(struct live *live)
{
	for (size_t i = 0; i < live->size_count; i++)
		free(live->sizes[i].path);
	free(live->sizes);
	live->sizes = NULL;
	live->size_count = 0;
}

static void free_session(struct live *live)
{
	live_drop_fold(live);
	keyframe_release(&live->frames);
	live_terminal_free(live);
	drop_sizes(live);
	replay_tree_free(&live->writer);
	repo_close(&live->repo);
	repo_serve_pack_release(&live->served);
	buf_release(&live->wrote);
	assessment_release(&live->assessment);
	pthread_mutex_destroy(&live->lock);
	pthread_mutex_destroy(&live->listening);
	free(live);
}

void live_table_allow_weak(struct live_table *table)
{
	table->allow_weak = true;
}

void live_table_free(struct live_table **table)
{
	struct live_table *old = TAKE(*table);

	while (old && old->sessions) {
		struct live *live = old->sessions;

		old->sessions = live->next;
		free_session(live);
	}
	if (old)
		pthread_mutex_destroy(&old->lock);
	free(old);
}

/* --- taking and giving */

static struct live *new_session(struct live_table *table, const char *id)
{
	struct live *live = buf_alloc(sizeof(*live));

	live->table = table;
	live->snapshot = -1;
	live->stop = -1;
	live->served = (struct repo_serve_pack)REPO_SERVE_PACK_INIT;
	atomic_store(&live->looked, INT64_MIN / 2);
	snprintf(live->id, sizeof(live->id), "%s", id);
	pthread_mutex_init(&live->lock, NULL);
	pthread_mutex_init(&live->listening, NULL);
	live->next = table->sessions;
	table->sessions = live;
	return live;
}

struct live *live_take(struct live_table *table, struct store *store, const char *assessment_id,
		       struct err *err)
{
	AUTO(assessment_release) struct assessment there = ASSESSMENT_INIT;
	struct live *live;

	if (assessment_get(store, assessment_id, &there, err) < 0)
		return NULL;
	pthread_mutex_lock(&table->lock);
	for (live = table->sessions; live && strcmp(live->id, there.id) != 0; live = live->next)
		;
	if (!live)
		live = new_session(table, there.id);
	live->users++;
	pthread_mutex_unlock(&table->lock);
	return live;
}

struct live *live_keep(struct live *live)
{
	pthread_mutex_lock(&live->table->lock);
	live->users++;
	pthread_mutex_unlock(&live->table->lock);
	return live;
}

void live_give(struct live **live)
{
	struct live *given = TAKE(*live);

	if (!given)
		return;
	pthread_mutex_lock(&given->table->lock);
	given->users--;
	given->used = steady_ms();
	pthread_mutex_unlock(&given->table->lock);
}

/* --- holding */

static int open_repo(struct live *live, struct err *err)
{
	if (!live->repo && *live->assessment.commit) {
		live->repo = snapshot_repo(live->store, &live->assessment, err);
		if (!live->repo)
			return -1;
		live->writer = replay_tree_new(live->repo);
	}
	live->stored = (struct fold_stored){ live->store, live->repo };
	return 0;
}

/* Who was let in before the invitation was taken back, or by a link that is not valid any more. */
static void send_away(struct live *live)
{
	const struct assessment *now = &live->assessment;

	pthread_mutex_lock(&live->listening);
	for (struct live_listener *one = live->listeners; one; one = one->next)
		if (one->end && (now->status == STATUS_REVOKED || one->rotation != now->rotation))
			one->end(one->arg);
	pthread_mutex_unlock(&live->listening);
	live_terminal_send_away(live, now->rotation);
}

/* Whoever finds first that the row has changed tells it. */
static int read_assessment(struct live *live, struct store *store, struct err *err)
{
	struct assessment *now = &live->assessment;
	bool changed;

	assessment_release(now);
	if (assessment_get(store, live->id, now, err) < 0)
		return -1;
	changed = live->told.status != now->status || live->told.deadline != now->deadline;
	live->told.status = now->status;
	live->told.deadline = now->deadline;
	if (changed)
		live_touch(live);
	if (changed)
		live_tell(live, "state", live_state(live, store_now(store)));
	send_away(live);
	return 0;
}

int live_catch_up(struct live *live, struct err *err)
{
	if (read_assessment(live, live->store, err) < 0 || open_repo(live, err) < 0)
		return -1;
	return live_fold_on(live, err);
}

int live_follow(struct live *live, struct err *err)
{
	bool known = live->fold != NULL;
	int64_t before = known ? fold_seq(live->fold) : -1;

	if (live_catch_up(live, err) < 0)
		return -1;
	if (known && fold_seq(live->fold) != before) {
		live_touch(live);
		live_tell(live, "reset", json_object());
	}
	return 0;
}

int live_hold(struct live *live, struct store *store, struct err *err)
{
	pthread_mutex_lock(&live->lock);
	live->store = store;
	if (live_follow(live, err) == 0)
		return 0;
	pthread_mutex_unlock(&live->lock);
	return -1;
}

void live_release_hold(struct live **live)
{
	if (*live)
		live_touch(*live);
	live_release_look(live);
}

void live_release_look(struct live **live)
{
	if (!*live)
		return;
	(*live)->store = NULL;
	pthread_mutex_unlock(&(*live)->lock);
}

int live_require_active(const struct live *live, struct err *err)
{
	char time[CLOCK_TEXT_SIZE];

	if (lifecycle_require(&live->assessment, STATUS_ACTIVE, "for this", err) < 0)
		return -1;
	if (store_now(live->store) < live->assessment.deadline)
		return 0;
	return err_set(err, ERR_STATE, "time was up at %s",
		       clock_text(live->assessment.deadline, time));
}

int live_too_busy(struct err *err)
{
	return err_set(err, ERR_ENV, "others store events all the time; try again");
}

int live_look_again(struct live *live, struct err *err)
{
	struct err why = *err;

	live_drop_fold(live);
	if (why.code != ERR_STATE)
		return -1;
	*err = (struct err)ERR_INIT;
	return live_catch_up(live, err) < 0 || live_require_active(live, err) < 0 ? -1 : 1;
}

json_t *live_state(const struct live *live, int64_t now)
{
	return json_pack("{s:s, s:o, s:o}", "status", status_name(live->assessment.status),
			 "deadline", view_time(live->assessment.deadline), "now", view_time(now));
}

const char *live_reason(const struct err *err)
{
	return err->code == ERR_ENV ? "The server cannot run programs now. Your work is saved; "
				      "tell the people who invited you."
				    : err->text;
}

/* --- whether it is as it was */

uint64_t live_version(const struct live *live)
{
	return atomic_load(&live->version);
}

void live_touch(struct live *live)
{
	atomic_fetch_add(&live->version, 1);
}

bool live_is_fresh(const struct live *live, uint64_t version)
{
	return atomic_load(&live->version) == version &&
	       steady_ms() - atomic_load(&live->looked) < LIVE_FRESH_MS;
}

/* All of the row that anybody is shown or let in by. */
static int read_mark(struct live *live, struct store *store, struct hash *ret, struct err *err)
{
	AUTO(assessment_release) struct assessment row = ASSESSMENT_INIT;
	AUTO_FREE char *text = NULL;
	int64_t next;

	if (assessment_get(store, live->id, &row, err) < 0)
		return -1;
	next = journal_next_seq(store, live->id, err);
	if (next < 0)
		return -1;
	text = buf_format("%lld %d %lld %lld %lld %lld %lld %lld %lld %lld %s %s %d\n"
			  "%s\n%s\n%s\n%s\n%s\n%s", (long long)next, row.status,
			  (long long)row.not_before, (long long)row.expires,
			  (long long)row.duration_ms, (long long)row.extra_ms,
			  (long long)row.started, (long long)row.deadline,
			  (long long)row.submitted, (long long)row.rotation, row.secret_id,
			  row.commit, *row.code_hash != '\0', row.instructions, row.message,
			  row.reason, row.email, row.name, row.task_name);
	*ret = hash_of(text, strlen(text));
	return 0;
}

int live_look(struct live *live, struct store *store, bool wait, struct err *err)
{
	int64_t now = steady_ms();	/* what is read is not older */
	struct hash mark;
	int result;

	if (wait)
		pthread_mutex_lock(&live->lock);
	else if (pthread_mutex_trylock(&live->lock) != 0)
		return 0;
	result = read_mark(live, store, &mark, err);
	if (result == 0 && memcmp(&mark, &live->mark, sizeof(mark)) != 0) {
		live->mark = mark;
		live_touch(live);
	}
	if (result == 0)
		atomic_store(&live->looked, now);
	pthread_mutex_unlock(&live->lock);
	return result;
}

/* --- what others did */

/* Those that nobody uses are taken out of the table, and freed by the caller. */
static struct live *take_idle(struct live_table *table, int64_t now)
{
	struct live **place = &table->sessions, *idle = NULL;

	while (*place) {
		struct live *live = *place;

		if (live->users || now - live->used < IDLE_MS) {
			place = &live->next;
			continue;
		}
		*place = live->next;
		live->next = idle;
		idle = live;
	}
	return idle;
}

static bool is_listened_to(struct live *live)
{
	bool listened;

	pthread_mutex_lock(&live->listening);
	listened = live->listeners != NULL;
	pthread_mutex_unlock(&live->listening);
	return listened;
}

/* Under the lock. */
static void look(struct live *live, struct store *store)
{
	char commit[sizeof(live->assessment.commit)];
	struct err ignored = ERR_INIT;

	memcpy(commit, live->assessment.commit, sizeof(commit));
	if (read_assessment(live, store, &ignored) == 0 &&
	    strcmp(commit, live->assessment.commit) != 0)
		live_tell(live, "reset", json_object());
}

void live_refresh(struct live *live, struct store *store)
{
	pthread_mutex_lock(&live->lock);
	look(live, store);
	pthread_mutex_unlock(&live->lock);
}

/* Nobody else waits for a session that somebody works on: it is looked at the next time. */
static void look_if_idle(struct live *live, struct store *store)
{
	if (pthread_mutex_trylock(&live->lock) != 0)
		return;
	if (is_listened_to(live) || live_terminal_is_watched(live))
		look(live, store);
	live->store = store;
	live_save_at_rest(live);
	pthread_mutex_unlock(&live->lock);
}

void live_table_look(struct live_table *table, struct store *store)
{
	struct live *idle, *live;

	pthread_mutex_lock(&table->lock);
	idle = take_idle(table, steady_ms());
	live = table->sessions;
	if (live)
		live->users++;
	pthread_mutex_unlock(&table->lock);
	while (live) {
		struct live *next;

		look_if_idle(live, store);
		pthread_mutex_lock(&table->lock);
		next = live->next;
		if (next)
			next->users++;
		live->users--;
		pthread_mutex_unlock(&table->lock);
		live = next;
	}
	while (idle) {
		struct live *next = idle->next;

		free_session(idle);
		idle = next;
	}
}

void live_table_close_terminals(struct live_table *table)
{
	pthread_mutex_lock(&table->lock);
	for (struct live *live = table->sessions; live; live = live->next)
		live_terminal_close(live);
	pthread_mutex_unlock(&table->lock);
}

/* --- listening */

void live_listen(struct live *live, struct live_listener *listener)
{
	pthread_mutex_lock(&live->listening);
	listener->next = live->listeners;
	live->listeners = listener;
	pthread_mutex_unlock(&live->listening);
}

void live_unlisten(struct live *live, struct live_listener *listener)
{
	struct live_listener **place = &live->listeners;

	pthread_mutex_lock(&live->listening);
	while (*place && *place != listener)
		place = &(*place)->next;
	if (*place)
		*place = listener->next;
	pthread_mutex_unlock(&live->listening);
}

void live_tell(struct live *live, const char *event, json_t *data)
{
	AUTO_JSON json_t *owned = data;
	AUTO_FREE char *text = json_canonical(owned);

	pthread_mutex_lock(&live->listening);
	for (struct live_listener *one = live->listeners; one; one = one->next)
		one->tell(one->arg, event, text);
	pthread_mutex_unlock(&live->listening);
	if (!strcmp(event, "file") || !strcmp(event, "reset") || !strcmp(event, "state"))
		live_terminal_wake(live);
}
