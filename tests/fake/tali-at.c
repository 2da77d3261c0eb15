/* tali-at.c - tali on another clock: `tali-at +2h CMD...` runs `tali CMD...` as in two hours,
 * `tali-at =2026-01-31T09:00:00Z CMD...` as at that instant, at which the time stands still */
#include "cmd.h"

#include <stdlib.h>

static bool is_moment(const char *words, struct clock *ret, struct err *err)
{
	if (words[0] == '+')
		return clock_parse_duration(words + 1, &ret->offset_ms, err) == 0;
	return words[0] == '=' && clock_parse_time(words + 1, &ret->fixed_ms, err) == 0;
}

int main(int argc, char **argv)
{
	struct clock clock = { 0 };
	struct err err = ERR_INIT;

	if (argc < 2 || !is_moment(argv[1], &clock, &err)) {
		fprintf(stderr, "usage: tali-at +DURATION|=TIME COMMAND...\n");
		return 2;
	}
	argv[1] = argv[0];
	return tali_main(argc - 1, argv + 1, &clock);
}
