/* terminal_event.h - the events of a terminal, whoever has it: the data of each kind, the journal's
 * way (tali-journal(5)) */
#ifndef TALI_TERMINAL_EVENT_H
#define TALI_TERMINAL_EVENT_H

#include "assess/terminal_log.h"
#include "journal/event_list.h"
#include "sandbox/run_report.h"

/* Data of an event "terminal", and of a "terminal_resize". Of argv, which ends with NULL, the first
 * 64 words are told, and of a longer one than 512 bytes that it is. Yours. */
json_t *terminal_event_start(const char *terminal, const char *const *argv, int columns, int rows);
json_t *terminal_event_end(const char *terminal, const struct run_report *report);
json_t *terminal_event_resize(const char *terminal, int columns, int rows);

/* Takes both logs into events "terminal_in" and "terminal_out" at the instants of their beginnings,
 * the older one first: nothing where there is nothing. `all` as terminal_log_take says; `now` is ms
 * since the epoch. */
int terminal_event_add_logs(struct event_list *list, const char *terminal,
			    struct terminal_log *typed, struct terminal_log *written, bool all,
			    int64_t now, struct err *err);

#endif
