/* import_source.h - a package of somebody else's, read only and confined: a folder, an archive that
 * is unpacked in a temporary place, or one file */
#ifndef TALI_IMPORT_SOURCE_H
#define TALI_IMPORT_SOURCE_H

#include "base/buf.h"
#include "base/err.h"

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

/* Most files and folders of a source, links counted where they stand. */
#define IMPORT_SOURCE_MAX_ENTRIES 10000
/* Most bytes of a file that is read as YAML or JSON. */
#define IMPORT_SOURCE_MAX_TEXT (1 << 20)

struct import_source;

/* Opens what lies at `path`. A file is an archive (.zip .kpp .tar .tar.gz .tgz; one top folder that
 * holds everything is stripped) when its name or its first bytes say so, else the only file of the
 * source. Everything is listed at once, within repo_limits and IMPORT_SOURCE_MAX_ENTRIES. ".git"
 * and what language_caches() names are passed over. A link of a folder is followed when it stays
 * inside (never in an archive). ERR_INPUT that names the entry: a link that leads out, in a circle
 * or to nothing, a device, a path that is not confined (fs_path_confined), names that differ by the
 * case of ASCII letters alone, and what is over a limit. ERR_NOT_FOUND when nothing is there. */
struct import_source *import_source_open(const char *path, struct err *err);
void import_source_close(struct import_source **source);

/* The last part of the path without suffix; borrowed. */
const char *import_source_name(const struct import_source *source);
/* The one file, when the source is a file and no package; else NULL. Borrowed. */
const char *import_source_single(const struct import_source *source);

/* Whether a file or folder of that path is there ("" is the top). */
bool import_source_has(const struct import_source *source, const char *path);
bool import_source_has_folder(const struct import_source *source, const char *path);
/* Whether the owner of the file may execute it. */
bool import_source_executable(const struct import_source *source, const char *path);

/* All files below `folder` ("" is all), dotfiles too, sorted by path in the order of bytes; array
 * and strings are the source's. A folder that is not there has none. */
void import_source_list(const struct import_source *source, const char *folder,
			const char *const **ret, size_t *ret_count);

/* Reads a file whole into `ret` (emptied first). ERR_NOT_FOUND "PATH: not in the package",
 * ERR_INPUT when it has more than `limit` bytes. */
int import_source_read(const struct import_source *source, const char *path, size_t limit,
		       struct buf *ret, struct err *err);
/* The same for text: a byte order mark is taken away, and what is not UTF-8 or holds a NUL is
 * ERR_INPUT "PATH:LINE: what". */
int import_source_text(const struct import_source *source, const char *path, size_t limit,
		       struct buf *ret, struct err *err);

/* Reads and parses; *ret is yours. ERR_INPUT "PATH:LINE: what". */
int import_source_yaml(const struct import_source *source, const char *path, json_t **ret,
		       struct err *err);
int import_source_json(const struct import_source *source, const char *path, json_t **ret,
		       struct err *err);

#endif
