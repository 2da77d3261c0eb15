/* state_view.c - see state_view.h */
#include "replay/state_view.h"

#include "base/auto.h"
#include "base/clock.h"
#include "base/json.h"
#include "base/term.h"
#include "grade/grade_text.h"
#include "replay/moment.h"

#include <inttypes.h>
#include <string.h>

#define PAYLOAD_MOST (64u << 20)	/* bytes read to show the beginning of */

char *state_view_text(const struct fold *fold, const json_t *text, size_t limit)
{
	AUTO(buf_release) struct buf bytes = BUF_INIT(0);
	struct err err = ERR_INIT;
	char *clean;

	if (!text || json_is_null(text))
		return buf_strdup("");
	if (fold_payload(fold, text, PAYLOAD_MOST, &bytes, &err) < 0)
		return buf_format("(%s)", err.text);
	clean = grade_text_clean(buf_str(&bytes), bytes.len, limit);
	return clean ? clean : buf_strdup("");
}

/* --- JSON */

static json_t *instant_json(int64_t instant)
{
	char text[CLOCK_TEXT_SIZE];

	return json_string(clock_text_ms(instant, text));
}

static json_t *file_json(struct fold *fold, const struct fold_file *file, struct err *err)
{
	struct text *text = NULL;
	json_t *view;

	if (fold_text(fold, file, &text, err) < 0)
		return NULL;
	view = json_pack("{s:s, s:b, s:b, s:b, s:I}", "path", file->path, "executable",
			 file->executable, "open", file->open, "shown", file->shown, "seq",
			 (json_int_t)file->seq);
	json_object_set_new(view, "cursor",
			    file->cursor >= 0 ? json_integer(file->cursor) : json_null());
	json_object_set_new(view, "text", text ? json_stringn(text_bytes(text), text_len(text))
					       : json_null());
	return view;
}

static json_t *terminal_json(struct fold *fold, const struct fold_terminal *terminal)
{
	AUTO(buf_release) struct buf rows = BUF_INIT(8u << 20);
	struct screen *screen = fold_screen(fold, terminal);
	struct screen_cursor cursor = screen_cursor(screen);

	screen_text(screen, &rows);
	return json_pack("{s:s, s:b, s:i, s:i, s:i, s:i, s:s, s:s}", "id", terminal->id, "running",
			 terminal->ended == 0, "columns", screen_columns(screen), "rows",
			 screen_rows(screen), "cursor_column", cursor.column, "cursor_row",
			 cursor.row, "title", screen_title(screen), "text", buf_str(&rows));
}

static const char *role_name(enum fold_role role)
{
	return role == FOLD_PROMPT ? "prompt" : role == FOLD_RESPONSE ? "response" : "tool";
}

static json_t *message_json(const struct fold *fold, const struct fold_message *message)
{
	const char *key = message->role == FOLD_TOOL ? "result" : "text";
	AUTO_FREE char *text = state_view_text(fold, json_object_get(message->data, key),
					       STATE_VIEW_TEXT_MAX);

	return json_pack("{s:s, s:I, s:o, s:s, s:s}", "role", role_name(message->role), "seq",
			 (json_int_t)message->seq, "instant", instant_json(message->instant),
			 "tool", json_str(message->data, "tool", ""), "text", text);
}

static json_t *conversation_json(const struct fold *fold, const struct fold_conversation *talk)
{
	json_t *messages = json_array();
	size_t i;

	for (i = 0; i < talk->count; i++)
		json_array_append_new(messages, message_json(fold, &talk->messages[i]));
	return json_pack("{s:s, s:s, s:o}", "id", talk->id, "model", talk->model, "messages",
			 messages);
}

static json_t *latest_json(const struct fold *fold, const char *kind)
{
	const struct fold_latest *latest = fold_latest(fold, kind);
	json_t *data;

	if (!latest)
		return json_null();
	data = json_deep_copy(latest->data);
	return json_pack("{s:I, s:o, s:o}", "seq", (json_int_t)latest->seq, "instant",
			 instant_json(latest->instant), "data", data);
}

