/* test_batch.c - what a client's batch may be, and the sentence when it is not */
#include "journal/batch.h"

#include "base/auto.h"
#include "base/json.h"
#include "journal/event_kind.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#define LENGTH(array) (sizeof(array) / sizeof(*(array)))

#define HEAD "{\"schema\":\"tali.batch/1\",\"client\":\"tab-1\",\"sent\":5000,\"events\":["
#define NOTE(seq) "{\"seq\":" seq ",\"time\":4000,\"kind\":\"note\",\"data\":{\"text\":\"hm\"}}"
#define OF(kind, data) "{\"seq\":1,\"time\":4000,\"kind\":\"" kind "\",\"data\":" data "}"
#define EDIT(more) OF("edit", "{\"edits\":[{\"file\":\"a.c\",\"at\":0,\"del\":0," more "}]}")
/* SHA-256 of "hello" and of the bytes 0xff 0xfe */
#define HELLO "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824"
#define BYTES "b3d510ef04275ca8e698e5b3cbb0ece3949ef9252f0cdc839e9ee347409a2209"

static const struct row {
	const char *name, *text;
	const char *error;	/* a part of the sentence; NULL: it is taken */
} rows[] = {
	{ "a batch of two is taken", HEAD NOTE("7") "," NOTE("8") "]}", NULL },
	{ "an empty one is taken: it asks how far the client came", HEAD "]}", NULL },
	{ "white space is no matter", " \n" HEAD "\n " NOTE("1") "\n]}\n", NULL },
	{ "nothing is no batch", "", "batch:1: is empty" },
	{ "a number is no batch", "17", "must be an object, is a number" },
	{ "half a batch is none", HEAD NOTE("1"), "batch:1:" },
	{ "two texts are none", HEAD "]}" HEAD "]}", "batch:1:" },
	{ "another schema is refused", "{\"schema\":\"tali.batch/2\",\"client\":\"a\",\"sent\":1,"
	  "\"events\":[]}", "/schema: must be 'tali.batch/1'" },
	{ "a client has a name", "{\"schema\":\"tali.batch/1\",\"client\":\"\",\"sent\":1,"
	  "\"events\":[]}", "/client: must be 1 to 64 letters" },
	{ "a client's name has no space", "{\"schema\":\"tali.batch/1\",\"client\":\"a b\","
	  "\"sent\":1,\"events\":[]}", "/client" },
	{ "an unknown member is named", "{\"schema\":\"tali.batch/1\",\"client\":\"a\",\"sent\":1,"
	  "\"events\":[],\"more\":1}", "unknown key 'more'" },
	{ "a member twice is refused", "{\"schema\":\"tali.batch/1\",\"client\":\"a\",\"sent\":1,"
	  "\"sent\":2,\"events\":[]}", "batch:1: duplicate" },
	{ "the first number is 1", HEAD NOTE("0") "]}", "/events/0/seq: must be at least 1" },
	{ "a number is whole", HEAD NOTE("1.0") "]}", "/events/0/seq" },
	{ "a number is no text", HEAD NOTE("\"1\"") "]}", "/events/0/seq" },
	{ "a number has bounds", HEAD NOTE("9007199254740992") "]}", "/events/0/seq" },
	{ "numbers leave none out", HEAD NOTE("1") "," NOTE("3") "]}",
	  "/events/1: seq is 3 where 2 is due" },
	{ "numbers do not repeat", HEAD NOTE("2") "," NOTE("2") "]}",
	  "/events/1: seq is 2 where 3 is due" },
	{ "numbers do not run backwards", HEAD NOTE("2") "," NOTE("1") "]}",
	  "/events/1: seq is 1 where 3 is due" },
	{ "a time is not before the epoch", HEAD "{\"seq\":1,\"time\":-1,\"kind\":\"note\","
	  "\"data\":{\"text\":\"\"}}]}", "/events/0/time: must be at least 0" },
	{ "an unknown kind is refused", HEAD OF("nope", "{}") "]}",
	  "/events/0: 'nope' is not a kind of event" },
	{ "a kind is no path", HEAD OF("../tali.task-1", "{}") "]}", "is not a kind of event" },
	{ "no client seals", HEAD OF("signature", "{}") "]}",
	  "a client may not send events of kind 'signature'" },
	{ "no client runs here", HEAD OF("run", "{}") "]}",
	  "a client may send events of kind 'run' only with 'where'" },
	{ "a client's run is on their machine", HEAD OF("run", "{\"where\":\"server\"}") "]}",
	  "/where: must be" },
	{ "no client answers for an assistant", HEAD OF("ai_response", "{}") "]}",
	  "a client may not send" },
	{ "no client fakes a terminal", HEAD OF("terminal_out", "{}") "]}",
	  "a client may not send" },
	{ "data must fit its kind", HEAD OF("note", "{\"txt\":\"a\"}") "]}",
	  "/events/0: event 'note': /txt: unknown key 'txt' (did you mean 'text'?)" },
	{ "an edit has a place", HEAD OF("edit", "{\"edits\":[{\"file\":\"a\",\"del\":0,"
	  "\"ins\":\"\"}]}") "]}", "'at' is required" },
	{ "no place is before the text", HEAD OF("edit", "{\"edits\":[{\"file\":\"a\",\"at\":-1,"
	  "\"del\":0,\"ins\":\"\"}]}") "]}", "/edits/0/at: must be at least 0" },
	{ "no file is above the workspace", HEAD OF("edit", "{\"edits\":[{\"file\":\"../a\","
	  "\"at\":0,\"del\":0,\"ins\":\"\"}]}") "]}", "/edits/0/file: must be a path inside" },
	{ "no file is made at the root", HEAD OF("file", "{\"op\":\"create\",\"path\":"
	  "\"/etc/passwd\"}") "]}", "/path: must be a path inside the workspace" },
	{ "no file moves into .git", HEAD OF("file", "{\"op\":\"rename\",\"path\":\"a\","
	  "\"to\":\".git/config\"}") "]}", "/to: must be a path inside the workspace" },
	{ "a cursor's end is a number", HEAD OF("cursor", "{\"file\":\"a\",\"at\":1,\"to\":9}")
	  "]}", NULL },
	{ "text is UTF-8", HEAD EDIT("\"ins\":\"\xc3\x28\"") "]}", "batch:1:" },
	{ "text is not overlong UTF-8", HEAD EDIT("\"ins\":\"\xc0\xaf\"") "]}", "batch:1:" },
	{ "text has no half of a pair", HEAD EDIT("\"ins\":\"\\ud83d\"") "]}", "batch:1:" },
	{ "text has no NUL", HEAD EDIT("\"ins\":\"\\u0000\"") "]}", "batch:1:" },
	{ "text may be any other", HEAD EDIT("\"ins\":\"\\ud83d\\ude00 \xc3\xa4\\u001b\"") "]}",
	  NULL },
	{ "a payload of the batch may be pointed at", HEAD EDIT("\"ins\":{\"blob\":\"" HELLO
	  "\",\"size\":5}") "],\"payloads\":[\"hello\"]}", NULL },
	{ "a payload may be bytes", HEAD EDIT("\"ins\":{\"blob\":\"" BYTES "\",\"size\":2}")
	  "],\"payloads\":[{\"base64\":\"//4=\"}]}", NULL },
	{ "a payload of somebody else may not", HEAD EDIT("\"ins\":{\"blob\":\"" HELLO
	  "\",\"size\":5}") "]}", "/events/0: payload " HELLO " is not in the batch" },
	{ "a payload has its size", HEAD EDIT("\"ins\":{\"blob\":\"" HELLO "\",\"size\":6}")
	  "],\"payloads\":[\"hello\"]}", "has another size" },
	{ "a payload is sent once", HEAD EDIT("\"ins\":{\"blob\":\"" HELLO "\",\"size\":5}")
	  "],\"payloads\":[\"hello\",\"hello\"]}", "/payloads/1: is there twice" },
	{ "no payload is sent for nothing", HEAD "],\"payloads\":[\"hello\"]}",
	  "/payloads/0: no event points at it" },
	{ "a payload is base64", HEAD "],\"payloads\":[{\"base64\":\"?\"}]}",
	  "/payloads/0: not base64" },
};

