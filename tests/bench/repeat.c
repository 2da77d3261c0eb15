/* repeat.c - runs a command for each input file, as a baseline
 *
 *	repeat FOLDER COUNT COMMAND...	with FOLDER/1.in to FOLDER/COUNT.in as standard input */
#include "measure.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

int main(int argc, char **argv)
{
	long count = argc > 3 ? strtol(argv[2], NULL, 10) : 0;

	if (count < 1) {
		fputs("usage: repeat FOLDER COUNT COMMAND...\n", stderr);
		return 2;
	}
	for (long i = 1; i <= count; i++) {
		char path[4096];
		int fd;

		snprintf(path, sizeof(path), "%s/%ld.in", argv[1], i);
		fd = open(path, O_RDONLY);
		if (fd < 0 || dup2(fd, STDIN_FILENO) < 0) {
			perror(path);
			return 1;
		}
		close(fd);
		measure_launch((const char *const *)argv + 3);
	}
	return 0;
}