static json_t *notes_json(const struct fold *fold)
{
	json_t *notes = json_array();
	size_t i;

	for (i = 0; i < fold_note_count(fold); i++) {
		const struct fold_note *note = fold_note_at(fold, i);

		json_array_append_new(notes, json_pack("{s:I, s:o, s:s, s:s}", "seq",
						       (json_int_t)note->seq, "instant",
						       instant_json(note->instant), "actor",
						       note->actor, "text", note->text));
	}
	return notes;
}

int state_view_json(struct fold *fold, json_t *view, struct err *err)
{
	json_t *files = json_array(), *terminals = json_array(), *talks = json_array();
	size_t i;

	json_object_set_new(view, "files", files);
	json_object_set_new(view, "terminals", terminals);
	json_object_set_new(view, "conversations", talks);
	json_object_set_new(view, "run", latest_json(fold, "run"));
	json_object_set_new(view, "test", latest_json(fold, "test"));
	json_object_set_new(view, "notes", notes_json(fold));
	for (i = 0; i < fold_file_count(fold); i++) {
		json_t *file = file_json(fold, fold_file_at(fold, i), err);

		if (!file)
			return -1;
		json_array_append_new(files, file);
	}
	for (i = 0; i < fold_terminal_count(fold); i++)
		json_array_append_new(terminals, terminal_json(fold, fold_terminal_at(fold, i)));
	for (i = 0; i < fold_conversation_count(fold); i++)
		json_array_append_new(talks,
				      conversation_json(fold, fold_conversation_at(fold, i)));
	return 0;
}

/* --- for people */

/* Text with a line feed at its end, whatever it has. */
static void print_block(FILE *out, const char *text)
{
	size_t len = strlen(text);

	term_print_safe(out, text);
	if (len && text[len - 1] != '\n')
		putc('\n', out);
}

static void print_title(FILE *out, const char *what, const char *name, const char *more)
{
	AUTO_FREE char *line = buf_format("== %s%s%s%s", what, *name ? " " : "", name, more);

	term_print(out, TERM_BOLD, line);
	putc('\n', out);
}

static int print_file(FILE *out, struct fold *fold, const struct fold_file *file, struct err *err)
{
	struct text *text = NULL;
	AUTO_FREE char *cursor = file->cursor < 0 ? buf_strdup("")
						  : buf_format(", cursor at %" PRId64,
							       file->cursor);
	AUTO_FREE char *more = buf_format("%s%s%s", file->executable ? ", executable" : "",
					  file->open ? ", open" : "", file->open ? cursor : "");
	AUTO_FREE char *clean = NULL;

	if (fold_text(fold, file, &text, err) < 0)
		return -1;
	print_title(out, "file", file->path, more);
	if (!text) {
		fputs("(no text)\n", out);
		return 0;
	}
	clean = grade_text_clean(text_bytes(text), text_len(text), TEXT_MAX * 3);
	print_block(out, clean ? clean : "");
	return 0;
}

static void print_terminal(FILE *out, struct fold *fold, const struct fold_terminal *terminal)
{
	AUTO(buf_release) struct buf rows = BUF_INIT(8u << 20);
	AUTO_FREE char *more = NULL;
	struct screen *screen = fold_screen(fold, terminal);

	more = buf_format(", %d x %d%s", screen_columns(screen), screen_rows(screen),
			  terminal->ended ? ", ended" : "");
	print_title(out, "terminal", terminal->id, more);
	screen_text(screen, &rows);
	while (rows.len > 1 && rows.data[rows.len - 2] == '\n')
		rows.data[--rows.len] = '\0';
	print_block(out, buf_str(&rows));
}

static void print_at(FILE *out, int64_t instant, int64_t start)
{
	char text[MOMENT_TEXT_SIZE];

	fprintf(out, "%s  ", moment_text(instant - start, text));
}

