/* asset.h - scripts, styles and pictures of the pages, compiled in
 *
 * Served at /assets/VERSION/NAME, where VERSION stands for all of them together: modules import
 * each other by name, and what was loaded once is never asked for again. A page of an older version
 * gets the files there are now, but must not keep them. */
#ifndef TALI_ASSET_H
#define TALI_ASSET_H

#include <stdbool.h>
#include <stddef.h>

struct asset {
	const char *name;	      /* "workspace.js" */
	const char *etag, *gzip_etag; /* with their quotes; one for each encoding */
	size_t size, gzip_size;
	const char *data, *gzip; /* as it is, and by gzip */
};

/* In the order of the build, ends with a NULL name. */
extern const struct asset assets[];
extern const char asset_version[]; /* 16 hexadecimal digits */

/* The asset at this path, "/assets/VERSION/NAME"; NULL when there is none. *ret_immutable: it may
 * be kept for ever (Cache-Control: public, max-age=31536000, immutable), else it is asked for again
 * each time (no-cache). Borrowed for good. */
const struct asset *asset_find(const char *path, bool *ret_immutable);

/* The asset of this name, or NULL. */
const struct asset *asset_get(const char *name);

/* Its Content-Type. */
const char *asset_type(const struct asset *asset);

/* Whether editor and terminal were built in (not so after ./configure --disable-web). */
bool asset_has_editor(void);

#endif
