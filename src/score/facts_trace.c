/* facts_trace.c - see facts_trace.h */
#include "score/facts_trace.h"

#include "base/auto.h"
#include "base/json.h"
#include "score/command_check.h"
#include "score/facts_terms.h"
#include "score/wording.h"

#include <stdlib.h>
#include <string.h>

/* --- runs and tests */

static void read_run(struct facts_reader *reader, const struct event *event, const json_t *data)
{
	struct facts *facts = &reader->facts;
	const char *verdict = json_str(data, "verdict", "");
	bool ok = !strcmp(verdict, "ok");
	bool reported = json_object_get(data, "where") != NULL;
	struct fact_check *check;

	if (!reported) {	/* else nobody knows what it made */
		reader->made_until = event->seq;
		reader->made_at = event_instant(event);
	}
	if (!strcmp(verdict, "stopped"))
		return;	/* it says nothing of the work */
	check = FACTS_ADD(facts->checks, facts->check_count);
	if (!check)
		return;
	*check = (struct fact_check){
		.seq = event->seq, .instant = event_instant(event),
		.passed = ok && json_int(data, "exit_status", 0) == 0,
		.reported = reported, .changes = facts->change_count,
	};
}

static void read_test(struct facts_reader *reader, const struct event *event, const json_t *data)
{
	struct facts *facts = &reader->facts;
	int64_t passed = json_int(data, "passed", 0), total = json_int(data, "total", 0);
	struct fact_check *check;

	if (!strcmp(json_str(data, "verdict", ""), "stopped"))
		return;
	check = FACTS_ADD(facts->checks, facts->check_count);
	if (!check)
		return;
	*check = (struct fact_check){
		.seq = event->seq, .instant = event_instant(event), .is_test = true,
		.passed = total > 0 && passed == total, .cases_passed = (uint32_t)passed,
		.cases = (uint32_t)total, .changes = facts->change_count,
	};
}

/* --- notes, estimates, pastes, looks */

static void read_note(struct facts_reader *reader, const struct event *event, const json_t *data)
{
	struct facts *facts = &reader->facts;
	const char *text = json_str(data, "text", "");
	size_t len = strlen(text);
	AUTO_FREE char *own = facts_terms_own(reader, text, len);
	uint32_t items = wording_items(own, len);
	struct fact_note *note;

	if (strcmp(event->actor, "candidate") != 0)
		return;
	note = FACTS_ADD(facts->notes, facts->note_count);
	if (!note)
		return;
	*note = (struct fact_note){ event->seq, event_instant(event), buf_strdup(text) };
	/* one without a list is a plan of one item */
	facts_read_plan(reader, items ? items : wording_count(own, len) > 0, event->seq);
	facts_terms_look(reader, own, len, TERM_NAMED, event->seq);
}

static void read_estimate(struct facts *facts, const struct event *event, const json_t *data)
{
	if (facts->estimate_seq >= 0)
		return;
	facts->estimate_seq = event->seq;
	facts->estimate_minutes = json_int(data, "minutes", 0);
	facts->estimate_total_ms = time_split_total(&facts->time);
	facts->estimate_instant = event_instant(event);
}

static void read_paste(struct facts_reader *reader, const struct event *event, const json_t *data)
{
	struct facts *facts = &reader->facts;
	struct fact_paste *paste = FACTS_ADD(facts->pastes, facts->paste_count);
	const char *origin = json_str(data, "origin", "");

	if (!paste)
		return;
	*paste = (struct fact_paste){
		.seq = event->seq, .instant = event_instant(event),
		.size = (uint32_t)json_int(data, "size", 0),
		.origin = !strcmp(origin, "ai") ? FACT_AI_PASTED
			  : !strcmp(origin, "inside") ? FACT_MOVED : FACT_OUTSIDE,
	};
	reader->paste.waits = true;
	reader->paste.origin = paste->origin;
	reader->paste.index = facts->paste_count - 1;
}

static void read_open(struct facts_reader *reader, const struct event *event, const json_t *data)
{
	struct facts *facts = &reader->facts;
	const char *file = json_str(data, "file", "");
	struct fact_look *look;

	if (!strcmp(json_str(data, "action", ""), "close"))
		return;
	look = FACTS_ADD(facts->looks, facts->look_count);
	if (look)
		*look = (struct fact_look){ event->seq, event_instant(event),
					    facts_read_path(reader, file),
					    !strcmp(file, "README.md") };
}

static void read_focus(struct facts *facts, const struct event *event, const json_t *data)
{
	const char *state = json_str(data, "state", "");
	struct fact_focus *focus = FACTS_ADD(facts->focus, facts->focus_count);

	if (focus)
		*focus = (struct fact_focus){ event->seq, event_instant(event),
					      !strcmp(state, "blur") || !strcmp(state, "hidden") };
}

/* --- lines of a terminal */

/* What "up" brought back stands in no key. */
static const char *typed_line(const struct facts_reader *reader)
{
	const struct facts *facts = &reader->facts;

	if (!reader->line.len && reader->back && reader->back <= facts->command_count)
		return facts->commands[facts->command_count - reader->back].text;
	return buf_str(&reader->line);
}

static int check_by_hand(struct facts_reader *reader, const struct event *event, struct err *err)
{
	struct facts *facts = &reader->facts;
	struct fact_check *check;

	if (facts_read_close(reader, err) < 0)
		return -1;
	check = FACTS_ADD(facts->checks, facts->check_count);
	if (check)
		*check = (struct fact_check){ .seq = event->seq, .instant = event_instant(event),
					      .reported = true, .by_hand = true,
					      .changes = facts->change_count };
	return 0;
}

