/* words.c - see words.h */
#include "words.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

static int read_input(struct buf *text, struct err *err)
{
	char part[4096];
	ssize_t got;

	while (!text->full && (got = read(STDIN_FILENO, part, sizeof(part))) != 0) {
		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return err_sys(err, "cannot read standard input");
		buf_add(text, part, (size_t)got);
	}
	return 0;
}

int words_read(const struct opt_list *words, struct buf *text, struct err *err)
{
	if (words->count == 1 && !strcmp(words->items[0], "-"))
		return read_input(text, err);
	for (size_t i = 0; i < words->count; i++)
		buf_add_format(text, "%s%s", i ? " " : "", words->items[i]);
	return 0;
}
