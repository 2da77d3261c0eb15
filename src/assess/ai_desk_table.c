/* ai_desk_table.c - see ai_desk_table.h */
#include "assess/ai_desk_table.h"

#include "assess/ai_desk_internal.h"
#include "assess/ai_desk_lock.h"
#include "base/auto.h"

#include <stdlib.h>

struct ai_desk_table *ai_desk_table_new(struct journal_writer *writer, const json_t *prices)
{
	struct ai_desk_table *table = buf_alloc(sizeof(*table));

	table->writer = writer;
	table->prices = prices;
	pthread_mutex_init(&table->lock, NULL);
	return table;
}

void ai_desk_table_free(struct ai_desk_table **table)
{
	struct ai_desk_table *old = TAKE(*table);

	while (old && old->desks) {
		struct ai_desk *desk = old->desks;

		old->desks = desk->next;
		ai_desk_free(desk);
	}
	if (old)
		pthread_mutex_destroy(&old->lock);
	free(old);
}

size_t ai_desk_table_count(struct ai_desk_table *table)
{
	size_t count = 0;

	pthread_mutex_lock(&table->lock);
	for (const struct ai_desk *desk = table->desks; desk; desk = desk->next)
		count++;
	pthread_mutex_unlock(&table->lock);
	return count;
}

/* --- what is due */

static bool is_busy(struct ai_desk *desk)
{
	bool busy;

	pthread_mutex_lock(&desk->lock);
	busy = desk->running || desk->waiting;
	pthread_mutex_unlock(&desk->lock);
	return busy;
}

/* Whether what runs must end: time is up, or another process ended the session. */
static bool is_over(struct ai_desk *desk, struct store *store)
{
	AUTO(assessment_release) struct assessment row = ASSESSMENT_INIT;
	struct err ignored = ERR_INIT;

	if (assessment_get(store, desk->assessment_id, &row, &ignored) == 0)
		ai_desk_see(desk, &row);
	return store_now(store) >= atomic_load(&desk->deadline);
}

static void look_at(struct ai_desk *desk, struct store *store)
{
	if (!is_busy(desk))
		return;
	if (is_over(desk, store)) {
		pthread_mutex_lock(&desk->lock);
		ai_desk_stop_running(desk);
		pthread_mutex_unlock(&desk->lock);
	}
	ai_desk_serve_waiting(desk, store);
	pthread_mutex_lock(&desk->lock);
	ai_desk_lock_leave(desk);
	pthread_mutex_unlock(&desk->lock);
}

/* Whether nobody has it or used it for so long. One whose lock is taken is in use. */
static bool is_left(struct ai_desk *desk, int64_t ms)
{
	bool quiet;

	if (desk->users || ai_desk_now() - desk->used < ms ||
	    pthread_mutex_trylock(&desk->lock) != 0)
		return false;
	quiet = !desk->running && !desk->waiting && !desk->writes;
	pthread_mutex_unlock(&desk->lock);
	return quiet;
}

void ai_desk_table_forget(struct ai_desk_table *table, int64_t ms)
{
	struct ai_desk **at = &table->desks;

	pthread_mutex_lock(&table->lock);
	while (*at) {
		struct ai_desk *desk = *at;

		if (is_left(desk, ms)) {
			*at = desk->next;
			ai_desk_free(desk);
		} else {
			at = &desk->next;
		}
	}
	pthread_mutex_unlock(&table->lock);
}

/* Each desk, while none goes away; those that come meanwhile are left out. */
static void each_desk(struct ai_desk_table *table, void (*visit)(void *arg, struct ai_desk *desk),
		      void *arg)
{
	struct ai_desk *desk, *next;

	pthread_mutex_lock(&table->lock);
	for (desk = table->desks; desk; desk = desk->next)
		desk->users++;
	desk = table->desks;
	pthread_mutex_unlock(&table->lock);
	for (; desk; desk = next) {
		visit(arg, desk);
		pthread_mutex_lock(&table->lock);
		next = desk->next;
		desk->users--;
		pthread_mutex_unlock(&table->lock);
	}
}

static void visit_look(void *arg, struct ai_desk *desk)
{
	look_at(desk, arg);
}

struct waiting {
	struct store *store;
	int64_t until;
};

static void visit_wait(void *arg, struct ai_desk *desk)
{
	const struct waiting *waiting = arg;

	if (store_now(waiting->store) >= atomic_load(&desk->deadline))
		ai_desk_wait_quiet(desk, waiting->until);
}

void ai_desk_table_look(struct ai_desk_table *table, struct store *store)
{
	struct waiting waiting = { store, ai_desk_now() + AI_DESK_END_MS };

	each_desk(table, visit_look, store);
	each_desk(table, visit_wait, &waiting);
	ai_desk_table_forget(table, AI_DESK_KEPT_MS);
}
