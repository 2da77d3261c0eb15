/* test_fold.c - what events make of a session, and what does not fit */
#include "journal/fold.h"

#include "fold_fixture.h"

#include <stdio.h>
#include <unistd.h>

/* --- edits */

static void edits_make_the_text(void **state)
{
	struct world *w = *state;

	told(w, "snapshot", snapshot(world_tree(w, "a.txt", "start\n", NULL)));
	told(w, "edit", edit("a.txt", 0, 5, "typed", "typed"));
	told(w, "edit", edit("a.txt", 6, 0, "pasted\n", "paste"));
	told(w, "edit", edit("a.txt", 0, 1, "", "ai"));
	content_is(w, "a.txt", "yped\npasted\n");
	runs_are(w, "a.txt", "0+4 typed 1;4+1 starter 0;5+7 paste 2;");
	assert_int_equal(fold_seq(w->fold), 3);
	assert_int_equal(fold_file(w->fold, "a.txt")->seq, 3);
}

static void an_edit_with_a_payload_is_read(void **state)
{
	struct world *w = *state;
	json_t *data = edit("a.txt", 0, 1, "", "paste");

	told(w, "snapshot", snapshot(world_tree(w, "a.txt", "abc", NULL)));
	json_object_set_new(json_array_get(json_object_get(data, "edits"), 0), "ins",
			    world_payload(w, "large", 5));
	told(w, "edit", data);
	content_is(w, "a.txt", "largebc");
}

struct wrong {
	const char *kind, *data, *text;
};

/* Each is told to a session of its own with one file "a.txt", "\xc3\xa4" "bc". */
static void what_does_not_fit_is_named(void **state)
{
	static const struct wrong wrongs[] = {
		{ "edit", "{\"edits\":[{\"file\":\"b\",\"at\":0,\"del\":0,\"ins\":\"\"}]}",
		  "event 1 (edit): there is no file 'b'" },
		{ "edit", "{\"edits\":[{\"file\":\"a.txt\",\"at\":5,\"del\":0,\"ins\":\"\"}]}",
		  "event 1 (edit): 'a.txt': bytes 5 to 5 of a text of 4" },
		{ "edit", "{\"edits\":[{\"file\":\"a.txt\",\"at\":1,\"del\":0,\"ins\":\"\"}]}",
		  "event 1 (edit): 'a.txt': byte 1 is inside a character" },
		{ "edit", "{\"edits\":[{\"file\":\"a.txt\",\"at\":0,\"del\":1,\"ins\":\"\"}]}",
		  "byte 1 is inside a character" },
		{ "edit", "{\"edits\":[{\"file\":\"a.txt\",\"at\":-1,\"del\":0,\"ins\":\"\"}]}",
		  "at no place" },
		{ "edit", "{\"edits\":[{\"file\":\"a.txt\",\"at\":0,\"del\":0}]}",
		  "neither a text nor a payload" },
		{ "edit", "{\"edits\":[]}", "it has no parts" },
		{ "edit", "{}", "it has no parts" },
		{ "edit", "{\"edits\":[{\"file\":\"bin\",\"at\":0,\"del\":0,\"ins\":\"\"}]}",
		  "'bin' is not a text" },
		{ "file", "{\"op\":\"create\",\"path\":\"a.txt\"}", "is there already" },
		{ "file", "{\"op\":\"create\",\"path\":\"a.txt/b\"}", "'a.txt' is not a folder" },
		{ "file", "{\"op\":\"create\",\"path\":\"../b\"}", "is not a path below" },
		{ "file", "{\"op\":\"create\",\"path\":\".git/x\"}", "is not a path below" },
		{ "file", "{\"op\":\"create\",\"path\":\"dir\"}", "'dir' is a folder" },
		{ "file", "{\"op\":\"delete\",\"path\":\"b\"}", "event 1 (file): there is no" },
		{ "file", "{\"op\":\"rename\",\"path\":\"b\",\"to\":\"c\"}", "there is no file" },
		{ "file", "{\"op\":\"rename\",\"path\":\"a.txt\",\"to\":\"../c\"}",
		  "is not a path below" },
		{ "file", "{\"op\":\"rename\",\"path\":\"dir\",\"to\":\"dir/in\"}", "into itself" },
		{ "file", "{\"op\":\"write\",\"path\":\"b\"}", "there is no file" },
		{ "file", "{\"op\":\"eat\",\"path\":\"b\"}", "unknown op" },
		{ "terminal_out", "{\"terminal\":\"t\",\"chunks\":[{\"text\":\"x\"}]}",
		  "there is no terminal 't'" },
		{ "terminal_resize", "{\"terminal\":\"t\",\"columns\":1,\"rows\":1}",
		  "there is no terminal" },
		{ "snapshot", "{\"tree\":\"x\"}", "event 1 (snapshot): 'x' is no tree" },
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(wrongs) / sizeof(*wrongs); i++) {
		struct world *w = NULL;
		struct world_tree *tree;
		struct err err = ERR_INIT;

		world_make((void **)&w);
		tree = world_tree_new(w);
		world_tree_add(w, tree, "a.txt", "\xc3\xa4" "bc", 4);
		world_tree_add(w, tree, "bin", "\0", 1);
		world_tree_add(w, tree, "dir/x", "x", 1);
		told(w, "snapshot", snapshot(tree->id));
		refused(w, wrongs[i].kind,
			json_parse(wrongs[i].data, strlen(wrongs[i].data), "data", &err),
			wrongs[i].text);
		world_remove((void **)&w);
	}
}

