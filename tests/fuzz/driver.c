/* driver.c - main for a fuzz target without a fuzzer: feeds it every file of the folders given
 *
 * Prints TAP: one test per file. Each file goes in by a buffer of exactly its size, so that a
 * sanitizer sees a read past the end. `make fuzz` after `./configure CC=clang --enable-fuzz` makes
 * the same targets with libFuzzer's main instead. */
#include <dirent.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static int not_dot(const struct dirent *entry)
{
	return entry->d_name[0] != '.';
}

static uint8_t *read_file(const char *path, size_t *ret_size)
{
	FILE *file = fopen(path, "rb");
	uint8_t *data = NULL;
	long size;

	if (!file)
		return NULL;
	if (!fseek(file, 0, SEEK_END) && (size = ftell(file)) >= 0 && !fseek(file, 0, SEEK_SET)) {
		data = malloc((size_t)size);
		if (data && fread(data, 1, (size_t)size, file) == (size_t)size) {
			*ret_size = (size_t)size;
		} else {
			free(data);
			data = NULL;
		}
	}
	fclose(file);
	return data;
}

static int replay(const char *path, const char *name, int number)
{
	size_t size = 0;
	uint8_t *data = read_file(path, &size);

	if (!data) {
		printf("not ok %d - %s cannot be read\n", number, name);
		return -1;
	}
	LLVMFuzzerTestOneInput(data, size);
	free(data);
	printf("ok %d - %s is survived\n", number, name);
	fflush(stdout);
	return 0;
}

int main(int argc, char **argv)
{
	int number = 0, failed = 0;

	for (int i = 1; i < argc; i++) {
		struct dirent **entries;
		int count = scandir(argv[i], &entries, not_dot, alphasort);

		if (count <= 0) {
			printf("not ok %d - no corpus in %s\n", ++number, argv[i]);
			failed++;
			continue;
		}
		for (int j = 0; j < count; j++) {
			char path[4096];

			snprintf(path, sizeof(path), "%s/%s", argv[i], entries[j]->d_name);
			if (replay(path, entries[j]->d_name, ++number) < 0)
				failed++;
			free(entries[j]);
		}
		free(entries);
	}
	printf("1..%d\n", number);
	return failed ? 1 : 0;
}