static int end_line(struct facts_reader *reader, const struct event *event, struct err *err)
{
	struct facts *facts = &reader->facts;
	AUTO_FREE char *line = buf_strdup(typed_line(reader));
	bool is_check = command_check(line);
	struct fact_command *command;

	reader->back = 0;
	buf_clear(&reader->line);
	if (!line[strspn(line, " \t")])
		return 0;
	command = FACTS_ADD(facts->commands, facts->command_count);
	if (command)
		*command = (struct fact_command){ event->seq, event_instant(event), TAKE(line) };
	return is_check ? check_by_hand(reader, event, err) : 0;
}

static void read_escape(struct facts_reader *reader, unsigned char c)
{
	if (reader->escape == 1) {
		reader->escape = c == '[' || c == 'O' ? 2 : 0;
		return;
	}
	if (c < 0x40 || c > 0x7e)
		return;
	reader->escape = 0;
	if (c == 'A')
		reader->back++;
	else if (c == 'B' && reader->back)
		reader->back--;
}

static int read_key(struct facts_reader *reader, const struct event *event, unsigned char c,
		    struct err *err)
{
	if (reader->escape) {
		read_escape(reader, c);
	} else if (c == 0x1b) {
		reader->escape = 1;
	} else if (c == '\r' || c == '\n') {
		return end_line(reader, event, err);
	} else if (c == 0x7f || c == 0x08) {
		if (reader->line.len > 0)
			reader->line.data[--reader->line.len] = '\0';
	} else if (c == 0x03 || c == 0x15) {
		reader->back = 0;
		buf_clear(&reader->line);
	} else if (c >= 0x20) {
		buf_add_byte(&reader->line, (char)c);
	}
	return 0;
}

static int read_keys(struct facts_reader *reader, const struct event *event, const json_t *data,
		     struct err *err)
{
	const json_t *chunk;
	size_t i;

	json_array_foreach(json_object_get(data, "chunks"), i, chunk) {
		const char *text = json_str(chunk, "text", "");

		for (; *text && !reader->full_screen; text++)
			if (read_key(reader, event, (unsigned char)*text, err) < 0)
				return -1;
	}
	return 0;
}

/* Editors and pagers switch to the other screen, and back at their end. Pieces end where a read
 * ended, also within the sequence. */
static void read_shown(struct facts_reader *reader, char c)
{
	static const char sign[] = "\x1b[?1049";

	if (sign[reader->switching]) {
		reader->switching = c == sign[reader->switching] ? reader->switching + 1
								  : c == sign[0];
		return;
	}
	reader->switching = 0;
	reader->full_screen = c == 'h';
	reader->back = 0;
	buf_clear(&reader->line);
}

static void read_output(struct facts_reader *reader, const json_t *data)
{
	const json_t *chunk;
	size_t i;

	json_array_foreach(json_object_get(data, "chunks"), i, chunk)
		for (const char *at = json_str(chunk, "text", ""); *at; at++)
			read_shown(reader, *at);
}

/* --- all of them */

/* These end what was being typed; looks and movements of the cursor do not. */
static int read_act(struct facts_reader *reader, const struct event *event, const json_t *data,
		    struct err *err)
{
	const char *kind = event->kind;

	if (facts_read_close(reader, err) < 0)
		return -1;
	if (!strcmp(kind, "run"))
		read_run(reader, event, data);
	else if (!strcmp(kind, "test"))
		read_test(reader, event, data);
	else if (!strcmp(kind, "note"))
		read_note(reader, event, data);
	else if (!strcmp(kind, "paste"))
		read_paste(reader, event, data);
	return 0;
}

static bool is_one_of(const char *kind, const char *const *kinds)
{
	while (*kinds && strcmp(*kinds, kind) != 0)
		kinds++;
	return *kinds != NULL;
}

int facts_trace_event(struct facts_reader *reader, const struct event *event, const json_t *data,
		      struct err *err)
{
	static const char *const acts[] = { "run", "test", "note", "paste", NULL };
	static const char *const coding[] = { "run", "test", "paste", "terminal", "terminal_in",
					      NULL };
	static const char *const reading[] = { "note", "estimate", "open", "cursor", "focus",
					       NULL };
	struct facts *facts = &reader->facts;
	const char *kind = event->kind;

	if (!strcmp(kind, "submit"))
		facts->automatic = json_flag(data, "automatic", false);
	if (is_one_of(kind, coding) || (!strcmp(kind, "submit") && !facts->automatic))
		time_split_add(&facts->time, event_instant(event), TIME_CODING);
	else if (is_one_of(kind, reading))
		time_split_add(&facts->time, event_instant(event), TIME_READING);
	if (is_one_of(kind, acts) && read_act(reader, event, data, err) < 0)
		return -1;
	if (!strcmp(kind, "estimate"))
		read_estimate(facts, event, data);
	else if (!strcmp(kind, "open"))
		read_open(reader, event, data);
	else if (!strcmp(kind, "focus"))
		read_focus(facts, event, data);
	else if (!strcmp(kind, "terminal_out"))
		read_output(reader, data);
	else if (!strcmp(kind, "terminal"))
		reader->full_screen = false;
	else if (!strcmp(kind, "terminal_in"))
		return read_keys(reader, event, data, err);
	return 0;
}