static void a_payload_of_another_size_is_refused(void **state)
{
	struct world *w = *state;
	json_t *content = world_payload(w, "text", 4);

	told(w, "snapshot", snapshot(world_tree(w, "a.txt", "abc", NULL)));
	json_object_set_new(content, "size", json_integer(5));
	refused(w, "file", json_pack("{s:s, s:s, s:o}", "op", "write", "path", "a.txt", "content",
				     content), "is not of the size that is told");
}

static void events_come_in_order(void **state)
{
	struct world *w = *state;

	told(w, "note", json_pack("{s:s}", "text", "x"));
	w->seq++;
	refused(w, "note", json_pack("{s:s}", "text", "x"), "event 1 was expected");
	w->seq = 1;
	w->time -= 5000;
	refused(w, "note", json_pack("{s:s}", "text", "x"), "before that of the event ahead");
}

/* --- parts */

static void an_event_is_folded_part_by_part(void **state)
{
	struct world *w = *state;
	struct err err = ERR_INIT;
	const struct event *event;
	int64_t start;

	told(w, "snapshot", snapshot(world_tree(w, "a", "", NULL)));
	start = w->time;
	event = world_event(
		w, "edit",
		json_pack("{s:[{s:s,s:i,s:i,s:s,s:i},{s:s,s:i,s:i,s:s,s:i},{s:s,s:i,s:i,s:s,s:i}]}",
			  "edits", "file", "a", "at", 0, "del", 0, "ins", "1", "ms", 10, "file",
			  "a",
			  "at", 1, "del", 0, "ins", "2", "ms", 5, "file", "a", "at", 2, "del", 0,
			  "ins", "3", "ms", 5000));
	w->event.client_seq = 1;
	w->event.client_time = start - 100;
	assert_int_equal(fold_begin(w->fold, event, &err), 0);
	assert_int_equal(fold_seq(w->fold), 0);
	assert_int_equal(fold_part_instant(w->fold), start - 90);
	assert_int_equal(fold_part(w->fold, &err), 0);
	assert_int_equal(fold_seq(w->fold), 1);
	content_is(w, "a", "1");
	/* never before the part ahead, never after the time of the event */
	assert_int_equal(fold_part_instant(w->fold), start - 90);
	assert_int_equal(fold_part(w->fold, &err), 0);
	content_is(w, "a", "12");
	assert_int_equal(fold_part_instant(w->fold), start);
	assert_int_equal(fold_begin(w->fold, event, &err), -1);
	assert_int_equal(err.code, ERR_STATE);
	assert_int_equal(fold_part(w->fold, &err), 0);
	content_is(w, "a", "123");
	assert_int_equal(fold_part_instant(w->fold), -1);
	assert_int_equal(fold_part(w->fold, &err), -1);
}