static void each_batch_is_taken_or_refused_with_a_sentence(void **state)
{
	(void)state;
	for (size_t i = 0; i < LENGTH(rows); i++) {
		AUTO(batch_release) struct batch batch = BATCH_INIT;
		struct err err = ERR_INIT;
		int result = batch_parse(rows[i].text, strlen(rows[i].text), &batch, &err);

		if ((result == 0) != !rows[i].error)
			fail_msg("%s: %s", rows[i].name, err.text);
		if (result < 0 && (err.code != ERR_INPUT || !strstr(err.text, rows[i].error)))
			fail_msg("%s: got '%s'", rows[i].name, err.text);
	}
}

static void a_batch_is_read_as_it_was_sent(void **state)
{
	static const char text[] =
		"{\"schema\":\"tali.batch/1\",\"client\":\"tab-1\",\"sent\":5000,\"events\":["
		"{\"seq\":7,\"time\":4000,\"kind\":\"focus\",\"data\":{\"state\":\"blur\"}},"
		"{\"seq\":8,\"time\":6000,\"kind\":\"cursor\","
		"\"data\":{\"file\":\"a\",\"at\":1 }}]}";
	AUTO(batch_release) struct batch batch = BATCH_INIT;
	struct err err = ERR_INIT;

	(void)state;
	assert_int_equal(batch_parse(text, strlen(text), &batch, &err), 0);
	assert_string_equal(batch.client, "tab-1");
	assert_int_equal(batch.sent, 5000);
	assert_int_equal(batch.list.count, 2);
	assert_string_equal(batch.list.events[0].actor, "candidate");
	assert_string_equal(batch.list.events[0].kind, "focus");
	assert_int_equal(batch.list.events[0].client_seq, 7);
	assert_int_equal(batch.list.events[0].instant, 4000);
	assert_string_equal(batch.list.events[1].data, "{\"at\":1,\"file\":\"a\"}");
}

