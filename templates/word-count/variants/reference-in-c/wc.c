/* Count the words of standard input: sort them all, then count the equal runs. */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct entry {
	const char *word;
	size_t count;
};

static void *grow(void *block, size_t size)
{
	block = realloc(block, size);
	if (!block) {
		perror("wc");
		exit(1);
	}
	return block;
}

static char *read_all(size_t *length)
{
	char *text = NULL;
	size_t size = 0, got;

	*length = 0;
	do {
		size = size ? 2 * size : 65536;
		text = grow(text, size + 1);
		got = fread(text + *length, 1, size - *length, stdin);
		*length += got;
	} while (*length == size);
	return text;
}

/* The byte as it counts in a word, or 0 when it separates words. */
static char fold(unsigned char byte)
{
	if (byte >= 'A' && byte <= 'Z')
		return byte - 'A' + 'a';
	if ((byte >= 'a' && byte <= 'z') || (byte >= '0' && byte <= '9') || byte == '\'' || byte >= 0x80)
		return byte;
	return 0;
}

static int by_word(const void *a, const void *b)
{
	return strcmp(((const struct entry *)a)->word, ((const struct entry *)b)->word);
}

static int by_count(const void *a, const void *b)
{
	const struct entry *x = a, *y = b;

	if (x->count != y->count)
		return x->count < y->count ? 1 : -1;
	return by_word(a, b);
}

int main(void)
{
	struct entry *entries = NULL;
	size_t length, words = 0, room = 0, distinct = 0;
	char *text = read_all(&length);
	bool inside = false;

	for (size_t i = 0; i < length; i++) {
		text[i] = fold(text[i]);
		if (text[i] && !inside) {
			if (words == room) {
				room = room ? 2 * room : 1024;
				entries = grow(entries, room * sizeof(*entries));
			}
			entries[words++] = (struct entry){ text + i, 1 };
		}
		inside = text[i];
	}
	text[length] = 0;

	if (words)
		qsort(entries, words, sizeof(*entries), by_word);
	for (size_t i = 0; i < words; i++) {
		if (distinct && !by_word(&entries[distinct - 1], &entries[i]))
			entries[distinct - 1].count++;
		else
			entries[distinct++] = entries[i];
	}

	if (distinct)
		qsort(entries, distinct, sizeof(*entries), by_count);
	for (size_t i = 0; i < distinct; i++)
		printf("%zu %s\n", entries[i].count, entries[i].word);

	free(entries);
	free(text);
	return 0;
}
