/* own_program.c - see own_program.h */
#include "work/own_program.h"

#include "base/auto.h"
#include "base/buf.h"

#include <limits.h>
#include <unistd.h>

char *own_program_path(void)
{
	char path[PATH_MAX];
	ssize_t len = readlink("/proc/self/exe", path, sizeof(path));

	if (len <= 0 || (size_t)len >= sizeof(path) || path[0] != '/')
		return buf_strdup("tali");
	path[len] = '\0';
	return access(path, X_OK) == 0 ? buf_strdup(path) : buf_strdup("tali");
}

char *own_program_word(void)
{
	AUTO_FREE char *path = own_program_path();
	struct buf word = BUF_INIT(4 * PATH_MAX + 2);

	buf_add_byte(&word, '\'');
	for (const char *c = path; *c; c++)
		if (*c == '\'')
			buf_add_str(&word, "'\\''");
		else
			buf_add_byte(&word, *c);
	buf_add_byte(&word, '\'');
	return buf_take(&word);
}
