/* shell_record.h - the record of a shell: its terminal, and what happens to the files, as events
 *
 * What is typed and written is kept for at most TERMINAL_LOG_MOST_MS; a change of a file is on disk
 * before the call that tells it ends. The events of one call stand in one transaction. */
#ifndef TALI_SHELL_RECORD_H
#define TALI_SHELL_RECORD_H

#include "assess/run_setting.h"
#include "workspace/watch.h"
#include "sandbox/run_report.h"

struct shell_record;

/* Of an assessment whose snapshot, just taken, is what the shell will begin with. All of `setting`
 * is borrowed. ERR_STATE when another shell has it open. NULL on error. */
struct shell_record *shell_record_open(struct store *store, struct run_setting *setting,
				       struct err *err);
void shell_record_close(struct shell_record **record);

/* Events `terminal`. `argv` ends with NULL. */
int shell_record_start(struct shell_record *record, const char *const *argv, int columns, int rows,
		       struct err *err);
int shell_record_end(struct shell_record *record, const struct run_report *report,
		     struct err *err);

/* Bytes that were typed, or that came out. */
int shell_record_bytes(struct shell_record *record, bool typed, const char *data, size_t len,
		       struct err *err);
int shell_record_resize(struct shell_record *record, int columns, int rows, struct err *err);

/* True when bytes wait to be stored. */
bool shell_record_waits(const struct shell_record *record);
/* Stores them. */
int shell_record_flush(struct shell_record *record, struct err *err);

/* Looks at the watched folder (watch_look), stores what changed, and writes it back into the
 * candidate's folder. */
int shell_record_look(struct shell_record *record, struct watch *watch, bool all, int64_t now,
		      struct err *err);

/* Saves the candidate's folder (reason "idle") when something changed. */
int shell_record_snapshot(struct shell_record *record, struct err *err);
/* True when a file changed after the last snapshot. */
bool shell_record_changed(const struct shell_record *record);

/* Reads the assessment again. True when it takes no more events: it is not active any more, or its
 * time is up. Every storing call notices, too. */
int shell_record_check(struct shell_record *record, struct err *err);
bool shell_record_is_over(const struct shell_record *record);
/* Nothing more can be stored: from now on files are only brought back. */
void shell_record_give_up(struct shell_record *record);
int64_t shell_record_deadline(const struct shell_record *record);

unsigned shell_record_kept(const struct shell_record *record);

#endif
