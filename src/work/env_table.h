/* env_table.h - what points a candidate's own tools at the models of a session
 *
 * share/env.json has it, one entry for each client: {"name", "title", "set": {VARIABLE: TEXT},
 * "unset": [VARIABLE], "files": {PATH: [LINE]}, "note"}. A TEXT or LINE may hold the words below in
 * braces; one with a word that is not known (no model was named) is left out. In a file, which is
 * TOML, a word stands as a quoted string. No two clients may set a variable differently. */
#ifndef TALI_ENV_TABLE_H
#define TALI_ENV_TABLE_H

#include "base/err.h"

#include <jansson.h>

/* All borrowed. */
struct env_words {
	const char *server;	/* "https://host", no '/' at the end */
	const char *token;	/* of the link */
	const char *state;	/* folder in which files of clients may be written */
	const char *folder;	/* top of the work folder */
	const char *model;	/* or NULL */
};

/* {VARIABLE: value, or null where it must not be set}, in the order of the table; yours. */
json_t *env_table_variables(const struct env_words *words);

/* [{"name", "title", "variables": [NAME], "files": [absolute path], "note"}]; yours. */
json_t *env_table_clients(const struct env_words *words);

/* Writes the files below words->state (folders 0700, files 0600), each whole or not at all. */
int env_table_write(const struct env_words *words, struct err *err);

#endif