/* --- files */

static json_t *file_op(const char *op, const char *path)
{
	return json_pack("{s:s, s:s}", "op", op, "path", path);
}

static json_t *write_op(struct world *w, const char *path, const char *bytes, size_t len)
{
	return json_pack("{s:s, s:s, s:o}", "op", "write", "path", path, "content",
			 world_payload(w, bytes, len));
}

static void files_come_and_go(void **state)
{
	struct world *w = *state;

	told(w, "file", file_op("create", "src/a"));
	told(w, "edit", edit("src/a", 0, 0, "text\n", "typed"));
	told(w, "file", json_pack("{s:s, s:s, s:s}", "op", "rename", "path", "src/a", "to", "b"));
	content_is(w, "src/a", NULL);
	content_is(w, "b", "text\n");
	runs_are(w, "b", "0+5 typed 1;");
	told(w, "file", file_op("mkdir", "empty"));
	told(w, "file", write_op(w, "b", "text\nmore\n", 10));
	content_is(w, "b", "text\nmore\n");
	runs_are(w, "b", "0+5 typed 1;5+5 saved 4;");
	told(w, "file", write_op(w, "c", "new", 3));
	runs_are(w, "c", "0+3 saved 5;");
	told(w, "file", file_op("delete", "b"));
	content_is(w, "b", NULL);
	assert_int_equal(fold_file_count(w->fold), 1);
	assert_string_equal(fold_file_at(w->fold, 0)->path, "c");
}

static void folders_move_as_a_whole(void **state)
{
	struct world *w = *state;

	told(w, "snapshot",
	     snapshot(world_tree(w, "d-x", "0", "d/a", "1", "d/b/c", "2", "d0", "3", NULL)));
	told(w, "file", json_pack("{s:s, s:s, s:s}", "op", "rename", "path", "d", "to", "e/f"));
	content_is(w, "d/a", NULL);
	content_is(w, "e/f/a", "1");
	content_is(w, "e/f/b/c", "2");
	content_is(w, "d-x", "0");
	content_is(w, "d0", "3");
	told(w, "file", file_op("delete", "e"));
	assert_int_equal(fold_file_count(w->fold), 2);
}

static void a_rename_replaces_what_is_there(void **state)
{
	struct world *w = *state;

	told(w, "snapshot", snapshot(world_tree(w, "a", "old", "a.tmp", "new", NULL)));
	told(w, "file", json_pack("{s:s, s:s, s:s}", "op", "rename", "path", "a.tmp", "to", "a"));
	content_is(w, "a", "new");
	content_is(w, "a.tmp", NULL);
}

static void bytes_that_are_no_text_are_kept_by_id(void **state)
{
	struct world *w = *state;
	AUTO(buf_release) struct buf bytes = { 0 };
	struct err err = ERR_INIT;
	struct text *text = NULL;

	told(w, "file", write_op(w, "bin", "\0\1\2", 3));
	assert_int_equal(fold_text(w->fold, fold_file(w->fold, "bin"), &text, &err), 0);
	assert_null(text);
	assert_int_equal(fold_bytes(w->fold, fold_file(w->fold, "bin"), 100, &bytes, &err), 0);
	assert_int_equal(bytes.len, 3);
	buf_release(&bytes);
	assert_int_equal(fold_bytes(w->fold, fold_file(w->fold, "bin"), 2, &bytes, &err), -1);
	assert_int_equal(err.code, ERR_INPUT);
}

