/* main.c - plays the commands of standard input on a cache. */
#define _POSIX_C_SOURCE 200809L
#include "cache.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Cuts the next word off; words are separated by single spaces and may be empty. */
static char *word(char **rest)
{
	char *begin = *rest, *end = begin + strcspn(begin, " \n");

	*rest = *end ? end + 1 : end;
	*end = 0;
	return begin;
}

static void play(struct cache *cache, char *line)
{
	const char *command = word(&line);
	uint64_t now = strtoull(word(&line), NULL, 10);

	if (!strcmp(command, "put")) {
		const char *key = word(&line), *value = word(&line);

		cache_put(cache, now, key, value, strtoull(word(&line), NULL, 10));
	} else if (!strcmp(command, "get")) {
		const char *value = cache_get(cache, now, word(&line));

		puts(value ? value : "-");
	} else if (!strcmp(command, "del")) {
		puts(cache_delete(cache, now, word(&line)) ? "yes" : "no");
	} else if (!strcmp(command, "size")) {
		printf("%zu\n", cache_size(cache, now));
	}
}

int main(void)
{
	struct cache *cache;
	char *line = NULL;
	size_t size = 0;

	if (getline(&line, &size, stdin) < 0)
		return 2;
	cache = cache_new(strtoull(line, NULL, 10));
	while (getline(&line, &size, stdin) >= 0)
		play(cache, line);
	cache_free(cache);
	free(line);
	return 0;
}
