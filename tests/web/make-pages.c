/* make-pages.c - writes pages of made-up sessions and what they must show at their end
 *
 * `make-pages demo|hostile|random|large FOLDER` writes NAME.html, and NAME.json:
 * {"files": {path: text}, "screens": {terminal: text}}. */
#include "unit/page_session.h"

#include "base/utf8.h"

#include <stdio.h>

static const char COUNT_C[] =
	"#include <ctype.h>\n#include <stdio.h>\n\n"
	"/* Counts words: runs of letters. */\nint count_words(const char *text)\n{\n"
	"\tint words = 0;\n\n\t/* TODO */\n\treturn words;\n}\n";

/* --- demo: a short session with something of everything */

static void pause_for(struct page_session *s, int64_t ms)
{
	s->now += ms;
}

/* One letter after the other, at human speed. */
static size_t type(struct page_session *s, const char *path, size_t at, const char *text)
{
	uint32_t seed = (uint32_t)at;
	size_t i, size;

	for (i = 0; text[i]; i += size) {
		char letter[5] = "";

		size = utf8_char(text + i, strlen(text + i));
		memcpy(letter, text + i, size);
		tell_edit(s, path, at, 0, letter, "typed");
		pause_for(s, 60 + next_random(&seed) % 160);
		at += size;
	}
	return at;
}

static void type_command(struct page_session *s, const char *text)
{
	char letter[2] = "";

	for (; *text; text++) {
		letter[0] = *text;
		tell_output(s, "t1", letter);
		pause_for(s, 90);
	}
	tell_output(s, "t1", "\r\n");
	pause_for(s, 300);
}

static void prompt(struct page_session *s)
{
	tell_output(s, "t1", "\033[1;32mada@work\033[0m:\033[34m~/word-count\033[0m$ ");
	pause_for(s, 800);
}

static void ask(struct page_session *s)
{
	tell(s, "ai_prompt",
	     json_pack("{s:s, s:s, s:s}", "conversation", "c1", "model", "claude-sonnet", "text",
		       "How do I count words with isalpha, without reading past the end?"));
	pause_for(s, 4200);
	tell_span(s, "ai", "ai_tool",
		  json_pack("{s:s, s:s, s:s, s:s, s:b}", "conversation", "c1", "tool", "read_file",
			    "arguments", "{\"path\": \"count.c\"}", "result", COUNT_C, "ok", 1),
		  0);
	pause_for(s, 2500);
	tell_span(
		s, "ai", "ai_response",
		json_pack("{s:s, s:s, s:s, s:i, s:i}", "conversation", "c1", "model",
			  "claude-sonnet", "text",
			  "Walk the text once and remember whether you are inside a word:\n\n"
			  "```c\nfor (; *text; text++) {\n\tif (isalpha((unsigned char)*text) && "
			  "!inside)\n\t\twords++;\n\tinside = isalpha((unsigned char)*text);\n"
			  "}\n```\n\nThe cast matters: `isalpha` of a negative char is undefined.",
			  "input_tokens", 812, "output_tokens", 164),
		0);
	pause_for(s, 9000);
}

static void run_it(struct page_session *s, const char *out, const char *errors, int status)
{
	json_t *data = json_pack("{s:[s, s, s], s:s, s:i, s:i}", "argv", "sh", "-c",
				 "cc count.c && ./a.out", "verdict",
				 status ? "runtime_error" : "ok", "exit_status", status, "wall_ms",
				 412);

	json_object_set_new(data, "stdout", world_payload(s->w, out, strlen(out)));
	json_object_set_new(data, "stderr", world_payload(s->w, errors, strlen(errors)));
	tell(s, "run", data);
}

static void test_it(struct page_session *s, int passed)
{
	static const char *const names[] = { "empty text", "one word", "many words", "umlauts" };
	json_t *cases = json_object();
	int i;

	for (i = 0; i < 4; i++)
		json_object_set_new(cases, names[i],
				    json_string(i < passed ? "passed" : "wrong_answer"));
	tell(s, "test",
	     json_pack("{s:s, s:s, s:i, s:i, s:o, s:[]}", "tree", tree_now(s), "verdict",
		       passed == 4 ? "ok" : "wrong_answer", "passed", passed, "total", 4, "cases",
		       cases, "weak"));
}

