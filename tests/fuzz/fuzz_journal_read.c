/* fuzz_journal_read.c - exported journals of any bytes: good to the last, or refused with a reason
 *
 * The key is the one that the bytes themselves name. */
#include "journal/journal_read.h"

#include "base/auto.h"
#include "base/buf.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define KEY "\"public_key\":\""

static void find_key(const uint8_t *data, size_t size, uint8_t key[SIGN_PUBLIC_SIZE])
{
	const char *at = memmem(data, size, KEY, strlen(KEY));
	size_t left = at ? size - (size_t)(at - (const char *)data) - strlen(KEY) : 0, len = 0;
	char text[45] = "";
	AUTO_FREE uint8_t *bytes = NULL;
	struct err err = ERR_INIT;

	if (left >= 44)
		memcpy(text, at + strlen(KEY), 44);
	bytes = hash_from_base64(text, &len, &err);
	if (bytes && len == SIGN_PUBLIC_SIZE)
		memcpy(key, bytes, len);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	AUTO(journal_read_release) struct journal_read read = { .assessment_id = "" };
	AUTO_FILE FILE *file = size ? fmemopen((void *)data, size, "r") : NULL;
	uint8_t key[SIGN_PUBLIC_SIZE] = { 0 };
	struct err err = ERR_INIT;

	hash_init();
	find_key(data, size, key);
	if (!file)
		return 0;
	if (journal_read(file, key, NULL, NULL, &read, &err) < 0) {
		if (err.code != ERR_INTEGRITY || !err.text[0])
			abort();
	} else if (!read.check.next_seq || data[size - 1] != '\n') {
		abort();
	}
	return 0;
}
