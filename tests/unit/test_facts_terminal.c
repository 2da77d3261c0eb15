/* test_facts_terminal.c - what is typed into a terminal, as facts and signals */
#include "facts_session.h"

static json_t *keys(const char *text)
{
	return json_pack("{s:s, s:[{s:i, s:s}]}", "terminal", "t1", "chunks", "ms", 0, "text",
			 text);
}

static void lines_of_a_terminal_are_commands(void **state)
{
	struct session s;

	begin(&s, state);
	begin_work(&s, "");
	tell(&s, "terminal", json_pack("{s:s, s:s, s:i, s:i}", "terminal", "t1", "action", "start",
				       "columns", 80, "rows", 24));
	tell(&s, "terminal_in", keys("pythom\x7fn"));
	tell(&s, "terminal_in", keys("3 x.py\r\r\x1b[A\x03" "ls\x15" "make\n  \r"));
	tell(&s, "terminal_out", keys("\x1b[?1049h"));
	tell(&s, "terminal_in", keys("i./typed into an editor\r"));
	tell(&s, "edit", edit("bill.py", 0, 0, "x = 1\n", "saved"));
	tell(&s, "terminal_out", keys("\x1b[?1049l$ "));
	tell(&s, "terminal_in", keys("\x1b[A\x1b[A\r"));
	end(&s);
	assert_int_equal(s.facts.command_count, 3);
	assert_string_equal(s.facts.commands[0].text, "python3 x.py");
	assert_string_equal(s.facts.commands[1].text, "make");
	assert_string_equal(s.facts.commands[2].text, "python3 x.py");
	/* checks of which nobody knows how they ended */
	assert_int_equal(s.facts.check_count, 2);
	assert_true(s.facts.checks[1].reported && s.facts.checks[1].changes == 1);
	signal_is(&s, "final_check", 100);
	signal_is(&s, "tools_used", 100);
	done(&s);
}

/* Pieces end where a read ended, also within a sequence. */
static void the_end_of_an_editor_may_come_in_pieces(void **state)
{
	struct session s;

	begin(&s, state);
	begin_work(&s, "");
	tell(&s, "terminal", json_pack("{s:s, s:s, s:i, s:i}", "terminal", "t1", "action", "start",
				       "columns", 80, "rows", 24));
	tell(&s, "terminal_in", keys("vi x.py\r"));
	tell(&s, "terminal_out", keys("\x1b[?1049h"));
	tell(&s, "terminal_in", keys("ihello\r"));
	tell(&s, "terminal_out", keys("text\x1b[?10"));
	tell(&s, "terminal_out", keys("49l$ "));
	tell(&s, "terminal_in", keys("python3 x.py\r"));
	tell(&s, "terminal_out", keys("\x1b[?1049"));
	tell(&s, "terminal_out", keys("h"));
	tell(&s, "terminal_in", keys("make\r"));
	end(&s);
	assert_int_equal(s.facts.command_count, 2);
	assert_string_equal(s.facts.commands[1].text, "python3 x.py");
	assert_int_equal(s.facts.check_count, 1);
	done(&s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		WITH_WORLD(lines_of_a_terminal_are_commands),
		WITH_WORLD(the_end_of_an_editor_may_come_in_pieces),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
