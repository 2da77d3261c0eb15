/* tali-at.c - tali on a shifted clock: `tali-at +2h CMD...` runs `tali CMD...` as in two hours */
#include "cmd.h"

#include <stdlib.h>

int main(int argc, char **argv)
{
	struct clock clock = { 0 };
	struct err err = ERR_INIT;

	if (argc < 3 || argv[1][0] != '+' ||
	    clock_parse_duration(argv[1] + 1, &clock.offset_ms, &err) < 0) {
		fprintf(stderr, "usage: tali-at +DURATION COMMAND...\n");
		return 2;
	}
	argv[1] = argv[0];
	return tali_main(argc - 1, argv + 1, &clock);
}
