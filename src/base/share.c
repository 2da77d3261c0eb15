/* share.c - see share.h; the data is written by tools/embed-share.sh */
#include "base/share.h"

#include <string.h>

const struct share_file *share_find(const char *name)
{
	const struct share_file *file;

	for (file = share_files; file->name; file++)
		if (!strcmp(file->name, name))
			return file;
	return NULL;
}
