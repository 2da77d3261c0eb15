/* asset.c - see asset.h; the data is written by tools/embed-web.sh */
#include "web/asset.h"

#include <string.h>

#define FOLDER "/assets/"

static const struct {
	const char *ending, *type;
} types[] = {
	{ ".js", "text/javascript; charset=utf-8" },
	{ ".css", "text/css; charset=utf-8" },
	{ ".svg", "image/svg+xml" },
	{ ".txt", "text/plain; charset=utf-8" },
};

const struct asset *asset_get(const char *name)
{
	const struct asset *asset;

	for (asset = assets; asset->name; asset++)
		if (!strcmp(asset->name, name))
			return asset;
	return NULL;
}

const struct asset *asset_find(const char *path, bool *ret_immutable)
{
	const char *version, *slash;
	const struct asset *asset;

	if (strncmp(path, FOLDER, strlen(FOLDER)) != 0)
		return NULL;
	version = path + strlen(FOLDER);
	slash = strchr(version, '/');
	asset = slash ? asset_get(slash + 1) : NULL;
	if (!asset)
		return NULL;
	*ret_immutable = (size_t)(slash - version) == strlen(asset_version) &&
			 !strncmp(version, asset_version, (size_t)(slash - version));
	return asset;
}

const char *asset_type(const struct asset *asset)
{
	const char *dot = strrchr(asset->name, '.');
	size_t i;

	for (i = 0; dot && i < sizeof(types) / sizeof(types[0]); i++)
		if (!strcmp(dot, types[i].ending))
			return types[i].type;
	return "application/octet-stream";
}

bool asset_has_editor(void)
{
	return asset_get("codemirror.js") && asset_get("xterm.js");
}