static void print_message(FILE *out, const struct fold *fold, const struct fold_message *message,
			  int64_t start)
{
	const char *key = message->role == FOLD_TOOL ? "result" : "text";
	AUTO_FREE char *text = state_view_text(fold, json_object_get(message->data, key),
					       STATE_VIEW_TEXT_MAX);

	print_at(out, message->instant, start);
	fprintf(out, "%s: ", role_name(message->role));
	if (message->role == FOLD_TOOL) {
		term_print_safe(out, json_str(message->data, "tool", ""));
		putc('\n', out);
	}
	print_block(out, text);
}

/* The newest prompt and all that came after it. */
static void print_conversation(FILE *out, const struct fold *fold,
			       const struct fold_conversation *talk, int64_t start)
{
	size_t i = talk->count;

	print_title(out, "conversation", talk->id, "");
	while (i > 0 && talk->messages[i - 1].role != FOLD_PROMPT)
		i--;
	for (i = i ? i - 1 : 0; i < talk->count; i++)
		print_message(out, fold, &talk->messages[i], start);
}

static void print_stream(FILE *out, const struct fold *fold, const json_t *data, const char *name)
{
	AUTO_FREE char *text =
		state_view_text(fold, json_object_get(data, name), STATE_VIEW_TEXT_MAX);

	print_block(out, text);
}

static void print_run(FILE *out, const struct fold *fold, const struct fold_latest *run,
		      int64_t start)
{
	const json_t *word;
	size_t i;

	print_title(out, "run", "", "");
	print_at(out, run->instant, start);
	term_print_safe(out, json_str(run->data, "verdict", ""));
	putc(':', out);
	json_array_foreach(json_object_get(run->data, "argv"), i, word) {
		putc(' ', out);
		term_print_safe(out, json_string_value(word));
	}
	if (json_str(run->data, "where", NULL)) {
		fputs(" (on the ", out);
		term_print_safe(out, json_str(run->data, "where", ""));
		putc(')', out);
	}
	putc('\n', out);
	print_stream(out, fold, run->data, "stdout");
	print_stream(out, fold, run->data, "stderr");
}

static void print_test(FILE *out, const struct fold_latest *test, int64_t start)
{
	json_t *cases = json_object_get(test->data, "cases"), *verdict;
	const char *id;

	print_title(out, "test", "", "");
	print_at(out, test->instant, start);
	fprintf(out, "%lld of %lld passed\n", (long long)json_int(test->data, "passed", 0),
		(long long)json_int(test->data, "total", 0));
	json_object_foreach(cases, id, verdict) {
		bool passed = !strcmp(json_string_value(verdict), "passed");

		fputs("  ", out);
		term_print(out, passed ? TERM_GREEN : TERM_RED, passed ? "pass" : "FAIL");
		fputs("  ", out);
		term_print_safe(out, id);
		putc('\n', out);
	}
}

static void print_notes(FILE *out, const struct fold *fold, int64_t start)
{
	size_t i;

	if (fold_note_count(fold))
		print_title(out, "notes", "", "");
	for (i = 0; i < fold_note_count(fold); i++) {
		const struct fold_note *note = fold_note_at(fold, i);

		print_at(out, note->instant, start);
		fprintf(out, "%s: ", note->actor);
		print_block(out, note->text);
	}
}

int state_view_print(FILE *out, struct fold *fold, int64_t start, struct err *err)
{
	const struct fold_latest *run = fold_latest(fold, "run"), *test = fold_latest(fold, "test");
	size_t i;

	for (i = 0; i < fold_file_count(fold); i++)
		if (print_file(out, fold, fold_file_at(fold, i), err) < 0)
			return -1;
	for (i = 0; i < fold_terminal_count(fold); i++)
		print_terminal(out, fold, fold_terminal_at(fold, i));
	for (i = 0; i < fold_conversation_count(fold); i++)
		print_conversation(out, fold, fold_conversation_at(fold, i), start);
	if (run)
		print_run(out, fold, run, start);
	if (test)
		print_test(out, test, start);
	print_notes(out, fold, start);
	return 0;
}
