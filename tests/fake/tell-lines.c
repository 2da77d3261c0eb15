/* tell-lines.c - adds events to a journal as a recorder would, in time
 *
 * `tell-lines STORE ASSESSMENT <LINES`, each line {"after": MS, "kind": KIND, "data": {...}} and
 * optionally "actor" and "payloads", texts that the data names by their SHA-256; MS are counted from
 * the start of the work. */
#include "base/auto.h"
#include "base/hash.h"
#include "base/json.h"
#include "journal/journal.h"
#include "store/assessment.h"

#include <string.h>

static int tell(struct store *store, const struct assessment *to, struct clock *clock,
		const char *line, struct err *err)
{
	AUTO_JSON json_t *event = json_parse(line, strlen(line), "event", err);
	AUTO(store_rollback) struct store *tx = store;
	const json_t *payload;
	size_t i;

	if (!event)
		return -1;
	clock->fixed_ms = to->started + json_int(event, "after", 0);
	if (store_begin(store, err) < 0)
		return -1;
	json_array_foreach(json_object_get(event, "payloads"), i, payload)
		json_decref(journal_blob(store, json_string_value(payload),
					 json_string_length(payload), err));
	if (journal_append(store, to->id, json_str(event, "actor", "candidate"),
			   json_str(event, "kind", ""),
			   json_incref(json_object_get(event, "data")), err) < 0)
		return -1;
	return store_commit(store, err);
}

int main(int argc, char **argv)
{
	static char line[1 << 20];
	struct clock clock = { 0 };
	struct err err = ERR_INIT;
	AUTO(store_close) struct store *store = NULL;
	AUTO(assessment_release) struct assessment to = ASSESSMENT_INIT;

	hash_init();
	if (argc != 3) {
		fprintf(stderr, "usage: tell-lines STORE ASSESSMENT <LINES\n");
		return 2;
	}
	store = store_open(argv[1], STORE_WRITE, &clock, &err);
	if (store && assessment_get(store, argv[2], &to, &err) == 0)
		while (fgets(line, sizeof(line), stdin) &&
		       tell(store, &to, &clock, line, &err) == 0)
			;
	if (err.code)
		fprintf(stderr, "tell-lines: %s\n", err.text);
	return err.code ? 1 : 0;
}
