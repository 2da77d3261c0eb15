/* main.c - hostile ACT [WORD...]: plays one act (hostile.h) */
#include "hostile.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int hostile_breach(int open, const char *what)
{
	if (open)
		printf("BREACH: %s\n", what);
	return open;
}

long hostile_number(int argc, char **argv, int word)
{
	return argc > word ? strtol(argv[word], NULL, 10) : 0;
}

static const struct hostile_act *find(const struct hostile_act *acts, const char *name)
{
	for (; acts->name; acts++)
		if (strcmp(acts->name, name) == 0)
			return acts;
	return NULL;
}

int main(int argc, char **argv)
{
	const struct hostile_act *lists[] = { hostile_breaches, hostile_burdens, hostile_lives };

	for (size_t i = 0; argc > 1 && i < sizeof(lists) / sizeof(*lists); i++) {
		const struct hostile_act *act = find(lists[i], argv[1]);

		if (act)
			return act->run(argc - 2, argv + 2);
	}
	fprintf(stderr, "no such act\n");
	return 99;
}