static void editors_show_files(void **state)
{
	struct world *w = *state;
	const struct fold_file *a, *b;

	told(w, "snapshot", snapshot(world_tree(w, "a", "text", "b", "text", NULL)));
	told(w, "open", json_pack("{s:s, s:s}", "file", "a", "action", "open"));
	told(w, "open", json_pack("{s:s, s:s}", "file", "b", "action", "open"));
	told(w, "open", json_pack("{s:s, s:s}", "file", "none", "action", "open"));
	told(w, "cursor", json_pack("{s:s, s:i, s:i}", "file", "a", "at", 1, "to", 3));
	a = fold_file(w->fold, "a");
	b = fold_file(w->fold, "b");
	assert_true(a->open && !a->shown && b->open && b->shown);
	assert_int_equal(a->cursor, 1);
	assert_int_equal(a->cursor_to, 3);
	assert_int_equal(b->cursor, -1);
	told(w, "edit", edit("a", 0, 0, "new ", "saved"));
	assert_int_equal(a->cursor, 5);
	told(w, "edit", edit("a", 2, 0, "xy", "typed"));
	assert_int_equal(a->cursor, 4);
	told(w, "open", json_pack("{s:s, s:s}", "file", "b", "action", "close"));
	assert_false(b->open || b->shown);
}

/* --- snapshots */

/* A session in an editor of the candidate's own, as it was before there were edit events. */
static void trees_alone_make_a_session(void **state)
{
	struct world *w = *state;
	struct world_tree *tree;

	told(w, "status", json_pack("{s:s, s:s}", "from", "provisioning", "to", "active"));
	told(w, "snapshot", snapshot(world_tree(w, "a", "one\ntwo\n", "gone", "x", NULL)));
	told(w, "snapshot",
	     snapshot(world_tree(w, "a", "one\nTwo\n", "new", "mine", NULL)));
	content_is(w, "a", "one\nTwo\n");
	runs_are(w, "a", "0+4 starter 1;4+1 saved 2;5+3 starter 1;");
	runs_are(w, "new", "0+4 saved 2;");
	content_is(w, "gone", NULL);
	tree = world_tree_new(w);
	world_tree_add(w, tree, "a", "\0", 1);
	world_tree_add(w, tree, "new", "mine", 4);
	tree->files[1].executable = true;
	told(w, "snapshot", snapshot(tree->id));
	assert_true(fold_file(w->fold, "new")->executable);
	runs_are(w, "new", "0+4 saved 2;");
	told(w, "snapshot", snapshot(world_tree(w, "a", "one\n", "new", "mine", NULL)));
	runs_are(w, "a", "0+4 saved 4;");
}

static void what_the_edits_made_stays_as_it_is(void **state)
{
	struct world *w = *state;

	told(w, "snapshot", snapshot(world_tree(w, "a", "one\n", NULL)));
	told(w, "edit", edit("a", 4, 0, "two\n", "typed"));
	told(w, "snapshot", snapshot_open(world_tree(w, "a", "one\ntwo\n", NULL), "a",
					  "one\ntwo\n"));
	runs_are(w, "a", "0+4 starter 0;4+4 typed 1;");
	/* and again when nothing was changed since */
	told(w, "snapshot", snapshot_open(world_tree(w, "a", "one\ntwo\n", "b", "", NULL), "a",
					  "one\ntwo\n"));
	/* not open: it may have been changed by others */
	told(w, "edit", edit("a", 0, 0, "zero\n", "typed"));
	told(w, "snapshot", snapshot(world_tree(w, "a", "zero\nONE\ntwo\n", NULL)));
	runs_are(w, "a", "0+5 typed 4;5+3 saved 5;8+1 starter 0;9+4 typed 1;");
}

static void an_open_file_that_is_not_its_edits_is_named(void **state)
{
	struct world *w = *state;

	told(w, "snapshot", snapshot(world_tree(w, "a", "one\n", NULL)));
	told(w, "edit", edit("a", 4, 0, "two\n", "typed"));
	refused(w, "snapshot", snapshot_open(world_tree(w, "a", "one\ntwo!\n", NULL), "a",
					     "one\ntwo!\n"),
		"event 2 (snapshot): a is not what its edits make of it");
}

static void an_open_file_that_the_tree_has_not_is_named(void **state)
{
	struct world *w = *state;

	told(w, "snapshot", snapshot(world_tree(w, "a", "one\n", NULL)));
	told(w, "edit", edit("a", 4, 0, "two\n", "typed"));
	refused(w, "snapshot", snapshot_open(world_tree(w, "a", "other\n", NULL), "a",
					     "one\ntwo\n"),
		"event 2 (snapshot): a is not what the tree holds");
}