static void demo_work(struct page_session *s)
{
	static const char loop[] = "for (; *text; text++) {\n\t\tif (isalpha(*text))\n"
				   "\t\t\twords++;\n\t}";
	static const char pasted[] = "\tint inside = 0;\n";
	const char *todo = strstr(COUNT_C, "/* TODO */");
	size_t at = (size_t)(todo - COUNT_C), end;

	tell(s, "open", json_pack("{s:s, s:s}", "file", "count.c", "action", "open"));
	pause_for(s, 2000);
	tell_edit(s, "count.c", at, strlen("/* TODO */"), "", "typed");
	end = type(s, "count.c", at, loop);
	pause_for(s, 1500);
	tell_terminal(s, "t1", 80, 24);
	prompt(s);
	type_command(s, "cc -Wall count.c && ./a.out");
	tell_output(s, "t1",
		    "\033[1mcount.c:11:13:\033[0m \033[35mwarning:\033[0m array subscript has "
		    "type 'char'\r\n   \033[32mone two\033[0m: 6 words \xf0\x9f\x98\xac\r\n");
	pause_for(s, 1200);
	prompt(s);
	run_it(s, "one two: 6 words\n", "count.c:11: warning: subscript has type 'char'\n", 0);
	tell_snapshot(s, "test", tree_now(s));
	test_it(s, 1);
	pause_for(s, 15000);
	tell(s, "note", json_pack("{s:s}", "text", "I count letters, not words: ask."));
	ask(s);
	tell(s, "focus", json_pack("{s:s}", "state", "blur"));
	pause_for(s, 45000);
	tell(s, "focus", json_pack("{s:s}", "state", "focus"));
	at = (size_t)(strstr(COUNT_C, "\tint words") - COUNT_C);
	tell(s, "paste",
	     json_pack("{s:s, s:i, s:i, s:s, s:s}", "file", "count.c", "at", (int)at, "size",
		       (int)strlen(pasted), "hash",
		       "00000000000000000000000000000000000000000000000000000000000000aa", "origin",
		       "ai"));
	tell_edit(s, "count.c", at, 0, pasted, "paste");
	pause_for(s, 3500);
	end += strlen(pasted) - strlen(loop);
	tell_edit(s, "count.c", end, strlen(loop),
		  "for (; *text; text++) {\n\t\tif (isalpha((unsigned char)*text) && !inside)\n"
		  "\t\t\twords++;\n\t\tinside = isalpha((unsigned char)*text);\n\t}",
		  "ai");
	pause_for(s, 6000);
	end = type(s, "count.c", 0,
		   "/* count.c \xe2\x80\x93 w\xc3\xb6rter z\xc3\xa4hlen "
		   "\xf0\x9f\x98\x80 */\n");
	test_it(s, 3);
	pause_for(s, 2500);
	tell(s, "estimate", json_pack("{s:i}", "minutes", 5));
	type_command(s, "seq 40");
}

static void demo(struct page_session *s)
{
	int i;

	s->now += 86400000;
	tell_span(s, "system", "snapshot",
		  snapshot(world_tree(s->w, "README.md",
				      "# Word count\n\nCount the words of a text.\n", "count.c",
				      COUNT_C, "tests/one.txt", "one two\n", "tests/umlaut.txt",
				      "\xc3\xa4rger\n", NULL)),
		  0);
	pause_for(s, 3000);
	demo_work(s);
	for (i = 1; i <= 40; i++) {
		char line[32];

		snprintf(line, sizeof(line), "%d\r\n", i);
		tell_output(s, "t1", line);
		pause_for(s, 25);
	}
	prompt(s);
	tell(s, "file",
	     json_pack("{s:s, s:s, s:s}", "op", "rename", "path", "tests/one.txt", "to",
		       "tests/two-words.txt"));
	pause_for(s, 2000);
	run_it(s, "one two: 2 words\n", "", 0);
	test_it(s, 4);
	pause_for(s, 4000);
	tell_snapshot(s, "submit", tree_now(s));
	tell(s, "submit",
	     json_pack("{s:s, s:s, s:b}", "commit", "0123456789012345678901234567890123456789",
		       "tree", tree_now(s), "automatic", 0));
}