/* Sent 1000 ms after the event: later parts cannot be, and none is before the one ahead. */
static void no_part_lies_after_the_sending(void **state)
{
	static const char text[] =
		HEAD OF("edit", "{\"edits\":["
				"{\"ms\":900,\"file\":\"a\",\"at\":0,\"del\":0,\"ins\":\"x\"},"
				"{\"ms\":100,\"file\":\"a\",\"at\":0,\"del\":0,\"ins\":\"y\"},"
				"{\"ms\":9000000000000000000,\"file\":\"a\",\"at\":0,\"del\":0,"
				"\"ins\":\"z\"}]}") "]}";
	AUTO(batch_release) struct batch batch = BATCH_INIT;
	struct err err = ERR_INIT;

	(void)state;
	assert_int_equal(batch_parse(text, strlen(text), &batch, &err), 0);
	assert_string_equal(batch.list.events[0].data,
			    "{\"edits\":["
			    "{\"at\":0,\"del\":0,\"file\":\"a\",\"ins\":\"x\",\"ms\":900},"
			    "{\"at\":0,\"del\":0,\"file\":\"a\",\"ins\":\"y\",\"ms\":900},"
			    "{\"at\":0,\"del\":0,\"file\":\"a\",\"ins\":\"z\",\"ms\":1000}]}");
}

static void a_batch_has_at_most_256_events(void **state)
{
	(void)state;
	for (int count = BATCH_EVENTS_MAX; count <= BATCH_EVENTS_MAX + 1; count++) {
		AUTO(batch_release) struct batch batch = BATCH_INIT;
		AUTO(buf_release) struct buf text = BUF_INIT(BATCH_MAX);
		struct err err = ERR_INIT;

		buf_add_str(&text, HEAD);
		for (int i = 1; i <= count; i++)
			buf_add_format(&text, "%s{\"seq\":%d,\"time\":1,\"kind\":\"focus\","
					      "\"data\":{\"state\":\"blur\"}}",
				       i > 1 ? "," : "", i);
		buf_add_str(&text, "]}");
		assert_int_equal(batch_parse(buf_str(&text), text.len, &batch, &err),
				 count <= BATCH_EVENTS_MAX ? 0 : -1);
		if (count > BATCH_EVENTS_MAX)
			assert_string_equal(err.text,
					    "/events: must have at most 256 items, has 257");
	}
}