static void an_open_file_that_is_gone_is_named(void **state)
{
	struct world *w = *state;

	told(w, "snapshot", snapshot(world_tree(w, "a", "one\n", NULL)));
	refused(w, "snapshot", snapshot_open(world_tree(w, "b", "one\n", NULL), "a", "one\n"),
		"event 1 (snapshot): a is not there in the tree");
}

/* Deleted by an event, but the tree has it: whatever put it back, it is there. */
static void a_file_that_came_back_is_there(void **state)
{
	struct world *w = *state;

	told(w, "snapshot", snapshot(world_tree(w, "a", "one\n", NULL)));
	told(w, "file", file_op("delete", "a"));
	told(w, "snapshot", snapshot(world_tree(w, "a", "one\n", NULL)));
	runs_are(w, "a", "0+4 saved 2;");
}

static int count_files(void *arg, const struct fold_file *file, struct text *text,
		       const uint64_t bytes[TEXT_ORIGINS], struct err *err)
{
	(void)err;
	buf_add_format(arg, "%s %zu: %d %d %d;", file->path, text_len(text),
		       (int)bytes[TEXT_STARTER], (int)bytes[TEXT_TYPED], (int)bytes[TEXT_AI]);
	return 0;
}

static void provenance_counts_the_files_as_they_are(void **state)
{
	struct world *w = *state;
	AUTO(buf_release) struct buf files = BUF_INIT(4096);
	struct fold_provenance all;
	struct err err = ERR_INIT;

	told(w, "snapshot", snapshot(world_tree(w, "a", "one\n", "b", "two\n", "c", "x", NULL)));
	told(w, "edit", edit("a", 0, 1, "typed", "typed"));
	told(w, "edit", edit("b", 4, 0, "by ai\n", "ai"));
	told(w, "file", file_op("delete", "c"));
	told(w, "file", write_op(w, "bin", "\0", 1));
	assert_int_equal(fold_provenance(w->fold, count_files, &files, &all, &err), 0);
	assert_string_equal(buf_str(&files), "a 8: 3 5 0;b 10: 4 0 6;");
	assert_int_equal(all.bytes[TEXT_STARTER], 7);
	assert_int_equal(all.bytes[TEXT_TYPED], 5);
	assert_int_equal(all.bytes[TEXT_AI], 6);
	assert_int_equal(all.texts, 2);
	assert_int_equal(all.other_files, 1);
}

/* --- terminals, conversations, the rest */

static json_t *output_of(const char *terminal, const char *text)
{
	return json_pack("{s:s, s:[{s:i, s:s}]}", "terminal", terminal, "chunks", "ms", 0, "text",
			 text);
}

static void terminals_show_what_came_out(void **state)
{
	struct world *w = *state;
	const struct fold_terminal *terminal;
	AUTO(buf_release) struct buf text = BUF_INIT(4096);
	AUTO_JSON json_t *payload = world_payload(w, "!", 1);

	told(w, "terminal", json_pack("{s:s, s:s, s:i, s:i, s:[s]}", "terminal", "t", "action",
				      "start", "columns", 10, "rows", 2, "argv", "bash"));
	told(w, "terminal_out", output_of("t", "$ ls\r\n"));
	told(w, "terminal_out", json_pack("{s:s, s:[{s:s}, {s:O}]}", "terminal", "t", "chunks",
					  "base64", "w6Q=", "blob",
					  json_object_get(payload, "blob")));
	told(w, "terminal_resize",
	     json_pack("{s:s, s:i, s:i}", "terminal", "t", "columns", 5, "rows", 3));
	told(w, "terminal",
	     json_pack("{s:s, s:s, s:i}", "terminal", "t", "action", "end", "exit_status", 2));
	terminal = fold_terminal(w->fold, "t");
	assert_int_equal(fold_terminal_count(w->fold), 1);
	assert_string_equal(json_string_value(json_array_get(terminal->argv, 0)), "bash");
	assert_int_equal(terminal->exit_status, 2);
	assert_int_equal(terminal->signal, -1);
	assert_int_equal(terminal->ended, terminal->started + 4000);
	screen_text(fold_screen(w->fold, terminal), &text);
	buf_add_byte(&text, '\0');
	assert_string_equal(text.data, "$ ls\n\xc3\xa4!\n\n");
}