/* --- hostile: everything says something that must not be done */

#define ATTACK                                                                                     \
	"</script><script>window.hacked=1</script><!-- <script>--><img src=x onerror=hacked=1>"    \
	"&lt;b&gt; {{script}} ]]> \\u003c/script> \xe2\x80\xa8\xe2\x80\xa9 \xe2\x80\xae evil"
#define CONTROLS                                                                                   \
	"\001\033[2J\033]52;c;aGFja2Vk\007\033]8;;javascript:hacked=1\007x\x7f\xc2\x9b"            \
	"6n"

static void hostile(struct page_session *s)
{
	static const char path[] = "</script><script>hacked=1</script>.c";
	struct buf huge = BUF_INIT(SIZE_MAX);
	int i;

	for (i = 0; i < 20000; i++)
		buf_add_str(&huge, "<b>wide\xf0\x9f\x98\x80");
	tell_snapshot(s, "start",
		      world_tree(s->w, path, ATTACK "\r\n" CONTROLS "\n", "huge.txt",
				 buf_str(&huge), "binary", "\xff\xfe</script>", "__proto__",
				 "constructor", NULL));
	s->now += 1000;
	tell_edit(s, path, 0, 0, ATTACK, "typed");
	tell_edit(s, "__proto__", 0, 0, "hacked", "typed");
	tell_terminal(s, "__proto__", 300, 10);
	tell_output(s, "__proto__", ATTACK "\r\n" CONTROLS "\033[38;2;1;2;3;48;2;1;2;3mhidden\r\n");
	s->now += 1000;
	tell(s, "ai_prompt",
	     json_pack("{s:s, s:s, s:s}", "conversation", "__proto__", "model", ATTACK, "text",
		       ATTACK CONTROLS));
	tell(s, "ai_response",
	     json_pack("{s:s, s:o}", "conversation", "c", "text",
		       world_payload(s->w, "\xff\xc0\xaf</script>" ATTACK,
				     strlen("\xff\xc0\xaf</script>" ATTACK))));
	tell(s, "ai_tool",
	     json_pack("{s:s, s:s, s:s, s:s}", "conversation", "c", "tool", ATTACK, "arguments",
		       ATTACK, "result", CONTROLS));
	run_it(s, ATTACK CONTROLS "\n\033]0;title\007after", buf_str(&huge), 1);
	tell(s, "test",
	     json_pack("{s:s, s:s, s:i, s:i, s:{s:s}, s:[]}", "tree", tree_now(s), "verdict",
		       ATTACK, "passed", 0, "total", 1, "cases", ATTACK, ATTACK, "weak"));
	tell(s, "note", json_pack("{s:s}", "text", ATTACK CONTROLS));
	s->now += 5000;
	tell_edit(s, path, 0, 0, "\xe2\x80\xa8\xf0\x9f\x98\x80", "typed");
	buf_release(&huge);
}

/* --- random: the sessions that the fold is tested with */

static void chance(struct page_session *s)
{
	uint32_t seed = 20261125;
	int i;

	for (i = 0; i < 4000; i++) {
		const char *kind = NULL;
		json_t *data = session_next(s->w, &seed, &kind);

		s->now += next_random(&seed) % 400;
		tell(s, kind, data);
	}
}

/* --- large: twelve hours, 150,000 edits */

static void write_line(struct page_session *s, const char *path, size_t *at, uint32_t *seed)
{
	static const char *const words[] = { "value", " = ",  "count(", "text",	   ");", "\n",
					     "\n\t",  "if (", ") {",	"return ", "0;" };
	const char *word = words[next_random(seed) % 11];

	for (; *word; word++) {
		char letter[2] = { *word, 0 };

		tell_edit(s, path, (*at)++, 0, letter, "typed");
		s->now += 40 + next_random(seed) % 200;
	}
}