static void an_event_has_at_most_64_KiB_and_a_batch_1_MiB(void **state)
{
	AUTO(batch_release) struct batch batch = BATCH_INIT;
	AUTO_FREE char *big = buf_alloc(BATCH_MAX + 2);
	AUTO_FREE char *text = NULL;
	struct err err = ERR_INIT;

	(void)state;
	memset(big, 'x', BATCH_MAX + 1);
	assert_int_equal(batch_parse(big, BATCH_MAX + 1, &batch, &err), -1);
	assert_string_equal(err.text, "a batch has at most 1048576 bytes");
	big[EVENT_KIND_DATA_MAX] = '\0';
	text = buf_format(HEAD OF("note", "{\"text\":\"%s\"}") "]}", big);
	assert_int_equal(batch_parse(text, strlen(text), &batch, &err), -1);
	assert_string_equal(err.text, "/events/0: event 'note' is larger than 65536 bytes");
}

static void what_is_nested_deep_is_refused_before_it_is_parsed(void **state)
{
	AUTO(batch_release) struct batch batch = BATCH_INIT;
	AUTO_FREE char *deep = buf_alloc(BATCH_MAX);
	struct err err = ERR_INIT;

	(void)state;
	memset(deep, '[', BATCH_MAX - 1);
	assert_int_equal(batch_parse(deep, strlen(deep), &batch, &err), -1);
	assert_string_equal(err.text, "a batch is nested at most 16 deep");
	memcpy(deep, "[\"", 2);	/* in a string they are no nesting */
	memcpy(deep + BATCH_MAX - 3, "\"]", 2);
	assert_int_equal(batch_parse(deep, strlen(deep), &batch, &err), -1);
	assert_string_equal(err.text, "must be an object, is an array");
}

/* --- a stream of batches */

static int read_next(FILE *in, const char *expected)
{
	AUTO(buf_release) struct buf text = BUF_INIT(BATCH_MAX);
	struct err err = ERR_INIT;
	int found = batch_read(in, &text, &err);

	if (expected)
		assert_string_equal(buf_str(&text), expected);
	return found;
}

static void a_stream_gives_one_batch_after_the_other(void **state)
{
	static char stream[] = "{\"a\":1}\n\n{\"b\":\n  [\"}\\\"\", {}]\n}{\"c\":1}  \nword\n{\"d";
	AUTO_FILE FILE *in = fmemopen(stream, strlen(stream), "r");

	(void)state;
	assert_int_equal(read_next(in, "{\"a\":1}"), 1);
	assert_int_equal(read_next(in, "{\"b\":\n  [\"}\\\"\", {}]\n}"), 1);
	assert_int_equal(read_next(in, "{\"c\":1}"), 1);
	assert_int_equal(read_next(in, "word\n"), 1);
	assert_int_equal(read_next(in, "{\"d"), 1);
	assert_int_equal(read_next(in, ""), 0);
}

static void a_stream_is_read_no_further_than_a_batch_may_be_long(void **state)
{
	AUTO_FILE FILE *in = fopen("/dev/zero", "r");

	(void)state;
	assert_int_equal(read_next(in, NULL), -1);
	assert_true(ftell(in) <= BATCH_MAX + 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_batch_is_taken_or_refused_with_a_sentence),
		cmocka_unit_test(a_batch_is_read_as_it_was_sent),
		cmocka_unit_test(no_part_lies_after_the_sending),
		cmocka_unit_test(a_batch_has_at_most_256_events),
		cmocka_unit_test(an_event_has_at_most_64_KiB_and_a_batch_1_MiB),
		cmocka_unit_test(what_is_nested_deep_is_refused_before_it_is_parsed),
		cmocka_unit_test(a_stream_gives_one_batch_after_the_other),
		cmocka_unit_test(a_stream_is_read_no_further_than_a_batch_may_be_long),
	};

	hash_init();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