static void terminals_are_bounded(void **state)
{
	struct world *w = *state;
	char id[24];
	int i;

	for (i = 0; i < 300; i++) {
		snprintf(id, sizeof(id), "t%d", i);
		told(w, "terminal", json_pack("{s:s, s:s}", "terminal", id, "action", "start"));
		if (i < 299)
			told(w, "terminal",
			     json_pack("{s:s, s:s}", "terminal", id, "action", "end"));
	}
	assert_int_equal(fold_terminal_count(w->fold), 256);
	assert_null(fold_terminal(w->fold, "t43"));
	assert_non_null(fold_terminal(w->fold, "t44"));
	for (i = 0; i < 2; i++) {
		snprintf(id, sizeof(id), "large%d", i);
		told(w, "terminal", json_pack("{s:s, s:s, s:i, s:i}", "terminal", id, "action",
					      "start", "columns", 1000, "rows", 1000));
	}
	refused(w, "terminal",
		json_pack("{s:s, s:s, s:i, s:i}", "terminal", "large2", "action", "start",
			  "columns", 1000, "rows", 1000),
		"too large terminals");
}

static void conversations_are_kept_in_order(void **state)
{
	struct world *w = *state;
	const struct fold_conversation *talk;
	AUTO(buf_release) struct buf text = { 0 };
	struct err err = ERR_INIT;

	told(w, "ai_prompt", json_pack("{s:s, s:s, s:s}", "conversation", "c", "text", "how?",
				       "model", "m1"));
	told(w, "ai_response", json_pack("{s:s, s:o}", "conversation", "c", "text",
					 world_payload(w, "so.", 3)));
	told(w, "ai_tool", json_pack("{s:s, s:s}", "conversation", "c", "tool", "ls"));
	told(w, "model", json_pack("{s:s, s:s}", "conversation", "c", "to", "m2"));
	assert_int_equal(fold_conversation_count(w->fold), 1);
	talk = fold_conversation_at(w->fold, 0);
	assert_string_equal(talk->model, "m2");
	assert_int_equal(talk->count, 3);
	assert_int_equal(talk->messages[0].role, FOLD_PROMPT);
	assert_int_equal(talk->messages[2].role, FOLD_TOOL);
	assert_int_equal(talk->messages[2].seq, 2);
	assert_int_equal(fold_payload(w->fold, json_object_get(talk->messages[1].data, "text"),
				      100, &text, &err), 0);
	assert_string_equal(buf_str(&text), "so.");
}

static void the_latest_of_each_kind_is_known(void **state)
{
	struct world *w = *state;

	assert_null(fold_latest(w->fold, "test"));
	told(w, "test", json_pack("{s:i}", "passed", 1));
	told(w, "test", json_pack("{s:i}", "passed", 2));
	told(w, "note", json_pack("{s:s}", "text", "a remark"));
	assert_int_equal(json_int(fold_latest(w->fold, "test")->data, "passed", 0), 2);
	assert_int_equal(fold_latest(w->fold, "test")->seq, 1);
	assert_null(fold_latest(w->fold, "note"));
	assert_int_equal(fold_note_count(w->fold), 1);
	assert_string_equal(fold_note_at(w->fold, 0)->text, "a remark");
	assert_string_equal(fold_note_at(w->fold, 0)->actor, "candidate");
}

/* --- a real session of somebody else (josephg/editing-traces) */

