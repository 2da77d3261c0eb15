/* terminal_event.c - see terminal_event.h */
#include "assess/terminal_event.h"

#include "base/auto.h"

#include <string.h>

#define ARGV_MOST 64
#define WORD_MOST 512

static json_t *words_json(const char *const *argv)
{
	json_t *words = json_array();

	for (int i = 0; argv[i] && i < ARGV_MOST; i++) {
		json_t *word = strlen(argv[i]) <= WORD_MOST ? json_string(argv[i]) : NULL;

		json_array_append_new(words, word ? word : json_string("(too long, or not UTF-8)"));
	}
	return words;
}

json_t *terminal_event_start(const char *terminal, const char *const *argv, int columns, int rows)
{
	return json_pack("{s:s, s:s, s:i, s:i, s:o}", "terminal", terminal, "action", "start",
			 "columns", columns, "rows", rows, "argv", words_json(argv));
}

json_t *terminal_event_end(const char *terminal, const struct run_report *report)
{
	AUTO_JSON json_t *all = run_report_json(report);

	return json_pack("{s:s, s:s, s:O, s:O, s:O, s:O}", "terminal", terminal, "action", "end",
			 "verdict", json_object_get(all, "verdict"), "weak",
			 json_object_get(all, "weak"), "exit_status",
			 json_object_get(all, "exit_status"), "signal",
			 json_object_get(all, "signal"));
}

json_t *terminal_event_resize(const char *terminal, int columns, int rows)
{
	return json_pack("{s:s, s:i, s:i}", "terminal", terminal, "columns", columns, "rows", rows);
}

static int add_log(struct event_list *list, const char *terminal, struct terminal_log *log,
		   bool typed, bool all, int64_t now, struct err *err)
{
	int64_t first = terminal_log_first(log);
	json_t *data = terminal_log_take(log, terminal, all);

	if (!data)
		return 0;
	return event_list_add(list, typed ? "candidate" : "system",
			      typed ? "terminal_in" : "terminal_out", data, first < 0 ? now : first,
			      err);
}

int terminal_event_add_logs(struct event_list *list, const char *terminal,
			    struct terminal_log *typed, struct terminal_log *written, bool all,
			    int64_t now, struct err *err)
{
	int64_t typed_at = terminal_log_first(typed), written_at = terminal_log_first(written);
	bool first = typed_at >= 0 && (written_at < 0 || typed_at <= written_at);

	if (add_log(list, terminal, first ? typed : written, first, all, now, err) < 0)
		return -1;
	return add_log(list, terminal, first ? written : typed, !first, all, now, err);
}
