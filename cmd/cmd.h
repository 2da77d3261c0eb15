/* cmd.h - what a subcommand is: one entry of the table and one function
 *
 * A command's file parses nothing and opens nothing itself: tali_main reads the options by the
 * table, opens what `needs` says, calls run, prints the error, and gives the exit status. */
#ifndef TALI_CMD_H
#define TALI_CMD_H

#include "work/session.h"
#include "work/workplace.h"
#include "base/auto.h"
#include "base/buf.h"
#include "base/clock.h"
#include "base/err.h"
#include "base/opt.h"
#include "sandbox/sandbox.h"
#include "store/store.h"

#include <jansson.h>
#include <stdbool.h>
#include <stdio.h>

enum cmd_needs {
	CMD_STORE_READ = 1,	/* an open store; read-only ones will do */
	CMD_STORE_WRITE = 2,	/* an open, writable store */
	CMD_STORE_MAYBE = 4,	/* with CMD_STORE_*: ctx->store is NULL when there is none */
	CMD_WORK = 8,		/* the work folder we are in; with CMD_STORE_*: its store */
	CMD_SANDBOX = 16,	/* the sandbox helper, started before anything is opened */
	CMD_PLACE = 32,		/* with CMD_WORK | CMD_STORE_*: ctx->place, whoever has the session;
				 * the store is opened when it is in one */
};

struct cmd_ctx {
	const struct clock *clock;
	struct store *store;
	struct sandbox *sandbox;
	struct session session;
	struct workplace *place;	/* CMD_PLACE */
	const char *store_path;		/* where the store is or would be */
	FILE *out;
	bool json, quiet, allow_weak;
	unsigned needs;			/* of enum cmd_needs: what this call was given */
};

struct cmd {
	const char *name;		/* "score", "task create" */
	const char *summary;
	const char *json;		/* schema of what --json prints, NULL: no --json */
	unsigned needs;
	/* Asked when the options and the session (with CMD_WORK) are known: those of `needs` that
	 * this call does without. NULL: none. */
	unsigned (*spares)(const struct session *session);
	const struct opt *opts;		/* NULL: none */
	int (*run)(const struct cmd_ctx *ctx, struct err *err);
};

/* The table, in the order of `tali help`; ends with NULL. */
extern const struct cmd *const cmd_table[];

/* Options that every command has. */
extern const struct opt cmd_common_opts[];

/* The whole program but for where the clock comes from. */
int tali_main(int argc, char **argv, const struct clock *clock);

/* Prints one line of JSON; takes `value`. */
int cmd_print_json(const struct cmd_ctx *ctx, json_t *value, struct err *err);

/* A remark on stderr, "tali: text", unless quiet. */
void cmd_say(const struct cmd_ctx *ctx, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/* Prints the faults of task_folder_check on stderr, one line each, but for the first (main
 * prints that). */
void cmd_print_faults(const json_t *faults);

/* True when the words mean a folder and not a name in the store: they hold a '/', or are "." or
 * "..", or a folder with a task.json of that name is here. */
bool cmd_is_task_folder(const char *words);

#endif
