/* fold_terminals.c - see fold_terminals.h */
#include "journal/fold_terminals.h"

#include "base/auto.h"
#include "base/hash.h"
#include "base/json.h"

#include <stdlib.h>
#include <string.h>

#define CHUNK_MAX (1u << 20)	/* bytes of a chunk that is a payload */

static void free_screen(struct fold_screen *screen)
{
	screen_free(&screen->screen);
	json_decref((json_t *)screen->terminal.argv);
	free((char *)screen->terminal.id);
	free(screen);
}

void fold_terminals_release(struct fold_terminals *terminals)
{
	size_t i;

	for (i = 0; i < terminals->count; i++)
		free_screen(terminals->list[i]);
	free(terminals->list);
}

static size_t index_of(const struct fold_terminals *terminals, const char *id)
{
	size_t i;

	for (i = 0; i < terminals->count; i++)
		if (!strcmp(terminals->list[i]->terminal.id, id))
			break;
	return i;
}

struct fold_screen *fold_terminals_find(const struct fold_terminals *terminals, const char *id)
{
	size_t i = index_of(terminals, id);

	return i < terminals->count ? terminals->list[i] : NULL;
}

static void forget(struct fold_terminals *terminals, size_t i)
{
	free_screen(terminals->list[i]);
	terminals->count--;
	memmove(terminals->list + i, terminals->list + i + 1,
		(terminals->count - i) * sizeof(struct fold_screen *));
}

struct fold_screen *fold_terminals_add(struct fold_terminals *terminals, const char *id,
				       struct screen *screen)
{
	struct fold_screen *added = buf_alloc(sizeof(*added));

	added->terminal = (struct fold_terminal){ .id = buf_strdup(id), .exit_status = -1,
						  .signal = -1 };
	added->screen = screen;
	terminals->list = buf_realloc(terminals->list, terminals->count + 1,
				      sizeof(struct fold_screen *));
	terminals->list[terminals->count++] = added;
	return added;
}

static size_t all_cells(const struct fold_terminals *terminals)
{
	size_t i, cells = 0;

	for (i = 0; i < terminals->count; i++)
		cells += (size_t)screen_columns(terminals->list[i]->screen) *
			 (size_t)screen_rows(terminals->list[i]->screen);
	return cells;
}

/* The one that ended first, or the number of all when none has ended. */
static size_t first_ended(const struct fold_terminals *terminals)
{
	size_t i, first = terminals->count;

	for (i = 0; i < terminals->count; i++) {
		int64_t ended = terminals->list[i]->terminal.ended;

		if (ended && (first == terminals->count ||
			      ended < terminals->list[first]->terminal.ended))
			first = i;
	}
	return first;
}

static int bound(struct fold_terminals *terminals, struct err *err)
{
	while (terminals->count > FOLD_TERMINALS_MAX || all_cells(terminals) > FOLD_CELLS_MAX) {
		size_t first = first_ended(terminals);

		if (first == terminals->count)
			return err_set(err, ERR_INPUT, "too many or too large terminals at once");
		forget(terminals, first);
	}
	return 0;
}

static int start(struct fold_terminals *terminals, const char *id, const json_t *data, int64_t seq,
		 int64_t instant, struct err *err)
{
	size_t old = index_of(terminals, id);
	struct fold_screen *screen;

	if (old < terminals->count)
		forget(terminals, old);
	screen = fold_terminals_add(terminals, id,
				    screen_new((int)json_int(data, "columns", 80),
					       (int)json_int(data, "rows", 24)));
	screen->terminal.argv = json_incref(json_object_get(data, "argv"));
	screen->terminal.started = instant;
	screen->terminal.seq = seq;
	return bound(terminals, err);
}

static struct fold_screen *need(const struct fold_terminals *terminals, const json_t *data,
				struct err *err)
{
	const char *id = json_str(data, "terminal", "");
	struct fold_screen *screen = fold_terminals_find(terminals, id);

	if (!screen)
		err_set(err, ERR_INPUT, "there is no terminal '%.64s'", id);
	return screen;
}

int fold_terminals_event(struct fold_terminals *terminals, const json_t *data, int64_t seq,
			 int64_t instant, struct err *err)
{
	struct fold_screen *screen;

	if (!strcmp(json_str(data, "action", ""), "start"))
		return start(terminals, json_str(data, "terminal", ""), data, seq, instant, err);
	screen = need(terminals, data, err);
	if (!screen)
		return -1;
	screen->terminal.ended = instant;
	screen->terminal.exit_status = json_int(data, "exit_status", -1);
	screen->terminal.signal = json_int(data, "signal", -1);
	screen->terminal.seq = seq;
	return 0;
}

static int feed_payload(struct screen *screen, const struct fold_source *source, const char *hash,
			struct err *err)
{
	AUTO(buf_release) struct buf bytes = { 0 };

	if (strlen(hash) != HASH_HEX_SIZE - 1)
		return err_set(err, ERR_INPUT, "'%.70s' is no payload", hash);
	if (source->payload(source->arg, hash, CHUNK_MAX, &bytes, err) < 0)
		return -1;
	screen_feed(screen, buf_str(&bytes), bytes.len);
	return 0;
}

int fold_terminals_output(struct fold_terminals *terminals, const struct fold_source *source,
			  const json_t *data, const json_t *chunk, int64_t seq, struct err *err)
{
	struct fold_screen *screen = need(terminals, data, err);
	const json_t *text = json_object_get(chunk, "text");
	const char *base64 = json_str(chunk, "base64", NULL), *hash = json_str(chunk, "blob", NULL);
	AUTO_FREE void *bytes = NULL;
	size_t len = 0;

	if (!screen)
		return -1;
	screen->terminal.seq = seq;
	if (hash)
		return feed_payload(screen->screen, source, hash, err);
	if (base64) {
		bytes = hash_from_base64(base64, &len, err);
		if (!bytes)
			return -1;
		screen_feed(screen->screen, bytes, len);
	} else if (json_is_string(text)) {
		screen_feed(screen->screen, json_string_value(text), json_string_length(text));
	}
	return 0;
}

int fold_terminals_resize(struct fold_terminals *terminals, const json_t *data, int64_t seq,
			  struct err *err)
{
	struct fold_screen *screen = need(terminals, data, err);

	if (!screen)
		return -1;
	screen_resize(screen->screen, (int)json_int(data, "columns", 80),
		      (int)json_int(data, "rows", 24));
	screen->terminal.seq = seq;
	return bound(terminals, err);
}
