/* config.h - the settings of a store: one typed table with defaults and help; values in
 * config.json */
#ifndef TALI_CONFIG_H
#define TALI_CONFIG_H

#include "store/store.h"

#include <jansson.h>

enum config_type { CONFIG_BOOL, CONFIG_INT, CONFIG_DURATION, CONFIG_STRING, CONFIG_ADDRESS };

struct config_key {
	const char *name;		/* "sandbox.allow_weak" */
	enum config_type type;
	const char *fallback;		/* default, as text */
	int64_t least, most; /* bounds of CONFIG_INT, in milliseconds of CONFIG_DURATION */
	const char *help;
};

/* In the order of `tali config list`; ends with a NULL name. */
extern const struct config_key config_keys[];

const struct config_key *config_find(const char *name, struct err *err);	/* ERR_NOT_FOUND */

/* The value as text, yours: what is set, else the default. *ret_set (may be NULL): it is set.
 * NULL with ERR_INPUT for a config.json that is damaged. */
char *config_get(const struct store *store, const char *name, bool *ret_set, struct err *err);
/* Checks and writes; NULL takes the setting away. */
int config_set(const struct store *store, const char *name, const char *value, struct err *err);

/* Typed reads; durations in milliseconds. -1 with err when config.json is damaged. */
int config_bool(const struct store *store, const char *name, bool *ret, struct err *err);
int config_int(const struct store *store, const char *name, int64_t *ret, struct err *err);

#endif