static void large(struct page_session *s)
{
	static const char *const paths[] = { "src/one.c", "src/two.c", "src/three.c",
					     "src/four.c" };
	uint32_t seed = 7;
	int64_t end, edits = 0;
	size_t at[4] = { 0 };
	int i, round = 0;

	tell_snapshot(s, "start",
		      world_tree(s->w, paths[0], COUNT_C, paths[1], "", paths[2], "", paths[3], "",
				 NULL));
	end = s->now + 12 * INT64_C(3600000);
	tell_terminal(s, "t1", 120, 40);
	for (; edits < 150000; round++) {
		size_t which = next_random(&seed) % 4;
		int64_t before = s->clients;

		for (i = 0; i < 60; i++)
			write_line(s, paths[which], &at[which], &seed);
		edits += s->clients - before;
		if (at[which] > 40000) {
			tell_edit(s, paths[which], 100, at[which] - 200, "", "typed");
			at[which] = 150;
		}
		at[which] = next_random(&seed) % (at[which] + 1);
		for (i = 0; i < 50; i++) {
			char line[96];

			snprintf(line, sizeof(line),
				 "\033[3%dm[%d.%02d]\033[0m compiling object %u\r\n", i % 7, round,
				 i, next_random(&seed));
			tell_output(s, "t1", line);
			s->now += next_random(&seed) % 60;
		}
		if (round % 10 == 0)
			test_it(s, round % 4);
		s->now += next_random(&seed) % 8 == 0 ? 120000 : 0;
	}
	s->now = s->now < end ? end : s->now;
	tell(s, "note", json_pack("{s:s}", "text", "done"));
}

/* --- what must be seen */

static void write_end(struct page_session *s, FILE *out)
{
	json_t *files = json_object(), *screens = json_object(), *all;
	struct fold *fold = s->w->fold;
	struct err err = ERR_INIT;
	size_t i;

	for (i = 0; i < fold_file_count(fold); i++) {
		const struct fold_file *file = fold_file_at(fold, i);
		struct text *text = NULL;

		must(fold_text(fold, file, &text, &err), &err);
		json_object_set_new(files, file->path,
				    text ? json_stringn(text_bytes(text), text_len(text))
					 : json_null());
	}
	for (i = 0; i < fold_terminal_count(fold); i++) {
		const struct fold_terminal *terminal = fold_terminal_at(fold, i);
		AUTO(buf_release) struct buf text = BUF_INIT(SIZE_MAX);

		screen_text(fold_screen(fold, terminal), &text);
		json_object_set_new(screens, terminal->id, json_string(buf_str(&text)));
	}
	all = json_pack("{s:o, s:o}", "files", files, "screens", screens);
	json_dumpf(all, out, JSON_COMPACT);
	json_decref(all);
}

static FILE *create(const char *folder, const char *name, const char *ending)
{
	AUTO_FREE char *path = buf_format("%s/%s.%s", folder, name, ending);
	FILE *file = fopen(path, "w");

	if (!file)
		fail_msg("%s", path);
	return file;
}

static const char *arg_name, *arg_folder;

static void write_pages(void **state)
{
	void (*tell_it)(struct page_session *) = !strcmp(arg_name, "hostile")  ? hostile
						 : !strcmp(arg_name, "random") ? chance
						 : !strcmp(arg_name, "large")  ? large
									       : demo;
	struct page_session s;
	AUTO_FILE FILE *page = create(arg_folder, arg_name, "html");
	AUTO_FILE FILE *end = create(arg_folder, arg_name, "json");

	page_session_start(&s, *state);
	tell_it(&s);
	page_session_write(&s, page);
	write_end(&s, end);
	page_session_release(&s);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = { WITH_STORE(write_pages) };

	if (argc != 3) {
		fputs("usage: make-pages demo|hostile|random|large FOLDER\n", stderr);
		return 2;
	}
	arg_name = argv[1];
	arg_folder = argv[2];
	return cmocka_run_group_tests(tests, NULL, NULL);
}
