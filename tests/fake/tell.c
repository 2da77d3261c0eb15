/* tell.c - `tell STORE ASSESSMENT KIND DATA [KIND DATA]...`: events written into a journal as they
 * are, true or not, with the right hashes */
#include "base/auto.h"
#include "base/json.h"
#include "journal/journal.h"

#include <stdio.h>
#include <string.h>

static int tell_all(struct store *store, char **words, struct err *err)
{
	AUTO(store_rollback) struct store *tx = store;
	const char *id = *words++;

	if (store_begin(store, err) < 0)
		return -1;
	for (; words[0] && words[1]; words += 2) {
		json_t *data = json_parse(words[1], strlen(words[1]), "DATA", err);

		if (!data || journal_append(store, id, "candidate", words[0], data, err) < 0)
			return -1;
	}
	return store_commit(store, err);
}

int main(int argc, char **argv)
{
	AUTO(store_close) struct store *store = NULL;
	const struct clock clock = { 0 };
	struct err err = ERR_INIT;

	if (argc < 5 || argc % 2 == 0) {
		fputs("usage: tell STORE ASSESSMENT KIND DATA [KIND DATA]...\n", stderr);
		return 2;
	}
	hash_init();
	store = store_open(argv[1], STORE_WRITE, &clock, &err);
	if (!store || tell_all(store, argv + 2, &err) < 0) {
		fprintf(stderr, "tell: %s\n", err.text);
		return 1;
	}
	return 0;
}