static json_t *read_trace(void)
{
	static const char path[] = "/../shared/data/editing-traces/sveltecomponent.json.gz";
	AUTO_FREE char *file = buf_format("%s%s", getenv("TALI_SRCDIR") ?: ".", path);
	AUTO_FREE char *command = buf_format("gzip -dc '%s'", file);
	json_error_t error;
	json_t *trace;
	FILE *pipe;

	if (access(file, R_OK) < 0)
		return NULL;
	pipe = popen(command, "r");
	trace = json_loadf(pipe, 0, &error);
	pclose(pipe);
	assert_non_null(trace);
	return trace;
}

/* One made here, where that is not: words that are typed, and parts that are taken away. */
static json_t *make_trace(void)
{
	AUTO(buf_release) struct buf all = BUF_INIT(SIZE_MAX);
	json_t *list = json_array();
	int i;

	for (i = 0; i < 3000; i++) {
		json_array_append_new(list,
				      json_pack("{s:[[i, i, s]]}", "patches", i, 0, "\xc3\xa4"));
		buf_add_str(&all, "\xc3\xa4");
	}
	json_array_append_new(list, json_pack("{s:[[i, i, s]]}", "patches", 1, 2999, "z"));
	return json_pack("{s:s, s:s, s:o}", "startContent", "", "endContent", "\xc3\xa4z", "txns",
			 list);
}

static struct text *text_at(struct world *w, const char *path)
{
	struct err err = ERR_INIT;
	struct text *text = NULL;

	assert_int_equal(fold_text(w->fold, fold_file(w->fold, path), &text, &err), 0);
	return text;
}

/* Positions count characters; ours count bytes. */
static json_t *patch_edit(struct text *text, const json_t *patch)
{
	size_t at = (size_t)json_integer_value(json_array_get(patch, 0));
	size_t del = (size_t)json_integer_value(json_array_get(patch, 1));
	int64_t from = text_offset(text, at), to = text_offset(text, at + del);

	assert_true(from >= 0 && to >= from);
	return json_pack("{s:[{s:s, s:I, s:I, s:O}]}", "edits", "file", "a", "at", (json_int_t)from,
			 "del", (json_int_t)(to - from), "ins", json_array_get(patch, 2));
}

static void a_foreign_session_ends_in_its_text(void **state)
{
	struct world *w = *state;
	AUTO_JSON json_t *trace = read_trace();
	const json_t *step, *patch;
	size_t i, j;

	if (!trace)
		trace = make_trace();
	told(w, "snapshot",
	     snapshot(world_tree(w, "a", json_str(trace, "startContent", NULL), NULL)));
	json_array_foreach(json_object_get(trace, "txns"), i, step) {
		json_array_foreach(json_object_get(step, "patches"), j, patch)
			told(w, "edit", patch_edit(text_at(w, "a"), patch));
	}
	content_is(w, "a", json_str(trace, "endContent", NULL));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		WITH_WORLD(edits_make_the_text),
		WITH_WORLD(an_edit_with_a_payload_is_read),
		cmocka_unit_test(what_does_not_fit_is_named),
		WITH_WORLD(a_payload_of_another_size_is_refused),
		WITH_WORLD(events_come_in_order),
		WITH_WORLD(an_event_is_folded_part_by_part),
		WITH_WORLD(files_come_and_go),
		WITH_WORLD(folders_move_as_a_whole),
		WITH_WORLD(a_rename_replaces_what_is_there),
		WITH_WORLD(bytes_that_are_no_text_are_kept_by_id),
		WITH_WORLD(editors_show_files),
		WITH_WORLD(trees_alone_make_a_session),
		WITH_WORLD(what_the_edits_made_stays_as_it_is),
		WITH_WORLD(an_open_file_that_is_not_its_edits_is_named),
		WITH_WORLD(an_open_file_that_the_tree_has_not_is_named),
		WITH_WORLD(an_open_file_that_is_gone_is_named),
		WITH_WORLD(a_file_that_came_back_is_there),
		WITH_WORLD(provenance_counts_the_files_as_they_are),
		WITH_WORLD(terminals_show_what_came_out),
		WITH_WORLD(terminals_are_bounded),
		WITH_WORLD(conversations_are_kept_in_order),
		WITH_WORLD(the_latest_of_each_kind_is_known),
		WITH_WORLD(a_foreign_session_ends_in_its_text),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
